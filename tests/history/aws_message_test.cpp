// One message to a failure destination, made of what is known of it. Whole runs with destinations:
// tests/world/destination_test.cpp.
#include "sim/history/aws_message.hpp"

#include "sim/base/json.hpp"
#include "sim/world/aws_event.hpp"
#include "sim/world/names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_text.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

struct Desk {
  explicit Desk(DestinationType type = DestinationType::sqs)
      : told(story().shards(2).records(20).destination(type).tell()) {
    const RecordLog& log = told.world().shard(shard).log;
    REQUIRE(log.end() > 3);
    message.at = Instant{0} + seconds(61);
    message.reader = ReaderId{1};
    message.destination = DestinationId{0};
    message.what = {Batch::whole(shard, {1, 3}), LossCause::retries, 4, true, {9}};
    message.first = log.at(1);
    message.last = log.at(2);
  }
  DestinationMessage written() const { return destination_message(told.world(), message); }
  // A member of the JSON as text; "absent" when it is not there.
  std::string member(const std::vector<std::string>& path) const {
    const std::string json = written().json.text();
    const auto parsed = parse_json(json);
    REQUIRE(std::holds_alternative<Json>(parsed));
    const Json* at = &std::get<Json>(parsed);
    for (const std::string& name : path) at = at ? at->find(name) : at;
    if (at == nullptr) return "absent";
    return at->string() ? *at->string() : to_text(*at);
  }

  ShardId shard{1};
  Told told;
  Message message;
};

}  // namespace

TEST_CASE("the fields that are compared say what the text says [ESM-DST-02]") {
  const Desk desk;
  const DestinationMessage out = desk.written();
  CHECK(out.condition == desk.member({"requestContext", "condition"}));
  CHECK(out.approximate_invoke_count == 4);
  CHECK(desk.member({"requestContext", "approximateInvokeCount"}) == "4");
  CHECK(out.batch_size == 2);
  CHECK(desk.member({"KinesisBatchInfo", "batchSize"}) == "2");
  CHECK(out.shard_id == "shardId-000000000001");
  CHECK(desk.member({"KinesisBatchInfo", "shardId"}) == out.shard_id);
  CHECK(out.function_error == "Unhandled");
  CHECK(desk.member({"responseContext", "functionError"}) == "Unhandled");
  CHECK(out.records == std::vector<std::string>{record_name(desk.told.world(), desk.shard, 1),
                                                record_name(desk.told.world(), desk.shard, 2)});
  CHECK(desk.member({"timestamp"}) == "2026-01-01T00:01:01.000Z");
  CHECK(desk.member({"requestContext", "requestId"}) ==
        request_id(*desk.told.world().plan, InvocationNumber{9}));
}

TEST_CASE("a report that failed is not a function error, but has a response [ESM-DST-04]") {
  Desk desk;
  desk.message.what.function_error = false;
  CHECK_FALSE(desk.written().function_error);
  CHECK(desk.written().has_response_context);
  CHECK(desk.member({"responseContext", "functionError"}) == "null");
}

TEST_CASE("records too old or too large have no response [ESM-DST-03, ESM-POL-07]") {
  for (const LossCause why : {LossCause::age, LossCause::oversized}) {
    Desk desk;
    desk.message.what.why = why;
    CHECK_FALSE(desk.written().has_response_context);
    CHECK(desk.member({"responseContext"}) == "absent");
  }
}

TEST_CASE(
    "what was never handed to the function has a request id all the same, and counts once "
    "[CON-10]") {
  Desk desk;
  desk.message.what = {Batch::whole(desk.shard, {1, 3}), LossCause::age, 0, false, {}};
  const std::string id = desk.member({"requestContext", "requestId"});
  CHECK(id.size() == 36);
  CHECK(id == request_id_of_nothing(*desk.told.world().plan, ReaderId{1}, 1));
  CHECK(desk.written().approximate_invoke_count == 1);
  CHECK(desk.written().true_invoke_count == 0);
}

TEST_CASE("only S3 gets the records themselves [ESM-DST-01]") {
  CHECK(Desk(DestinationType::sqs).member({"payload"}) == "absent");
  CHECK(Desk(DestinationType::sns).member({"payload"}) == "absent");
  const Desk bucket(DestinationType::s3);
  CHECK(bucket.member({"payload"}) ==
        invocation_event_json(bucket.told.world(), bucket.message.what.batch));
}
