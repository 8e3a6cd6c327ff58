// Runs an exploration from a scenario to a report, and adds the notes that say what the verdict
// does not cover.
#include "sim/explore/explore_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/base/format.hpp"
#include "sim/experiment/parallel.hpp"
#include "sim/explore/assumption_sweep.hpp"
#include "sim/explore/expander.hpp"
#include "sim/explore/explore_handlers.hpp"
#include "sim/explore/fresh_search.hpp"
#include "sim/explore/random_search.hpp"
#include "sim/producer/arrivals.hpp"
#include "sim/report/words.hpp"
#include "sim/scenario/build_world.hpp"

namespace trimhorizon {
namespace {

constexpr std::uint64_t explored_records_max = 10'000;
constexpr std::uint32_t faults_max = 100;

// Is the scenario about what retention takes? It expects `expired`, or names `expire`.
bool is_about_retention(const Scenario& scenario) {
  return std::any_of(scenario.expect.begin(), scenario.expect.end(), [](const Expectation& each) {
    const bool fate = each.kind == ExpectKind::fates && each.subject == name(Fate::expired);
    const bool situation =
        each.kind == ExpectKind::sometimes && each.subject == name(Situation::expire);
    const bool cause =
        each.kind == ExpectKind::lost_by_cause && each.subject == name(LossCause::retention);
    return fate || situation || cause;
  });
}

// That retention may take a record is true of every scenario, and no setting of a mapping changes
// it. So it is asked only where the scenario is about it.
SiteSet default_sites(const Scenario& scenario) {
  SiteSet sites;
  for (const Site each : all_of<Site>) {
    if (info(each).explored_by_default) sites.add(each);
  }
  if (is_about_retention(scenario)) sites.add(Site::trim);
  return sites;
}

// An estimate if it is far too many anyway, else the exact number.
std::uint64_t records_of(const Scenario& scenario) {
  const std::uint64_t estimated = expected_records(scenario);
  if (estimated > 1'000 * explored_records_max) return estimated;
  std::uint64_t records = 0;
  for (const ProducerEntry& producer : scenario.producers) {
    for (const PutCall& call : producer.settings.put) records += call.records.size();
    if (producer.settings.load) records += whole_load(*producer.settings.load).records;
  }
  return records;
}

void refuse_what_is_too_large(const Scenario& scenario) {
  if (scenario.mappings.empty()) {
    throw ExploreError("nothing to explore: the scenario has no event source mapping", "");
  }
  for (const ProducerEntry& producer : scenario.producers) {
    if (!producer.settings.kpl) continue;
    throw ExploreError(
        fmt::format("the explorer does not know KPL: producer `{}` has `kpl`", producer.name),
        "leave `kpl` out: then it puts each record by itself");
  }
  const std::uint64_t records = records_of(shortened(scenario));
  if (records > explored_records_max) {
    throw ExploreError(fmt::format("{} are too many to explore", counted(records, "record")),
                       fmt::format("the explorer takes up to {}; a few show most of what can go "
                                   "wrong",
                                   counted(explored_records_max, "record")));
  }
}

ExploreOptions options_of(const Scenario& scenario, const ExploreRequest& request) {
  ExploreOptions options;
  options.faults = std::min(request.faults.value_or(scenario.explore.faults), faults_max);
  options.sites = scenario.explore.sites.value_or(default_sites(scenario));
  if (!scenario.explore.reshards.empty()) options.sites.add(Site::reshard);
  options.any_batch_size = scenario.explore.any_batch_size;
  options.slots_are_few =
      std::any_of(scenario.functions.begin(), scenario.functions.end(),
                  [](const auto& each) { return each.settings.reserved_concurrency.has_value(); });
  options.seconds = request.seconds;
  options.states = request.states;
  options.threads = thread_count(request.threads);
  options.progress = request.progress;
  options.poll_progress = request.poll_progress;
  for (const std::string& wanted : scenario.explore.properties) {
    const auto property = member_named<Property>(wanted);
    if (property && *property != Property::quiescence) options.properties.push_back(*property);
  }
  if (scenario.explore.properties.empty()) options.properties = {Property::no_loss};
  return options;
}

bool wants_quiescence(const Scenario& scenario) {
  const auto& wanted = scenario.explore.properties;
  return std::find(wanted.begin(), wanted.end(), name(Property::quiescence)) != wanted.end();
}

void set_verdict(ExploreReport& report, bool complete) {
  if (!report.violations.empty()) {
    std::uint32_t fewest = UINT32_MAX;
    bool minimum = true;
    for (const FoundViolation& v : report.violations) {
      fewest = std::min(fewest, v.faults);
      minimum = minimum && v.minimum;
    }
    report.verdict = Verdict::violated;
    report.verdict_words = fmt::format("VIOLATED ({}, {})", counted(fewest, "fault"),
                                       minimum ? "minimum" : "1-minimal");
  } else if (report.random_runs > 0) {
    report.verdict = Verdict::undecided;
    report.verdict_words = fmt::format("NOT FOUND (random, {} seeds)", report.random_runs);
  } else if (!complete) {
    report.verdict = Verdict::undecided;
    report.verdict_words =
        report.complete_through < 0
            ? "INCOMPLETE (complete through no layer)"
            : fmt::format("INCOMPLETE (complete through layer {})", report.complete_through);
  } else {
    report.verdict = Verdict::holds;
    report.verdict_words =
        fmt::format("HOLDS for all schedules with at most {}", counted(report.faults, "fault"));
  }
}

constexpr std::uint32_t certain_parts = 1'000'000'000;  // parts per billion

bool has_probabilities(const Scenario& scenario) {
  for (const FunctionEntry& function : scenario.functions) {
    for (const FailRule& rule : function.settings.fail) {
      if (rule.probability && rule.probability->parts_per_billion < certain_parts) return true;
    }
  }
  return std::any_of(scenario.timeline.begin(), scenario.timeline.end(), [](const auto& action) {
    return action.kind == ActionKind::lose_acknowledgements &&
           action.probability.parts_per_billion < certain_parts;
  });
}

constexpr std::array ledger_promises = {Invariant::conservation,
                                        Invariant::checkpoint_covers_only_settled};

// What was judged only in some of the runs.
void add_notes_of_runs(const Scenario& scenario, ExploreReport& report) {
  std::vector<std::string>& notes = report.notes;
  if (report.random_runs == 0) {
    if (report.ledger_runs > 0) {
      report.common_notes.push_back(
          fmt::format("conservation and checkpoint_covers_only_settled are judged in {} "
                      "repeated with the ledger, which is off while searching",
                      counted(report.ledger_runs, "run")));
    } else {
      notes.push_back(
          "conservation and checkpoint_covers_only_settled are not judged: the ledger is off "
          "while searching");
    }
    return;
  }
  if (report.random_without_rest > 0) {
    notes.push_back(fmt::format("{} of {} did not end: what must hold at the end was not judged",
                                count_text(report.random_without_rest),
                                counted(report.random_runs, "random run")));
  }
  if (wants_quiescence(scenario)) {
    notes.push_back("quiescence is not judged: random runs cannot show a loop");
  }
}

// What limits every verdict.
void add_notes(const Scenario& scenario, const Plan& plan, ExploreReport& report) {
  std::vector<std::string>& notes = report.notes;
  if (const std::uint64_t left_out = left_out_of_exploring(scenario); left_out > 0) {
    const std::uint64_t all = expected_records(scenario);
    report.first_records =
        fmt::format("explored on its first {} of {}; `explore: {{first_records: N}}` takes more",
                    counted(all - left_out, "record"), count_text(all));
  }
  std::vector<std::string>& common = report.common_notes;
  common.push_back("nothing is drawn at random: durations and gaps do not vary, jitter is 0");
  common.push_back("events at the same instant happen in one order only");
  if (!plan.natural_retention) common.push_back("natural retention is off while exploring");
  if (has_probabilities(scenario)) {
    notes.push_back("what has a probability below 100% in the scenario does not happen here");
  }
  if (const auto& keys = RecordIndex(plan).keys_on_several_shards; !keys.empty()) {
    notes.push_back(fmt::format("{} {} on several shards: no order is promised between shards",
                                counted(keys.size(), "key"), keys.size() == 1 ? "is" : "are"));
  }
  add_notes_of_runs(scenario, report);
  if (report.effects_saturated) {
    notes.push_back(fmt::format("effects are counted up to {}: it means {} or more",
                                effects_saturated, effects_saturated));
  }
  if (!report.exact) {
    notes.push_back(fmt::format(
        "states were compared by 128-bit hashes: the chance of a wrong merge is below {:.0e}",
        report.collision_bound));
  }
}

OutcomeRow outcome_row(const Plan& plan, const RecordIndex& index, const ExploredOutcome& outcome) {
  OutcomeRow row;
  row.stored = outcome.end.stored;
  row.minimum_faults = outcome.minimum_faults;
  const auto id = [&](std::uint32_t record) { return plan.record_id(index.record(record)); };
  for (std::uint32_t r = 0; r < index.records; ++r) {
    row.effects.emplace_back(id(r), outcome.end.effects[r]);
  }
  for (const std::uint32_t r : outcome.end.discarded) row.discarded.push_back(id(r));
  for (const std::uint32_t r : outcome.end.lost) row.lost.push_back(id(r));
  return row;
}

Exploration look_for_all(const std::shared_ptr<const Plan>& plan, const RecordIndex& index,
                         const ExploreOptions& options) {
  try {
    if (options.fresh != nullptr) {
      return search_from_the_beginning(plan, index, options, *options.fresh);
    }
    return Explorer(plan, options).run();
  } catch (const TooManyWays& error) {
    throw ExploreError(
        std::string(error.what()) + ": too many to search",
        "switch off ack_lost and ack_lost_late, put fewer records at one instant, or use "
        "--random");
  }
}

// Promises about the ledger, which is off while searching, are judged in runs that are repeated.
// Not with functions of the user: they may answer differently the second time.
void check_ledger(const std::shared_ptr<const Plan>& plan, const ExploreOptions& options,
                  const std::vector<std::vector<std::uint32_t>>& samples, ExploreReport& report) {
  if (options.handlers != nullptr || !options.check_invariants) return;
  const RecordIndex index(*plan);
  for (const std::vector<std::uint32_t>& answers : samples) {
    if (options.poll_progress) options.poll_progress();
    ListedChoices choices(answers, options.open());
    WitnessOptions quiet;
    quiet.story = false;
    const Witness run = run_witness(plan, index, choices, quiet);
    report.ledger_runs += 1;
    for (const Invariant each : ledger_promises) {
      const std::string property(name(each));
      const bool known = std::any_of(
          report.violations.begin(), report.violations.end(),
          [&](const FoundViolation& violation) { return violation.property == property; });
      if (known || !run.breaks(property)) continue;
      report.violations.push_back(describe_shrunk(plan, options, property, run.list.decisions));
    }
  }
}

void search(const Scenario& scenario, const std::shared_ptr<const Plan>& plan,
            const ExploreOptions& options, ExploreReport& report) {
  const RecordIndex index(*plan);
  const Exploration found = look_for_all(plan, index, options);
  report.complete_through = found.complete_through;
  report.states = found.states;
  report.transitions = found.transitions;
  report.exact = found.exact;
  // Birthday bound on states^2 / 2^129.
  report.collision_bound =
      found.exact
          ? 0
          : std::ldexp(static_cast<double>(found.states) * static_cast<double>(found.states), -129);
  report.taken = found.taken;
  report.situations = found.situations;
  report.met = found.met;
  for (const ExploredOutcome& outcome : found.outcomes) {
    report.outcomes.push_back(outcome_row(*plan, index, outcome));
    for (const std::uint8_t effects : outcome.end.effects) {
      report.effects_saturated = report.effects_saturated || effects >= effects_saturated;
    }
  }
  for (const ExploredViolation& each : found.violations) {
    report.violations.push_back(describe_violation(plan, options, index, each));
  }
  for (const ExploredLoop& each : found.loops) {
    FoundViolation loop = describe_loop(plan, options, index, each);
    // A property of ends says nothing when there are none.
    const bool counts = wants_quiescence(scenario) || found.outcomes.empty();
    (counts ? report.violations : report.loops).push_back(std::move(loop));
    if (counts && !wants_quiescence(scenario)) {
      report.properties.emplace_back(name(Property::quiescence));
      report.notes.push_back("no run ended, so nothing could be judged at an end");
    }
  }
  check_ledger(plan, options, found.samples, report);
  set_verdict(report, found.complete);
}

// What the settings of a mapping can change comes first: failures of the function, then throttles
// and destinations, then crashes of pollers, then the producer. What nobody can change comes last.
int far_from_settings(const FoundViolation& found) {
  int farthest = 0;
  for (const Site site : found.sites) {
    int far = 4;
    switch (site) {
      case Site::function_error:
      case Site::timeout: far = 0; break;
      case Site::throttle:
      case Site::destination_failure: far = 1; break;
      case Site::poller_crash:
      case Site::poller_crash_anywhere:
      case Site::checkpoint_lost:
      case Site::iterator_expired:
      case Site::read_throttled:
      case Site::overlapping_pollers: far = 2; break;
      case Site::put_throttled:
      case Site::reshard:
      case Site::ack_lost:
      case Site::ack_lost_late: far = 3; break;
      default: break;
    }
    farthest = std::max(farthest, far);
  }
  return farthest;
}

void order_findings(ExploreReport& report) {
  std::stable_sort(report.violations.begin(), report.violations.end(),
                   [](const FoundViolation& a, const FoundViolation& b) {
                     return far_from_settings(a) < far_from_settings(b);
                   });
}

void random_runs(const std::shared_ptr<const Plan>& plan, const ExploreOptions& options,
                 std::uint64_t runs, ExploreReport& report) {
  if (options.fresh == nullptr) return search_at_random(plan, options, runs, report);
  const RecordIndex index(*plan);
  const std::uint64_t before = undisturbed_run(plan, index, options, *options.fresh);
  search_at_random(plan, options, runs, report);
  if (undisturbed_run(plan, index, options, *options.fresh) != before) {
    throw MemoryNotFresh("the run without faults took another course the second time");
  }
}

}  // namespace

bool is_ledger_promise(std::string_view property) {
  return std::any_of(ledger_promises.begin(), ledger_promises.end(),
                     [&](Invariant each) { return name(each) == property; });
}

ExploreReport explore_once(const Scenario& scenario, const ExploreRequest& request,
                           Handlers* handlers, FreshHandlers* fresh) {
  ExploreOptions options = options_of(scenario, request);
  options.handlers = handlers;
  options.fresh = fresh;
  if (handlers != nullptr) options.threads = 1;
  const std::shared_ptr<const Plan> plan =
      make_plan(scenario, {request.seed, false, true, options.open()});
  ExploreReport report;
  report.file = scenario.file;
  report.title = scenario.title;
  report.own_handlers = handlers != nullptr;
  report.whole_runs = fresh != nullptr;
  report.seed = plan->seed;
  report.faults = options.faults;
  report.sites = options.sites;
  report.any_batch_size = options.any_batch_size;
  report.records = scenario.explore.records;
  report.assumptions = scenario.assumptions;
  for (const Property each : options.properties) report.properties.emplace_back(name(each));
  if (wants_quiescence(scenario) && request.random == 0) {
    report.properties.emplace_back(name(Property::quiescence));
  }
  for (const Invariant each : all_of<Invariant>) report.properties.emplace_back(name(each));
  if (request.random > 0) {
    random_runs(plan, options, request.random, report);
    set_verdict(report, false);
  } else {
    search(scenario, plan, options, report);
    if (report.ledger_runs == 0) std::erase_if(report.properties, is_ledger_promise);
  }
  add_notes(scenario, *plan, report);
  order_findings(report);
  return report;
}

ExploreReport explore_scenario(const Scenario& scenario, const ExploreRequest& request) {
  refuse_what_is_too_large(scenario);
  const bool own = request.own != nullptr && !request.own->functions.empty();
  ExploreReport report = own ? explore_with_handlers(scenario, request)
                             : explore_once(scenario, request, nullptr, nullptr);
  if (request.assumptions) sweep_assumptions(scenario, request, report);
  return report;
}

}  // namespace trimhorizon
