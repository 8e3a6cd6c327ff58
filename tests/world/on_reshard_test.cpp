// Shards come and go during a run: who stores a record, and who reads it when.
#include <string>

#include "sim/world/on_reshard.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

// One shard that is split in the middle at this instant. Its children are the shards 1 and 2.
Story split(Duration at = 0_s) { return story().call(at, SplitShardCall{0, {}}); }

std::uint64_t stored_in(const Told& told, std::uint32_t shard) {
  return told.world().shards[shard].log.end();
}

// When the first call of the mapping with records of this shard began; "never" without one.
Duration first_call(const Told& told, std::uint32_t shard, std::uint32_t mapping = 0) {
  for (const ToldCall& call : told.calls) {
    if (call.mapping == mapping && call.shard == shard) return call.at - Instant{0};
  }
  return Duration{-1};
}

}  // namespace

TEST_CASE("a put 10 s after a split lies in the parent, one 26 s after in a child [KDS-RSH-15]") {
  const Told told = split().record_at("a", 90, 10_s).record_at("b", 90, 26_s).tell();
  CHECK(stored_in(told, 0) == 1);
  CHECK(stored_in(told, 2) == 1);
  CHECK(told.fates() == "processed 2");
  CHECK(told.happened(Situation::reshard));
}

TEST_CASE("at the instant of the cut, what is put goes to the parents [KDS-RSH-06]") {
  const Told told = split().record_at("a", 10, 25_s).record_at("b", 10, 25_s + 1_ms).tell();
  CHECK(stored_in(told, 0) == 1);
  CHECK(stored_in(told, 1) == 1);
}

TEST_CASE("the duration until the cut is a setting of the stream [KDS-RSH-04]") {
  const Told told =
      split().reshard_duration(120_s).record_at("a", 10, 119_s).record_at("b", 10, 121_s).tell();
  CHECK(stored_in(told, 0) == 1);
  CHECK(stored_in(told, 1) == 1);
}

TEST_CASE("children are read 8 s after the last work of the parent [ESM-POL-15] [ESM-POL-20]") {
  // The parent is busy until 40 s; both children have a record by then.
  Story told = split().work(2_s).batch(1);
  told.record_at("p", 10, 24_s).record_at("l", 10, 26_s).record_at("r", 90, 26_s);
  const Told after = told.tell();
  const Duration end = first_call(after, 0) + 2_s;
  CHECK(first_call(after, 1) == end + 8_s);
  CHECK(first_call(after, 2) == end + 8_s);
  CHECK(after.met(Assumption::child_start_delay));
}

TEST_CASE("a merged shard waits for both parents, and 8 s more [ESM-POL-15]") {
  Story told = story().shards(2).work(2_s).batch(1);
  told.call(0_s, MergeShardsCall{0, 1});
  told.record_at("l", 10, 24_s).record_at("r", 90, 24_s);
  for (int i = 0; i < 3; ++i) told.record_at("more" + std::to_string(i), 90, 24_s);
  const Told after = told.record_at("m", 50, 26_s).tell();
  const Duration last = after.calls[after.calls.size() - 2].at - Instant{0};
  CHECK(after.calls.back().shard == 2);
  CHECK(first_call(after, 2) == last + 2_s + 8_s);
  CHECK(stored_in(after, 1) == 4);
}

// The recorded case rec2-children-wait: a record of 2 s of work in the parent, in both children and
// in the merged shard, all there before polling starts. Recorded were 8.0, 8.2 and 7.7 s.
TEST_CASE(
    "parent, both children at once, the merged child, as recorded [ESM-POL-15] [ESM-POL-20]") {
  Story told = split().call(40_s, MergeShardsCall{1, 2}).work(2_s).batch(1).retries(1).age(600);
  told.record_at("parent", 10, 1_s).record_at("left", 10, 30_s).record_at("right", 90, 30_s);
  told.record_at("merged", 50, 70_s).created(100_s);
  const Told after = told.tell();
  REQUIRE(after.calls.size() == 4);
  CHECK(first_call(after, 0) == 100_s);
  for (const std::uint32_t child : {1u, 2u}) {
    const Duration waited = first_call(after, child) - (first_call(after, 0) + 2_s);
    CHECK(waited >= 6500_ms);
    CHECK(waited <= 9500_ms);
  }
  CHECK(first_call(after, 1) == first_call(after, 2));
  const Duration waited = first_call(after, 3) - (first_call(after, 1) + 2_s);
  CHECK(waited >= 6500_ms);
  CHECK(waited <= 9500_ms);
}

TEST_CASE("an idle reader finds the end of its shard at its next read [KDS-ITR-11]") {
  // Nothing is in the parent, so only the end that the reader finds lets the children start.
  const Told told = split().record_at("a", 10, 26_s).tell();
  CHECK(first_call(told, 1) >= 33_s);
  CHECK(first_call(told, 1) <= 34_s);
}

TEST_CASE("children that are read at once come before their parent [KDS-RSH-07]") {
  Story told = split().work(2_s).batch(1).assume("child_shards", "at_once");
  for (int i = 0; i < 10; ++i) told.record_at("p" + std::to_string(i), 10, 24_s);
  const Told early = told.record_at("c", 10, 26_s).tell();
  CHECK(first_call(early, 1) < 30_s);
  CHECK(early.calls.back().shard == 0);
  // With parents first, the child is last.
  CHECK(Story(told).assume("child_shards", "after_parents").tell().calls.back().shard == 1);
}

TEST_CASE("children that start at LATEST lose what is put until then [ESM-POL-14] [KDS-RSH-11]") {
  Story told = story().created(0_s).starting(StartingPosition::latest).steady(10, 1'200, 0_s);
  told.call(35_s, SplitShardCall{0, {}}).lasts(10_m);
  const Told right = told.tell();
  CHECK(right.lost() == "none");
  const Told wrong = told.assume("child_start", "starting_position").tell();
  // From the cut at 60 s to the first read of the children, 8 s after the end of the parent.
  CHECK(wrong.mapping().lost_by_cause[LossCause::latest_gap] >= 80);
  CHECK(wrong.mapping().lost_by_cause[LossCause::latest_gap] <= 100);
}

TEST_CASE("a poison record in the parent keeps the children waiting until retention [KDS-SHD-13]") {
  // The poison records lie in the parent: it is cut at 26 s. The children's records expire 24 hours
  // after 27 s, before the parent's end is found.
  Story told = split(1_s).record("bad", "k", 2_s).record("worse", "k", 25_s).batch(1).lasts(50_h);
  told.poison("bad").poison("worse");
  told.record_at("a", 10, 27_s).record_at("b", 90, 27_s).record_at("late", 10, 30_h);
  const Told after = told.tell();
  CHECK(after.mapping().fates[Fate::expired] == 4);
  CHECK(after.mapping().fates[Fate::processed] == 1);
}

TEST_CASE("a mapping that is created later reads parents first, at LATEST only what is open") {
  Story told = split().record_at("p", 10, 5_s).record_at("c", 10, 30_s);
  told.created(60_s);
  const Told oldest = told.tell();
  CHECK(first_call(oldest, 0) == 60_s);
  CHECK(first_call(oldest, 1) == 60_s + 100_ms + 8_s);
  const Told latest = told.starting(StartingPosition::latest).record_at("d", 10, 70_s).tell();
  CHECK(first_call(latest, 0) == Duration{-1});
  CHECK(latest.mapping().fates[Fate::unread] == 2);
  CHECK(latest.mapping().fates[Fate::processed] == 1);
}

TEST_CASE("a disabled mapping goes on with the reshard where it was [ESM-CHK-04]") {
  Story told = split().record_at("p", 10, 5_s).record_at("c", 90, 30_s);
  const Told after = told.disable(20_s).enable(300_s).tell();
  CHECK(after.fates() == "processed 2");
  CHECK(first_call(after, 2) >= 308_s);
  // It may also be disabled while its children wait.
  const Told waiting =
      split().record_at("p", 10, 5_s).record_at("c", 90, 30_s).disable(28_s).enable(300_s).tell();
  CHECK(waiting.fates() == "processed 2");
}

TEST_CASE("bad actions are answered with an error, and nothing is lost [KDS-RSH-02] [KDS-RSH-03]") {
  Story told = story().shards(3);
  told.call(0_s, MergeShardsCall{0, 2});          // not adjacent
  told.call(1_s, SplitShardCall{0, HashKey{0}});  // at the edge
  told.call(2_s, SplitShardCall{7, {}});          // no such shard
  told.call(3_s, SplitShardCall{0, {}});          // accepted
  told.call(4_s, SplitShardCall{1, {}});          // the stream is UPDATING
  told.call(60_s, SplitShardCall{0, {}});         // closed
  told.call(61_s, UpdateStreamModeCall{StreamMode::ON_DEMAND});
  told.call(62_s, UpdateStreamModeCall{StreamMode::PROVISIONED});
  told.call(63_s, UpdateStreamModeCall{StreamMode::ON_DEMAND});  // the third switch in a day
  const Told after = told.records(30).records(30, 90_s).tell();
  CHECK(after.fates() == "processed 60");
  CHECK(after.world().shards.size() == 5);
}

TEST_CASE("every count and every order holds over many reshards") {
  Story told = story().shards(2).steady(50, 20'000);
  told.call(20_s, UpdateShardCountCall{4}).call(100_s, UpdateShardCountCall{3});
  told.call(200_s, UpdateShardCountCall{5}).call(300_s, UpdateShardCountCall{4});
  for (const char* plan : {"equal_ranges", "split_then_merge"}) {
    const Told after = Story(told).assume("update_shard_count_plan", plan).lasts(20_m).tell();
    CHECK(after.fates() == "processed 20000");
    CHECK(after.lost() == "none");
  }
}

TEST_CASE("a mapping that is created at the instant of a cut reads each child once [ESM-POL-14]") {
  Story told = split().record_at("l", 10, 26_s).record_at("r", 90, 26_s);
  const Told after = told.created(25_s).tell();
  CHECK(after.fates() == "processed 2");
  CHECK(after.world().readers.size() == 3);  // one for each shard
}

}  // namespace trimhorizon::testing
