#include <cerrno>
#include <cstring>
#include <fstream>

#include "sim/cli/program.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/scenario_files.hpp"
#include "sim/experiment/variants.hpp"
#include "sim/report/json.hpp"
#include "sim/report/strip.hpp"
#include "sim/report/text.hpp"

namespace trimhorizon {
namespace {

void refuse_what_is_missing(const RunCommand& command) {
  if (!command.html.empty()) {
    throw CommandError("--html is not built yet", "use --format text or --format json");
  }
}

// Opened before the run, so that a mistyped folder costs nothing.
std::ofstream open_trace(const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) throw CommandError("cannot write " + path + ": " + std::strerror(errno));
  return file;
}

// So few records that the report shows the fate of each.
bool shows_each_record(const Scenario& scenario) {
  std::uint64_t records = 0;
  for (const ProducerEntry& producer : scenario.producers) {
    for (const PutCall& call : producer.settings.put) records += call.records.size();
    if (producer.settings.load) records += producer.settings.load->records.value_or(UINT64_MAX / 2);
  }
  return records <= strip_records_max;
}

std::vector<ScenarioRun> run_chosen(const RunCommand& command, const LoadedScenario& loaded,
                                    const RunOptions& options) {
  if (!command.variant.empty()) {
    ScenarioRun run = run_scenario(require_variant(*loaded.scenario, command.variant), options);
    run.name = command.variant;
    std::vector<ScenarioRun> runs;
    runs.push_back(std::move(run));
    return runs;
  }
  if (!command.no_variants) return run_with_variants(loaded.scenario, options);
  std::vector<ScenarioRun> runs;
  runs.push_back(run_scenario(loaded.scenario, options));
  return runs;
}

}  // namespace

int run(const RunCommand& command, CommandContext& context) {
  refuse_what_is_missing(command);
  const LoadedScenario loaded = load(command.file, command.set);
  context.replay =
      replay_line(loaded, command.seed.value_or(loaded.scenario->seed), command.variant);
  note_oddities(*loaded.scenario, context.console);

  std::ofstream trace;
  if (!command.trace.empty()) trace = open_trace(command.trace);
  Progress progress(context.console);
  RunOptions options;
  options.seed = command.seed;
  options.records = command.records || shows_each_record(*loaded.scenario);
  options.trace = command.trace.empty() ? nullptr : &trace;
  options.progress = [&](double fraction) { progress.show(fraction); };
  const std::vector<ScenarioRun> runs = run_chosen(command, loaded, options);
  progress.clear();
  if (trace.is_open() && !trace.flush()) {
    throw CommandError("cannot write " + command.trace + ": " + std::strerror(errno));
  }

  const Report report = report_of(loaded, runs);
  const Verdict verdict = report.verdict();
  if (command.format == Format::json) {
    context.console.out(report_json(report, command.records));
    if (verdict != Verdict::holds) {
      context.console.err(std::string(name(verdict)) + "; replay: " + context.replay + "\n");
    }
  } else {
    context.console.out(report_text(report, {context.console.colour_out()}));
  }
  return exit_code(verdict);
}

}  // namespace trimhorizon
