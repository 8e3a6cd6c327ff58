#include "sim/base/medium.hpp"
#include "sim/cli/program.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/explore/replayed.hpp"
#include "sim/report/replay.hpp"

namespace trimhorizon {

int execute(const ReplayCommand& command, CommandContext& context) {
  const LoadedScenario loaded = load_and_note(command.file, command.set, context.console);
  Scenario scenario = *chosen(loaded, command.variant);
  context.replay = command_line("replay", command.file, command.set, command.seed, command.variant);
  if (!command.decisions.empty()) {
    context.replay += " --decisions " + for_shell(command.decisions);
    scenario.decisions = command.decisions;
  }
  if (!scenario.decisions) {
    throw CommandError("no decisions to replay: " + command.file + " has none",
                       "give them as --decisions th1:…, as `explore` prints them");
  }
  try {
    const Replayed replayed = replay_decisions(scenario, command.seed);
    context.console.out(replayed_text(replayed));
    context.console.out("replay: " + context.typed(context.replay) + "\n");
    return replayed.matches ? 0 : 1;
  } catch (const TokenError& error) {
    throw CommandError(error.what(), "copy the whole token, from th1: to its end");
  }
}

}  // namespace trimhorizon
