#include "sim/cli/output_file.hpp"
#include "sim/cli/program.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/experiment/ranges.hpp"
#include "sim/report/json.hpp"
#include "sim/report/strip.hpp"
#include "sim/report/text.hpp"

namespace trimhorizon {

int execute(const RunCommand& command, CommandContext& context) {
  const LoadedScenario loaded = load_and_note(command.file, command.set, context.console);
  context.replay = replay_line(command.file, command.set,
                               command.seed.value_or(loaded.scenario->seed), command.variant) +
                   command.more;
  std::optional<OutputFile> trace;
  if (!command.trace.empty()) trace.emplace(command.trace, "--trace", std::vector{command.file});
  Progress progress(context.console);
  RunOptions options;
  options.seed = command.seed;
  // JSON can be written row by row, so that no memory holds them all.
  options.each_record = command.records && command.format == Format::json;
  options.records =
      (command.records && !options.each_record) || shows_each_record(*loaded.scenario);
  options.trace = trace ? &trace->stream() : nullptr;
  options.progress = [&](double fraction) { progress.show(fraction); };
  const std::vector<ScenarioRun> runs =
      run_chosen(loaded, command.variant, command.no_variants, options);
  progress.clear();
  if (trace) trace->finish();

  Report report = report_of(loaded, runs);
  report.base.ranges = ranges_of(*report.base.scenario, *report.base.result);
  const Verdict verdict = report.verdict();
  if (command.format == Format::json) {
    // JSON has the same bytes for every program and place, so only what changes the runs is told.
    if (command.no_variants) report.base.replay += " --no-variants";
    write_report_json(report, command.records,
                      [&](std::string_view part) { context.console.out(part); });
    note_verdict(verdict, name(verdict), context.typed(context.replay), context.console);
  } else {
    report.base.replay = context.typed(report.base.replay + command.more);
    for (ReportRun& each : report.variants) each.replay = context.typed(each.replay + command.more);
    context.console.out(report_text(report, {context.console.colour_out()}));
  }
  return exit_code(verdict);
}

}  // namespace trimhorizon
