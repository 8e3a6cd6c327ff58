// Searches that share little: merged states, states never merged, whole runs layer by layer (for
// functions that remember), and a naive enumerator that keeps no states at all but runs every
// schedule from the start and reads the ledger.
#include <fmt/format.h>

#include <map>

#include "sim/explore/explorer.hpp"
#include "sim/explore/fresh_search.hpp"
#include "sim/explore/witness.hpp"
#include "sim/handlers/memo_handlers.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/explore/drawn_reshards.hpp"
#include "tests/explore/model_scenario.hpp"
#include "tests/explore/stateless.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/drawn_scenario.hpp"
#include "tests/support/rapidcheck.hpp"

namespace trimhorizon::testing {
namespace {

using Outcomes = std::map<EndOfRun, std::uint32_t>;

Outcomes outcomes_of(const Exploration& found) {
  Outcomes outcomes;
  for (const ExploredOutcome& each : found.outcomes) {
    outcomes.emplace(each.end, each.minimum_faults);
  }
  return outcomes;
}

std::string text_of(const EndOfRun& end) {
  std::string text = fmt::format("{}:", end.stored);
  for (const std::uint8_t n : end.effects) text += fmt::format(" {}", n);
  text += " discarded";
  for (const std::uint32_t r : end.discarded) text += fmt::format(" {}", r);
  text += " lost";
  for (const std::uint32_t r : end.lost) text += fmt::format(" {}", r);
  return text;
}

std::string difference(const Outcomes& wanted, const Outcomes& got) {
  for (const auto& [end, faults] : wanted) {
    const auto it = got.find(end);
    if (it == got.end()) return fmt::format("missing: {} @{}", text_of(end), faults);
    if (it->second != faults) {
      return fmt::format("{} @{} instead of @{}", text_of(end), it->second, faults);
    }
  }
  for (const auto& [end, faults] : got) {
    if (!wanted.contains(end)) return fmt::format("too many: {} @{}", text_of(end), faults);
  }
  return "";
}

// What the ledger of whole runs calls lost, no_loss calls so as well.
std::string fewest_that_lose(std::optional<std::uint32_t> wanted, const Exploration& found) {
  std::optional<std::uint32_t> got;
  for (const ExploredViolation& each : found.violations) {
    if (each.property == "no_loss") got = each.minimum_faults;
  }
  if (wanted == got) return "";
  const auto text = [](std::optional<std::uint32_t> faults) {
    return faults ? fmt::format("@{}", *faults) : std::string("none");
  };
  return fmt::format("{} instead of {}", text(got), text(wanted));
}

std::int64_t between(std::int64_t low, std::int64_t high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(low, high + 1));
}
bool one_in(std::int64_t n) { return between(1, n) == n; }

FunctionSettings drawn_function() {
  FunctionSettings f;
  f.duration.batch = milliseconds(between(1, 3) * 100);
  f.respond = static_cast<Respond>(between(0, 3));
  if (one_in(4)) f.cold_start = seconds(1);
  if (one_in(4)) f.reserved_concurrency = 1;
  if (one_in(3)) {
    FailRule rule;
    if (one_in(2)) rule.records = {fmt::format("r{}", between(0, 3))};
    if (one_in(2)) rule.attempts = {static_cast<std::uint32_t>(between(1, 2))};
    if (one_in(3)) rule.until = Instant{0} + seconds(between(1, 4));
    rule.as = static_cast<FailAs>(between(0, 2));
    rule.after = one_in(2) ? FailAfter::none : FailAfter::all;
    f.fail.push_back(rule);
  }
  return f;
}

MappingSettings drawn_mapping() {
  MappingSettings m;
  m.batch_size = between(1, 3);
  m.batching_window_s = one_in(5) ? 1 : 0;
  m.maximum_retry_attempts = between(0, 2);
  m.maximum_record_age_s = one_in(5) ? 60 : -1;
  m.bisect_batch_on_function_error = one_in(2);
  m.report_batch_item_failures = one_in(2);
  m.created = Instant{0} + seconds(between(0, 1));
  if (one_in(4)) m.starting_position = StartingPosition::latest;
  if (one_in(6)) {
    m.starting_position = StartingPosition::at_timestamp;
    m.starting_timestamp_ms = Scenario{}.epoch_ms + between(0, m.created.us / 100'000) * 100;
  }
  return m;
}

void add_timeline(Scenario& s) {
  TimelineAction action;
  action.at = Instant{0} + milliseconds(between(0, 30) * 100);
  action.lasts = milliseconds(between(1, 20) * 100);
  action.kind = static_cast<ActionKind>(between(0, 3));
  action.function = {0};
  action.mapping = {0};
  action.producer = {0};
  s.timeline.push_back(action);
  if (!one_in(3)) return;
  TimelineAction off;
  off.kind = ActionKind::update_event_source_mapping;
  off.mapping = {0};
  off.at = action.at;
  off.enabled = false;
  s.timeline.push_back(off);
  if (one_in(2)) return;
  off.at = off.at + seconds(between(1, 3));
  off.enabled = true;
  s.timeline.push_back(off);
}

// Small enough that every schedule can be run from the start.
Scenario tiny_scenario() {
  Scenario s;
  s.duration = hours(20);
  StreamSettings stream;
  stream.shard_count = one_in(3) ? 2 : 1;
  s.streams.push_back({"s", stream});
  ProducerSettings shop;
  shop.ids = "r";
  const std::int64_t records = between(1, 4);
  Instant at{0};
  for (std::int64_t n = 0; n < records; ++n) {
    if (one_in(4)) at = at + milliseconds(between(1, 15) * 100);
    const std::string id = fmt::format("r{}", n);
    shop.put.push_back({at, false, {{id, fmt::format("k{}", between(0, 2)), id, std::nullopt}}});
  }
  shop.retry.attempts = 1;
  if (one_in(4)) shop.retry.mode = RetryMode::ignore;
  s.producers.push_back({"shop", {0}, shop});
  s.functions.push_back({"f", drawn_function()});
  if (one_in(2)) s.destinations.push_back({"d", DestinationType::sqs});
  for (std::int64_t n = one_in(4) ? 2 : 1; n > 0; --n) {
    const DestinationId to = s.destinations.empty() ? DestinationId{} : DestinationId{0};
    s.mappings.push_back({fmt::format("m{}", n), {0}, {0}, to, drawn_mapping()});
  }
  if (one_in(3)) add_timeline(s);
  if (one_in(3)) s.assumptions.retry_backoff.on = false;
  return s;
}

ExploreOptions drawn_options() {
  ExploreOptions options;
  options.faults = static_cast<std::uint32_t>(between(0, 2));
  for (std::uint32_t i = 0; i < count_of<Site>; ++i) {
    const auto site = static_cast<Site>(i);
    if (info(site).cost > 0 && one_in(3)) options.sites.add(site);
  }
  options.any_batch_size = one_in(4);
  for (std::size_t i = 0; i + 1 < trimhorizon::count_of<Property>; ++i) {
    options.properties.push_back(static_cast<Property>(i));
  }
  return options;
}

std::shared_ptr<const Plan> plan_for(const Scenario& scenario, const ExploreOptions& options) {
  return make_plan(scenario, {std::nullopt, false, true, options.open()});
}

Exploration run_by_run(const std::shared_ptr<const Plan>& plan, ExploreOptions options) {
  FreshHandlers modelled([] {});
  options.handlers = options.fresh = &modelled;
  return search_from_the_beginning(plan, RecordIndex(*plan), options, modelled);
}

// Nothing in it that a plain function of the user's own would not share with the modelled one.
Scenario without_rules_for_records(Scenario scenario) {
  for (FunctionEntry& function : scenario.functions) {
    function.settings.respond = Respond::raise;
    std::erase_if(function.settings.fail,
                  [](const FailRule& rule) { return rule.asks_each_record(); });
  }
  return scenario;
}

}  // namespace

namespace {

// All searches of this scenario, held against the enumerator.
void compare_searches(const Scenario& scenario, const ExploreOptions& options) {
  const auto plan = plan_for(scenario, options);
  const auto naive = enumerate_schedules(plan, options.open(), options.faults, 3'000);
  RC_PRE(naive.has_value());
  Explorer explorer(plan, options);
  const Exploration merged = explorer.run();
  ExploreOptions never = options;
  never.merge = false;
  const Exploration unmerged = Explorer(plan, never).run();
  const std::string first = difference(naive->outcomes, outcomes_of(merged));
  const std::string second = difference(naive->outcomes, outcomes_of(unmerged));
  const Exploration runs = run_by_run(plan, options);
  const std::string third = difference(naive->outcomes, outcomes_of(runs));
  const std::string fourth = fewest_that_lose(naive->fewest_that_lose, merged);
  if (!(first + second + third + fourth).empty()) {
    RC_LOG() << described(scenario) << "faults " << options.faults << " sites "
             << options.open().bits << "\nmerged: " << first << "\nunmerged: " << second
             << "\nrun by run: " << third << "\nlosses: " << fourth << "\n";
  }
  RC_ASSERT(first.empty() && second.empty() && third.empty() && fourth.empty());
  RC_ASSERT(merged.violations.size() == unmerged.violations.size());
  RC_ASSERT(merged.violations.size() == runs.violations.size());
  for (std::size_t i = 0; i < runs.violations.size(); ++i) {
    RC_ASSERT(merged.violations[i].property == runs.violations[i].property);
    RC_ASSERT(merged.violations[i].minimum_faults == runs.violations[i].minimum_faults);
  }
  RC_ASSERT(merged.states <= unmerged.states);
}

// Puts apart from one another, so that a reshard can come between them.
Scenario resharded_scenario() {
  Scenario s = tiny_scenario();
  Instant at{0};
  for (PutCall& call : s.producers[0].settings.put) {
    if (one_in(2)) at = at + milliseconds(between(1, 30) * 100);
    call.at = at;
  }
  add_reshards(s);
  return s;
}

ExploreOptions options_of_streams() {
  ExploreOptions options = drawn_options();
  options.faults = static_cast<std::uint32_t>(between(1, 2));
  for (const Site site : {Site::reshard, Site::put_throttled, Site::read_throttled}) {
    if (one_in(2)) options.sites.add(site);
  }
  return options;
}

// Answers at random, with so many faults at most.
class AnyFaults : public Choices {
 public:
  AnyFaults(std::uint64_t seed, SiteSet open, std::uint32_t budget)
      : Choices(open.bits), seed_(seed), left_(budget) {}

 protected:
  std::uint32_t answer(const Question& question) override {
    const std::uint64_t bits = mix64(seed_ ^ mix64(asked()));
    const std::uint32_t cost = info(static_cast<Site>(question.site)).cost;
    if (bits % 4 != 0 || cost > left_) return 0;
    const auto chosen = static_cast<std::uint32_t>((bits >> 8) % question.arity);
    if (chosen != 0) left_ -= cost;
    return chosen;
  }

 private:
  std::uint64_t seed_;
  std::uint32_t left_;
};

}  // namespace

TEST_CASE("merged, unmerged and stateless searches find the same outcomes and fewest faults") {
  std::uint64_t compared = 0;
  check_property(
      "three searches agree",
      [&] {
        const Scenario scenario = tiny_scenario();
        compare_searches(scenario, drawn_options());
        compared += 1;
      },
      10);
  CHECK(compared > 20);
}

TEST_CASE("so do they with reshards and with throttled puts and reads") {
  std::uint64_t compared = 0;
  check_property(
      "three searches agree, with reshards",
      [&] {
        const Scenario scenario = resharded_scenario();
        compare_searches(scenario, options_of_streams());
        compared += 1;
      },
      10);
  CHECK(compared > 20);
}

TEST_CASE("the outcomes of random runs with reshards are among those of the search") {
  check_property(
      "random runs are contained",
      [] {
        const Scenario scenario = resharded_scenario();
        const ExploreOptions options = options_of_streams();
        const auto plan = plan_for(scenario, options);
        const RecordIndex index(*plan);
        ExploreOptions bounded = options;
        bounded.states = 20'000;
        const Exploration found = Explorer(plan, bounded).run();
        RC_PRE(found.complete);
        const Outcomes outcomes = outcomes_of(found);
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
          AnyFaults choices(mix64(seed), options.open(), options.faults);
          WitnessOptions quiet;
          quiet.story = false;
          const Witness run = run_witness(plan, index, choices, quiet);
          if (!run.at_rest) continue;
          RC_ASSERT(outcomes.contains(run.end));
        }
      },
      10);
}

TEST_CASE("a table of a function that does its work finds what the modelled function finds") {
  check_property(
      "own and modelled agree",
      [&] {
        const Scenario scenario = without_rules_for_records(tiny_scenario());
        ExploreOptions options = drawn_options();
        const auto plan = plan_for(scenario, options);
        const Exploration modelled = Explorer(plan, options).run();
        MemoHandlers memo;
        memo.answer_with({0}, [](const HandlerCall&) {
          HandlerAnswer answer;
          answer.response = "null";
          return answer;
        });
        options.handlers = &memo;
        const Exploration own = Explorer(plan, options).run();
        memo.ask_again();
        const std::string what = difference(outcomes_of(modelled), outcomes_of(own));
        if (!what.empty()) {
          RC_LOG() << described(scenario) << "faults " << options.faults << " sites "
                   << options.open().bits << "\nown: " << what << "\n";
        }
        RC_ASSERT(what.empty());
        RC_ASSERT(modelled.violations.size() == own.violations.size());
        RC_ASSERT(modelled.loops.size() == own.loops.size());
      },
      3);
}

TEST_CASE("merging saves states and loses nothing") {
  ModelConfig c;
  c.records = 4;
  c.batch = 2;
  c.faults = 2;
  c.crash = c.dup = c.trim = true;
  const Exploration merged = Explorer(exploring_plan(c), options_of(c)).run();
  ExploreOptions never = options_of(c);
  never.merge = false;
  const Exploration unmerged = Explorer(exploring_plan(c), never).run();
  CHECK(outcomes_of(merged) == outcomes_of(unmerged));
  CHECK(merged.states * 2 < unmerged.states);
}

TEST_CASE("the result does not depend on the number of threads") {
  ModelConfig c;
  c.records = 5;
  c.batch = 3;
  c.faults = 3;
  c.retries = 1;
  c.crash = c.dup = c.trim = c.any = true;
  ExploreOptions options = options_of(c);
  options.properties = {Property::no_loss, Property::at_most_once, Property::order_regress};
  const Exploration one = Explorer(exploring_plan(c), options).run();
  CHECK(one.states > 10'000);
  for (const std::uint32_t threads : {2u, 3u, 7u}) {
    options.threads = threads;
    const Exploration many = Explorer(exploring_plan(c), options).run();
    CHECK(many.states == one.states);
    CHECK(many.transitions == one.transitions);
    CHECK(outcomes_of(many) == outcomes_of(one));
    REQUIRE(many.violations.size() == one.violations.size());
    for (std::size_t i = 0; i < one.violations.size(); ++i) {
      CHECK(many.violations[i].property == one.violations[i].property);
      CHECK(many.violations[i].answers == one.violations[i].answers);
    }
    CHECK(many.taken == one.taken);
    CHECK(many.situations == one.situations);
  }
}

TEST_CASE("a bound on states stops at the same place for any number of threads") {
  ModelConfig c;
  c.records = 5;
  c.batch = 3;
  c.faults = 4;
  c.crash = c.dup = c.trim = c.any = true;
  ExploreOptions options = options_of(c);
  options.states = 20'000;
  const Exploration one = Explorer(exploring_plan(c), options).run();
  options.threads = 4;
  const Exploration four = Explorer(exploring_plan(c), options).run();
  CHECK_FALSE(one.complete);
  CHECK(one.complete_through >= 0);
  CHECK(four.complete_through == one.complete_through);
  CHECK(four.states == one.states);
  CHECK(outcomes_of(four) == outcomes_of(one));
}

TEST_CASE("wherever a bound stops a search, it has the outcomes of whole layers and no others") {
  ModelConfig c;
  c.retries = 1;
  c.faults = 2;
  c.crash = c.trim = true;
  ExploreOptions options = options_of(c);
  const Exploration whole = Explorer(exploring_plan(c), options).run();
  REQUIRE(whole.complete);
  for (std::uint64_t states = 1; states < whole.states; ++states) {
    options.states = states;
    const Exploration cut = Explorer(exploring_plan(c), options).run();
    Outcomes wanted;
    for (const auto& [end, faults] : outcomes_of(whole)) {
      if (static_cast<int>(faults) <= cut.complete_through) wanted.emplace(end, faults);
    }
    INFO(states);
    CHECK(difference(wanted, outcomes_of(cut)) == "");
  }
}

TEST_CASE("bounds are looked at inside one step: a thousand puts at one instant") {
  Scenario scenario = scenario_of({});
  std::vector<PutCall>& put = scenario.producers[0].settings.put;
  put.resize(1);
  for (int i = 1; i < 200; ++i) {
    put[0].records.push_back({fmt::format("more{}", i), "k0", "", std::nullopt});
  }
  ExploreOptions options;
  options.faults = 3;
  options.sites.add(Site::ack_lost);
  options.states = 1'000;
  const Exploration one = Explorer(plan_for(scenario, options), options).run();
  CHECK_FALSE(one.complete);
  CHECK(one.complete_through == -1);
  CHECK(one.states == 1'000);
  CHECK(one.transitions < 2'000);  // of 1,333,501 ways
  options.threads = 3;
  CHECK(Explorer(plan_for(scenario, options), options).run().transitions == one.transitions);
  options.states = 0;
  options.seconds = 1e-9;
  const Exploration late = Explorer(plan_for(scenario, options), options).run();
  CHECK_FALSE(late.complete);
  CHECK(late.transitions < 1'000);
}

TEST_CASE("beyond the exact states hashes stand for keys, with the same result") {
  ModelConfig c;
  c.records = 5;
  c.batch = 3;
  c.faults = 3;
  c.crash = c.dup = c.trim = c.any = true;
  ExploreOptions options = options_of(c);
  options.properties = {Property::no_loss};
  const Exploration exact = Explorer(exploring_plan(c), options).run();
  options.exact_states = 1'000;
  const Exploration hashed = Explorer(exploring_plan(c), options).run();
  CHECK(exact.exact);
  CHECK_FALSE(hashed.exact);
  CHECK(hashed.states == exact.states);
  CHECK(outcomes_of(hashed) == outcomes_of(exact));
  REQUIRE(hashed.violations.size() == exact.violations.size());
  CHECK(hashed.violations[0].answers == exact.violations[0].answers);
}

}  // namespace trimhorizon::testing
