#include "sim/experiment/views.hpp"

#include <algorithm>

#include "sim/experiment/session.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

using Ids = std::vector<std::string>;

std::unique_ptr<Session> session_at(const Story& story, Duration time) {
  auto session = std::make_unique<Session>(std::make_shared<const Scenario>(story.scenario()),
                                           std::nullopt, std::vector<OwnFunction>{});
  session->run_until(Instant{0} + time);
  return session;
}

bool is_pending(const World& world, const std::string& event, const std::string& entity) {
  const std::vector<PendingView> all = view_pending(world);
  return std::any_of(all.begin(), all.end(), [&](const PendingView& each) {
    return each.event == event && each.entity == entity;
  });
}

}  // namespace

TEST_CASE("the shards of a stream part all hash keys between them, both ends included") {
  Story s;
  s.shards(2).records(10);
  const auto session = session_at(s, 10_ms);
  const std::vector<ShardView> shards = view_shards(session->world());
  REQUIRE(shards.size() == 2);
  CHECK(shards[0].stream == "orders");
  CHECK(shards[1].shard == "shardId-000000000001");
  CHECK(shards[0].starting_hash_key == "0");
  CHECK(shards[0].ending_hash_key == "170141183460469231731687303715884105727");
  CHECK(shards[1].starting_hash_key == "170141183460469231731687303715884105728");
  CHECK(shards[1].ending_hash_key == "340282366920938463463374607431768211455");
  CHECK(shards[0].stored + shards[1].stored == 10);
  CHECK(shards[0].trim_horizon == 0);
}

TEST_CASE("a poller whose call runs shows the batch, and when it will be over") {
  Story s;
  s.records(3).batch(2).poison("r1");
  const auto session = session_at(s, 50_ms);
  const std::vector<PollerView> pollers = view_pollers(session->world());
  REQUIRE(pollers.size() == 1);
  CHECK(pollers[0].mapping == "billing-orders");
  CHECK(pollers[0].shard == "shardId-000000000000");
  CHECK(pollers[0].phase == "in_flight");
  CHECK(pollers[0].pending == 3);
  CHECK_FALSE(pollers[0].checkpoint.has_value());
  REQUIRE(pollers[0].in_flight.has_value());
  CHECK(pollers[0].in_flight->records == Ids{"r0", "r1"});
  CHECK(pollers[0].in_flight->attempt == 1);
  CHECK(pollers[0].in_flight->ends_us - pollers[0].in_flight->started_us == 100'000);
  CHECK(pollers[0].lane.back().records == Ids{"r0", "r1"});
}

TEST_CASE("a batch that waits for its next attempt stays in the lane, with what it has used up") {
  Story s;
  s.records(3).batch(2).poison("r1").backoff({true, 500_ms, 1'000, 500_ms});
  const auto session = session_at(s, 200_ms);
  const PollerView poller = view_pollers(session->world()).at(0);
  CHECK(poller.phase == "waiting");
  CHECK_FALSE(poller.in_flight.has_value());
  REQUIRE(poller.lane.size() == 1);
  CHECK(poller.lane[0].first == 0);
  CHECK(poller.lane[0].end == 2);
  CHECK(poller.lane[0].attempts == 1);
  CHECK(poller.iterator == 0);
  CHECK(is_pending(session->world(), "lane_ready", "billing-orders on shardId-000000000000"));
}

TEST_CASE("the checkpoint is the last record settled, what comes after it is pending") {
  Story s;
  s.records(2).record("late", "a", 10_s).batch(10);
  const auto session = session_at(s, 5_s);
  const PollerView poller = view_pollers(session->world()).at(0);
  CHECK(poller.checkpoint == "r1");
  CHECK(poller.iterator == 2);
  CHECK(poller.pending == 0);
  CHECK(poller.lane.empty());
}

TEST_CASE("what is pending comes in the order of its happening, each with whom it concerns") {
  Story s;
  s.record("r0", "a").record("r1", "a", 7_s).throttle(6_s, 1_s).crash(3_s);
  const auto session = session_at(s, 1_s);
  const std::vector<PendingView> pending = view_pending(session->world());
  REQUIRE(pending.size() >= 3);
  CHECK(std::is_sorted(pending.begin(), pending.end(),
                       [](const auto& a, const auto& b) { return a.at_us < b.at_us; }));
  CHECK(is_pending(session->world(), "put", "shop"));
  CHECK(is_pending(session->world(), "timeline", "crash_poller"));
}

}  // namespace trimhorizon::testing
