#include "sim/history/stream_log.hpp"

#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

constexpr std::int64_t six_hundred_kib = 600 * 1024;

// r0, r1 and r2 of one key in one call: the shard has no room for r1, which comes 100 ms later.
Scenario one_of_three_is_refused() {
  Story told = story().limits().producer_retry(RetryMode::retries, 10);
  told.big_record(six_hundred_kib).big_record(six_hundred_kib).record("r2", "k");
  Scenario scenario = told.scenario();
  std::vector<PutCall>& put = scenario.producers[0].settings.put;
  PutCall all{put[0].at, true, {}};
  for (const PutCall& call : put) all.records.push_back(call.records[0]);
  for (PutRecordSpec& each : all.records) each.key = "k";
  put = {all};
  return scenario;
}

Result result_of(const Scenario& scenario) {
  Simulation simulation(make_plan(scenario, {}));
  simulation.run();
  return build_result(simulation, {});
}

StreamResult orders_of(const Result& result) { return result.streams[0]; }

}  // namespace

TEST_CASE("a retry that stores a record after a newer one with its key is noted [KDS-PRD-05]") {
  const Result told = result_of(one_of_three_is_refused());
  CHECK(orders_of(told).order_lost[OrderLoss::late_retry] == 1);
  REQUIRE(orders_of(told).order_examples.size() == 1);
  CHECK(orders_of(told).order_examples[0] == OrderExample{OrderLoss::late_retry, "k", "r1", "r2",
                                                          "shardId-000000000000",
                                                          "shardId-000000000000"});
}

TEST_CASE("a retry that nothing overtook keeps the order, and so does another key [KDS-PRD-05]") {
  Scenario two = one_of_three_is_refused();
  std::vector<PutRecordSpec>& records = two.producers[0].settings.put[0].records;
  records[2].key = "another";
  CHECK(orders_of(result_of(two)).order_examples.empty());
  records.pop_back();
  const Result told = result_of(two);
  CHECK(orders_of(told).metrics[index_of(StreamMetricId::WriteThrottled)].counter > 0);
  CHECK(orders_of(told).order_lost == Counts<OrderLoss>{});
}

TEST_CASE("a record that is given up has no place in the order [KDS-PRD-05]") {
  Scenario gives_up = one_of_three_is_refused();
  gives_up.producers[0].settings.retry.mode = RetryMode::none;
  const Result told = result_of(gives_up);
  CHECK(told.never_accepted == 1);
  CHECK(told.producers[0].never_accepted == 1);
  CHECK(orders_of(told).order_examples.empty());
}

TEST_CASE("a key that ExplicitHashKey puts on two shards is told, once [KDS-SHD-02]") {
  Story told = story().shards(2).record_at("a", 0).record_at("b", 100).record_at("c", 0, 1_s);
  const Result two = told.tell().result;
  CHECK(orders_of(two).order_lost[OrderLoss::two_shards] == 1);
  REQUIRE(orders_of(two).order_examples.size() == 1);
  CHECK(orders_of(two).order_examples[0] == OrderExample{OrderLoss::two_shards, "k", "b", "a",
                                                         "shardId-000000000001",
                                                         "shardId-000000000000"});
}

TEST_CASE("a key with two hash keys in one shard keeps its order [KDS-SHD-02]") {
  CHECK(orders_of(story().record_at("a", 0).record_at("b", 100).tell().result)
            .order_examples.empty());
  // The first record is in the parent of the second one's shard, which is read before it.
  Story split = story().record_at("a", 0).call(1_s, SplitShardCall{0}).record_at("b", 100, 60_s);
  CHECK(orders_of(split.tell().result).order_examples.empty());
  split.record_at("c", 0, 61_s);
  CHECK(orders_of(split.tell().result).order_lost[OrderLoss::two_shards] == 1);
}

TEST_CASE("copies of a stored record are counted for its stream [KDS-PRD-07]") {
  Story told = story().records(3).lose_acknowledgements(0_s, 1_ms);
  told.producer_retry(RetryMode::retries, 1, 50_ms);
  CHECK(orders_of(told.tell().result).stored_again == 3);
  CHECK(orders_of(story().records(3).tell().result).stored_again == 0);
}

TEST_CASE("calls of the API are told with AWS's answer and their entry of the timeline") {
  Story told = story().records(1).lasts(2_m);
  told.call(1_s, SplitShardCall{0}).call(2_s, SplitShardCall{0});
  const std::vector<ApiCallRow> calls = told.tell().result.api_calls;
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].action == "SplitShard");
  CHECK(calls[0].stream == "orders");
  CHECK_FALSE(calls[0].error);
  CHECK(calls[0].in_force == Instant{0} + 26_s);  // reshard_duration
  CHECK(calls[0].timeline == 0u);
  CHECK(calls[1].error == ApiError::ResourceInUseException);
  CHECK(calls[1].reason == ApiReason::stream_is_updating);
  CHECK_FALSE(calls[1].in_force);
  CHECK(calls[1].timeline == 1u);
}

TEST_CASE("the lives of shards tell when they were open and what they came from [KDS-RSH-06]") {
  Story told = story().records(1).lasts(2_m);
  CHECK(orders_of(told.tell().result).lives.empty());  // nothing was resharded
  told.call(1_s, SplitShardCall{0}).call(100_s, SplitShardCall{1});
  const std::vector<ShardLife> lives = orders_of(told.tell().result).lives;
  REQUIRE(lives.size() == 3);  // the children of the second split are announced only
  CHECK(lives[0] == ShardLife{0, Instant{0}, Instant{0} + 26_s, {}, 1});
  CHECK(lives[1] == ShardLife{1, Instant{0} + 26_s, std::nullopt, {0}, 0});
  CHECK(lives[2].parents == std::vector<std::uint32_t>{0});
}

}  // namespace trimhorizon::testing
