// What reshards and throttles add to the ways in which runs can end: small cases, done by hand.
#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

using Lines = std::vector<std::string>;

const ApiCall split_first{{0}, SplitShardCall{0, std::nullopt}};

ExploreReport resharded(const Story& story, std::vector<ApiCall> calls, std::uint32_t faults,
                        std::vector<std::string> properties = {}, SiteSet open = {}) {
  Scenario scenario = story.scenario();
  scenario.explore.faults = faults;
  scenario.explore.sites = open;
  scenario.explore.properties = std::move(properties);
  scenario.explore.reshards = std::move(calls);
  return explore_scenario(scenario);
}

// Four records of one key. The function works for 2 s on each, so it is behind when the last comes.
Story one_key_behind() {
  Story s;
  s.created(0_s).batch(1).work(2_s);
  for (int i = 0; i < 4; ++i) s.record_at("r" + std::to_string(i), 10, 1_s * i);
  return s;
}

}  // namespace

TEST_CASE("the order of a key holds over a reshard when parents are read first [KDS-RSH-07]") {
  const ExploreReport report =
      resharded(one_key_behind(), {split_first}, 1, {"order_first", "order_regress", "no_loss"});
  CHECK(report.taken == sites({Site::reshard}));
  CHECK(report.situations.has(Situation::reshard));
  CHECK(report.verdict == Verdict::holds);
}

TEST_CASE("and is broken by one reshard when children are read at once [KDS-RSH-12]") {
  Story s = one_key_behind();
  s.assume("child_shards", "at_once");
  const ExploreReport report = resharded(s, {split_first}, 1, {"order_first", "no_loss"});
  CHECK(fewest(report, "order_first") == 1);
  CHECK(fewest(report, "no_loss") == -1);
  CHECK(only(report).sites == std::vector{Site::reshard});
}

TEST_CASE("records of two hashes promise no order to each other when their shard is cut") {
  // r0 waits in the parent while the child of the other half is read at once.
  Story s;
  s.created(0_s).batch(1).work(2_s).assume("child_shards", "at_once");
  s.record_at("r0", 10, 0_s).record_at("r1", 10, 100_ms).record_at("r2", 90, 200_ms);
  CHECK(resharded(s, {split_first}, 1, {"order_first"}).verdict == Verdict::holds);
}

TEST_CASE("children at LATEST lose what is put before they are read first [ESM-POL-14]") {
  Story s;
  s.created(0_s).starting(StartingPosition::latest);
  s.record_at("r0", 10, 2_s).record_at("r1", 10, 20_s).record_at("r2", 10, 21_s);
  CHECK(fewest(resharded(s, {split_first}, 1), "no_loss") == -1);
  s.assume("child_start", "starting_position");
  CHECK(fewest(resharded(s, {split_first}, 1), "no_loss") == 1);
}

TEST_CASE("a reshard happens once, and only where AWS accepts it") {
  Story s = one_key_behind();
  // Shard 0 can be split once, and there is no shard 7.
  CHECK(resharded(s, {split_first, split_first}, 2).verdict == Verdict::holds);
  const ApiCall unknown{{0}, SplitShardCall{7, std::nullopt}};
  CHECK(resharded(s, {unknown}, 1).taken.empty());
  const ApiCall same_count{{0}, UpdateShardCountCall{1}};
  CHECK(resharded(s, {same_count}, 1).taken.empty());
}

TEST_CASE("without a reshard to come, keys have nothing of shards, and the search is the same") {
  const ExploreReport without = explored(one_key_behind(), failing, 1);
  const ExploreReport refused =
      resharded(one_key_behind(), {{{0}, SplitShardCall{7, std::nullopt}}}, 1, {}, failing);
  CHECK(endings(without) == endings(refused));
}

TEST_CASE("merged shards are read after both parents: nothing is lost, the order holds") {
  Story s;
  s.shards(2).created(0_s).batch(1).work(2_s);
  for (int i = 0; i < 4; ++i) s.record_at("l" + std::to_string(i), 10, 1_s * i);
  s.record_at("r0", 90, 0_s);
  const ApiCall merge{{0}, MergeShardsCall{0, 1}};
  const std::vector<std::string> properties = {"no_loss", "order_first"};
  CHECK(resharded(s, {merge}, 1, properties).verdict == Verdict::holds);
  s.assume("child_shards", "at_once");
  CHECK(fewest(resharded(s, {merge}, 1, properties), "order_first") == 1);
}

TEST_CASE("UpdateShardCount is one step for the explorer as well") {
  const ApiCall twice{{0}, UpdateShardCountCall{2}};
  const ExploreReport report = resharded(one_key_behind(), {twice}, 1);
  CHECK(report.taken == sites({Site::reshard}));
  CHECK(report.verdict == Verdict::holds);
}

TEST_CASE("a reshard of the timeline is followed to its cut, with and without merging") {
  Story s = one_key_behind();
  s.reshard_duration(2_s).call(500_ms, SplitShardCall{0, {}});
  CHECK(explored(s, failing, 1, {"no_loss", "order_first"}).verdict == Verdict::holds);
  s.assume("child_shards", "at_once");
  CHECK(fewest(explored(s, {}, 0, {"no_loss", "order_first"}), "order_first") == 0);
}

TEST_CASE("a throttled put changes the order in which records are stored [KDS-PRD-05]") {
  Story s;
  s.record("r0", "a").record("r1", "a").batch(1).created(1_s);
  s.producer_retry(RetryMode::retries, 1, 100_ms);
  const ExploreReport report =
      explored(s, sites({Site::put_throttled}), 1, {"no_loss", "order_first"});
  CHECK(endings(report) == Lines{"1 1 @0"});
  CHECK(report.taken == sites({Site::put_throttled}));
  // The consumer does r1 first, because it was stored first: nothing is broken.
  CHECK(report.verdict == Verdict::holds);
}

TEST_CASE("what a producer gave up was never stored, so no mapping loses it [KDS-PRD-09]") {
  Story s;
  s.record("r0", "a").record("r1", "a").batch(1).created(1_s);
  s.producer_retry(RetryMode::retries, 1, 100_ms);
  const ExploreReport report = explored(s, sites({Site::put_throttled}), 2);
  CHECK(endings(report) == Lines{"1 1 @0", "0 1 lost r0 @2", "1 0 lost r1 @2"});
  CHECK(fewest(report, "no_loss") == -1);
}

TEST_CASE("a throttled read loses nothing by itself [KDS-LIM-06]") {
  const ExploreReport report = explored(two_records(), sites({Site::read_throttled}), 3);
  CHECK(endings(report) == Lines{"1 1 @0"});
  CHECK(report.taken == sites({Site::read_throttled}));
}

TEST_CASE("but its wait may let a record grow too old") {
  Story s = two_records();
  s.throttle_backoff({true, 70_s, 1'000, 70_s}).age(60);
  CHECK(endings(explored(s, sites({Site::read_throttled}), 1)) ==
        Lines{"1 1 @0", "0 0 lost r0 r1 @1"});
}

TEST_CASE("the wait after throttled reads grows, so two of them may reach an age limit") {
  Story s = two_records();
  s.throttle_backoff({true, 30_s, 2'000, 100_s}).age(60);  // 30 s, then 60 s
  CHECK(endings(explored(s, sites({Site::read_throttled}), 2)) ==
        Lines{"1 1 @0", "0 0 lost r0 r1 @2"});
}

}  // namespace trimhorizon::testing
