// Actions of the API in the timeline, and reshards of the explorer.
#include "sim/kinesis/hash_key.hpp"
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

std::string with_calls(const std::string& entries) {
  return "trimhorizon: 1\nstreams: {orders: {ShardCount: 2}, clicks: {ShardCount: 1}}\n"
         "timeline:\n" +
         entries;
}
std::vector<TimelineAction> calls(const std::string& entries) {
  return read_all(with_calls(entries)).timeline;
}
std::string wrong_calls(const std::string& entries) { return said_about_all(with_calls(entries)); }

template <class Call>
Call call_at(const std::vector<TimelineAction>& timeline, std::size_t i) {
  REQUIRE(timeline.size() > i);
  CHECK(timeline[i].kind == ActionKind::api_call);
  REQUIRE(timeline[i].call);
  return std::get<Call>(timeline[i].call->action);
}

}  // namespace

TEST_CASE("the actions of the API are read with the API's own parameters [KDS-RSH-02]") {
  const auto all = calls(
      "  - {at: 1m, SplitShard: {StreamName: orders, ShardToSplit: shardId-000000000001,\n"
      "      NewStartingHashKey: \"340282366920938463463374607431768211455\"}}\n"
      "  - {at: 2m, SplitShard: {StreamARN: !GetAtt clicks.Arn, ShardToSplit: "
      "shardId-000000000000}}\n"
      "  - {at: 3m, MergeShards: {StreamName: !Ref orders, ShardToMerge: shardId-000000000000,\n"
      "      AdjacentShardToMerge: shardId-000000000007}}\n"
      "  - {at: 4m, UpdateShardCount: {StreamName: orders, TargetShardCount: 8, ScalingType: "
      "UNIFORM_SCALING}}\n"
      "  - {at: 5m, UpdateStreamMode: {StreamARN: "
      "'arn:aws:kinesis:eu-west-1:123456789012:stream/orders',\n"
      "      StreamModeDetails: {StreamMode: ON_DEMAND}}}\n"
      "  - {at: 6m, IncreaseStreamRetentionPeriod: {StreamName: orders, RetentionPeriodHours: "
      "\"48\"}}\n"
      "  - {at: 7m, DecreaseStreamRetentionPeriod: {StreamName: clicks, RetentionPeriodHours: 1}}\n"
      "  - {at: 8m, RegisterStreamConsumer: {StreamARN: orders, ConsumerName: late-efo}}\n"
      "  - {at: 9m, DeregisterStreamConsumer: {StreamARN: orders, ConsumerName: late-efo}}\n");
  const auto split = call_at<SplitShardCall>(all, 0);
  CHECK(all[0].call->stream == StreamId{0});
  CHECK(all[0].call->action_name() == ApiActionName::SplitShard);
  CHECK(split.shard == 1);
  CHECK(split.new_starting_hash_key == last_hash_key);
  CHECK(all[1].call->stream == StreamId{1});
  CHECK_FALSE(call_at<SplitShardCall>(all, 1).new_starting_hash_key);
  CHECK(call_at<MergeShardsCall>(all, 2) == MergeShardsCall{0, 7});
  CHECK(call_at<UpdateShardCountCall>(all, 3).target == 8);
  CHECK(call_at<UpdateStreamModeCall>(all, 4).mode == StreamMode::ON_DEMAND);
  CHECK(all[4].call->stream == StreamId{0});
  CHECK(call_at<IncreaseRetentionCall>(all, 5).hours == 48);
  CHECK(call_at<DecreaseRetentionCall>(all, 6).hours == 1);
  CHECK(call_at<RegisterConsumerCall>(all, 7).name == "late-efo");
  CHECK(call_at<DeregisterConsumerCall>(all, 8).name == "late-efo");
  CHECK(name(all[8].call->action_name()) == "DeregisterStreamConsumer");
}

TEST_CASE("a call with a wrong parameter is one mistake, with the right name [KDS-RSH-01]") {
  CHECK(wrong_calls("  - {at: 1m, SplitShard: {StreamName: orders}}\n") ==
        "4:26 `ShardToSplit` is missing in this SplitShard (for example ShardToSplit: "
        "shardId-000000000000)");
  CHECK(wrong_calls("  - {at: 1m, SplitShard: {ShardToSplit: shardId-000000000000}}\n") ==
        "4:26 `StreamName` is missing in this SplitShard (for example StreamName: orders)");
  CHECK(wrong_calls("  - {at: 1m, SplitShard: {stream: orders, ShardToSplit: 1}}\n") ==
        "4:27 unknown key `stream` in `SplitShard` (did you mean `StreamName`?)\n"
        "4:57 ShardToSplit must be the id of a shard, not `1` (ids of shards look like "
        "shardId-000000000001)");
  CHECK(wrong_calls("  - {at: 1m, SplitShard: {StreamName: orders, StreamARN: orders, "
                    "ShardToSplit: shardId-000000000000}}\n") ==
        "4:58 `SplitShard` needs only one of StreamName and StreamARN (remove one of them)");
  CHECK(wrong_calls("  - {at: 1m, SplitShard: {StreamName: order, ShardToSplit: "
                    "shardId-000000000000}}\n") ==
        "4:39 no stream is called `order` (did you mean `orders`?)");
  CHECK(wrong_calls("  - {at: 1m, SplitShard: {StreamName: orders, ShardToSplit: "
                    "shardId-000000000000, NewStartingHashKey: \"-1\"}}\n") ==
        "4:103 NewStartingHashKey must be a whole number from 0 to 2^128-1 without leading zeros, "
        "not `-1`");
  CHECK(wrong_calls("  - {at: 1m, UpdateShardCount: {StreamName: orders, ShardCount: 4, "
                    "ScalingType: UNIFORM}}\n") ==
        "4:53 unknown key `ShardCount` in `UpdateShardCount` (did you mean `TargetShardCount`?)\n"
        "4:81 ScalingType must be `UNIFORM_SCALING`, not `UNIFORM`");
  CHECK(wrong_calls("  - {at: 1m, UpdateStreamMode: {StreamName: orders, StreamModeDetails: "
                    "{StreamMode: ON_DEMAND}}}\n") ==
        "4:33 unknown key `StreamName` in `UpdateStreamMode` (did you mean `StreamARN`?)");
  CHECK(wrong_calls("  - {at: 1m, for: 5m, DecreaseStreamRetentionPeriod: {StreamName: orders, "
                    "RetentionPeriodHours: 2h}}\n") ==
        "4:19 `for` cannot be used with `DecreaseStreamRetentionPeriod`: that action happens at "
        "once\n"
        "4:97 RetentionPeriodHours is in hours, as in CloudFormation: write 2");
}

TEST_CASE("a call that AWS refuses when it is made is not a mistake in the file [KDS-RSH-02]") {
  const Scenario read = read_all(with_calls(
      "  - {at: 1m, SplitShard: {StreamName: orders, ShardToSplit: shardId-000000000001,\n"
      "      NewStartingHashKey: \"0\"}}\n"
      "  - {at: 2m, SplitShard: {StreamName: orders, ShardToSplit: shardId-000000000009}}\n"
      "  - {at: 3m, UpdateShardCount: {StreamName: orders, TargetShardCount: 20000, ScalingType: "
      "UNIFORM_SCALING}}\n"));
  CHECK(read.timeline.size() == 3);
  CHECK(read.warnings.empty());
}

TEST_CASE("a shard that can never exist is a warning: nothing else makes shards") {
  CHECK(read_all(with_calls("  - {at: 1m, SplitShard: {StreamName: clicks, ShardToSplit: "
                            "shardId-000000000001}}\n"))
            .warnings ==
        std::vector<std::string>{
            "s.yaml:4:61: warning: stream `clicks` never has a shard shardId-000000000001: AWS "
            "answers ResourceNotFoundException"});
}

TEST_CASE("a set path goes into an action of the timeline by its number") {
  const std::string text =
      "trimhorizon: 1\nstreams: {orders: {}}\nfunctions: {billing: {}, audit: {}}\n"
      "timeline:\n"
      "  - {at: 1m, outage: {function: billing}}\n"
      "  - {at: 2m, outage: {function: billing}}\n"
      "variants: {other: {set: {timeline.1.outage.function: audit, timeline.0.at: 30s}}}\n";
  const Scenario scenario = read(text, {{"timeline.1.at", "5m"}});
  CHECK(scenario.timeline[1].at == Instant{} + minutes(5));
  const Scenario& other = *scenario.variants.front().scenario;
  CHECK(other.timeline[0].at == Instant{} + seconds(30));
  CHECK(other.timeline[1].function == FunctionId{1});
  CHECK(other.timeline[1].at == Instant{} + minutes(5));
}

TEST_CASE("the explorer is told its reshards as calls of the API") {
  const std::string head = "trimhorizon: 1\nstreams: {orders: {ShardCount: 2}}\nexplore:\n  ";
  const auto reshards =
      read_all(head +
               "reshards: [{SplitShard: {StreamName: orders, ShardToSplit: shardId-000000000000}}, "
               "{MergeShards: {StreamName: orders, ShardToMerge: shardId-000000000000, "
               "AdjacentShardToMerge: shardId-000000000001}}]\n")
          .explore.reshards;
  REQUIRE(reshards.size() == 2);
  CHECK(reshards[0].action == ApiAction{SplitShardCall{0, std::nullopt}});
  CHECK(reshards[1].action == ApiAction{MergeShardsCall{0, 1}});
  CHECK(said_about_all(head + "reshards: [{UpdateStreamMode: {StreamARN: orders}}]\n")
            .starts_with("4:15 "));
  CHECK(said_about_all(head + "reshards: [{}]\n").empty());
}
