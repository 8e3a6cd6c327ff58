// Runs a scenario with the observers that its options ask for, and judges the result.
#include "sim/experiment/run_scenario.hpp"

#include "sim/experiment/judge.hpp"
#include "sim/history/picture_collector.hpp"
#include "sim/history/result_builder.hpp"
#include "sim/history/trace_writer.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"

namespace trimhorizon {
namespace {

std::vector<std::string> records_in_expectations(const Scenario& scenario) {
  std::vector<std::string> ids;
  for (const Expectation& expectation : scenario.expect) {
    if (expectation.kind == ExpectKind::deliveries) ids.push_back(expectation.subject);
  }
  return ids;
}

}  // namespace

ScenarioRun run_scenario(std::shared_ptr<const Scenario> scenario, const RunOptions& options) {
  const bool whole = options.records || options.each_record || options.take_invocation;
  Simulation simulation =
      Simulation::with(make_plan(*scenario, {options.seed, whole}), options.handlers);
  std::optional<TraceWriter> trace;
  if (options.trace != nullptr) simulation.watch(trace.emplace(*options.trace));
  PictureCollector pictures;
  simulation.watch(pictures);
  std::optional<RowCollector> rows;
  if (options.take_invocation) simulation.watch(rows.emplace(options.take_invocation));

  drive(simulation, options.recipe != nullptr ? *options.recipe : Recipe{}, options.progress);

  ScenarioRun run;
  run.scenario = std::move(scenario);
  std::function<void()> poll_progress;
  if (options.progress) poll_progress = [&] { options.progress(1.0); };
  run.result = build_result(simulation, {options.records, options.each_record,
                                         records_in_expectations(*run.scenario), poll_progress});
  pictures.fill(run.result, simulation.world());
  if (rows) rows->finish(simulation.world());
  run.judgement = judge(*run.scenario, run.result);
  return run;
}

std::vector<ScenarioRun> run_with_variants(std::shared_ptr<const Scenario> scenario,
                                           const RunOptions& options) {
  std::vector<ScenarioRun> runs;
  const double all = static_cast<double>(scenario->variants.size() + 1);
  const auto run_one = [&](std::shared_ptr<const Scenario> one, const std::string& name) {
    RunOptions here = options;
    if (!name.empty()) here.trace = nullptr;
    if (options.progress) {
      const double before = static_cast<double>(runs.size());
      here.progress = [&, before](double part) { options.progress((before + part) / all); };
    }
    ScenarioRun run = run_scenario(std::move(one), here);
    run.name = name;
    runs.push_back(std::move(run));
  };
  run_one(scenario, "");
  for (const VariantEntry& variant : scenario->variants) run_one(variant.scenario, variant.name);
  return runs;
}

std::shared_ptr<const Scenario> variant_named(const Scenario& scenario, std::string_view name) {
  for (const VariantEntry& variant : scenario.variants) {
    if (variant.name == name) return variant.scenario;
  }
  return nullptr;
}

}  // namespace trimhorizon
