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

void RuleWatch::expect(bool holds, const char* rule) {
  if (holds) return;
  complaints_.push_back(
      fmt::format("event {} at {}: {}", number_, duration_text(last_ - Instant{0}), rule));
}

std::string RuleWatch::text() const {
  std::string out;
  for (const std::string& complaint : complaints_) out += complaint + "\n";
  return out;
}

void RuleWatch::on(const Happened& event, const World& world) {
  if (event.number.valid()) {
    expect(event.number.value == last_number_ + 1, "numbers have a gap");
    expect(event.cause < event.number, "a cause in the future");
    last_number_ = event.number.value;
  }
  number_ = last_number_;
  expect(event.at >= last_, "time runs back");
  last_ = event.at;
  std::visit([&](const auto& what) { handle(what, world); }, event.what);
}

void RuleWatch::handle(const MappingSwitched& event, const World& world) {
  const bool polls = event.enabled || event.polls_on;
  if (world.mapping(event.mapping).exists) enabled_[event.mapping.value] = polls;
}

void RuleWatch::handle(const MessageSent& event, const World& world) {
  expect(
      !event.taken || !covered(world, ActionKind::fail_destination, last_,
                               [&](const TimelineAction& a) { return a.destination == event.to; }),
      "a failing destination took a message");
}

void RuleWatch::handle(const PutAnswered& event, const World& world) {
  expect(event.acknowledged ||
             covered(world, ActionKind::lose_acknowledgements, last_,
                     [&](const TimelineAction& a) { return a.producer == event.producer; }),
         "an acknowledgement is lost although the timeline does not say so");
}

// ESM-PAR-04: where reading begins.
void RuleWatch::handle(const Positioned& event, const World& world) {
  const MappingSettings& settings = world.settings(world.reader(event.reader));
  const RecordLog& log = world.shards[event.shard.value].log;
  const Position start = event.from;
  // ESM-POL-14: a child is read from its beginning.
  const bool from_start = world.reader(event.reader).from_start;
  if (settings.starting_position == StartingPosition::latest && !from_start) {
    // With a delay it is after the newest that can be read (KDS-ITR-15).
    const RecordTimes times = world.plan->times_of(world.shards[event.shard.value].stream);
    Position readable = times.delay.is_none() ? log.end() : log.first();
    while (readable < log.end() &&
           log.arrival(readable) + times.delay_of(log.at(readable)) <= world.now) {
      ++readable;
    }
    expect(start == readable, "LATEST is not after the newest record that can be read");
    return;
  }
  const auto readable = [&](Position p) {
    return age_of(world, event.shard, p) <= retention_of(world, event.shard);
  };
  const auto wanted = [&](Position p) {
    return from_start || settings.starting_position == StartingPosition::trim_horizon ||
           world.plan->epoch_ms * 1000 + log.arrival(p).us >=
               *settings.starting_timestamp_ms * 1000;
  };
  expect(start == log.end() || (readable(start) && wanted(start)),
         "reading begins at a record that is trimmed or too early");
  expect(start == 0 || !readable(start - 1) || !wanted(start - 1) ||
             start == world.reader(event.reader).checkpoint,
         "reading begins after a record that it should have read");
}

void RuleWatch::handle(const Delivered& event, const World& world) {
  const std::uint32_t mapping = world.reader(event.reader).consumer.value;
  const MappingPlan& plan = world.plan->mappings[mapping];
  const MappingSettings& settings = plan.settings;
  const std::uint32_t function = plan.function.value;
  expect(last_ >= settings.created + settings.create_delay, "polled before it may");
  expect(enabled_.contains(mapping) && enabled_[mapping], "a disabled mapping invokes");
  expect(!covered(world, ActionKind::throttle, last_,
                  [&](const TimelineAction& a) { return a.function.value == function; }),
         "a throttled function is invoked");
  const auto& reserved = world.plan->functions[function].settings.reserved_concurrency;
  expect(!reserved || in_flight_[function] < *reserved, "more invocations than reserved");
  expect(!settings.retries_are_limited() ||
             event.attempt <= std::uint64_t(settings.maximum_retry_attempts) + 1,
         "a batch object is invoked more than 1 + MaximumRetryAttempts times");
  check_records(event.reader, event.batch, world, settings);
  in_flight_[function] += 1;
  open_[event.call.value] = {last_, function, mapping};
}

// ESM-BIS-11: where a split starts the ages again, those of a half count from it.
Duration RuleWatch::age_for_limit(ReaderId reader, ShardId shard, Position p,
                                  const World& world) const {
  // By its timestamp: the skew makes it older or younger (KDS-SHD-15).
  const RecordTimes times = world.plan->times_of(world.shards[shard.value].stream);
  const Duration age = world.now - times.timestamp_of(world.shards[shard.value].log.at(p));
  const auto split = split_at_.find({reader.value, p});
  const bool restarts = world.plan->assumptions.age_scope == assume::age_scope::restarts_on_split;
  return restarts && split != split_at_.end() ? std::min(age, last_ - split->second) : age;
}

void RuleWatch::handle(const SplitInTwo& event, const World&) {
  for (Position p = event.first.span.first; p < event.second.span.end; ++p) {
    split_at_[{event.reader.value, p}] = last_;
  }
}

void RuleWatch::handle(const ReaderRestarted& event, const World&) {
  std::erase_if(split_at_,
                [&](const auto& each) { return each.first.first == event.reader.value; });
}

void RuleWatch::check_records(ReaderId reader, const Batch& batch, const World& world,
                              const MappingSettings& settings) {
  const Duration oldest = age_of(world, batch.shard, batch.span.first);
  if (world.plan->natural_retention) {
    expect(oldest <= retention_of(world, batch.shard), "a trimmed record is delivered");
  }
  if (settings.age_is_limited()) {
    const bool over = world.plan->assumptions.age_boundary == assume::age_boundary::over;
    const Duration age = age_for_limit(reader, batch.shard, batch.span.first, world);
    expect(age < settings.maximum_record_age() || (over && age == settings.maximum_record_age()),
           "a record above MaximumRecordAge is delivered");
  }
  std::int64_t bytes = 0;
  for (Position p = batch.span.first; p < batch.span.end; ++p) {
    bytes += event_bytes(world, batch.shard, p);
  }
  expect(bytes <= six_mb, "an event above 6 MB");
}

void RuleWatch::handle(const Ended& event, const World& world) {
  const auto found = open_.find(event.call.value);
  if (found == open_.end()) return expect(false, "an end without a beginning");
  const Call call = found->second;
  open_.erase(found);
  in_flight_[call.function] -= 1;
  const FunctionSettings& function = world.plan->functions[call.function].settings;
  expect(last_ - call.started <= function.timeout() + function.cold_start,
         "an invocation longer than its Timeout");
  if (!covered(world, ActionKind::outage, call.started,
               [&](const TimelineAction& a) { return a.function.value == call.function; })) {
    return;
  }
  expect(event.worked.empty(), "effects during an outage");
  expect(event.end == InvocationEnd::error, "an invocation during an outage that is not an error");
}

void RuleWatch::handle(const GaveUp& event, const World& world) {
  const MappingSettings& settings = world.settings(world.reader(event.reader));
  const Batch& batch = event.what.batch;
  const Assumptions& assumptions = world.plan->assumptions;
  if (event.what.why == LossCause::age) {
    expect(settings.age_is_limited(), "given up for age without a limit");
    const Position last = assumptions.age_scope == assume::age_scope::whole_batch
                              ? batch.span.first
                              : batch.span.end - 1;
    expect(age_for_limit(event.reader, batch.shard, last, world) >= settings.maximum_record_age(),
           "a record given up before its time");
    return;
  }
  // With keeps_retries progress can exhaust them: the rest is a new object, never invoked.
  const bool kept = settings.report_batch_item_failures &&
                    assumptions.partial_progress == assume::partial_progress::keeps_retries;
  const bool oversized =  // ESM-POL-07
      batch.span.count() == 1 && event_bytes(world, batch.shard, batch.span.first) > six_mb;
  if (oversized) {
    expect(settings.retries_are_limited(), "too large, and given up without a limit");
    expect(event.what.attempts == std::uint64_t(settings.maximum_retry_attempts) + 1,
           "too large, and not tried as often as any record");
    return;
  }
  expect(event.what.attempts > 0 || kept, "given up without an attempt");
  expect(settings.retries_are_limited(), "given up for retries without a limit");
  if (settings.report_batch_item_failures || settings.bisect_batch_on_function_error) return;
  expect(event.what.attempts == std::uint64_t(settings.maximum_retry_attempts) + 1,
         "given up before the last retry");
}

}  // namespace trimhorizon::testing
