// Messages that a destination is expected to receive.
#include "tests/scenario/expecting.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

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
