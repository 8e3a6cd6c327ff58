#include "sim/cli/program.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/explore/replayed.hpp"
#include "sim/report/replay.hpp"

namespace trimhorizon {
namespace {

std::string replay_command_line(const ReplayCommand& command, const LoadedScenario& loaded) {
  std::string line =
      command_line("replay", command.file, loaded.set, command.seed, command.variant);
  if (!command.decisions.empty()) line += " --decisions " + command.decisions;
  return line;
}

}  // namespace

int replay(const ReplayCommand& command, CommandContext& context) {
  const LoadedScenario loaded = load(command.file, command.set);
  note_oddities(*loaded.scenario, context.console);
  Scenario scenario = command.variant.empty() ? *loaded.scenario
                                              : *require_variant(*loaded.scenario, command.variant);
  context.replay = replay_command_line(command, loaded);
  if (!command.decisions.empty()) scenario.decisions = command.decisions;
  if (!scenario.decisions) {
    throw CommandError("no decisions to replay: " + command.file + " has none",
                       "give them as --decisions th1:…, as `explore` prints them");
  }
  try {
    const Replayed replayed = replay_decisions(scenario, command.seed);
    context.console.out(replayed_text(replayed));
    context.console.out("replay: " + context.replay + "\n");
    return replayed.matches ? 0 : 1;
  } catch (const TokenError& error) {
    throw CommandError(error.what(), "copy all of it, from th1: to its end");
  }
}

}  // namespace trimhorizon
