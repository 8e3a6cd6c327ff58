// `expect:` in all its forms.
#include "sim/scenario/names.hpp"
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

std::string one(const std::string& expect) {
  return with_mapping(trim_horizon, "expect:\n" + expect);
}
std::string two(const std::string& expect) {
  std::string text = with_mapping(
      trim_horizon,
      "  audit-orders: {EventSourceArn: orders, FunctionName: audit, StartingPosition: LATEST}\n"
      "expect:\n" +
          expect);
  text.replace(text.find("{billing: {}}"), 13, "{billing: {}, audit: {}}");
  return text;
}

// "name | scope | subject | wanted" for each expectation, one a line.
std::string summary(const std::string& text) {
  std::string all;
  for (const Expectation& each : read(text).expect) {
    if (!all.empty()) all += '\n';
    all += each.name + " | " + each.scope + " | " + each.subject + " | " + each.wanted_text;
  }
  return all;
}

}  // namespace

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

TEST_CASE("messages name the fields that are compared") {
  const Scenario scenario = read(one(
      "  destinations: {dlq: [{condition: RetryAttemptsExhausted, approximateInvokeCount: 4, "
      "batchSize: 1, records: [r5], functionError: null, shardId: shardId-000000000001}, {}]}\n"));
  REQUIRE(scenario.expect.size() == 1);
  CHECK(scenario.expect[0].scope == "dlq");
  REQUIRE(scenario.expect[0].messages.size() == 2);
  const WantedMessage& first = scenario.expect[0].messages[0];
  CHECK(first.condition == "RetryAttemptsExhausted");
  CHECK(first.approximate_invoke_count == 4);
  CHECK(first.batch_size == 1);
  CHECK(first.records == std::vector<std::string>{"r5"});
  REQUIRE(first.function_error.has_value());
  CHECK_FALSE(first.function_error->has_value());
  CHECK(first.shard_id == "shardId-000000000001");
  CHECK(
      first.text ==
      "{condition: RetryAttemptsExhausted, approximateInvokeCount: 4, batchSize: 1, records: [r5], "
      "functionError: null, shardId: shardId-000000000001}");
  CHECK_FALSE(scenario.expect[0].messages[1].function_error);
  CHECK(summary(one("  destinations: {dlq: []}\n")) == "destinations.dlq | dlq |  | []");
  CHECK(said_about(one("  destinations: {dlq: 3, dql: []}\n")) ==
        "12:23 destinations.dlq must be a list of messages, not `3` (write [] for none, or "
        "[{condition: RetryAttemptsExhausted}])\n"
        "12:26 no destination is called `dql` (did you mean `dlq`?)");
}

TEST_CASE("invariants and situations are named") {
  CHECK(summary(one("  always: [conservation, key_order]\n  sometimes: [retry]\n")) ==
        "always.conservation |  | conservation | \nalways.key_order |  | key_order | \n"
        "sometimes.retry |  | retry | ");
  CHECK(
      said_about(one("  always: [conservaton]\n  sometimes: [magic]\n")) ==
      "12:12 always cannot be `conservaton` (did you mean `conservation`?)\n"
      "13:15 sometimes cannot be `magic` (write one of `retry`, `timeout`, `partial_response`, "
      "`malformed_response`, `bisect`, `discard`, `age_discard`, `expire`, `throttle`, "
      "`poller_crash`, `checkpoint_lost`, `ack_lost`, `producer_retry`, `filtered`, `latest_gap`, "
      "`reshard`, `cold_start`, `swallow` or `destination_failure`)");
}

TEST_CASE("unknown mappings, fates and causes are mistakes; an unknown record is a warning") {
  CHECK(
      said_about(one("  fates: {billing: {processed: 1}, billing-orders: {procesed: 1, lost: 1}}\n"
                     "  lost_by_cause: {swalowed: 0}\n  duplicates_by_cause: {luck: 0}\n")) ==
      "12:11 no event source mapping is called `billing` (write `billing-orders`)\n"
      "12:53 `procesed` is not a fate (did you mean `processed`?)\n"
      "12:66 `lost` is not a fate (write `processed`, `filtered`, `discarded`, `dropped`, "
      "`expired`, `unread` or `pending`)\n"
      "13:19 `swalowed` is not a cause of loss (did you mean `swallowed`?)\n"
      "14:25 `luck` is not a cause of duplicates (write `retry_after_error`, "
      "`retry_after_timeout`, `retry_after_crash`, `retry_after_partial_response`, `bisect`, "
      "`poller_crash`, `overlapping_pollers`, `checkpoint_lost`, `re_enabled`, `recreated` or "
      "`producer_retry`)");
  CHECK(read(one("  deliveries: {r100: 1}\n")).warnings ==
        std::vector<std::string>{
            "s.yaml:12:16: warning: no producer puts a record `r100`: `shop` puts 100 records"});
}

TEST_CASE("expectations of the wrong shape are mistakes") {
  CHECK(said_about(one("  lost:\n  duplicates: []\n  never_accepted: {billing-orders: 1}\n"
                       "  fates: 3\n  deliveries: {billing-orders: 5}\n  invocations: [[1]]\n")) ==
        "12:3 lost must be a number or a comparison, not nothing\n"
        "13:15 duplicates is an empty list\n"
        "14:19 never_accepted must be a number or a comparison, not a mapping\n"
        "15:10 fates must be a mapping, not `3`\n"
        "16:32 deliveries.billing-orders must be a mapping, not `5`\n"
        "17:17 invocations must be a number or a comparison, not a list");
}

TEST_CASE("an expectation that checks nothing is a mistake") {
  const std::string nothing = " checks nothing (write what is expected, or remove the key)";
  CHECK(said_about(one("  lost: {}\n  fates: {billing-orders: {}}\n  deliveries:\n"
                       "  lost_by_cause: {}\n  metrics: ~\n  destinations: {}\n")) ==
        "12:9 lost" + nothing + "\n13:27 fates.billing-orders" + nothing + "\n14:3 deliveries" +
            nothing + "\n15:18 lost_by_cause" + nothing + "\n16:12 metrics" + nothing +
            "\n17:17 destinations" + nothing);
  CHECK(said_about(one("  destinations: {dlq: }\n")) ==
        "12:18 destinations.dlq must be a list of messages, not nothing (write [] for none, or "
        "[{condition: RetryAttemptsExhausted}])");
  CHECK(said_about(one("  destinations: {dlq: [~]}\n")) ==
        "12:24 an entry of destinations.dlq is empty (write {} for an entry with all defaults, or "
        "remove it)");
}

TEST_CASE("an expectation that can never hold is a mistake") {
  CHECK(said_about(one("  lost: 0.5\n  duplicates: '<= 0.5'\n")) ==
        "12:9 lost is a whole number, so it can never be 0.5");
  const std::string dead_letters =
      trim_horizon + "    DestinationConfig: {OnFailure: {Destination: dlq}}\n";
  CHECK(said_about(with_mapping(dead_letters,
                                "expect:\n  destinations: {dlq: [{shardId: shardId-000000000002, "
                                "functionError: Handled}]}\n")) ==
        "13:34 stream `orders` has no shard `shardId-000000000002` (its shards are "
        "shardId-000000000000 to shardId-000000000001)\n"
        "13:71 functionError must be `Unhandled`, not `Handled` (did you mean `Unhandled`?)");
}

TEST_CASE("a time without a unit is in milliseconds, as CloudWatch counts it") {
  for (const std::string metric : {"IteratorAge.max", "Duration.max"}) {
    CHECK(said_about(one("  metrics: {" + metric + ": '< 5000'}\n"))
              .ends_with(metric + " needs a unit: did you mean 5000ms? (CloudWatch counts this in "
                                  "milliseconds)"));
  }
}

TEST_CASE("a fate, a cause or a metric that stands too high is led to its map") {
  CHECK(said_about(one("  processd: 0\n")).ends_with("(write fates: {processed: 0})"));
  CHECK(said_about(one("  Throttles: '< 3'\n")).ends_with("(write metrics: {Throttles: …})"));
}

TEST_CASE("the short form misses no mapping where mappings cannot be read") {
  const auto said = [](const std::string& mappings) {
    return said_about("trimhorizon: 1\nstreams: {s: {}}\nevent_source_mappings: " + mappings +
                      "\nexpect: {fates: {pending: 0}, lost: {m: 0}}\n");
  };
  CHECK(said("3").find('\n') == std::string::npos);
  CHECK(said("{}") == "4:18 fates is about event source mappings, but there is none");
}
