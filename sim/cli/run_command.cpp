#include "sim/cli/program.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/experiment/ranges.hpp"
#include "sim/report/json.hpp"
#include "sim/report/strip.hpp"
#include "sim/report/text.hpp"

namespace trimhorizon {
namespace {

}  // namespace

int execute(const RunCommand& command, CommandContext& context) {
  const LoadedScenario loaded = load_and_note(command.file, command.set, context.console);
  context.replay = replay_line(command.file, command.set,
                               command.seed.value_or(loaded.scenario->seed), command.variant);
  std::ofstream trace;
  if (!command.trace.empty()) trace = open_to_write(command.trace);
  Progress progress(context.console);
  RunOptions options;
  options.seed = command.seed;
  options.records = command.records || shows_each_record(*loaded.scenario);
  options.trace = command.trace.empty() ? nullptr : &trace;
  options.progress = [&](double fraction) { progress.show(fraction); };
  const std::vector<ScenarioRun> runs =
      run_chosen(loaded, command.variant, command.no_variants, options);
  progress.clear();
  if (trace.is_open()) finish(trace, command.trace);

  Report report = report_of(loaded, runs);
  report.base.ranges = ranges_of(*report.base.scenario, *report.base.result);
  const Verdict verdict = report.verdict();
  if (command.format == Format::json) {
    context.console.out(report_json(report, command.records));
    note_verdict(verdict, name(verdict), context.replay, context.console);
  } else {
    context.console.out(report_text(report, {context.console.colour_out()}));
  }
  return exit_code(verdict);
}

}  // namespace trimhorizon
