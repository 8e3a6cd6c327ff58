#include "sim/base/diagnostic.hpp"
#include "sim/base/medium.hpp"
#include "sim/cli/program.hpp"
#include "sim/cli/scenario_files.hpp"

namespace trimhorizon {

int execute(const ValidateCommand& command, CommandContext& context) {
  int code = 0;
  for (const std::string& file : command.files) {
    try {
      load_and_note(file, {}, context.console);
      context.console.out(for_terminal(file) + ": ok\n");
    } catch (const ScenarioError& error) {
      context.console.err(std::string(error.what()) + "\n");
      code = 2;
    }
  }
  return code;
}

}  // namespace trimhorizon
