// Runs a scenario with the observers that its options ask for, and judges the result.
#include "sim/experiment/run_scenario.hpp"

#include <algorithm>

#include "sim/experiment/judge.hpp"
#include "sim/history/first_deliveries.hpp"
#include "sim/history/picture_collector.hpp"
#include "sim/history/result_builder.hpp"
#include "sim/history/snapshots.hpp"
#include "sim/history/trace_writer.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"

namespace trimhorizon {
namespace {

std::vector<std::string> subjects_of(const Scenario& scenario, ExpectKind kind) {
  std::vector<std::string> subjects;
  for (const Expectation& expectation : scenario.expect) {
    if (expectation.kind == kind) subjects.push_back(expectation.subject);
  }
  return subjects;
}

// The instants of the run that `checks` ask about. A part of the run needs the moments just before
// it begins and just before it ends.
struct AskedInstant {
  Instant seen;  // everything until then has happened
  Instant at;
  bool before = false;

  friend auto operator<=>(const AskedInstant&, const AskedInstant&) = default;
};
std::vector<AskedInstant> asked_instants(const Scenario& scenario) {
  constexpr Duration moment = microseconds(1);
  std::vector<AskedInstant> asked;
  for (const Expectation& each : scenario.expect) {
    if (!each.check) continue;
    const auto [from, until] = *each.check;
    asked.push_back(until ? AskedInstant{from - moment, from, true} : AskedInstant{from, from});
    if (until) asked.push_back({*until - moment, *until, true});
  }
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  return asked;
}

// Drives the simulation and looks at it at these instants.
std::vector<Snapshot> drive_and_look(Simulation& simulation, const RunOptions& options,
                                     const std::vector<AskedInstant>& asked) {
  std::vector<Snapshot> snapshots;
  Visits visits;
  for (const AskedInstant& each : asked) visits.at.push_back(each.seen);
  visits.visit = [&](std::size_t which) {
    snapshots.push_back(snapshot_of(so_far(simulation), asked[which].at, asked[which].before));
  };
  drive(simulation, options.recipe != nullptr ? *options.recipe : Recipe{}, options.progress,
        visits);
  return snapshots;
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

  std::optional<FirstDeliveries> first;
  const auto asked = subjects_of(*scenario, ExpectKind::first_delivery);
  if (!asked.empty()) simulation.watch(first.emplace(simulation.plan(), asked));
  std::vector<Snapshot> snapshots = drive_and_look(simulation, options, asked_instants(*scenario));

  ScenarioRun run;
  run.scenario = std::move(scenario);
  std::function<void()> poll_progress;
  if (options.progress) poll_progress = [&] { options.progress(1.0); };
  run.result = build_result(
      simulation,
      {options.records, options.each_record, subjects_of(*run.scenario, ExpectKind::deliveries),
       !subjects_of(*run.scenario, ExpectKind::user_records).empty(), poll_progress});
  run.result.snapshots = std::move(snapshots);
  if (first) run.result.first_deliveries = first->found(simulation.plan());
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
