// The life of a record in a stream that changes: tests of sim/history/life_of_streams.cpp.
#include "sim/history/life_collector.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

RecordLife life_in(const Story& story, const std::string& id) {
  Simulation simulation(make_plan(story.scenario(), {}));
  const std::optional<RecordId> record = simulation.plan().record_named(id);
  REQUIRE(record.has_value());
  LifeCollector collector(simulation.plan(), *record);
  simulation.watch(collector);
  simulation.run();
  return *collector.life(simulation.history(), simulation.world(), simulation.ended());
}

std::vector<LifeEntry> entries_of(const RecordLife& life, LifeKind kind) {
  std::vector<LifeEntry> found;
  for (const LifeEntry& each : life.mappings[0].entries) {
    if (each.kind == kind) found.push_back(each);
  }
  return found;
}

// One shard is split at 26 s while a batch of 60 s is at work; `late` comes to a child.
Story split_while_working() {
  Story told = story().record("r0", "k").record("late", "k", 30_s).work(60_s).lasts(10_m);
  return told.call(1_s, SplitShardCall{0});
}

}  // namespace

TEST_CASE("a copy in a shard that came from a reshard names its parents [KDS-RSH-08]") {
  const RecordLife late = life_in(split_while_working(), "late");
  REQUIRE(late.copies.size() == 1);
  CHECK(late.copies[0].parents == std::vector<std::string>{"shardId-000000000000"});
  CHECK(late.copies[0].shard_opened == Instant{0} + 26_s);
  CHECK(life_in(split_while_working(), "r0").copies[0].parents.empty());
}

TEST_CASE("a wait behind parents names those that are not read [ESM-POL-15]") {
  const std::vector<LifeEntry> waits =
      entries_of(life_in(split_while_working(), "late"), LifeKind::waited);
  REQUIRE(!waits.empty());
  CHECK(waits[0].wait == WaitFor::parents);
  CHECK(waits[0].behind == "shardId-000000000000");
  CHECK(waits[0].waited > 30_s);
}

TEST_CASE("a call of the API is told of a record that it concerns, with AWS's answer") {
  Story told = split_while_working();
  told.call(2_s, SplitShardCall{0}).call(50_s, MergeShardsCall{1, 2});
  const std::vector<LifeEntry> calls = entries_of(life_in(told, "r0"), LifeKind::timeline);
  REQUIRE(calls.size() == 2);  // the merge is about other shards
  CHECK(calls[0].target == "orders");
  REQUIRE(calls[0].call.has_value());
  CHECK_FALSE(calls[0].refusal.has_value());
  REQUIRE(calls[1].refusal.has_value());
  CHECK(calls[1].refusal->reason == ApiReason::stream_is_updating);
}

TEST_CASE("retention that was lowered is the one that took a record [KDS-SHD-12]") {
  Story told = story().retention_hours(48).records(1).disabled().lasts(72_h);
  told.call(1_h, DecreaseRetentionCall{24});
  const std::vector<LifeEntry> expired = entries_of(life_in(told, "r0"), LifeKind::expired);
  REQUIRE(expired.size() == 1);
  CHECK(expired[0].waited == 24_h);
}

}  // namespace trimhorizon::testing
