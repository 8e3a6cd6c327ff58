#include "sim/history/picture_collector.hpp"

#include "sim/base/format.hpp"
#include "sim/history/result_builder.hpp"
#include "sim/run/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_world.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

Result pictured(const SmallWorld& world, StartingPosition from = StartingPosition::trim_horizon) {
  Scenario scenario = world.scenario();
  scenario.mappings[0].settings.starting_position = from;
  Simulation simulation(make_plan(scenario, {{}, true}));
  PictureCollector pictures;
  simulation.watch(pictures);
  simulation.run();
  Result result = build_result(simulation, {});
  pictures.fill(result, simulation.world());
  return result;
}

// "r0 0.9s, 3 tries, done"
std::string longest_block(const SmallWorld& world,
                          StartingPosition from = StartingPosition::trim_horizon) {
  const auto block = pictured(world, from).consumers[0].longest_block;
  if (!block) return "none";
  constexpr const char* releases[] = {"still there", "done", "given up", "expired", "unread"};
  CHECK(block->shard == "shardId-000000000000");
  CHECK(block->record == "r" + std::to_string(block->position));
  std::string text = block->record + " " + duration_text(block->lasted) + ", " +
                     std::to_string(block->attempts) + " tries, ";
  if (block->throttles > 0) text += std::to_string(block->throttles) + " throttles, ";
  text += releases[static_cast<int>(block->release)];
  return block->stood > block->lasted ? text + ", stood " + duration_text(block->stood) : text;
}

void check_bounds(const ShardPicture& picture) {
  CHECK(picture.points.size() <= PictureCollector::points_max);
  CHECK(picture.bars.size() <= PictureCollector::bars_max);
  for (std::size_t i = 1; i < picture.points.size(); ++i) {
    const PicturePoint& before = picture.points[i - 1];
    const PicturePoint& point = picture.points[i];
    CHECK(before.at < point.at);
    CHECK(before.tip <= point.tip);
    CHECK(before.checkpoint <= point.checkpoint);
    CHECK(before.trim_horizon <= point.trim_horizon);
  }
  for (const PicturePoint& point : picture.points) CHECK(point.checkpoint <= point.tip);
  for (const PictureBar& bar : picture.bars) {
    CHECK(bar.started <= bar.ended);
    CHECK(bar.first < bar.end);
  }
}

std::uint64_t invocations_in(const ShardPicture& picture) {
  std::uint64_t sum = picture.bars_left_out;
  for (const PictureBar& bar : picture.bars) sum += bar.count;
  return sum;
}

}  // namespace

TEST_CASE("a small run is pictured exactly, each record with its name") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}]}, {at: 50ms, record: {}}]\n";
  world.function = "fail: [{records: [r2], attempts: [1]}]\n";
  const Result result = pictured(world);
  REQUIRE(result.consumers[0].pictures.size() == 1);
  const ShardPicture& picture = result.consumers[0].pictures[0];
  CHECK(picture.shard == "shardId-000000000000");
  CHECK(picture.labels == std::vector<std::string>{"r0", "r1", "r2"});
  const auto text = [&] {
    std::string out;
    for (const PicturePoint& p : picture.points) {
      out += std::to_string(p.at.us / 1000) + "ms " + std::to_string(p.trim_horizon) + "/" +
             std::to_string(p.checkpoint) + "/" + std::to_string(p.tip) + "  ";
    }
    for (const PictureBar& b : picture.bars) {
      out += std::to_string(b.count) + "x[" + std::to_string(b.first) + "," +
             std::to_string(b.end) + ") " + std::to_string(b.started.us / 1000) + "-" +
             std::to_string(b.ended.us / 1000) + (b.succeeded ? " ok  " : " failed  ");
    }
    return out;
  };
  CHECK(text() ==
        "0ms 0/0/2  50ms 0/0/3  100ms 0/2/3  500ms 0/3/3  "
        "1x[0,2) 0-100 ok  1x[2,3) 100-200 failed  1x[2,3) 400-500 ok  ");
}

TEST_CASE("pictures of long runs stay small, and no invocation is forgotten") {
  SmallWorld world;
  world.stream = "ShardCount: 3\n";
  world.producer = "rate: 200/s\nrecords: 20000\narrivals: poisson\n";
  world.function = "duration: 20ms\n";
  world.mapping = "BatchSize: 7\nMaximumRetryAttempts: 2\n";
  const std::string function = world.function;
  for (const char* fail : {"", "fail: [{probability: 50%}]\n", "fail: [{probability: 2%}]\n"}) {
    world.function = function + fail;
    const Result result = pictured(world);
    const ConsumerResult& mapping = result.consumers[0];
    REQUIRE(mapping.pictures.size() == 3);
    std::uint64_t invocations = 0;
    for (std::size_t s = 0; s < 3; ++s) {
      const ShardPicture& picture = mapping.pictures[s];
      check_bounds(picture);
      CHECK(picture.points.size() > PictureCollector::points_max / 4);
      CHECK(picture.bars.size() > PictureCollector::bars_max / 4);
      CHECK(picture.points.back().tip == mapping.shards[s].stored);
      CHECK(picture.points.back().checkpoint == mapping.shards[s].stored);
      CHECK(picture.labels.empty());
      invocations += invocations_in(picture);
    }
    CHECK(invocations == mapping.invocations);
  }
}

TEST_CASE("without failures no bar is left out: neighbours become one") {
  SmallWorld world;
  world.producer = "rate: 100/s\nrecords: 5000\n";
  world.function = "duration: 10ms\n";
  world.mapping = "BatchSize: 1\n";
  const Result result = pictured(world);
  const ShardPicture& picture = result.consumers[0].pictures[0];
  CHECK(picture.bars_left_out == 0);
  CHECK(invocations_in(picture) == 5000);
  std::uint64_t most = 0;
  for (const PictureBar& bar : picture.bars) most = std::max(most, bar.count);
  CHECK(most == 16);  // 5000 in at most 400: spread evenly, not the early ones in a lump
}

TEST_CASE("the first sixteen pollers have pictures") {
  SmallWorld world;
  world.stream = "ShardCount: 20\n";
  world.producer = "rate: 1000/s\nrecords: 2000\nkeys: {count: 500, distribution: uniform}\n";
  const Result result = pictured(world);
  CHECK(result.consumers[0].pictures.size() == 16);
  CHECK(result.consumers[0].pictures[15].shard == "shardId-000000000015");
}

TEST_CASE("what waits is pictured to the end of the run, with what retention took") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 10h, record: {}}]\n";
  world.function = "fail: [{records: [r0, r1]}]\n";
  world.rest = "duration: 30h\n";
  const ShardPicture picture = pictured(world).consumers[0].pictures[0];
  check_bounds(picture);
  const PicturePoint& last = picture.points.back();
  CHECK(last.at == Instant{0} + hours(30));
  CHECK(last.tip == 2);
  CHECK(last.trim_horizon == 1);
  CHECK(last.checkpoint == 1);
}

TEST_CASE("a run that forgets its settled records has the same picture") {
  SmallWorld world;
  world.producer = "rate: 2/s\nrecords: 2000\n";
  world.function = "duration: 100ms\nfail: [{records: [r30]}]\n";
  world.mapping = "BatchSize: 10\nMaximumRetryAttempts: 2\n";
  const auto picture_of = [&](bool keep_log) {
    const Scenario scenario = world.scenario();
    const auto plan = std::make_shared<Plan>(*make_plan(scenario));
    plan->keep_log = keep_log;
    Simulation simulation(plan);
    PictureCollector pictures;
    simulation.watch(pictures);
    simulation.run();
    Result result = build_result(simulation, {});
    pictures.fill(result, simulation.world());
    return result.consumers[0].pictures.at(0);
  };
  const ShardPicture kept = picture_of(true);
  const ShardPicture forgot = picture_of(false);
  REQUIRE(forgot.points.size() == kept.points.size());
  for (std::size_t i = 0; i < kept.points.size(); ++i) {
    CHECK(forgot.points[i].at == kept.points[i].at);
    CHECK(forgot.points[i].tip == kept.points[i].tip);
    CHECK(forgot.points[i].checkpoint == kept.points[i].checkpoint);
  }
  CHECK(invocations_in(forgot) == invocations_in(kept));
  REQUIRE(forgot.fates.size() == 1);
  CHECK(forgot.fates[0].first <= 30);
  CHECK(forgot.fates[0].end > 30);
  CHECK(forgot.fates[0].fate == Fate::dropped);
}

TEST_CASE("of thousands of given-up records a picture keeps some, spread over the run") {
  SmallWorld world;
  world.producer = "rate: 10/s\nrecords: 5000\n";
  world.function = "duration: 10ms\nfail: [{probability: 50%}]\n";
  world.mapping = "BatchSize: 1\nMaximumRetryAttempts: 0\n";
  const Result result = pictured(world);
  const std::vector<PictureFate>& fates = result.consumers[0].pictures[0].fates;
  CHECK(fates.size() <= PictureCollector::fates_max);
  CHECK(fates.size() > PictureCollector::fates_max / 2);
  CHECK(fates.front().first < 20);
  CHECK(fates.back().first > 4'900);
}

TEST_CASE("a block lasts as long as the shard stands, also when its head expires bit by bit") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, record: {}}, {at: 20s, record: {}}, {at: 40s, record: {}}]\n";
  world.function = "fail: [{records: [r2]}]\n";
  world.mapping = "MaximumBatchingWindowInSeconds: 60\n";
  world.rest = "duration: 30h\n";
  // One batch, tried from 60s on and in the end every 15.1s. Retention takes r0 at 86412.8s, r1 at
  // 86427.9s and r2 at 86443s.
  CHECK(longest_block(world) == "r0 86352.8s, 5724 tries, expired, stood 86383s");
}

TEST_CASE("a record that LATEST passes over was neither done nor given up") {
  SmallWorld world;
  world.producer = "put: [{at: 1s, record: {}}, {at: 50s, record: {}}]\n";
  world.function = "fail: [{until: 30s}]\n";
  world.rest =
      "assumptions: {latest_position: kept_once_settled}\n"
      "timeline:\n"
      "  - {at: 20s, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n"
      "  - {at: 40s, UpdateEventSourceMapping: {name: billing-orders, Enabled: true}}\n";
  // Tried from 1s on; at 40s the mapping starts after it.
  CHECK(longest_block(world, StartingPosition::latest) == "r0 39s, 7 tries, unread");
}

TEST_CASE("a record that fits into no event and blocks its shard is a block [ESM-POL-07]") {
  SmallWorld world;
  world.stream = "ShardCount: 1\nMaxRecordSizeInKiB: 10240\n";
  world.producer = "put: [{at: 0s, record: {}}, {at: 1s, record: {size: 9MiB}}]\n";
  world.function = "fail: [{attempts: [1], records: [r0]}]\n";
  world.rest = "assumptions: {oversized_record: block}\nduration: 25h\n";
  // r0 stood for 0.4s. The turn of r1 comes at 1.4s, and retention takes it at 24h and 1s.
  CHECK(longest_block(world) == "r1 86399.600001s, 0 tries, expired");
  world.rest = "assumptions: {oversized_record: block}\nduration: 1h\n";
  CHECK(longest_block(world) == "r1 3598.6s, 0 tries, still there");
}

TEST_CASE("after a split the head is the record that is tried, not the one before it") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}, {}]}]\n";
  world.function = "duration: 1s\nfail: [{records: [r0]}]\n";
  world.mapping = "BatchSize: 3\nMaximumRetryAttempts: 0\nBisectBatchOnFunctionError: true\n";
  // r0 is tried with r1 and r2, then alone: 0s to 2s. What comes after it does not count.
  CHECK(longest_block(world) == "r0 2s, 2 tries, given up");
}

TEST_CASE("a shard that goes on after its head is settled begins another block") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}]}]\n";
  world.mapping = "BatchSize: 1\nMaximumRetryAttempts: 2\n";
  // Three attempts at r0 until 0.9s, then three at r1 until 1.8s: r0 stood for 0.9s, not for 1.8s.
  world.function = "fail: [{records: [r0, r1]}]\n";
  CHECK(longest_block(world) == "r0 0.9s, 3 tries, given up");
  // After a split the first half is a block, and the second one another: r0 is given up at 1s.
  world.mapping = "BatchSize: 2\nMaximumRetryAttempts: 2\nBisectBatchOnFunctionError: true\n";
  CHECK(longest_block(world) == "r0 1s, 4 tries, given up");
  // Progress ends the block of the records that are done.
  world.function = "respond: report_failures\nfail: [{records: [r1]}]\n";
  world.mapping =
      "BatchSize: 2\nMaximumRetryAttempts: 0\nFunctionResponseTypes: [ReportBatchItemFailures]\n";
  CHECK(longest_block(world) == "none");
}

TEST_CASE("the longest block is told with its end") {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}]}]\n";
  CHECK(longest_block(world) == "none");
  world.function = "fail: [{records: [r0], attempts: [1, 2]}]\n";
  CHECK(longest_block(world) == "r0 0.9s, 3 tries, done");
  world.function = "fail: [{records: [r0]}]\n";
  world.mapping = "MaximumRetryAttempts: 1\n";
  CHECK(longest_block(world) == "r0 0.4s, 2 tries, given up");
  world.mapping = "";
  world.rest = "duration: 25h\n";
  CHECK(longest_block(world) == "r0 86413.2s, 5728 tries, expired");
  world.rest = "duration: 3s\n";
  CHECK(longest_block(world) == "r0 3s, 4 tries, still there");
  world.function = "";
  world.rest =
      "timeline:\n  - {at: 0s, for: 2s, throttle: {function: billing}}\n"
      "assumptions: {throttle_backoff: {jitter: none}}\n";
  CHECK(longest_block(world) == "r0 3.6s, 1 tries, 3 throttles, done");
}

TEST_CASE("no bar reaches over a time in which nothing was invoked") {
  // Each second has an invocation, so bars are joined; but none while the function is throttled.
  Story story_of_throttles = story().steady(10, 9'000).batch(10).work(100_ms).throttle(5_m, 6_m);
  Simulation simulation(make_plan(story_of_throttles.scenario(), {{}, true}));
  PictureCollector pictures;
  simulation.watch(pictures);
  simulation.run();
  Result result = build_result(simulation, {});
  pictures.fill(result, simulation.world());
  const ShardPicture& picture = result.consumers[0].pictures[0];
  CHECK(invocations_in(picture) > PictureCollector::bars_max);
  CHECK(picture.bars_left_out == 0);
  for (const PictureBar& bar : picture.bars) {
    const bool over_the_gap = bar.started < Instant{0} + 5_m && bar.ended > Instant{0} + 11_m;
    CHECK_FALSE(over_the_gap);
  }
  check_bounds(picture);
}

}  // namespace trimhorizon::testing
