#include <cerrno>
#include <cstring>
#include <fstream>

#include "sim/base/format.hpp"
#include "sim/cli/program.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/explore/explore_report.hpp"
#include "sim/explore/found_file.hpp"
#include "sim/report/replay.hpp"

namespace trimhorizon {
namespace {

ExploreRequest request_of(const ExploreCommand& command, Progress& progress) {
  ExploreRequest request;
  request.seed = command.seed;
  request.faults = command.faults;
  request.seconds = command.seconds;
  request.states = command.states;
  request.random = command.random;
  request.assumptions = command.assumptions;
  request.threads = command.threads;
  const bool at_random = command.random > 0;
  request.progress = [&progress, at_random](std::uint32_t layer, std::uint64_t states) {
    progress.say(at_random
                     ? count_text(states) + " runs"
                     : "layer " + std::to_string(layer) + ", " + count_text(states) + " states");
  };
  return request;
}

void write_found(const ExploreCommand& command, const Scenario& scenario,
                 const ExploreReport& report, Console& console) {
  if (report.violations.empty()) {
    console.err("nothing was found: " + command.out + " is not written\n");
    return;
  }
  std::ofstream file(command.out, std::ios::binary | std::ios::trunc);
  file << found_file(scenario, command.set, command.variant, report, report.violations.front());
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
  Progress progress(context.console);
  const ExploreRequest request = request_of(command, progress);
  context.replay = explore_line(request, command.file, command.set, command.variant);
  try {
    const ExploreReport report = explore_scenario(*scenario, request);
    progress.clear();
    if (!command.out.empty()) write_found(command, *loaded.scenario, report, context.console);
    if (command.format == Format::json) {
      context.console.out(explore_json(report, command.outcomes));
      if (report.verdict != Verdict::holds) {
        context.console.err(report.verdict_words + "; replay: " + context.replay + "\n");
      }
    } else {
      context.console.out(explore_text(
          report,
          {context.console.colour_out(), command.outcomes, context.replay,
           command_line("replay", command.file, command.set, command.seed, command.variant)}));
    }
    return exit_code(report.verdict);
  } catch (const ExploreError& error) {
    throw CommandError(error.what(), error.hint());
  }
}

}  // namespace trimhorizon
