// The program: a command line in, an exit code out.
#pragma once

#include <string>
#include <vector>

#include "sim/base/diagnostic.hpp"
#include "sim/cli/console.hpp"
#include "sim/cli/options.hpp"

namespace trimhorizon {

// What went wrong in a command beside the scenario itself: a file that cannot be written, a
// variant that does not exist. Exit 2.
class CommandError : public HintedError {
 public:
  using HintedError::HintedError;
};

// What every command gets.
struct CommandContext {
  Console& console;
  std::string replay;  // the line that repeats what runs now; a failure prints it last
};

// One small file each; they return the exit code.
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

// Arguments without the program's own name.
int run_program(const std::vector<std::string>& arguments, Console& console);

}  // namespace trimhorizon
