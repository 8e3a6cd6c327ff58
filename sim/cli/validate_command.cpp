#include "sim/base/diagnostic.hpp"
#include "sim/cli/program.hpp"
#include "sim/cli/scenario_files.hpp"

namespace trimhorizon {

int validate(const ValidateCommand& command, CommandContext& context) {
  int code = 0;
  for (const std::string& file : command.files) {
    try {
      const LoadedScenario loaded = load(file, {});
      note_oddities(*loaded.scenario, context.console);
      context.console.out(file + ": ok\n");
    } catch (const ScenarioError& error) {
      context.console.err(std::string(error.what()) + "\n");
      code = 2;
    }
  }
  return code;
}

}  // namespace trimhorizon
