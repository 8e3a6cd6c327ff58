#include "sim/experiment/advice.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "sim/history/life_collector.hpp"
#include "sim/history/result_builder.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"

namespace trimhorizon {
namespace {

constexpr std::uint64_t records_max = 1'000'000;  // a longer run is not made again

// The mapping that an advice changes, and its function.
struct Changed {
  Scenario& scenario;
  MappingEntry& mapping;

  MappingSettings& settings() { return mapping.settings; }
  FunctionSettings& function() { return scenario.functions[mapping.function.value].settings; }
};

// One thing to change, in the words of a scenario.
struct Step {
  std::string words;
  std::function<void(Changed&)> apply;
};
using Change = std::vector<Step>;

const Step bisects = {"BisectBatchOnFunctionError: true",
                      [](Changed& c) { c.settings().bisect_batch_on_function_error = true; }};
const Step reads_reports = {"FunctionResponseTypes: [ReportBatchItemFailures]",
                            [](Changed& c) { c.settings().report_batch_item_failures = true; }};
const Step reports = {"a function that reports its failures (respond: report_failures)",
                      [](Changed& c) { c.function().respond = Respond::report_failures; }};
const Step new_destination = {
    "a new OnFailure destination", [](Changed& c) {
      c.mapping.on_failure = {static_cast<std::uint32_t>(c.scenario.destinations.size())};
      c.scenario.destinations.push_back({"new", DestinationType::sqs});
    }};

Step retries_at_most(std::int64_t retries) {
  return {"MaximumRetryAttempts: " + std::to_string(retries),
          [retries](Changed& c) { c.settings().maximum_retry_attempts = retries; }};
}

// The destinations of the scenario, and a new one if it has none: one of its own may fail, and that
// must count. None for a mapping that has one already.
std::vector<Step> destinations_for(const Scenario& scenario, const LifeInMapping& mapping) {
  if (mapping.has_destination) return {};
  if (scenario.destinations.empty()) return {new_destination};
  std::vector<Step> steps;
  for (std::uint32_t i = 0; i < std::min<std::size_t>(scenario.destinations.size(), 3); ++i) {
    steps.push_back({"the OnFailure destination " + scenario.destinations[i].name,
                     [i](Changed& c) { c.mapping.on_failure = {i}; }});
  }
  return steps;
}

// With each destination that may be used, or as it is.
void add_with_destinations(std::vector<Change>& changes, const Change& change,
                           const std::vector<Step>& destinations) {
  if (destinations.empty()) changes.push_back(change);
  for (const Step& destination : destinations) {
    changes.push_back(change);
    changes.back().push_back(destination);
  }
}

void add_report(std::vector<Change>& changes) {
  changes.push_back({reads_reports});
  changes.push_back({reads_reports, reports});
}

void add_more_retries(std::vector<Change>& changes, const LifeInMapping& mapping) {
  if (mapping.maximum_retry_attempts < 0) return;
  for (const std::int64_t retries : {10, 30, 100, 1'000, 10'000, -1}) {
    if (retries >= 0 && retries <= mapping.maximum_retry_attempts) continue;
    changes.push_back({retries_at_most(retries)});
  }
}

void add_longer_timeouts(std::vector<Change>& changes, const LifeInMapping& mapping) {
  const bool timed_out =
      std::any_of(mapping.entries.begin(), mapping.entries.end(),
                  [](const LifeEntry& each) { return each.end == CallOutcome::timeout; });
  if (!timed_out) return;
  for (const std::int64_t timeout : {10, 60, 300, 900}) {
    changes.push_back({{"Timeout: " + std::to_string(timeout), [timeout](Changed& c) {
                          c.function().timeout_s = std::max(c.function().timeout_s, timeout);
                        }}});
  }
}

// Fewer retries, so that one bad record holds nobody up for long.
void add_limited_retries(std::vector<Change>& changes, const LifeInMapping& mapping,
                         const std::vector<Step>& destinations) {
  if (mapping.maximum_retry_attempts >= 0) return;
  Change change = {retries_at_most(3)};
  if (mapping.batch_size > 1) change.push_back(bisects);
  changes.push_back(change);
  if (!destinations.empty()) add_with_destinations(changes, change, destinations);
}

bool failed_in_outage(const LifeInMapping& mapping) {
  return std::any_of(mapping.entries.begin(), mapping.entries.end(),
                     [](const LifeEntry& each) { return each.outage; });
}

bool ended_as(const LifeInMapping& mapping, Fate fate) {
  return std::find(mapping.fates.begin(), mapping.fates.end(), fate) != mapping.fates.end();
}

// What may help, the smallest change first.
std::vector<Change> changes_for(const Scenario& scenario, const LifeInMapping& mapping) {
  std::vector<Change> changes;
  if (ended_as(mapping, Fate::unread)) {
    changes.push_back({{"StartingPosition: TRIM_HORIZON", [](Changed& c) {
                          c.settings().starting_position = StartingPosition::trim_horizon;
                        }}});
    return changes;
  }
  const bool is_off = std::any_of(scenario.mappings.begin(), scenario.mappings.end(),
                                  [&](const MappingEntry& each) {
                                    return each.name == mapping.mapping && !each.settings.enabled;
                                  });
  if (is_off && mapping.deliveries == 0) {
    changes.push_back({{"Enabled: true", [](Changed& c) { c.settings().enabled = true; }}});
    return changes;
  }
  const std::vector<Step> destinations = destinations_for(scenario, mapping);
  if (mapping.lost_cause == LossCause::swallowed ||
      mapping.lost_cause == LossCause::report_ignored ||
      mapping.lost_cause == LossCause::skipped_by_handler) {
    add_report(changes);
    add_with_destinations(changes, {reads_reports, reports, retries_at_most(3)}, destinations);
    return changes;
  }
  // In an outage every batch fails, so only time helps.
  if (failed_in_outage(mapping)) add_more_retries(changes, mapping);
  if (mapping.batch_size > 1) changes.push_back({bisects});
  add_report(changes);
  add_longer_timeouts(changes, mapping);
  if (!failed_in_outage(mapping)) add_more_retries(changes, mapping);
  changes.push_back({{"MaximumRecordAgeInSeconds: -1",
                      [](Changed& c) { c.settings().maximum_record_age_s = -1; }}});
  for (const Step& each : destinations) changes.push_back({each});
  add_limited_retries(changes, mapping, destinations);
  return changes;
}

// How badly a record ended: 0 is best. One that still waits has not been helped: a run that stops
// later may lose it all the same.
int badness(const LifeInMapping& mapping) {
  if (mapping.lost_cause != LossCause::none) return 3;
  if (mapping.effects == 0 && ended_as(mapping, Fate::discarded)) return 2;
  return mapping.effects == 0 ? 3 : mapping.duplicates > 0 ? 1 : 0;
}

bool is_better(const LifeInMapping& now, const LifeInMapping& before) {
  if (badness(now) != badness(before)) return badness(now) < badness(before);
  return badness(now) == 1 && now.duplicates < before.duplicates;
}

struct SecondRun {
  std::optional<RecordLife> life;
  std::uint64_t lost = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t stored = 0;
  std::uint64_t pending = 0;  // copies that were not settled at the end
};

// Delivery is at least once, so saving a record may cost a few repetitions of its work, as many as
// the retries that are advised. Hundreds of them are no help, for this record or for the others.
constexpr std::uint64_t effects_few = 4;

bool repeats_much(const LifeInMapping& there, const SecondRun& after, const LifeInMapping& mapping,
                  const SecondRun& before) {
  return there.effects > std::max(mapping.effects, effects_few) ||
         after.duplicates > before.duplicates + (effects_few - 1) * after.stored;
}

// Records that still wait at the end have not been helped. A few more are those of the last
// seconds. Many more wait for a record whose retries do not end.
bool keeps_many_waiting(const SecondRun& after, const SecondRun& before) {
  return after.pending > before.pending + before.stored / 100;
}

SecondRun run_again(const Scenario& scenario, const std::string& record,
                    const RunOptions& options) {
  SecondRun again;
  const std::shared_ptr<const Plan> plan = make_plan(scenario, {options.seed, true});
  const std::optional<RecordId> id = plan->record_named(record);
  if (!id) return again;
  Simulation simulation(plan);
  LifeCollector collector(*plan, *id);
  simulation.watch(collector);
  simulation.run(options.progress);
  again.life = collector.life(simulation.history(), simulation.world(), simulation.ended());
  const Result result = build_result(simulation, {});
  again.lost = result.lost;
  again.duplicates = result.duplicates;
  again.stored = result.stored;
  for (const ConsumerResult& each : result.consumers) again.pending += each.fates[Fate::pending];
  return again;
}

const LifeInMapping* in_mapping(const RecordLife& life, const std::string& name) {
  for (const LifeInMapping& each : life.mappings) {
    if (each.mapping == name) return &each;
  }
  return nullptr;
}

// A scenario with a change, and the words of those steps that made a difference.
struct ChangedScenario {
  Scenario scenario;
  std::vector<std::string> words;
};

ChangedScenario with_change(const Scenario& scenario, const std::string& mapping,
                            const Change& change) {
  ChangedScenario changed{scenario, {}};
  std::vector<MappingEntry>& mappings = changed.scenario.mappings;
  const auto entry = std::find_if(mappings.begin(), mappings.end(),
                                  [&](const auto& each) { return each.name == mapping; });
  if (entry == mappings.end()) return changed;
  Changed target{changed.scenario, *entry};
  for (const Step& step : change) {
    const MappingEntry mapping_before = target.mapping;
    const FunctionSettings function_before = target.function();
    step.apply(target);
    if (target.mapping.on_failure != mapping_before.on_failure ||
        target.settings() != mapping_before.settings || target.function() != function_before) {
      changed.words.push_back(step.words);
    }
  }
  return changed;
}

// Can this record be helped, and can the run be made again?
bool may_be_tried(const Scenario& scenario, const RecordLife& life, const LifeInMapping& mapping,
                  const RunOptions& options) {
  const bool injected = options.recipe != nullptr && !options.recipe->injections.empty();
  if (options.handlers != nullptr || injected || scenario.decisions) return false;
  if (life.run_ended == name(RunEnd::running)) return false;
  if (life.copies.empty() || badness(mapping) == 0) return false;
  return expected_records(scenario) <= records_max;
}

}  // namespace

void advise(const Scenario& scenario, const RecordLife& life, LifeInMapping& mapping,
            const RunOptions& options) {
  if (!may_be_tried(scenario, life, mapping, options)) return;
  const SecondRun before = run_again(scenario, life.id, options);
  TriedInVain tried;
  for (const Change& change : changes_for(scenario, mapping)) {
    ChangedScenario changed = with_change(scenario, mapping.mapping, change);
    if (changed.words.empty()) continue;  // it is so already
    tried.runs += 1;
    const SecondRun after = run_again(changed.scenario, life.id, options);
    const LifeInMapping* there = after.life ? in_mapping(*after.life, mapping.mapping) : nullptr;
    if (there == nullptr || !is_better(*there, mapping)) continue;
    if (after.lost > before.lost || keeps_many_waiting(after, before) ||
        repeats_much(*there, after, mapping, before)) {
      tried.some_do_harm = true;
      continue;
    }
    mapping.advice =
        Advice{std::move(changed.words), there->fates, there->effects, before.lost, after.lost};
    return;
  }
  // Repeated work belongs to at-least-once delivery; that a record is gone wants an answer.
  if (badness(mapping) >= 2) mapping.tried_in_vain = tried;
}

}  // namespace trimhorizon
