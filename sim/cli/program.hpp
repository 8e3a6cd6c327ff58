// The program: a command line in, an exit code out.
#pragma once

#include <string>
#include <vector>

#include "sim/base/diagnostic.hpp"
#include "sim/cli/console.hpp"
#include "sim/cli/options.hpp"

namespace trimhorizon {

// A mistake of the user outside the scenario: a file that cannot be written, a variant that does
// not exist. Exit 2.
class CommandError : public HintedError {
 public:
  using HintedError::HintedError;
};

// What every command gets.
struct CommandContext {
  Console& console;
  std::string replay;  // the command line that repeats this run; a bug prints it last
  std::string program = "trimhorizon";  // how the user calls it

  // A line of ours, "trimhorizon run FILE", as the user can paste it.
  std::string typed(std::string line) const;
};

// Each is in a small file of its own and returns the exit code. They throw for exit codes 2 and 70.
int execute(const RunCommand& command, CommandContext& context);
int execute(const TestCommand& command, CommandContext& context);
int execute(const ValidateCommand& command, CommandContext& context);
int execute(const ExplainCommand& command, CommandContext& context);
int execute(const ExploreCommand& command, CommandContext& context);
int execute(const ReplayCommand& command, CommandContext& context);
int execute(const DiffCommand& command, CommandContext& context);
int execute(const SweepCommand& command, CommandContext& context);
int execute(const MergeCommand& command, CommandContext& context);
int execute(const SchemaCommand& command, CommandContext& context);

// The word that calls this program again: TRIMHORIZON_AS of the environment, which ./run sets, or
// `called_as` when it has a folder in it; a name alone was found on the path.
std::string program_word(std::string_view called_as);

// Arguments without the program's own name, which is `called_as`.
int run_program(const std::vector<std::string>& arguments, Console& console,
                std::string_view called_as = "trimhorizon");

}  // namespace trimhorizon
