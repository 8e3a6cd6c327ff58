// A producer with KPL in the world, and what consumers get of its aggregates.
#include <string>

#include "sim/history/result_builder.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_world.hpp"
#include "tests/support/story.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::testing {
namespace {

// So many records at one instant; with KPL they become one aggregate.
Story packed(int records, const KplSettings& settings = {}) {
  return story().records(records, 1_s).kpl(settings);
}

const Shard& shard(const Told& told, std::uint32_t id = 0) { return told.world().shards[id]; }

std::uint64_t stored_records(const Told& told, std::uint32_t id = 0) {
  return shard(told, id).packs.records_in({0, shard(told, id).log.end()});
}

// The shard is split at once, and in force at 25 s. Later KPL puts records of both halves together:
// it takes them for records of the old shard.
Story mixed_after_split() {
  Story told = story().call(0_s, SplitShardCall{0, {}});
  return told.kpl()
      .record_at("left-1", 10, 30_s)
      .record_at("right", 90, 30_s)
      .record_at("left-2", 10, 30_s);
}

}  // namespace

TEST_CASE("records that are put together are stored as one, 120 ms later [KDS-PRD-12]") {
  const Told told = packed(5).tell();
  CHECK(stored_records(told) == 1);
  CHECK(shard(told).log.end() == 5);
  CHECK(shard(told).log.arrival(0) == Instant{0} + 1_s + 120_ms);
  CHECK(shard(told).packs.at(4)->fits);
  CHECK(told.fates() == "processed 5");
}

TEST_CASE("an aggregate is too old as a whole, whatever the skew [KDS-PRD-18] [KDS-SHD-15]") {
  SmallWorld world;
  world.stream += "timestamp_skew: 30s\n";
  world.producer = "rate: 2/s\nrecords: 10\nkpl: {RecordMaxBufferedTime: 1000}\n";
  world.function = "respond: report_first_failure\nfail: [{deliveries: [1]}, {}]\n";
  world.mapping =
      "MaximumRecordAgeInSeconds: 60\nFunctionResponseTypes: [ReportBatchItemFailures]\n";
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Scenario scenario = world.scenario();
    scenario.seed = seed;
    Simulation simulation(make_plan(scenario));
    simulation.run();
    // Every attempt fails, until all are too old: never only a part of an aggregate.
    const Result result = build_result(simulation, {});
    CHECK(result.consumers.at(0).fates[Fate::dropped] == 10);
  }
}

TEST_CASE("without aggregation each record is stored by itself [KDS-PRD-12]") {
  KplSettings alone;
  alone.aggregation_enabled = false;
  const Told told = packed(5, alone).tell();
  CHECK(shard(told).packs.empty());
  CHECK(stored_records(told) == 5);
}

TEST_CASE("BatchSize counts an aggregate once, or its user records if unpacked [KDS-PRD-18]") {
  KplSettings pairs;
  pairs.aggregation_max_count = 2;
  const Told told = packed(6, pairs).batch(2).another_mapping("fanned").fan_out().batch(3).tell();
  CHECK(stored_records(told) == 3);
  CHECK(told.invocations(0) == "[0-3][4-5]");
  CHECK(told.invocations(1) == "[0-2][3-5]");
}

TEST_CASE("a bad user record brings its whole aggregate again [KDS-PRD-18]") {
  const Told told = packed(4).retries(1).bisect().poison("r2").tell();
  CHECK(told.invocations() == "[0-3][0-3]");  // one stored record cannot be split
  CHECK(told.effects() == "0 0 0 0");
  CHECK(told.lost() == "retries 4");
}

TEST_CASE("code that unpacks has worked on the records before the bad one [KDS-PRD-17]") {
  const Told told = packed(4).retries(1).deaggregates().poison("r2").tell();
  CHECK(told.effects() == "2 2 0 0");
  CHECK(told.duplicates() == "retry_after_error 2");
}

TEST_CASE("a batch is split between stored records, not within an aggregate [ESM-BIS-01]") {
  KplSettings pairs;
  pairs.aggregation_max_count = 2;
  const Told told = packed(6, pairs).retries(0).bisect().poison("r2").tell();
  CHECK(told.invocations() == "[0-5][0-1][2-5][2-3][4-5]");
  CHECK(told.fates() == "processed 4, dropped 2");
}

TEST_CASE("a report names the number that all user records share [KDS-PRD-18]") {
  KplSettings pairs;
  pairs.aggregation_max_count = 2;
  Story told = packed(6, pairs).retries(1).report().deaggregates().poison("r3");
  const Told raw = told.respond(Respond::report_failures).tell();
  CHECK(raw.invocations() == "[0-5][2-5][2-5]");
  CHECK(raw.effects() == "1 1 3 0 3 3");
  const Told fanned = told.fan_out().tell();
  CHECK(fanned.invocations() == "[0-5][2-5][2-5]");
  CHECK(fanned.effects() == "1 1 3 0 3 3");
}

TEST_CASE("an aggregate that lands in a shard unknown to KPL is stored twice [KDS-PRD-16]") {
  const Told told = mixed_after_split().tell();
  // Once more, now each where it belongs.
  CHECK(shard(told, 1).log.end() == 5);
  CHECK(shard(told, 2).log.end() == 1);
  CHECK_FALSE(shard(told, 1).packs.at(0)->fits);
  CHECK(told.duplicates() == "producer_retry 3");
  CHECK(told.fates() == "processed 6");
}

TEST_CASE("a fan-out mapping drops a mixed aggregate whole, and says nothing [KDS-PRD-21]") {
  const Told told = mixed_after_split().destination().fan_out().tell();
  CHECK(told.fates() == "processed 3, dropped 3");
  CHECK(told.deliveries(0, 1) == "0 0 0 1 1");
  CHECK(told.messages() == 0);
  CHECK(told.duplicates() == "none");
}

// Recorded as rec2-kpl-mixed-fanout: the records around the aggregate come in one batch. Here the
// aggregate is sent again, too.
TEST_CASE("the records around a dropped aggregate arrive in one batch [KDS-PRD-21]") {
  Story told = mixed_after_split().destination().fan_out().created(50_s);
  const Told after = told.steady(2, 20, 26_s).tell();  // by another producer
  CHECK(after.calls.size() == 2);                      // one for each child
  CHECK(after.fates() == "processed 23, dropped 3");
  CHECK(contains(after.deliveries(0, 1), "1 0 0 0 1"));
}

// Between the listing of a reshard and its cut, ListShards shows its parents too.
TEST_CASE("a parent that is still open is known to KPL [KDS-PRD-16] [KDS-RSH-10]") {
  Story told = story().call(0_s, SplitShardCall{0, {}}).call(20_s, SplitShardCall{1, {}}).kpl();
  told.record_at("a", 1, 26_s).record_at("b", 2, 26_s);  // the map is read again after these
  told.record_at("c", 1, 30_s).record_at("d", 2, 30_s);
  CHECK(told.tell().duplicates() == "producer_retry 2");
}

TEST_CASE("what KPL takes is counted once, however often it is put [KDS-PRD-15]") {
  const Told told = packed(3).lose_acknowledgements(0_s, 2_s).tell();
  CHECK(told.result.produced == 3);
  CHECK(told.result.stored == 6);
}

TEST_CASE("the message of a fan-out mapping names its consumer [ESM-DST-13]") {
  const Told told = story().records(1).retries(0).poison("r0").destination().fan_out().tell();
  const std::string arn = told.in_message("KinesisBatchInfo.streamArn");
  CHECK(contains(arn, ":stream/orders/consumer/efo-0:"));
}

TEST_CASE("metrics of a mapping count an aggregate once [KDS-PRD-18] [MET-08]") {
  const Told told = packed(3).retries(1).poison("r1").tell();
  CHECK(told.metric("PolledEventCount") == 1);
  CHECK(told.metric("InvokedEventCount") == 2);
  CHECK(told.metric("DroppedEventCount") == 1);
}

TEST_CASE("an ignored report is the cause for the whole aggregate [KDS-PRD-18] [ESM-PBR-01]") {
  const Told told = packed(3).respond(Respond::report_failures).poison("r1").tell();
  CHECK(told.lost() == "report_ignored 3");
}

TEST_CASE("code that filters drops a mixed aggregate after its call [KDS-PRD-17]") {
  const Told told = mixed_after_split().deaggregates(true).tell();
  CHECK(told.fates() == "processed 6");
  CHECK(told.effects(0, 1) == "0 0 0 1 1");
}

TEST_CASE("what KPL takes for lost after RequestTimeout is stored twice [KDS-PRD-15]") {
  const Told told = packed(3).lose_acknowledgements(0_s, 2_s).tell();
  CHECK(stored_records(told) == 2);
  CHECK(shard(told).log.arrival(3) >= Instant{0} + 7_s);  // RequestTimeout is 6 s
  CHECK(told.duplicates() == "producer_retry 3");
}

TEST_CASE("KPL gives up what is not stored within RecordTtl [KDS-PRD-13]") {
  KplSettings hasty;
  hasty.record_ttl_ms = 500;
  hasty.record_max_buffered_time_ms = 50;
  hasty.aggregation_enabled = false;
  const Told told = story().limits().kpl(hasty).records(2'500, 1_s).tell();
  CHECK(told.result.never_accepted > 0);
  CHECK(told.result.never_accepted + told.result.stored == 2'500);
}

TEST_CASE("KPL stores what comes after an outage as long as RecordTtl [KDS-PRD-13]") {
  KplSettings second;
  second.record_ttl_ms = 1'000;
  FailureRates all;
  all.internal_failure = Probability{1'000'000'000};
  Story told = story().kpl(second).failing_puts(1_s, 1_s, all);
  for (int i = 0; i < 500; ++i) told.records(1, milliseconds(10 * i));
  const Told after = told.tell();
  CHECK(after.result.never_accepted > 0);
  CHECK(after.result.never_accepted < 20);
  CHECK(after.result.stored >= 480);
}

TEST_CASE("KPL refuses a user record above MaxUserRecordSize [KDS-PRD-12]") {
  KplSettings small;
  small.max_user_record_size = 1'000;
  const Told told = story().kpl(small).big_record(1'001, 1_s).big_record(1'000, 1_s).tell();
  CHECK(told.result.never_accepted == 1);
  CHECK(told.result.stored == 1);
}

}  // namespace trimhorizon::testing
