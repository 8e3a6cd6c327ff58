#include <cerrno>
#include <cstring>
#include <fstream>

#include "sim/base/format.hpp"
#include "sim/cli/program.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/explore/explore_report.hpp"
#include "sim/explore/found_file.hpp"

namespace trimhorizon {
namespace {

// "trimhorizon explore FILE" or "replay FILE", with what makes it the same scenario.
std::string command_on_file(std::string_view command, const ExploreCommand& explore) {
  std::string line = "trimhorizon " + std::string(command) + " " + shell_word(explore.file);
  if (explore.seed) line += " --seed " + std::to_string(*explore.seed);
  for (const std::string& each : explore.set) line += " --set " + shell_word(each);
  if (!explore.variant.empty()) line += " --variant " + shell_word(explore.variant);
  return line;
}

std::string explore_line(const ExploreCommand& explore) {
  std::string line = command_on_file("explore", explore);
  if (explore.faults) line += " --faults " + std::to_string(*explore.faults);
  if (explore.states > 0) line += " --states " + std::to_string(explore.states);
  if (explore.random > 0) line += " --random " + std::to_string(explore.random);
  if (explore.assumptions) line += " --assumptions";
  return line;
}

void write_found(const ExploreCommand& command, const Scenario& scenario,
                 const ExploreReport& report, Console& console) {
  if (report.violations.empty()) {
    console.err("nothing was found: " + command.out + " is not written\n");
    return;
  }
  std::ofstream file(command.out, std::ios::binary | std::ios::trunc);
  file << found_file(scenario, command.set, command.variant, report);
  if (!file.flush()) {
    throw CommandError("cannot write " + command.out + ": " + std::strerror(errno));
  }
}

}  // namespace

int explore(const ExploreCommand& command, CommandContext& context) {
  const LoadedScenario loaded = load(command.file, command.set);
  note_oddities(*loaded.scenario, context.console);
  const std::shared_ptr<const Scenario> scenario =
      command.variant.empty() ? loaded.scenario
                              : require_variant(*loaded.scenario, command.variant);
  context.replay = explore_line(command);

  Progress progress(context.console);
  ExploreRequest request;
  request.seed = command.seed;
  request.faults = command.faults;
  request.seconds = command.seconds;
  request.states = command.states;
  request.random = command.random;
  request.assumptions = command.assumptions;
  request.threads = command.threads;
  request.progress = [&](std::uint32_t layer, std::uint64_t states) {
    progress.say(command.random > 0
                     ? count_text(states) + " runs"
                     : "layer " + std::to_string(layer) + ", " + count_text(states) + " states");
  };
  try {
    const ExploreReport report = explore_scenario(*scenario, request);
    progress.clear();
    if (!command.out.empty()) write_found(command, *loaded.scenario, report, context.console);
    if (command.format == Format::json) {
      context.console.out(explore_json(report, command.outcomes));
      if (report.verdict != ExploreVerdict::holds) {
        context.console.err(report.verdict_words + "; replay: " + context.replay + "\n");
      }
    } else {
      context.console.out(
          explore_text(report, {context.console.colour_out(), command.outcomes, context.replay,
                                command_on_file("replay", command)}));
    }
    return exit_code(report.verdict);
  } catch (const ExploreError& error) {
    throw CommandError(error.what(), error.hint());
  }
}

}  // namespace trimhorizon
