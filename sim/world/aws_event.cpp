#include "sim/world/aws_event.hpp"

#include <fmt/format.h>

#include "sim/base/base64.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/json.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

constexpr std::string_view region = "us-east-1";
constexpr std::string_view account = "123456789012";

// A version 4 UUID that is a function of two numbers, so that a run can be repeated exactly.
std::string uuid(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t high = mix64(a * 2 + 1);
  const std::uint64_t low = mix64(b ^ mix64(a));
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                     high & 0xfff, 0x8000 | (low >> 48 & 0x3fff), low & 0xffffffffffffull);
}

// approximateArrivalTimestamp: seconds with at most three decimals, as a JSON number.
std::string seconds_number(std::int64_t wall_ms) {
  return fmt::format("{}.{:03}", wall_ms / 1000, wall_ms % 1000);
}

// ESM-EVT-01, ESM-EVT-02: exactly these members, because a real function may read any of them.
void write_event_record(const World& world, ShardId shard_id, Position p, JsonWriter& json) {
  const Shard& shard = world.shard(shard_id);
  const RecordId record = shard.log.record(p);
  const std::string sequence = sequence_number_of(world, shard_id, p);
  const std::string data = world.plan->producer(record.producer()).data(record.number());
  json.object([&] {
    json.object("kinesis", [&] {
      json.member("kinesisSchemaVersion", "1.0");
      json.member("partitionKey", world.plan->keys[shard.log.key(p).value].name);
      json.member("sequenceNumber", sequence);
      json.member("data", base64_encode(data));
      json.key("approximateArrivalTimestamp");
      json.raw(seconds_number(world.plan->wall_ms(shard.log.arrival(p))));
    });
    json.member("eventSource", "aws:kinesis");
    json.member("eventVersion", "1.0");
    // ESM-CHK-10: the same in every delivery of one stored record, and different for its copies. So
    // a function can use it to find repeated deliveries, but not copies.
    json.member("eventID", shard_name(world, shard_id) + ":" + sequence);
    json.member("eventName", "aws:kinesis:record");
    json.member("invokeIdentityArn",
                fmt::format("arn:aws:iam::{}:role/lambda-kinesis-role", account));
    json.member("awsRegion", region);
    json.member("eventSourceARN", stream_arn(world.plan->stream(shard.stream).name));
  });
}

}  // namespace

std::string stream_arn(const std::string& stream) {
  return fmt::format("arn:aws:kinesis:{}:{}:stream/{}", region, account, stream);
}

std::string function_arn(const std::string& function) {
  return fmt::format("arn:aws:lambda:{}:{}:function:{}", region, account, function);
}

std::string request_id(const Plan& plan, InvocationNumber number) {
  return uuid(plan.seed, number.value);
}

std::string request_id_of_nothing(const Plan& plan, ReaderId reader, Position first) {
  return uuid(plan.seed ^ 0x6e6576657272616eull, first << 16 | reader.value);
}

std::string invocation_event_json(const World& world, const Batch& batch) {
  std::string text;
  JsonWriter json(text);
  json.object([&] {
    json.list("Records", [&] {
      for (std::uint64_t i = 0; i < batch.count; ++i) {  // in the order of the shard (ESM-EVT-03)
        write_event_record(world, batch.shard, batch.at(i), json);
      }
    });
  });
  return text;
}

}  // namespace trimhorizon
