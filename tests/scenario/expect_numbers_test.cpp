// Expectations that are numbers.
#include "tests/scenario/expecting.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("totals are about the run, or about a mapping") {
  CHECK(summary(one("  lost: 0\n  duplicates: '<= 10'\n  never_accepted: ['>= 1', '<= 16']\n"
                    "  invocations: 6\n")) ==
        "lost |  |  | == 0\nduplicates |  |  | <= 10\nnever_accepted |  |  | >= 1, <= 16\n"
        "invocations |  |  | == 6");
  CHECK(summary(two("  lost: {audit-orders: 3}\n  invocations: {billing-orders: 6}\n")) ==
        "lost.audit-orders | audit-orders |  | == 3\n"
        "invocations.billing-orders | billing-orders |  | == 6");
}

TEST_CASE("with one mapping its name may be left out") {
  CHECK(summary(one("  deliveries: {r0: 1}\n  fates: {processed: 5}\n"
                    "  checkpoint: {shardId-000000000001: r5}\n  metrics: {Errors: 0}\n")) ==
        "deliveries.r0 | billing-orders | r0 | == 1\n"
        "fates.processed | billing-orders | processed | == 5\n"
        "checkpoint.shardId-000000000001 | billing-orders | shardId-000000000001 | r5\n"
        "metrics.Errors | billing-orders | Errors | == 0");
  CHECK(summary(one("  deliveries: {billing-orders: {r0: 1}}\n")) ==
        "deliveries.billing-orders.r0 | billing-orders | r0 | == 1");
  CHECK(said_about(two("  deliveries: {r0: 1}\n  fates: {processed: 1}\n")) ==
        "13:16 there are 2 event source mappings: name one of them (write deliveries: "
        "{billing-orders: {r0: …}})\n"
        "14:11 there are 2 event source mappings: name one of them (write fates: {billing-orders: "
        "{processed: …}})");
}

TEST_CASE("causes are about the run, or about a mapping") {
  CHECK(summary(two("  lost_by_cause: {swallowed: 0, billing-orders: {age: 1}}\n"
                    "  duplicates_by_cause: {bisect: 2}\n")) ==
        "lost_by_cause.swallowed |  | swallowed | == 0\n"
        "lost_by_cause.billing-orders.age | billing-orders | age | == 1\n"
        "duplicates_by_cause.bisect |  | bisect | == 2");
}

TEST_CASE("a checkpoint is a record or nothing") {
  CHECK(
      summary(one("  checkpoint: {billing-orders: {shardId-000000000000: null}}\n")) ==
      "checkpoint.billing-orders.shardId-000000000000 | billing-orders | shardId-000000000000 | ");
  CHECK(said_about(one("  checkpoint: {billing-orders: {shardId-000000000002: r1}}\n")) ==
        "12:33 stream `orders` has no shard `shardId-000000000002` (its shards are "
        "shardId-000000000000 to shardId-000000000001)");
  CHECK(said_about(one("  checkpoint: r5\n")) ==
        "12:15 checkpoint must be a mapping from shards to records (write checkpoint: "
        "{shardId-000000000000: `r5`})");
}

TEST_CASE("metrics are of a mapping or a function") {
  CHECK(
      summary(two("  metrics: {audit-orders: {IteratorAge.max: '< 30s', Duration.p99: ['> 1ms']}, "
                  "billing: {ConcurrentExecutions.max: 2}}\n")) ==
      "metrics.audit-orders.IteratorAge.max | audit-orders | IteratorAge.max | < 30s\n"
      "metrics.audit-orders.Duration.p99 | audit-orders | Duration.p99 | > 1ms\n"
      "metrics.billing.ConcurrentExecutions.max | billing | ConcurrentExecutions.max | == 2");
  CHECK(said_about(one("  metrics: {billing: {PolledEventCount: 1}, bill: {Errors: 1}}\n")) ==
        "12:23 PolledEventCount is a metric of event source mappings, not of functions\n"
        "12:45 no event source mapping or function is called `bill` (write `billing-orders` or "
        "`billing`)");
  CHECK(said_about(one("  metrics: {IteratorAge: 1, IteratorAge.p95: 1s, IteratorAge.max: 30, "
                       "Errors: 1s, Errors.max: 1, Error: 1, ConcurrentExecutions: 1}\n")) ==
        "12:13 IteratorAge needs a statistic: `.max`, `.min`, `.avg`, `.p50`, `.p90` or `.p99` "
        "(write IteratorAge.max)\n"
        "12:29 IteratorAge needs a statistic: `.max`, `.min`, `.avg`, `.p50`, `.p90` or `.p99` "
        "(write IteratorAge.max)\n"
        "12:67 IteratorAge.max needs a unit: did you mean 30ms? (CloudWatch counts this in "
        "milliseconds)\n"
        "12:79 Errors must be a number or a comparison, not `1s` (write 3, \"<= 10\" or [\">= 1\", "
        "\"<= 16\"])\n"
        "12:83 `Errors.max` is not a metric\n"
        "12:98 `Error` is not a metric (did you mean `Errors`?)\n"
        "12:108 ConcurrentExecutions needs a statistic: `.max` (write ConcurrentExecutions.max)");
}

TEST_CASE("a time without a unit is in milliseconds, as CloudWatch counts it") {
  for (const std::string metric : {"IteratorAge.max", "Duration.max"}) {
    CHECK(said_about(one("  metrics: {" + metric + ": '< 5000'}\n"))
              .ends_with(metric + " needs a unit: did you mean 5000ms? (CloudWatch counts this in "
                                  "milliseconds)"));
  }
}

TEST_CASE("an expectation that can never hold is a mistake") {
  CHECK(said_about(one("  lost: 0.5\n  duplicates: '<= 0.5'\n")) ==
        "12:9 lost is a whole number, so it can never be 0.5");
  const std::string dead_letters =
      from_trim_horizon + "    DestinationConfig: {OnFailure: {Destination: dlq}}\n";
  CHECK(said_about(with_mapping(dead_letters,
                                "expect:\n  destinations: {dlq: [{shardId: shardId-000000000002, "
                                "functionError: Handled}]}\n")) ==
        "13:34 stream `orders` has no shard `shardId-000000000002` (its shards are "
        "shardId-000000000000 to shardId-000000000001)\n"
        "13:71 functionError must be `Unhandled`, not `Handled` (did you mean `Unhandled`?)");
}

TEST_CASE("an instant is expected of first deliveries and of catching up") {
  CHECK(summary(one("  first_delivery: {r5: '>= 25h', r6: 1s}\n  caught_up: {billing-orders: ['> "
                    "1m', '<= 30m']}\n")) ==
        "first_delivery.r5 | billing-orders | r5 | >= 25h\n"
        "first_delivery.r6 | billing-orders | r6 | == 1s\n"
        "caught_up.billing-orders | billing-orders |  | > 1m, <= 30m");
  CHECK(summary(two("  first_delivery: {audit-orders: {r5: '< 1m'}}\n")) ==
        "first_delivery.audit-orders.r5 | audit-orders | r5 | < 1m");
  CHECK(said_about(one("  caught_up: {billing: 30m}\n  first_delivery: {r5: 30}\n"))
            .starts_with("12:15 no event source mapping is called `billing`"));
}

TEST_CASE("metrics of a stream have their own names, and stand under the stream [MET-03]") {
  CHECK(summary(one("  metrics: {orders: {WriteProvisionedThroughputExceeded: 4, "
                    "GetRecords.IteratorAgeMilliseconds.max: '< 30s'}, billing-orders: {Errors: "
                    "0}}\n"),
                Coming::read) ==
        "metrics.orders.WriteProvisionedThroughputExceeded | orders | "
        "WriteProvisionedThroughputExceeded | == 4\n"
        "metrics.orders.GetRecords.IteratorAgeMilliseconds.max | orders | "
        "GetRecords.IteratorAgeMilliseconds.max | < 30s\n"
        "metrics.billing-orders.Errors | billing-orders | Errors | == 0");
  CHECK(said_about_all(one("  metrics: {orders: {Errors: 0, IncomingRecord: 1, "
                           "SubscribeToShardEvent.MillisBehindLatest: 1s}, billing-orders: "
                           "{IncomingBytes: 1}, billing: {IncomingBytes: 1}}\n")) ==
        "12:22 Errors is a metric of event source mappings, not of streams\n"
        "12:33 `IncomingRecord` is not a metric (did you mean `IncomingRecords`?)\n"
        "12:52 SubscribeToShardEvent.MillisBehindLatest needs a statistic: `.max`, `.min`, `.avg`, "
        "`.p50`, `.p90` or `.p99` (write SubscribeToShardEvent.MillisBehindLatest.max)\n"
        "12:116 IncomingBytes is a metric of streams, not of event source mappings\n"
        "12:145 IncomingBytes is a metric of streams, not of functions");
}
