// The event that a function receives, and what names a stored record in it.
#include <algorithm>
#include <set>

#include "sim/kinesis/sequence_number.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/world/aws_event.hpp"
#include "sim/world/names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// The modelled function, with what it was told at every call.
class Heard : public ModelledFunction {
 public:
  struct Call {
    std::vector<std::string> event_ids;
    std::string request_id;
  };
  std::vector<Call> calls;

  Outcome invoke(const InvocationRequest& request, const World& world, Choices& choices) override {
    Call call{{}, request_id(*world.plan, request.request)};
    const auto event = parse_json(invocation_event_json(world, request.batch));
    for (const Json& record : *std::get<Json>(event).find("Records")->array()) {
      call.event_ids.push_back(*record.find("eventID")->string());
    }
    calls.push_back(std::move(call));
    return ModelledFunction::invoke(request, world, choices);
  }
};

void run_with(const Story& story, Heard& heard) {
  Simulation simulation(make_plan(story.scenario()), heard);
  simulation.run();
}

}  // namespace

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
  CHECK(invocation_event_json(told.world(), Batch::whole({0}, {0, 2})) ==
        "{\"Records\":[{\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\","
        "\"partitionKey\":\"user-1\",\"sequenceNumber\":\"" +
            first +
            "\","
            "\"data\":\"aGVsbG8=\",\"approximateArrivalTimestamp\":1767225601.000},"
            "\"eventSource\":\"aws:kinesis\",\"eventVersion\":\"1.0\","
            "\"eventID\":\"shardId-000000000000:" +
            first + "\"," + tail +
            ",{\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\","
            "\"partitionKey\":\"user-2\",\"sequenceNumber\":\"" +
            second +
            "\","
            "\"data\":\"cjE=\",\"approximateArrivalTimestamp\":1767225601.250},"
            "\"eventSource\":\"aws:kinesis\",\"eventVersion\":\"1.0\","
            "\"eventID\":\"shardId-000000000000:" +
            second + "\"," + tail + "]}");
}

TEST_CASE("neither encryptionType nor ExplicitHashKey is in the event [ESM-EVT-02]") {
  Scenario scenario = story().records(1).scenario();
  scenario.producers[0].settings.put[0].records[0].explicit_hash_key = "12345";
  Simulation simulation(make_plan(scenario));
  simulation.run();
  const std::string event = invocation_event_json(simulation.world(), Batch::whole({0}, {0, 1}));
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
  const Told told = story()
                        .record("r0", "a")
                        .batch(1)
                        .retries(1)
                        .poison("r0")
                        .destination()
                        .lose_acknowledgements(0_s, 10_ms)
                        .producer_retry(RetryMode::retries, 1)
                        .tell();
  CHECK(told.invocations() == "[0][0][1][1]");
  REQUIRE(told.messages() == 2);
  const std::string start = "KinesisBatchInfo.startSequenceNumber";
  CHECK(told.in_message(start, 0) == sequence_number_of(told.world(), {0}, 0));
  CHECK(told.in_message(start, 1) == sequence_number_of(told.world(), {0}, 1));
  CHECK(told.in_message(start, 0) != told.in_message(start, 1));
}

TEST_CASE("eventID is the same at every delivery, and another for a copy [ESM-CHK-10]") {
  Heard heard;
  run_with(story()
               .record("r0", "a")
               .record("r1", "a")
               .batch(10)
               .retries(2)
               .bisect()
               .poison("r1")
               .created(1_s)
               .lose_acknowledgements(0_s, 10_ms)
               .producer_retry(RetryMode::retries, 1, 0_s),
           heard);
  // r0 r0 r1 r1, then halves of it, then each r1 again: the ids of a call are those of its place.
  REQUIRE(heard.calls.size() > 4);
  const std::vector<std::string> all = heard.calls[0].event_ids;
  REQUIRE(all.size() == 4);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == 4);
  for (const Heard::Call& call : heard.calls) {
    CHECK(std::search(all.begin(), all.end(), call.event_ids.begin(), call.event_ids.end()) !=
          all.end());
  }
}

TEST_CASE("retries carry the request id of their batch object, the message too [ESM-RTY-12]") {
  Heard heard;
  const Story failing = story().records(2).retries(3).poison("r1").destination();
  run_with(failing, heard);
  REQUIRE(heard.calls.size() == 4);
  for (const Heard::Call& call : heard.calls) {
    CHECK(call.event_ids == heard.calls[0].event_ids);
    CHECK(call.request_id.size() == 36);
    CHECK(call.request_id == heard.calls[0].request_id);
  }
  const Told told = failing.tell();
  CHECK(told.in_message("requestContext.requestId") == heard.calls[0].request_id);
  CHECK(told.in_message("requestContext.approximateInvokeCount") == "4");
}
