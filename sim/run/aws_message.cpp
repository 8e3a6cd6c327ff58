#include "sim/run/aws_message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/base64.hpp"
#include "sim/base/format.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/json.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

constexpr std::string_view region = "us-east-1";
constexpr std::string_view account = "123456789012";

// A version 4 UUID whose bits follow from two numbers.
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

// ESM-EVT-01, ESM-EVT-02: these members and no other.
void write_event_record(const World& world, ShardId shard_id, Position p, JsonWriter& json) {
  const Shard& shard = world.shards[shard_id.value];
  const RecordId record = shard.log.record(p);
  const std::string sequence = sequence_number_of(world, shard_id, p);
  json.begin_object();
  json.key("kinesis");
  json.begin_object();
  json.member("kinesisSchemaVersion", "1.0");
  json.member("partitionKey", world.plan->keys[shard.log.key(p).value].name);
  json.member("sequenceNumber", sequence);
  json.member("data", base64_encode(world.plan->producer(record.producer()).data(record.number())));
  json.key("approximateArrivalTimestamp");
  json.raw(seconds_number(world.plan->wall_ms(shard.log.arrival(p))));
  json.end_object();
  json.member("eventSource", "aws:kinesis");
  json.member("eventVersion", "1.0");
  // ESM-CHK-10: of the stored record, so the same in every delivery and another for a copy.
  json.member("eventID", shard_name(world, shard_id) + ":" + sequence);
  json.member("eventName", "aws:kinesis:record");
  json.member("invokeIdentityArn",
              fmt::format("arn:aws:iam::{}:role/lambda-kinesis-role", account));
  json.member("awsRegion", std::string(region));
  json.member("eventSourceARN", stream_arn(world.plan->stream(shard.stream).name));
  json.end_object();
}

// ESM-DST-03: none for RecordAgeExceeded. Nor for what was never handed over (ESM-POL-07).
bool has_response_context(const Message& message) {
  if (message.cause == LossCause::oversized) return false;
  return TH_RULE(no_response_context_for_age, message.cause != LossCause::age, true);
}

void write_message(const World& world, const Message& message, JsonWriter& json) {
  const Reader& reader = world.reader(message.reader);
  const MappingPlan& mapping = world.plan->mapping(reader.mapping);
  const std::int64_t epoch = world.plan->epoch_ms;
  json.begin_object();
  json.key("requestContext");
  json.begin_object();
  json.member("requestId", message.invocation_number > 0
                               ? request_id(world, message.invocation_number)
                               : uuid(world.plan->seed ^ 0x6e6576657272616eull,
                                      message.span.first << 16 | message.reader.value));
  json.member("functionArn", function_arn(world.plan->function(mapping.function).name));
  json.member("condition", condition_of(message.cause));
  json.member("approximateInvokeCount", shown_count(world, message.cause, message.invocations));
  json.end_object();
  if (has_response_context(message)) {
    json.key("responseContext");
    json.begin_object();
    json.member("statusCode", 200);
    json.member("executedVersion", "$LATEST");
    json.key("functionError");
    if (message.function_error) {
      json.value("Unhandled");
    } else {
      json.null();
    }
    json.end_object();
  }
  json.member("version", "1.0");
  json.member("timestamp", wall_time_iso(message.at, epoch));
  json.key("KinesisBatchInfo");
  json.begin_object();
  json.member("shardId", shard_name(world, reader.shard));
  json.member("startSequenceNumber",
              sequence_number_of(world, reader.shard, message.span.first, message.first_arrival));
  json.member("endSequenceNumber",
              sequence_number_of(world, reader.shard, message.span.end - 1, message.last_arrival));
  json.member("approximateArrivalOfFirstRecord", wall_time_iso(message.first_arrival, epoch));
  json.member("approximateArrivalOfLastRecord", wall_time_iso(message.last_arrival, epoch));
  json.member("batchSize", message.span.count());
  json.member("streamArn", stream_arn(world.plan->stream(mapping.stream).name));
  json.end_object();
  if (world.plan->destinations[message.destination.value].type == DestinationType::s3) {
    json.key("payload");  // ESM-DST-01: parsed, as recorded
    json.raw(invocation_event_json(world, reader.shard, message.span));
  }
  json.end_object();
}

}  // namespace

std::string condition_of(LossCause cause) {
  return cause == LossCause::age ? "RecordAgeExceeded" : "RetryAttemptsExhausted";
}

// CON-10: AWS says 1 for a record that was never handed over.
std::uint64_t shown_count(const World& world, LossCause cause, std::uint64_t invocations) {
  if (invocations > 0) return invocations;
  // ESM-RTY-12: given up right behind progress, the batch object is a new one, but not unheard of.
  const bool zero = cause != LossCause::retries && world.plan->assumptions.never_invoked_count ==
                                                       assume::never_invoked_count::zero;
  return TH_RULE(never_invoked_is_shown_as_one, zero, true) ? 0 : 1;
}

std::string stream_arn(const std::string& stream) {
  return fmt::format("arn:aws:kinesis:{}:{}:stream/{}", region, account, stream);
}

std::string function_arn(const std::string& function) {
  return fmt::format("arn:aws:lambda:{}:{}:function:{}", region, account, function);
}

std::string request_id(const World& world, std::uint64_t invocation_number) {
  return uuid(world.plan->seed, invocation_number);
}

std::string invocation_event_json(const World& world, ShardId shard, Span records) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  json.key("Records");
  json.begin_array();
  for (Position p = records.first; p < records.end; ++p) {  // ESM-EVT-03
    write_event_record(world, shard, p, json);
  }
  json.end_array();
  json.end_object();
  return text;
}

DestinationMessage destination_message(const World& world, const Message& message) {
  const Reader& reader = world.reader(message.reader);
  DestinationMessage out;
  JsonWriter json(out.json);
  write_message(world, message, json);
  out.condition = condition_of(message.cause);
  out.approximate_invoke_count = shown_count(world, message.cause, message.invocations);
  out.true_invoke_count = message.invocations;
  out.batch_size = message.span.count();
  out.shard_id = shard_name(world, reader.shard);
  out.has_response_context = has_response_context(message);
  if (message.function_error) out.function_error = "Unhandled";
  const RecordLog& log = world.shards[reader.shard.value].log;
  for (Position p = std::max(message.span.first, log.first()); p < message.span.end; ++p) {
    out.records.push_back(record_name(world, reader.shard, p));
  }
  return out;
}

}  // namespace trimhorizon
