// The program: a command line in, an exit code out.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "sim/cli/console.hpp"
#include "sim/cli/options.hpp"

namespace trimhorizon {

// What went wrong in a command beside the scenario itself: a file that cannot be written, a
// variant that does not exist. Exit 2.
class CommandError : public std::runtime_error {
 public:
  explicit CommandError(const std::string& message, std::string hint = "")
      : std::runtime_error(message), hint_(std::move(hint)) {}
  const std::string& hint() const { return hint_; }

 private:
  std::string hint_;
};

// What every command gets.
struct Context {
  Console& console;
  std::string replay;  // the line that repeats what runs now; a failure prints it last
};

// One small file each; they return the exit code.
int run(const RunCommand& command, Context& context);
int test(const TestCommand& command, Context& context);
int validate(const ValidateCommand& command, Context& context);
int explain(const ExplainCommand& command, Context& context);
int diff(const DiffCommand& command, Context& context);
int schema(const SchemaCommand& command, Context& context);

// Arguments without the program's own name.
int run_program(const std::vector<std::string>& arguments, Console& console);

}  // namespace trimhorizon
