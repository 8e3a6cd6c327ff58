#include "tests/support/rule_watch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/format.hpp"

namespace trimhorizon::testing {
namespace {

constexpr std::int64_t six_mb = 6 * 1024 * 1024;

// The event of a record: base64 of its data and 400 bytes (ESM-POL-06).
std::int64_t event_bytes(const World& world, ShardId shard, Position p) {
  const RecordId record = world.shards[shard.value].log.record(p);
  const std::int64_t data = world.plan->producer(record.producer()).data_bytes(record.number());
  return (data + 2) / 3 * 4 + 400;
}

bool covered(const World& world, ActionKind kind, Instant at, auto concerns) {
  return std::any_of(world.plan->timeline.begin(), world.plan->timeline.end(),
                     [&](const TimelineAction& action) {
                       return action.kind == kind && action.covers(at) && concerns(action);
                     });
}

Duration age_of(const World& world, ShardId shard, Position p) {
  return world.now - world.shards[shard.value].log.arrival(p);
}

Duration retention_of(const World& world, ShardId shard) {
  return world.plan->stream(world.shards[shard.value].stream).settings.retention();
}

}  // namespace

void RuleWatch::expect(bool holds, const TraceEvent& event, const char* rule) {
  if (holds) return;
  complaints_.push_back(
      fmt::format("event {} at {}: {}", event.number, duration_text(event.at - Instant{0}), rule));
}

std::string RuleWatch::text() const {
  std::string out;
  for (const std::string& complaint : complaints_) out += complaint + "\n";
  return out;
}

void RuleWatch::on(const TraceEvent& event, const World& world) {
  expect(event.number == last_number_ + 1, event, "numbers have a gap");
  expect(event.cause < event.number, event, "a cause in the future");
  expect(event.at >= last_, event, "time runs back");
  last_number_ = event.number;
  last_ = event.at;
  switch (event.kind) {
    case TraceKind::mapping_state:
      if (world.mappings[event.who].exists) enabled_[event.who] = event.flag;
      break;
    case TraceKind::started: started(event, world); break;
    case TraceKind::invoke: invoke(event, world); break;
    case TraceKind::invoke_result: end_of_call(event, world); break;
    case TraceKind::discard: discard(event, world); break;
    case TraceKind::destination:
      expect(!event.flag || !covered(world, ActionKind::fail_destination, event.at,
                                     [&](const TimelineAction& a) {
                                       return a.destination.value == event.value;
                                     }),
             event, "a failing destination took a message");
      break;
    case TraceKind::put_result:
      expect(event.flag ||
                 covered(world, ActionKind::lose_acknowledgements, event.at,
                         [&](const TimelineAction& a) { return a.producer.value == event.who; }),
             event, "an acknowledgement is lost although the timeline does not say so");
      break;
    default: break;
  }
}

// ESM-PAR-04: where reading begins.
void RuleWatch::started(const TraceEvent& event, const World& world) {
  const MappingSettings& settings = world.settings(world.reader({event.who}));
  const RecordLog& log = world.shards[event.shard.value].log;
  const Position start = event.span.first;
  if (settings.starting_position == StartingPosition::latest) {
    expect(start == log.end(), event, "LATEST is not behind the newest record");
    return;
  }
  const auto readable = [&](Position p) {
    return age_of(world, event.shard, p) <= retention_of(world, event.shard);
  };
  const auto wanted = [&](Position p) {
    return settings.starting_position == StartingPosition::trim_horizon ||
           world.plan->epoch_ms * 1000 + log.arrival(p).us >=
               *settings.starting_timestamp_ms * 1000;
  };
  expect(start == log.end() || (readable(start) && wanted(start)), event,
         "reading begins at a record that is trimmed or too early");
  expect(start == 0 || !readable(start - 1) || !wanted(start - 1) ||
             start == world.reader({event.who}).checkpoint,
         event, "reading begins behind a record that it should have read");
}

void RuleWatch::invoke(const TraceEvent& event, const World& world) {
  const std::uint32_t mapping = world.reader({event.who}).mapping.value;
  const MappingPlan& plan = world.plan->mappings[mapping];
  const MappingSettings& settings = plan.settings;
  const std::uint32_t function = plan.function.value;
  expect(event.at >= settings.created + settings.create_delay, event, "polled before it may");
  expect(enabled_.contains(mapping) && enabled_[mapping], event, "a disabled mapping invokes");
  expect(!covered(world, ActionKind::throttle, event.at,
                  [&](const TimelineAction& a) { return a.function.value == function; }),
         event, "a throttled function is invoked");
  const auto& reserved = world.plan->functions[function].settings.reserved_concurrency;
  expect(!reserved || in_flight_[function] < *reserved, event, "more invocations than reserved");
  expect(!settings.retries_are_limited() ||
             event.count <= std::uint64_t(settings.maximum_retry_attempts) + 1,
         event, "a batch object is invoked more than 1 + MaximumRetryAttempts times");
  check_records(event, world, settings);
  in_flight_[function] += 1;
  open_[event.value] = {event.at, function, mapping};
}

void RuleWatch::check_records(const TraceEvent& event, const World& world,
                              const MappingSettings& settings) {
  const Duration oldest = age_of(world, event.shard, event.span.first);
  if (world.plan->natural_retention) {
    expect(oldest <= retention_of(world, event.shard), event, "a trimmed record is delivered");
  }
  if (settings.age_is_limited()) {
    const bool over = world.plan->assumptions.age_boundary == assume::age_boundary::over;
    expect(
        oldest < settings.maximum_record_age() || (over && oldest == settings.maximum_record_age()),
        event, "a record above MaximumRecordAge is delivered");
  }
  std::int64_t bytes = 0;
  for (Position p = event.span.first; p < event.span.end; ++p) {
    bytes += event_bytes(world, event.shard, p);
  }
  expect(bytes <= six_mb, event, "an event above 6 MB");
}

void RuleWatch::end_of_call(const TraceEvent& event, const World& world) {
  const auto found = open_.find(event.value);
  if (found == open_.end()) return expect(false, event, "an end without a beginning");
  const Call call = found->second;
  open_.erase(found);
  in_flight_[call.function] -= 1;
  const FunctionSettings& function = world.plan->functions[call.function].settings;
  expect(event.at - call.started <= function.timeout() + function.cold_start, event,
         "an invocation longer than its Timeout");
  if (!covered(world, ActionKind::outage, call.started,
               [&](const TimelineAction& a) { return a.function.value == call.function; })) {
    return;
  }
  expect(event.count == 0, event, "effects during an outage");
  expect(static_cast<InvocationEnd>(event.detail) == InvocationEnd::error, event,
         "an invocation during an outage that is no error");
}

void RuleWatch::discard(const TraceEvent& event, const World& world) {
  const MappingSettings& settings = world.settings(world.reader({event.who}));
  const Assumptions& assumptions = world.plan->assumptions;
  if (static_cast<LossCause>(event.detail) == LossCause::age) {
    expect(settings.age_is_limited(), event, "given up for age without a limit");
    const Position last = assumptions.age_scope == assume::age_scope::whole_batch
                              ? event.span.first
                              : event.span.end - 1;
    expect(age_of(world, event.shard, last) >= settings.maximum_record_age(), event,
           "a record given up before its time");
    return;
  }
  // With keeps_retries progress can exhaust them: the rest is a new object, never invoked.
  const bool kept = settings.report_batch_item_failures &&
                    assumptions.partial_progress == assume::partial_progress::keeps_retries;
  const bool oversized =  // ESM-POL-07
      event.span.count() == 1 && event_bytes(world, event.shard, event.span.first) > six_mb;
  if (oversized) return;
  expect(event.count > 0 || kept, event, "given up without an attempt");
  expect(settings.retries_are_limited(), event, "given up for retries without a limit");
  if (settings.report_batch_item_failures || settings.bisect_batch_on_function_error) return;
  expect(event.count == std::uint64_t(settings.maximum_retry_attempts) + 1, event,
         "given up before the last retry");
}

}  // namespace trimhorizon::testing
