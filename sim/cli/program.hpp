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
struct CommandContext {
  Console& console;
  std::string replay;  // the line that repeats what runs now; a failure prints it last
};

// One small file each; they return the exit code.
int run(const RunCommand& command, CommandContext& context);
int test(const TestCommand& command, CommandContext& context);
int validate(const ValidateCommand& command, CommandContext& context);
int explain(const ExplainCommand& command, CommandContext& context);
int explore(const ExploreCommand& command, CommandContext& context);
int replay(const ReplayCommand& command, CommandContext& context);
int diff(const DiffCommand& command, CommandContext& context);
int sweep(const SweepCommand& command, CommandContext& context);
int merge(const MergeCommand& command, CommandContext& context);
int schema(const SchemaCommand& command, CommandContext& context);

// Arguments without the program's own name.
int run_program(const std::vector<std::string>& arguments, Console& console);

}  // namespace trimhorizon
