#include "sim/history/aws_message.hpp"

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/base/json.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/aws_event.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

// A message for RecordAgeExceeded has no responseContext (ESM-DST-03). Neither has one about
// records that the function never received (ESM-POL-07).
bool has_response_context(LossCause why) {
  if (why == LossCause::oversized) return false;
  return TH_RULE(no_response_context_for_age, why != LossCause::age, true);
}

// ESM-DST-01: a message to S3 contains the whole event.
bool has_records(const Plan& plan, const Message& message) {
  return plan.destinations[message.destination.value].type == DestinationType::s3;
}

void write_message(const World& world, const Message& message, JsonWriter& json) {
  const Plan& plan = *world.plan;
  const GivingUp& what = message.what;
  const Batch& batch = what.batch;
  const MappingPlan& mapping = world.mapping_of(world.reader(message.reader));
  const auto time = [&](Instant t) { return wall_time_iso(t, plan.epoch_ms); };
  const RecordTimes times = plan.times_of(mapping.stream);
  json.object([&] {
    json.object("requestContext", [&] {
      json.member("requestId", what.request.valid()
                                   ? request_id(plan, what.request)
                                   : request_id_of_nothing(plan, message.reader, batch.first()));
      json.member("functionArn", function_arn(plan.function(mapping.function).name));
      json.member("condition", condition_of(what.why));
      json.member("approximateInvokeCount", shown_count(plan.assumptions, what));
    });
    if (has_response_context(what.why)) {
      json.object("responseContext", [&] {
        json.member("statusCode", 200);
        json.member("executedVersion", "$LATEST");
        json.key("functionError");
        what.function_error ? json.value("Unhandled") : json.null();
      });
    }
    json.member("version", "1.0");
    json.member("timestamp", time(message.at));
    json.object("KinesisBatchInfo", [&] {
      json.member("shardId", shard_name(world, batch.shard));
      json.member("startSequenceNumber",
                  sequence_number_of(world, batch.shard, batch.first(), message.first.arrival));
      json.member("endSequenceNumber",
                  sequence_number_of(world, batch.shard, batch.last(), message.last.arrival));
      json.member("approximateArrivalOfFirstRecord", time(times.timestamp_of(message.first)));
      json.member("approximateArrivalOfLastRecord", time(times.timestamp_of(message.last)));
      json.member("batchSize", batch.count);
      json.member("streamArn", source_arn(world, mapping));
    });
    if (has_records(plan, message)) {
      // The event as a text, so it must be decoded once more.
      json.member("payload", invocation_event_json(world, batch));
    }
  });
}

std::string message_json(const World& world, const Message& message) {
  std::string text;
  JsonWriter json(text);
  write_message(world, message, json);
  return text;
}

}  // namespace

DestinationMessage destination_message(const World& world, const Message& message,
                                       const std::shared_ptr<const World>& kept) {
  const GivingUp& what = message.what;
  DestinationMessage out;
  if (kept != nullptr && has_records(*world.plan, message)) {
    out.json = LateText([kept, message] { return message_json(*kept, message); });
  } else {
    out.json = message_json(world, message);
  }
  out.condition = condition_of(what.why);
  out.approximate_invoke_count = shown_count(world.plan->assumptions, what);
  out.true_invoke_count = what.invocations();
  out.batch_size = what.batch.count;
  out.shard_id = shard_name(world, what.batch.shard);
  out.has_response_context = has_response_context(what.why);
  if (what.function_error) out.function_error = "Unhandled";
  const Span span = what.batch.span;
  const Position known = world.shard(what.batch.shard).log.first();
  for (Position p = std::max(span.first, known); p < span.end; ++p) {
    out.records.push_back(record_name(world, what.batch.shard, p));
  }
  return out;
}

}  // namespace trimhorizon
