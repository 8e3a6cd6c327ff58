// What the explorer calls lost is what a run calls lost, and what it calls
// later is what was stored later.
#include "sim/experiment/run_scenario.hpp"
#include "tests/explore/witnessed.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

using Lines = std::vector<std::string>;

// Faults that lose a record, and what the plain run loses: 0 there must be told by 0 here.
int losses(const Story& story, std::uint32_t faults = 1) {
  const int found = fewest(explored(story, sites({Site::function_error}), faults), "no_loss");
  const auto plain = run_scenario(std::make_shared<const Scenario>(story.scenario())).result.lost;
  CHECK((found == 0) == (plain > 0));
  return found;
}

Scenario with_producers(const std::vector<ProducerSettings>& producers) {
  Scenario s = Story().scenario();
  s.producers.clear();
  for (const ProducerSettings& each : producers) {
    s.producers.push_back({each.ids, {0}, each});
  }
  s.explore.sites = sites({Site::function_error});
  s.explore.faults = 0;
  s.explore.properties = {"order_first", "order_regress"};
  return s;
}

ProducerSettings one_record(const std::string& id, Duration at,
                            std::optional<std::string> hash = std::nullopt) {
  ProducerSettings producer;
  producer.ids = id;
  producer.put.push_back({Instant{0} + at, false, {{id, "a", id, std::move(hash)}}});
  return producer;
}

}  // namespace

TEST_CASE("what AT_TIMESTAMP leaves behind, stored before the mapping was created, is not lost") {
  Story s;
  s.record("r0", "a", 0_s).record("r1", "a", 20_s).batch(2).created(30_s);
  s.starting(StartingPosition::at_timestamp, 10_s);
  CHECK(losses(s) == -1);
}

TEST_CASE("generated records stored before a LATEST mapping was created are not lost") {
  Story s;
  s.steady(1, 4).batch(2).created(2500_ms).starting(StartingPosition::latest);
  CHECK(losses(s) == -1);
}

TEST_CASE("what left the stream before the mapping was created is not lost") {
  Story s;
  s.record("r0", "a", 0_s).record("r1", "a", 20_h).created(30_h).lasts(40_h);
  CHECK(losses(s) == -1);
}

TEST_CASE("what a disabled mapping has still to read is pending, not lost") {
  Story s;
  s.record("r0", "a", 0_s).record("r1", "a", 20_s).disable(10_s);
  CHECK(losses(s) == -1);
  const ExploreReport report = explored(s, sites({Site::function_error}), 0, {"all_processed"});
  CHECK(fewest(report, "all_processed") == 0);
  // Outcomes keep to effects and destinations.
  CHECK(endings(report) == Lines{"1 0 lost r1 @0"});
}

TEST_CASE("run and explorer agree on what a mapping loses that is enabled after a day") {
  Story s;
  s.record("r0", "a", 0_s).record("r1", "a", 2_s).created(1_s).disable(1_s).enable(100'000_s);
  s.lasts(100_h);
  losses(s);
  s.starting(StartingPosition::latest);
  losses(s);
}

TEST_CASE("a mapping loses nothing of a stream that it does not read") {
  Story s;
  s.record("r0", "a");
  Scenario scenario = s.scenario();
  scenario.streams.push_back({"other", {}});
  scenario.producers.push_back({"x", {1}, one_record("x0", 0_s)});
  scenario.explore.sites = sites({Site::function_error});
  CHECK(explore_scenario(scenario).violations.empty());
}

TEST_CASE("an outage longer than the retention loses the record: natural retention is on") {
  Story s;
  s.record("r0", "a").outage(0_s, 30_h).lasts(100_h);
  CHECK(losses(s) == 0);
  Story throttled;
  throttled.record("r0", "a").throttle(0_s, 30_h).lasts(100_h);
  CHECK(losses(throttled) == 0);
  Story shorter;
  shorter.record("r0", "a").outage(0_s, 23_h).lasts(100_h);
  CHECK(losses(shorter) == -1);
}

TEST_CASE("a function that fails until after the retention loses the record") {
  FailRule until;
  until.until = Instant{0} + 30_h;
  Story s;
  s.record("r0", "a").fail(until).lasts(100_h);
  CHECK(losses(s) == 0);
}

TEST_CASE("a create delay after the retention, and generated load up to it, are looked at too") {
  Story load;
  load.steady(1, 30).created(1_s).retention_hours(24).disable(2_s).enable(3_s).lasts(100_h);
  Scenario slow = load.scenario();
  slow.producers.back().settings.load->rate[0].per = hours(1);
  slow.explore.sites = sites({Site::function_error});
  slow.explore.records = 30;  // not only the first six, which are put before
  CHECK_FALSE(noted(explore_scenario(slow), "natural retention is off while exploring"));
  slow.producers.back().settings.load->records = 20;
  CHECK(noted(explore_scenario(slow), "natural retention is off while exploring"));
  Story update;
  update.record("r0", "a", 1_s).created(0_s, 0_s, 30_h).disable(0_s).enable(500_ms).lasts(100_h);
  CHECK(losses(update) == 0);
}

TEST_CASE("limits that keep a batch longer than the retention do not hide what retention takes") {
  Story s;
  s.record("r0", "a").poison("r0").age(172'800).destination().lasts(100_h);
  CHECK(losses(s) == 0);
  Story retries;
  retries.record("r0", "a").poison("r0").retries(10'000).destination().lasts(100_h);
  CHECK(losses(retries) == 0);
  Story both;
  both.record("r0", "a").poison("r0").retries(10'000).age(3'600).destination().lasts(100_h);
  CHECK(losses(both) == -1);
}

TEST_CASE("a later record is one that was stored later, not one that stands later in the file") {
  CHECK(explore_scenario(with_producers({one_record("late", 10_s), one_record("early", 0_s)}))
            .violations.empty());
  ProducerSettings calls = one_record("late", 10_s);
  calls.put.push_back(one_record("early", 0_s).put[0]);
  CHECK(explore_scenario(with_producers({calls})).violations.empty());
}

TEST_CASE("two generated producers of one key are compared by when their records are put") {
  ProducerSettings slow;
  slow.ids = "a";
  slow.load = GeneratedLoad{};
  slow.load->rate = {{Instant{0}, 1'000'000, seconds(1)}};
  slow.load->records = 2;
  slow.load->keys.count = 1;
  ProducerSettings fast = slow;
  fast.ids = "b";
  fast.load->rate[0].events_millionths = 2'000'000;
  CHECK(explore_scenario(with_producers({slow, fast})).violations.empty());
}

TEST_CASE("order is judged inside a shard: one key on two shards is promised none [KDS-SHD-02]") {
  Scenario s =
      with_producers({one_record("high", 0_s, std::string(39, '3')), one_record("low", 0_s, "0")});
  s.streams[0].settings.shard_count = 2;
  s.producers[0].settings.put[0].records[0].explicit_hash_key =
      "340282366920938463463374607431768211455";
  const ExploreReport report = explore_scenario(s);
  CHECK(report.violations.empty());
  CHECK(noted(report, "1 key is on several shards: no order is promised between shards"));
}

TEST_CASE("a failure of probability 100% happens while exploring") {
  FailRule always;
  always.probability = Probability{1'000'000'000};
  Story s;
  s.record("r0", "a").retries(0).fail(always);
  CHECK(losses(s) == 0);
  const ExploreReport report = explored(s, sites({Site::function_error}), 0);
  CHECK_FALSE(
      noted(report, "what has a probability below 100% in the scenario does not happen here"));
}

TEST_CASE("records have dense numbers: producers as in the file, their records in order") {
  const Scenario scenario = with_producers({one_record("late", 10_s), one_record("early", 0_s)});
  const auto plan = make_plan(scenario, {std::nullopt, false, true, {}});
  const RecordIndex index(*plan);
  CHECK(index.records == 2);
  CHECK(index.keys == 1);  // both have key `a` on one shard
  CHECK(index.of(RecordId::of({1}, 0)) == 1);
  CHECK(index.record(1) == RecordId::of({1}, 0));
  CHECK(index.stored_order == std::vector<std::uint32_t>{1, 0});
  CHECK_FALSE(index.watches_fates);  // every record is passed at the end
}

TEST_CASE(
    "effects of a mapping are counted up to fifteen, discards and stored copies beside them") {
  Story s;
  s.record("r0", "a").record("r1", "a").batch(2).poison("r1").retries(20).destination();
  const Witnessed run = witnessed(s);
  CHECK(run.monitor().effects(0, 0) == effects_saturated);
  CHECK(run.monitor().effects(0, 1) == 0);
  CHECK(run.monitor().discarded(0, 0));
  CHECK(run.monitor().stored() == 2);
  OutcomeMonitor cleared = run.monitor();
  cleared.clear();
  CHECK(cleared.stored() == 0);
  CHECK(cleared.effects(0, 0) == 0);
  CHECK_FALSE(cleared.discarded(0, 0));
}

TEST_CASE(
    "a record that was never stored is lost only if its producer does not look [KDS-PRD-04]") {
  const auto found = [](RetryMode mode, StartingPosition starting) {
    Story s;
    s.record("r0", "a").producer_retry(mode, 1).starting(starting);
    const SiteSet throttled = sites({Site::put_throttled});
    return fewest(explored(s, throttled, 2, {"no_loss", "all_processed"}), "no_loss");
  };
  for (const StartingPosition starting :
       {StartingPosition::trim_horizon, StartingPosition::at_timestamp}) {
    CHECK(found(RetryMode::retries, starting) == -1);
    CHECK(found(RetryMode::none, starting) == -1);
    CHECK(found(RetryMode::ignore, starting) == 1);
  }
}

}  // namespace trimhorizon::testing
