// The function as a scenario describes it: `fail`, `after`, `respond`, `duration`.
#include <set>

#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

FailRule first_attempt(FailAs as, FailAfter after) {
  FailRule rule;
  rule.attempts = {1};
  rule.as = as;
  rule.after = after;
  return rule;
}

FailRule named(std::vector<std::string> ids, FailAs as = FailAs::error,
               FailAfter after = FailAfter::none) {
  FailRule rule;
  rule.records = std::move(ids);
  rule.as = as;
  rule.after = after;
  return rule;
}

}  // namespace

TEST_CASE("all conditions of an entry must hold") {
  FailRule rule = named({"r1"});
  rule.keys = {"k1"};
  rule.from = Instant{0} + 500_ms;
  rule.until = Instant{0} + 2_s;
  CHECK(story().records(2).fail(rule).tell().invocations() == "[0-1]");
  CHECK(story().records(2, 500_ms).created(500_ms).fail(rule).tell().schedule() ==
        "0.5s[0-1] 0.8s[0-1] 1.3s[0-1] 2.2s[0-1]");
  CHECK(story().records(2, 2_s).created(2_s).fail(rule).tell().invocations() == "[0-1]");
  rule.keys = {"k0"};
  CHECK(story().records(2, 1_s).created(1_s).fail(rule).tell().invocations() == "[0-1]");
}

TEST_CASE("a key fails every record that has it") {
  FailRule rule;
  rule.keys = {"b"};
  const Told told = story()
                        .record("x", "a")
                        .record("y", "b")
                        .record("z", "b")
                        .retries(0)
                        .respond(Respond::swallow)
                        .fail(rule)
                        .tell();
  CHECK(told.effects() == "1 0 0");
}

TEST_CASE("the first entry that holds decides") {
  const Told invocation_first = story()
                                    .records(3)
                                    .retries(1)
                                    .report()
                                    .destination()
                                    .fail(first_attempt(FailAs::error, FailAfter::all))
                                    .poison("r1")
                                    .tell();
  CHECK(invocation_first.invocations() == "[0-2][0-2][1-2][1-2]");
  CHECK(invocation_first.effects() == "2 2 2");
  const Told record_first = story()
                                .records(3)
                                .retries(0)
                                .report()
                                .destination()
                                .poison("r1")
                                .fail(first_attempt(FailAs::error, FailAfter::all))
                                .tell();
  CHECK(record_first.invocations() == "[0-2][1-2]");
  CHECK(record_first.effects() == "1 0 0");
}

TEST_CASE("attempts number the current batch; progress begins a new one") {
  FailRule bad = named({"r1"});
  bad.attempts = {1};
  const Told told = story().records(3).retries(2).report().fail(bad).tell();
  // Attempt 1 of [0-2] stops at r1; attempt 1 of the new batch [1-2] fails at its head.
  CHECK(told.invocations() == "[0-2][1-2][1-2]");
  CHECK(told.fates() == "processed 3");
}

TEST_CASE("a probability decides for each record and invocation") {
  FailRule half;
  half.probability = Probability{500'000'000};
  half.keys = {"k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9"};
  const auto told = [&](std::uint64_t seed) {
    return story().records(400).batch(1000).respond(Respond::swallow).fail(half).seed(seed).tell();
  };
  const std::uint64_t lost = told(1).result.lost;
  CHECK(lost > 140);
  CHECK(lost < 260);
  CHECK(told(1).effects() == told(1).effects());
  CHECK(told(1).effects() != told(2).effects());
}

TEST_CASE("a probability without records decides once an invocation") {
  FailRule half;
  half.probability = Probability{500'000'000};
  const Told told = story().records(400).batch(1).retries(0).work(0_s).fail(half).tell();
  CHECK(told.metric("Errors") > 140);
  CHECK(told.metric("Errors") < 260);
  CHECK(told.metric("Invocations") == 400);
}

TEST_CASE("after none, some or all of the work") {
  const auto effects = [](FailAfter after) {
    return story()
        .records(4)
        .retries(0)
        .fail(first_attempt(FailAs::error, after))
        .tell()
        .mapping()
        .effects;
  };
  CHECK(effects(FailAfter::none) == 0);
  CHECK(effects(FailAfter::some) < 4);
  CHECK(effects(FailAfter::all) == 4);
}

TEST_CASE("after some of the work is the first j records, 0 to n-1") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Told told = story()
                          .records(4)
                          .retries(0)
                          .seed(seed)
                          .fail(first_attempt(FailAs::error, FailAfter::some))
                          .tell();
    seen.insert(told.mapping().effects);
    const std::string effects = told.effects();
    CHECK(effects.find("0 1") == std::string::npos);  // a prefix, without holes
  }
  CHECK(seen == std::set<std::uint64_t>{0, 1, 2, 3});
}

TEST_CASE("records before a failing one keep their effects") {
  CHECK(story().records(4).retries(0).fail(named({"r2"})).tell().effects() == "1 1 0 0");
  CHECK(story()
            .records(4)
            .retries(0)
            .fail(named({"r2"}, FailAs::error, FailAfter::all))
            .tell()
            .effects() == "1 1 1 1");
}

TEST_CASE("raise stops at the failing record, whatever follows") {
  const Told told = story().records(5).retries(0).poison("r1").poison("r3").destination().tell();
  CHECK(told.invocations() == "[0-4]");
  CHECK(told.effects() == "1 0 0 0 0");
}

TEST_CASE("report_first_failure stops and names it, report_failures goes on") {
  const auto effects = [](Respond how) {
    return story()
        .records(5)
        .retries(0)
        .report()
        .respond(how)
        .poison("r1")
        .poison("r3")
        .destination()
        .tell();
  };
  const Told stops = effects(Respond::report_first_failure);
  CHECK(stops.invocations() == "[0-4][1-4]");
  CHECK(stops.effects() == "1 0 0 0 0");
  const Told goes_on = effects(Respond::report_failures);
  CHECK(goes_on.invocations() == "[0-4][1-4]");
  CHECK(goes_on.effects() == "1 0 2 0 2");
}

TEST_CASE("a record that times out ends the invocation, report or not") {
  const Told told = story()
                        .records(4)
                        .retries(0)
                        .report()
                        .respond(Respond::report_failures)
                        .fail(named({"r2"}, FailAs::timeout))
                        .poison("r1")
                        .destination()
                        .tell();
  CHECK(told.invocations() == "[0-3]");
  CHECK(told.effects() == "1 0 0 0");
  CHECK(told.result.simulated == seconds(3));
  CHECK(told.letters() ==
        "RetryAttemptsExhausted count 1 of [r0 r1 r2 r3] functionError Unhandled\n");
}

TEST_CASE("work takes what it takes: batch and record by record") {
  CHECK(story().records(10).batch(4).work(20_ms, 1_ms).tell().schedule() ==
        "0s[0-3] 0.024s[4-7] 0.048s[8-9]");
}

TEST_CASE("above its Timeout an invocation is cut there, with part of its work [rule 8]") {
  // 10 records of 400 ms against 3 s: floor(10 * 3 / 4) = 7 have their effect.
  const Told told = story().records(10).retries(1).work(0_s, 400_ms).tell();
  CHECK(told.schedule() == "0s[0-9] 3.2s[0-9]");
  CHECK(told.effects() == "2 2 2 2 2 2 2 0 0 0");
  CHECK(told.duplicates() == "retry_after_timeout 7");
  CHECK(told.lost() == "retries 3");
  CHECK(told.metric("Errors") == 2);
}

TEST_CASE("above its Timeout a failing invocation is a timeout as well") {
  const Told told = story().records(4).retries(1).timeout(2).work(4_s).poison("r0").tell();
  CHECK(told.happened(Situation::timeout));
  CHECK(told.schedule() == "0s[0-3] 2.2s[0-3]");
  CHECK(told.effects() == "0 0 0 0");
  CHECK(story().records(4).retries(1).timeout(2).work(4_s).poison("r3").tell().duplicates() ==
        "retry_after_timeout 2");
}

TEST_CASE("exactly its Timeout is in time") {
  CHECK(story().records(1).retries(0).work(3_s).tell().fates() == "processed 1");
  CHECK(story().records(1).retries(0).work(3_s + microseconds(1)).tell().fates() == "dropped 1");
}

TEST_CASE("a cold start comes before the work and is not in Duration [LAM-CON-09]") {
  const Told told = story().records(2).batch(1).cold_start(2_s).work(1_s).tell();
  CHECK(told.schedule() == "0s[0] 3s[1]");
  CHECK(told.happened(Situation::cold_start));
  for (const Metric& metric : told.mapping().metrics) {
    if (metric.id == MetricId::Duration) CHECK(metric.samples->max() == 1'000'000);
  }
}

TEST_CASE("each concurrent invocation needs an environment of its own [LAM-CON-09]") {
  const Told told = story().shards(2).records(80).batch(5).cold_start(1_s).work(1_s).tell();
  for (const std::uint32_t shard : {0u, 1u}) {
    REQUIRE(told.invocations(0, shard).size() > 8);
    CHECK(told.schedule(0, shard).starts_with("0s[0-4] 2s[5-9]"));
  }
}

TEST_CASE("effects are entered when the invocation ends") {
  const Told told = story().records(1).work(2_s).lasts(1_s).tell();
  CHECK(told.effects() == "0");
  CHECK(told.deliveries() == "1");
  CHECK(told.fates() == "pending 1");
  CHECK(told.result.ended == RunEnd::duration);
}

TEST_CASE("a drawn duration is drawn once for each invocation") {
  Scenario scenario = story().records(50).batch(1).scenario();
  scenario.functions[0].settings.duration.lognormal = Lognormal{80_ms, 500'000};
  Simulation simulation(make_plan(scenario));
  simulation.run();
  const Histogram& durations = simulation.history().metrics.of({0}).duration_us;
  CHECK(durations.count() == 50);
  CHECK(durations.min() < 60'000);
  CHECK(durations.max() > 100'000);
}

TEST_CASE("deliveries count how often a record was handed over, in whatever batch [rule 5]") {
  FailRule twice = named({"r1"});
  twice.deliveries = {1, 2};
  CHECK(story().records(2).fail(twice).tell().invocations() == "[0-1][0-1][0-1]");
  // A half is a new batch, but r1 was handed over before.
  const Told halves = story().records(2).bisect().retries(1).fail(twice).tell();
  CHECK(halves.invocations() == "[0-1][0][1][1]");
  CHECK(halves.fates() == "processed 2");
  FailRule second;  // of any record
  second.deliveries = {2};
  const Told again = story().records(3).bisect().fail(named({"r2"})).retries(0).fail(second).tell();
  CHECK(again.invocations() == "[0-2][0][1-2][1][2]");
  CHECK(again.effects() == "1 2 0");
  CHECK(again.fates() == "processed 1, dropped 2");
}

TEST_CASE("deliveries are counted for each mapping") {
  FailRule first = named({"r0"});
  first.deliveries = {1};
  const Told told = story().records(1).fail(first).another_mapping("audit").same_function().tell();
  CHECK(told.invocations(0) == "[0][0]");
  CHECK(told.invocations(1) == "[0][0]");
}

TEST_CASE("batch_over fails a call with more records, or with more bytes of data [rule 5]") {
  FailRule records;
  records.over_records = 2;
  CHECK(story().records(5).bisect().retries(0).fail(records).tell().invocations() ==
        "[0-4][0-1][2-4][2][3-4]");
  FailRule bytes;
  bytes.over_bytes = 2'000;
  Story large = story().bisect().retries(0).fail(bytes);
  for (int i = 0; i < 5; ++i) large.big_record(1'000);
  CHECK(large.tell().invocations() == "[0-4][0-1][2-4][2][3-4]");
}

TEST_CASE("stop_silently leaves the failing record and all after it undone [rule 7]") {
  const Story stops =
      story().records(4).retries(3).respond(Respond::stop_silently).poison("r1").destination();
  const Told told = stops.tell();
  CHECK(told.invocations() == "[0-3]");
  CHECK(told.effects() == "1 0 0 0");
  CHECK(told.fates() == "processed 4");
  CHECK(told.lost() == "swallowed 3");
  CHECK(told.metric("Errors") == 0);
  CHECK(told.happened(Situation::swallow));
  CHECK(Story(stops).report().tell().lost() == "swallowed 3");
  const Told worked = story()
                          .records(4)
                          .respond(Respond::stop_silently)
                          .fail(named({"r1"}, FailAs::error, FailAfter::all))
                          .tell();
  CHECK(worked.effects() == "1 1 1 1");
  CHECK(worked.lost() == "none");
}
