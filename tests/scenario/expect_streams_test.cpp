// What is expected of streams and of the answers of the API.
#include "tests/scenario/expecting.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("shards are counted, listed by id, or compared field by field [KDS-SHD-10]") {
  const Scenario scenario = read_all(one(
      "  shards: {orders: {open: '>= 2', closed: 0, ids: [shardId-000000000000], list: [{ShardId: "
      "shardId-000000000001, ParentShardId: null, HashKeyRange: [\"0\", \"7\"], "
      "SequenceNumberRange: [\"49\", null]}, {}]}}\n"));
  REQUIRE(scenario.expect.size() == 4);
  CHECK(scenario.expect[0].name == "shards.orders.open");
  CHECK(scenario.expect[0].scope == "orders");
  CHECK(scenario.expect[0].wanted.size() == 1);
  CHECK(scenario.expect[2].ids == std::vector<std::string>{"shardId-000000000000"});
  const std::vector<WantedShard>& list = scenario.expect[3].shards;
  REQUIRE(list.size() == 2);
  CHECK(list[0].id == "shardId-000000000001");
  REQUIRE(list[0].parent);
  CHECK_FALSE(*list[0].parent);
  CHECK_FALSE(list[0].adjacent);
  CHECK(list[0].hash_keys == std::vector<std::string>{"0", "7"});
  REQUIRE(list[0].sequence_numbers);
  CHECK((*list[0].sequence_numbers)[0] == "49");
  CHECK_FALSE((*list[0].sequence_numbers)[1]);
  CHECK(list[1].text == "{}");
}

TEST_CASE("a mistake in what is expected of shards is told at its place") {
  CHECK(said_about_all(one("  shards: {order: {open: 1}, orders: {opened: 4}}\n")) ==
        "12:12 no stream is called `order` (did you mean `orders`?)\n"
        "12:39 unknown key `opened` in a state of shards (did you mean `open`?)");
  CHECK(said_about_all(one("  shards: {orders: {}}\n")) ==
        "12:20 shards.orders checks nothing (write what is expected, or remove the key)");
  CHECK(said_about_all(one("  shards: 4\n")) ==
        "12:11 shards must be a mapping, not `4` (write {orders: {open: 4}})");
  CHECK(said_about_all(one("  shards: {orders: {list: [{HashKeyRange: [\"0\"]}]}}\n")) ==
        "12:43 HashKeyRange has too few items: 2 are needed, not 1");
}

TEST_CASE("records across consumers, and user records of a shard, are about a stream") {
  CHECK(summary(one("  across: {orders: {nobody: 6, several: ['>= 0', '<= 2']}}\n")) ==
        "across.orders.nobody | orders | nobody | 6\n"
        "across.orders.several | orders | several | [>= 0, <= 2]");
  const Scenario scenario =
      read_all(one("  user_records: {orders: {shardId-000000000001: [r0, r1]}}\n"));
  REQUIRE(scenario.expect.size() == 1);
  CHECK(scenario.expect[0].subject == "shardId-000000000001");
  CHECK(scenario.expect[0].ids == std::vector<std::string>{"r0", "r1"});
  CHECK(said_about_all(one("  user_records: {orders: {shardId-000000000002: []}}\n")) ==
        "12:27 stream `orders` has no shard `shardId-000000000002` (its shards are "
        "shardId-000000000000 to shardId-000000000001)");
}

TEST_CASE("errors of the API name their action and error as AWS does [KDS-RSH-01]") {
  const Scenario scenario =
      read_all(one("  api_errors: [{at: 6m, action: SplitShard, stream: !Ref orders, error: "
                   "InvalidArgumentException}, {at: ['> 1m', '< 2m']}]\n"));
  REQUIRE(scenario.expect.size() == 1);
  const std::vector<WantedError>& errors = scenario.expect[0].errors;
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].at.size() == 1);
  CHECK(errors[0].action == "SplitShard");
  CHECK(errors[0].stream == "orders");
  CHECK(errors[0].error == "InvalidArgumentException");
  CHECK(errors[1].at.size() == 2);
  CHECK(read_all(one("  api_errors: []\n")).expect.size() == 1);
  CHECK(said_about_all(one("  api_errors: [{action: Split, error: InvalidArgument}]\n"))
            .starts_with("12:25 action cannot be `Split`"));
}
