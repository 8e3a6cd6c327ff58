#include "sim/world/aws_event.hpp"

#include <fmt/format.h>

#include "sim/base/base64.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/json.hpp"
#include "sim/producer/aggregate.hpp"
#include "sim/world/event_records.hpp"
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

// A record of the event: a user record, or a whole aggregate.
struct Stored {
  std::string key;
  std::string data;
};

UserRecord user_record_at(const World& world, const Shard& shard, Position p) {
  const RecordId record = shard.log.record(p);
  const KeyPlan& key = world.plan->keys[shard.log.key(p).value];
  UserRecord user{key.name, {}, world.plan->producer(record.producer()).data(record.number())};
  if (key.is_explicit) user.explicit_hash_key = to_decimal(key.hash);
  return user;
}

Stored alone_at(const World& world, const Shard& shard, Position p) {
  UserRecord user = user_record_at(world, shard, p);
  return {std::move(user.key), std::move(user.data)};
}

// KDS-PRD-18, KDS-PRD-19: an aggregate with its outer key.
Stored aggregate_at(const World& world, const Shard& shard, const Pack& pack) {
  std::vector<UserRecord> records;
  for (Position p = pack.first; p < pack.end(); ++p) {
    records.push_back(user_record_at(world, shard, p));
  }
  return {std::string(aggregate_key), write_aggregate(records)};
}

// ESM-EVT-01, ESM-EVT-02: exactly these members, because a real function may read any of them.
void write_event_record(const World& world, ShardId shard_id, Position p, const Stored& stored,
                        JsonWriter& json) {
  const Shard& shard = world.shard(shard_id);
  const std::string sequence = sequence_number_of(world, shard_id, p);
  json.object([&] {
    json.object("kinesis", [&] {
      json.member("kinesisSchemaVersion", "1.0");
      json.member("partitionKey", stored.key);
      json.member("sequenceNumber", sequence);
      json.member("data", base64_encode(stored.data));
      json.key("approximateArrivalTimestamp");
      json.raw(seconds_number(world.plan->wall_ms(world.stamped_log(shard_id).timestamp(p))));
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

std::string source_arn(const World& world, const MappingPlan& mapping) {
  const Plan& plan = *world.plan;
  const std::string stream = stream_arn(plan.stream(mapping.stream).name);
  if (!mapping.reads_as.valid()) return stream;
  const std::string& consumer = plan.stream_consumers[mapping.reads_as.value].name;
  const ConsumerAnswer answer = describe_stream_consumer(
      world.streams[mapping.stream.value].consumers, mapping.reads_as, world.now);
  const auto* known = std::get_if<StreamConsumer>(&answer);
  // It ends with the second of its registration.
  const std::int64_t created_s = known == nullptr ? 0 : plan.clock().s(known->created);
  return fmt::format("{}/consumer/{}:{}", stream, consumer, created_s);
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
      const Shard& shard = world.shard(batch.shard);
      each_run(world, batch, [&](Span run) {
        for (Position p = run.first; p < run.end;) {  // ESM-EVT-03: in their order
          const Pack* pack = batch.has_aggregates() ? shard.packs.at(p) : nullptr;
          write_event_record(
              world, batch.shard, p,
              pack != nullptr ? aggregate_at(world, shard, *pack) : alone_at(world, shard, p),
              json);
          p = pack != nullptr ? pack->end() : p + 1;
        }
      });
    });
  });
  return text;
}

}  // namespace trimhorizon
