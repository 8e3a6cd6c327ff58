// The event that a function receives, and what names a stored record in it.
#include "sim/kinesis/sequence_number.hpp"
#include "sim/run/aws_message.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/world/names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("the event of two records, whole [ESM-EVT-01]") {
  const Told told = story().record("hello", "user-1", 1_s).record("r1", "user-2", 1'250_ms).tell();
  const std::string first =
      sequence_number_text({1'767'225'600, sequence_index(0), 1'767'225'601, 0});
  const std::string second =
      sequence_number_text({1'767'225'600, sequence_index(1), 1'767'225'601, 0});
  const std::string tail =
      "\"eventName\":\"aws:kinesis:record\","
      "\"invokeIdentityArn\":\"arn:aws:iam::123456789012:role/lambda-kinesis-role\","
      "\"awsRegion\":\"us-east-1\","
      "\"eventSourceARN\":\"arn:aws:kinesis:us-east-1:123456789012:stream/orders\"}";
  CHECK(invocation_event_json(told.world(), {0}, {0, 2}) ==
        "{\"Records\":[{\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\","
        "\"partitionKey\":\"user-1\",\"sequenceNumber\":\"" + first + "\","
        "\"data\":\"aGVsbG8=\",\"approximateArrivalTimestamp\":1767225601.000},"
        "\"eventSource\":\"aws:kinesis\",\"eventVersion\":\"1.0\","
        "\"eventID\":\"shardId-000000000000:" + first + "\"," + tail +
        ",{\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\","
        "\"partitionKey\":\"user-2\",\"sequenceNumber\":\"" + second + "\","
        "\"data\":\"cjE=\",\"approximateArrivalTimestamp\":1767225601.250},"
        "\"eventSource\":\"aws:kinesis\",\"eventVersion\":\"1.0\","
        "\"eventID\":\"shardId-000000000000:" + second + "\"," + tail + "]}");
}

TEST_CASE("neither encryptionType nor ExplicitHashKey is in the event [ESM-EVT-02]") {
  Scenario scenario = story().records(1).scenario();
  scenario.producers[0].settings.put[0].records[0].explicit_hash_key = "12345";
  Simulation simulation(make_plan(scenario));
  simulation.run();
  const std::string event = invocation_event_json(simulation.world(), {0}, {0, 1});
  CHECK(event.find("encryptionType") == std::string::npos);
  CHECK(event.find("xplicitHashKey") == std::string::npos);
  CHECK(event.find("12345\"") == std::string::npos);
}

TEST_CASE("records of one event ascend in sequence, of one shard [ESM-EVT-03]") {
  const Told told = story().shards(3).records(40).batch(7).tell();
  for (const ToldCall& call : told.calls) {
    std::string last;
    for (Position p = call.span.first; p < call.span.end; ++p) {
      const std::string text = sequence_number_of(told.world(), {call.shard}, p);
      CHECK(last < text);  // of equal length
      CHECK(text.size() == 56);
      last = text;
    }
  }
}

TEST_CASE("a stored record is the same in every retry, a copy is another [ESM-CHK-10]") {
  const Told told = story().record("r0", "a").batch(1).retries(1).poison("r0").destination()
                        .lose_acknowledgements(0_s, 10_ms).producer_retry(RetryMode::retries, 1)
                        .tell();
  CHECK(told.invocations() == "[0][0][1][1]");
  REQUIRE(told.messages() == 2);
  const std::string start = "KinesisBatchInfo.startSequenceNumber";
  CHECK(told.in_message(start, 0) == sequence_number_of(told.world(), {0}, 0));
  CHECK(told.in_message(start, 1) == sequence_number_of(told.world(), {0}, 1));
  CHECK(told.in_message(start, 0) != told.in_message(start, 1));
}
