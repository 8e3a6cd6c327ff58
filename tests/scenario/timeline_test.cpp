// The timeline.
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

std::vector<TimelineAction> timeline(const std::string& entries) {
  return read(with_mapping(from_trim_horizon, "timeline:\n" + entries)).timeline;
}
std::string wrong_timeline(const std::string& entries) {
  return said_about(with_mapping(from_trim_horizon, "timeline:\n" + entries));
}

}  // namespace

TEST_CASE("all actions of the timeline are read") {
  const auto actions = timeline(
      "  - {at: 7m, for: 30s, throttle: {function: billing}}\n"
      "  - {at: 7m, outage: {function: billing}}\n"
      "  - {at: 8m, crash_poller: {mapping: billing-orders, shard: shardId-000000000001}}\n"
      "  - {at: 9m, for: 10s, lose_acknowledgements: {producer: shop, probability: 5%}}\n"
      "  - {at: 9m, for: 10s, fail_destination: {destination: dlq}}\n"
      "  - {at: 6m, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n");
  REQUIRE(actions.size() == 6);
  CHECK(actions[0].kind == ActionKind::throttle);
  CHECK(actions[0].at == Instant{} + minutes(7));
  CHECK(actions[0].lasts == seconds(30));
  CHECK(actions[0].function == FunctionId{0});
  CHECK(actions[1].kind == ActionKind::outage);
  CHECK_FALSE(actions[1].lasts);
  CHECK(actions[2].kind == ActionKind::crash_poller);
  CHECK(actions[2].mapping == MappingId{0});
  CHECK(actions[2].shard_number == 1);
  CHECK(actions[3].kind == ActionKind::lose_acknowledgements);
  CHECK(actions[3].probability == Probability{50'000'000});
  CHECK(actions[4].kind == ActionKind::fail_destination);
  CHECK(actions[4].destination == DestinationId{0});
  CHECK(actions[5].kind == ActionKind::update_event_source_mapping);
  CHECK_FALSE(actions[5].enabled);
}

TEST_CASE("a timeline entry has one action, at a time, on things that are there") {
  CHECK(
      wrong_timeline("  - {at: 5m}\n") ==
      "12:5 this timeline entry has no action (write one of `throttle`, `outage`, "
      "`crash_poller`, `lose_acknowledgements`, `fail_destination`, "
      "`UpdateEventSourceMapping`, `SplitShard`, `MergeShards`, `UpdateShardCount`, "
      "`UpdateStreamMode`, `IncreaseStreamRetentionPeriod`, `DecreaseStreamRetentionPeriod`, "
      "`RegisterStreamConsumer`, `DeregisterStreamConsumer`, `get_records` or `stream_failures`)");
  CHECK(wrong_timeline("  - throttle: {function: billing}\n    outage: {function: billing}\n") ==
        "12:5 `at` is missing in this timeline entry (for example at: 10m)\n"
        "13:13 a timeline entry can have only one action (write two entries)");
  // The shard of the second entry may exist by then, so only the first one is wrong.
  CHECK(wrong_timeline("  - {at: 5m, SplitShard: {StreamName: orders}}\n"
                       "  - {at: 6m, crash_poller: {mapping: billing-orders, shard: "
                       "shardId-000000000002}}\n") ==
        "12:26 `ShardToSplit` is missing in this SplitShard (for example ShardToSplit: "
        "shardId-000000000000)");
  CHECK(wrong_timeline("  - {at: 6m, for: 1s, crash_poller: {mapping: billing-orders, shard: "
                       "shardId-000000000002}}\n") ==
        "12:19 `for` cannot be used with `crash_poller`: that action happens at once\n"
        "12:70 stream `orders` has no shard `shardId-000000000002` (its shards are "
        "shardId-000000000000 to shardId-000000000001)");
  CHECK(wrong_timeline("  - {at: 6m, UpdateEventSourceMapping: {name: billing-orders, Enabled: "
                       "true, BatchSize: 5}}\n") ==
        "12:78 `BatchSize` is not modelled yet (only Enabled can be updated yet: a "
        "variant with another value comes closest)");
  CHECK(read(with_mapping(from_trim_horizon, "timeline: [{at: 2h, outage: {function: billing}}]\n"))
            .warnings ==
        std::vector<std::string>{"s.yaml:11:17: warning: a run ends at 1h (`duration`), before "
                                 "this: only `explore`, and the "
                                 "replay of what it found, come so far"});
}

TEST_CASE("an action without its thing, or with a word for another one, is one mistake") {
  CHECK(wrong_timeline("  - {at: 1m, outage: {}}\n") ==
        "12:22 `function` is missing in this action (for example function: billing)");
  CHECK(wrong_timeline("  - {at: 1m, outage: {mapping: billing-orders}}\n") ==
        "12:23 unknown key `mapping` in an action (`mapping` is a key of `crash_poller`; an action "
        "needs `function`)");
  CHECK(wrong_timeline("  - {at: 1m, UpdateEventSourceMapping: {name: billing-orders, BatchSize: "
                       "5}}\n") ==
        "12:63 `BatchSize` is not modelled yet (only Enabled can be updated yet: a variant with "
        "another value comes closest)");
  CHECK(wrong_timeline("  - {at: 1m, poison: r1}\n") ==
        "12:14 unknown key `poison` in a timeline entry (a record that fails is named by its "
        "function: functions: {billing: {fail: [{records: [r5]}]}})");
}

TEST_CASE("calls of a stream fail by kind, as AWS names it [KDS-PRD-20]") {
  const auto actions = [](const std::string& failures) {
    return read_all(with_mapping(
                        from_trim_horizon,
                        "timeline:\n  - {at: 9m, for: 1m, stream_failures: " + failures + "}\n"))
        .timeline;
  };
  const TimelineAction action =
      actions("{stream: orders, put: {internal_failure: 5%}, get: {expired_iterator: 1%}}").front();
  CHECK(action.kind == ActionKind::stream_failures);
  REQUIRE(action.failures);
  CHECK(action.failures->stream == StreamId{0});
  CHECK(action.failures->put.internal_failure == Probability{50'000'000});
  CHECK(action.failures->put.throttling == Probability{0});
  CHECK(action.failures->get.expired_iterator == Probability{10'000'000});
  const auto wrong = [](const std::string& failures) {
    return said_about_all(with_mapping(
        from_trim_horizon, "timeline:\n  - {at: 9m, stream_failures: " + failures + "}\n"));
  };
  CHECK(wrong("{stream: orders}") ==
        "12:31 no call fails in this stream_failures (write put: {internal_failure: 5%}, or get)");
  CHECK(wrong("{stream: orders, put: {expired_iterator: 5%}}")
            .starts_with("12:54 unknown key `expired_iterator` in `put` of `stream_failures`"));
  CHECK(wrong("{stream: orders, put: {throttling: 60%, unavailable: 60%}}") ==
        "12:53 these are more than 100% together (each call fails in at most one way)");
}
