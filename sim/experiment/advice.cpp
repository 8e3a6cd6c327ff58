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

struct Change {
  std::vector<std::string> words;  // as they are written in a scenario
  std::function<void(Changed&)> apply;
};

void add_destination(Changed& changed) {
  changed.mapping.on_failure = {static_cast<std::uint32_t>(changed.scenario.destinations.size())};
  changed.scenario.destinations.push_back({"dlq", DestinationType::sqs});
}

void report_failures(Changed& changed) {
  changed.settings().report_batch_item_failures = true;
  if (changed.function().respond != Respond::fixed) {
    changed.function().respond = Respond::report_failures;
  }
}

const std::string bisect_words = "BisectBatchOnFunctionError: true";
const std::string report_words = "FunctionResponseTypes: [ReportBatchItemFailures]";
const std::string code_words = "a function that reports its failures";
const std::string destination_words = "an OnFailure destination";

void add_bisect(std::vector<Change>& changes, const LifeInMapping& mapping) {
  if (mapping.bisect || mapping.batch_size == 1) return;
  changes.push_back(
      {{bisect_words}, [](Changed& c) { c.settings().bisect_batch_on_function_error = true; }});
}

void add_report(std::vector<Change>& changes, const LifeInMapping& mapping) {
  if (mapping.report_batch_item_failures) {
    changes.push_back({{code_words}, report_failures});
  } else {
    changes.push_back(
        {{report_words}, [](Changed& c) { c.settings().report_batch_item_failures = true; }});
    changes.push_back({{report_words, code_words}, report_failures});
  }
}

void add_more_retries(std::vector<Change>& changes, const LifeInMapping& mapping) {
  if (mapping.maximum_retry_attempts < 0) return;
  for (const std::int64_t retries : {10, 30, 100, 1'000, 10'000, -1}) {
    if (retries >= 0 && retries <= mapping.maximum_retry_attempts) continue;
    changes.push_back({{"MaximumRetryAttempts: " + std::to_string(retries)},
                       [retries](Changed& c) { c.settings().maximum_retry_attempts = retries; }});
  }
}

void add_longer_timeouts(std::vector<Change>& changes, const LifeInMapping& mapping) {
  const bool timed_out =
      std::any_of(mapping.entries.begin(), mapping.entries.end(),
                  [](const LifeEntry& each) { return each.end == CallOutcome::timeout; });
  if (!timed_out) return;
  for (const std::int64_t timeout : {10, 60, 300, 900}) {
    changes.push_back({{"Timeout: " + std::to_string(timeout)}, [timeout](Changed& c) {
                         c.function().timeout_s = std::max(c.function().timeout_s, timeout);
                       }});
  }
}

// Fewer retries, so that one bad record holds nobody up for long.
void add_limited_retries(std::vector<Change>& changes, const LifeInMapping& mapping) {
  if (mapping.maximum_retry_attempts >= 0) return;
  const auto limit = [](Changed& c) {
    c.settings().maximum_retry_attempts = 3;
    c.settings().bisect_batch_on_function_error = true;
  };
  std::vector<std::string> words = {"MaximumRetryAttempts: 3"};
  if (!mapping.bisect && mapping.batch_size > 1) words.push_back(bisect_words);
  changes.push_back({words, limit});
  if (mapping.has_destination) return;
  words.push_back(destination_words);
  changes.push_back({words, [limit](Changed& c) {
                       limit(c);
                       add_destination(c);
                     }});
}

void add_honest_answer(std::vector<Change>& changes) {
  changes.push_back(
      {{report_words, code_words, "MaximumRetryAttempts: 3", destination_words}, [](Changed& c) {
         report_failures(c);
         c.settings().maximum_retry_attempts = 3;
         add_destination(c);
       }});
}

bool failed_in_outage(const LifeInMapping& mapping) {
  return std::any_of(mapping.entries.begin(), mapping.entries.end(),
                     [](const LifeEntry& each) { return each.outage; });
}

// What may help, the smallest change first.
std::vector<Change> changes_for(const LifeInMapping& mapping) {
  std::vector<Change> changes;
  if (mapping.lost_cause == LossCause::latest_gap) {
    changes.push_back({{"StartingPosition: TRIM_HORIZON"}, [](Changed& c) {
                         c.settings().starting_position = StartingPosition::trim_horizon;
                       }});
    return changes;
  }
  if (mapping.lost_cause == LossCause::swallowed ||
      mapping.lost_cause == LossCause::report_ignored ||
      mapping.lost_cause == LossCause::skipped_by_handler) {
    add_report(changes, mapping);
    add_honest_answer(changes);
    return changes;
  }
  // In an outage every batch fails, so only time helps.
  if (failed_in_outage(mapping)) add_more_retries(changes, mapping);
  add_bisect(changes, mapping);
  add_report(changes, mapping);
  add_longer_timeouts(changes, mapping);
  if (!failed_in_outage(mapping)) add_more_retries(changes, mapping);
  if (mapping.maximum_record_age_s >= 0) {
    changes.push_back({{"MaximumRecordAgeInSeconds: -1"},
                       [](Changed& c) { c.settings().maximum_record_age_s = -1; }});
  }
  if (!mapping.has_destination) changes.push_back({{destination_words}, add_destination});
  add_limited_retries(changes, mapping);
  return changes;
}

// How badly a record ended: 0 is best. One that still waits has not been helped: a run that stops
// later may lose it all the same.
int badness(const LifeInMapping& mapping) {
  if (mapping.lost_cause != LossCause::none) return 3;
  const auto ended = [&](Fate fate) {
    return std::find(mapping.fates.begin(), mapping.fates.end(), fate) != mapping.fates.end();
  };
  if (mapping.effects == 0 && ended(Fate::discarded)) return 2;
  return mapping.effects == 0 ? 3 : mapping.duplicates > 0 ? 1 : 0;
}

bool is_better(const LifeInMapping& now, const LifeInMapping& before) {
  if (badness(now) != badness(before)) return badness(now) < badness(before);
  return badness(now) == 1 && now.duplicates < before.duplicates;
}

struct SecondRun {
  std::optional<RecordLife> life;
  std::uint64_t lost = 0;
};

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
  again.lost = build_result(simulation, {}).lost;
  return again;
}

const LifeInMapping* in_mapping(const RecordLife& life, const std::string& name) {
  for (const LifeInMapping& each : life.mappings) {
    if (each.mapping == name) return &each;
  }
  return nullptr;
}

}  // namespace

std::optional<Advice> advice_for(const Scenario& scenario, const RecordLife& life,
                                 const LifeInMapping& mapping, const RunOptions& options) {
  const bool injected = options.recipe != nullptr && !options.recipe->injections.empty();
  if (options.handlers != nullptr || injected || scenario.decisions) return {};
  if (life.run_ended == name(RunEnd::running)) return {};
  if (life.copies.empty() || badness(mapping) == 0) return {};
  if (expected_records(scenario) > records_max) return {};
  const SecondRun before = run_again(scenario, life.id, options);
  for (const Change& change : changes_for(mapping)) {
    Scenario changed = scenario;
    const auto entry = std::find_if(changed.mappings.begin(), changed.mappings.end(),
                                    [&](const auto& each) { return each.name == mapping.mapping; });
    if (entry == changed.mappings.end()) return {};
    Changed target{changed, *entry};
    change.apply(target);
    const SecondRun after = run_again(changed, life.id, options);
    const LifeInMapping* there = after.life ? in_mapping(*after.life, mapping.mapping) : nullptr;
    if (there == nullptr || !is_better(*there, mapping) || after.lost > before.lost) continue;
    return Advice{change.words, there->fates, there->effects, before.lost, after.lost};
  }
  return {};
}

}  // namespace trimhorizon
