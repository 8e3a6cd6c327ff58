// `trimhorizon explore`: searches all fault schedules, and can write a violation to a file.
#include "sim/base/format.hpp"
#include "sim/cli/output_file.hpp"
#include "sim/cli/program.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/explore/explore_report.hpp"
#include "sim/explore/found_file.hpp"
#include "sim/report/replay.hpp"

namespace trimhorizon {
namespace {

ExploreRequest with_progress(ExploreRequest request, Progress& progress) {
  const bool at_random = request.random > 0;
  request.progress = [&progress, at_random](std::uint32_t layer, std::uint64_t states) {
    progress.say(at_random
                     ? count_text(states) + " runs"
                     : "layer " + std::to_string(layer) + ", " + count_text(states) + " states");
  };
  return request;
}

void write_found(const ExploreCommand& command, const Scenario& scenario,
                 const ExploreReport& report, OutputFile& out, Console& console) {
  if (report.violations.empty()) {
    console.err("nothing was found: " + command.out + " is not written\n");
    return;
  }
  out.write(found_file(scenario, command.set, command.variant, report, report.violations.front()));
}

}  // namespace

int execute(const ExploreCommand& command, CommandContext& context) {
  const LoadedScenario loaded = load_and_note(command.file, command.set, context.console);
  const std::shared_ptr<const Scenario> scenario = chosen(loaded, command.variant);
  std::optional<OutputFile> out;
  if (!command.out.empty()) out.emplace(command.out, "--out", std::vector{command.file});
  Progress progress(context.console);
  const ExploreRequest request = with_progress(command.request, progress);
  context.replay = explore_line(request, command.file, command.set, command.variant) + command.more;
  const ExploreReport report = explore_scenario(*scenario, request);
  progress.clear();
  if (out) write_found(command, *loaded.scenario, report, *out, context.console);
  if (command.format == Format::json) {
    context.console.out(explore_json(report, command.outcomes));
    note_verdict(report.verdict, report.verdict_words, context.typed(context.replay),
                 context.console);
  } else {
    const std::string replay_found =
        command_line("replay", command.file, command.set, command.seed, command.variant);
    context.console.out(
        explore_text(report, {context.console.colour_out(), command.outcomes, command.details,
                              context.typed(context.replay), context.typed(replay_found)}));
  }
  return exit_code(report.verdict);
}

}  // namespace trimhorizon
