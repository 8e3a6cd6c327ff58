// What every handler of a poller shares: starting and restarting it, waking it, giving records
// their fate, giving them up.
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/lambda/batching.hpp"
#include "sim/world/step.hpp"

namespace trimhorizon {
namespace {

// One unit past the retention: the first instant at which the record cannot be read.
Instant gone_at(const World& world, const Reader& reader) {
  const Shard& shard = world.shards[reader.shard.value];
  return shard.log.arrival(reader.checkpoint) +
         world.plan->stream(shard.stream).settings.retention() + microseconds(1);
}

void cancel_events_of(World& world, ReaderId id) {
  world.events.cancel_if([id](const Event& event) {
    if (const auto* poll = std::get_if<PollDue>(&event.what)) return poll->reader == id;
    if (const auto* ready = std::get_if<LaneReady>(&event.what)) return ready->reader == id;
    if (const auto* due = std::get_if<RetentionDue>(&event.what)) return due->reader == id;
    return false;
  });
}

void check_settled(World& world, ReaderId id, Position before, Position end) {
  Properties& properties = world.history.properties;
  properties.check(Invariant::checkpoint_never_regresses, end >= before, world.now, id, end);
  if (!world.history.ledger.on) return;
  const Account& account = world.history.ledger.account(id);
  properties.check(Invariant::checkpoint_covers_only_settled, account.settled() >= end, world.now,
                   id, end);
  std::uint64_t fates = 0;
  for (std::size_t f = 0; f < fate_count; ++f) fates += account.fates(static_cast<Fate>(f));
  // MET-11
  properties.check(Invariant::conservation, fates == account.settled(), world.now, id, end);
}

// ESM-BIS-10: parts of a split batch that are given up one behind the other, with no success in
// between, may share a message. It is written with the first and grows with each that follows.
bool consolidates(World& world, const Message& before, const Message& message) {
  const MappingPlan& mapping = world.plan->mapping(world.reader(message.reader).mapping);
  if (!mapping.settings.bisect_batch_on_function_error || before.reader != message.reader ||
      before.cause != message.cause || before.span.end != message.span.first) {
    return false;
  }
  world.history.met.add(Assumption::consolidate_failures);
  return world.plan->assumptions.consolidate_failures ==
         assume::consolidate_failures::until_next_success;
}

void deliver(World& world, DestinationState& destination, Message message) {
  if (!destination.messages.empty()) {
    Message& before = destination.messages.back();
    if (consolidates(world, before, message)) {
      message.span.first = before.span.first;
      message.first_arrival = before.first_arrival;
      message.invocations = std::max(message.invocations, before.invocations);
      before = message;
      return;
    }
  }
  if (destination.messages.size() < max_messages) {
    destination.messages.push_back(message);
  } else {
    destination.left_out += 1;
  }
}

}  // namespace

void start_polling(World& world, ReaderId id, Instant at, std::uint64_t cause) {
  Reader& reader = world.reader(id);
  TH_CHECK(reader.phase == Phase::stopped || reader.phase == Phase::polling);
  cancel_events_of(world, id);
  reader.retention_due = false;
  reader.phase = Phase::polling;
  reader.window_started = at;
  reader.last_poll = at;
  schedule(world, at, cause, PollDue{id});
}

void restart_reader(World& world, ReaderId id, DeliveryReason reason) {
  Reader& reader = world.reader(id);
  cancel_events_of(world, id);
  reader.retention_due = false;
  if (reader.lane.in_flight.valid()) {
    world.invocations[reader.lane.in_flight.value].repeated_by = reason;
  }
  // A poller that had stored its checkpoint before the work would skip it now.
  const Position resume = TH_RULE(checkpoint_follows_the_work, reader.checkpoint,
                                  std::max(reader.checkpoint, reader.delivered_to));
  if (resume > reader.checkpoint) {
    world.history.ledger.settle(id, resume, Fate::processed, LossCause::skipped_by_handler);
    reader.checkpoint = resume;
  }
  reader.incarnation += 1;
  reader.stopping = false;
  reader.lane = {};
  reader.phase = Phase::stopped;
  reader.restart_reason = reason;
  reader.polled_to = reader.checkpoint;
  // ESM-CHK-07: LATEST is resolved again as long as no checkpoint was stored.
  const bool symbolic = !reader.has_checkpoint &&
                        world.settings(reader).starting_position == StartingPosition::latest;
  reader.positioned =
      reader.positioned && !TH_RULE(latest_without_a_checkpoint_is_symbolic, symbolic, false);
}

void replace_reader(World& world, ReaderId id, DeliveryReason reason, std::uint64_t cause) {
  const Reader& reader = world.reader(id);
  const MappingState& mapping = world.mappings[reader.mapping.value];
  restart_reader(world, id, reason);
  if (!mapping.enabled) {
    wake(world, id, cause);
    return;
  }
  world.history.met.add(Assumption::poller_failover);
  const Instant failed_over = world.now + world.plan->assumptions.poller_failover;
  const Instant start =
      TH_RULE(a_crash_brings_no_start_forward,
              std::max({failed_over, reader.last_poll, mapping.resumes}), failed_over);
  start_polling(world, id, start, cause);
}

void wake(World& world, ReaderId id, std::uint64_t cause) {
  Reader& reader = world.reader(id);
  const Shard& shard = world.shards[reader.shard.value];
  if (reader.phase == Phase::parked) {
    reader.phase = Phase::polling;
    const Instant at = TH_RULE(an_idle_shard_is_read_once_a_second,
                               next_rhythm_point(reader.last_poll, world.now), world.now);
    schedule(world, at, cause, PollDue{id});
  } else if (reader.phase == Phase::stopped && !reader.retention_due && reader.positioned &&
             world.plan->natural_retention && reader.checkpoint < shard.log.end()) {
    reader.retention_due = true;
    schedule(world, std::max(world.now, gone_at(world, reader)), cause, RetentionDue{id});
  }
}

std::uint64_t settle(World& world, ReaderId id, Position end, Fate fate, LossCause cause,
                     bool persists, std::uint64_t because, Outside& outside) {
  Reader& reader = world.reader(id);
  const Position before = reader.checkpoint;
  if (end <= before) {
    world.history.properties.check(Invariant::checkpoint_never_regresses, end == before, world.now,
                                   id, end);
    return because;
  }
  world.history.ledger.settle(id, end, fate, cause);
  reader.checkpoint = end;
  reader.polled_to = std::max(reader.polled_to, end);
  reader.has_checkpoint = reader.has_checkpoint || persists;
  check_settled(world, id, before, end);
  TraceEvent event{.cause = because, .who = id.value, .shard = reader.shard, .span = {before, end}};
  event.kind = fate == Fate::expired  ? TraceKind::expire
               : fate == Fate::unread ? TraceKind::unread
                                      : TraceKind::checkpoint;
  const std::uint64_t told = tell(world, outside, event);
  if (before / RecordLog::chunk_records != end / RecordLog::chunk_records) {
    forget_settled(world, reader.shard);
  }
  return told;
}

Position trim_horizon(const World& world, const Shard& shard, Position from) {
  if (!world.plan->natural_retention) return from;
  return trim_horizon(shard, world.plan->stream(shard.stream).settings.retention(), world.now,
                      from);
}

// Nothing is written to a destination (ESM-DST-09).
void expire_head(World& world, ReaderId id, std::uint64_t cause, Outside& outside) {
  Reader& reader = world.reader(id);
  const Shard& shard = world.shards[reader.shard.value];
  const Position horizon = trim_horizon(world, shard, reader.checkpoint);
  if (horizon == reader.checkpoint) return;
  world.history.mark(Situation::expire);
  settle(world, id, horizon, Fate::expired, LossCause::retention, true, cause, outside);
  trim_ranges(reader.lane, horizon);
}

void trim_ranges(Lane& lane, Position end) {
  while (!lane.ranges.empty() && lane.ranges.back().span.end <= end) {
    lane.ranges.pop_back();
    lane.retry_step = TH_RULE(a_new_batch_waits_anew, 0u, lane.retry_step);
  }
  // ESM-RTY-12: a waiting batch that loses records keeps its counter and its back-off.
  if (!lane.ranges.empty()) {
    Position& first = lane.ranges.back().span.first;
    first = std::max(first, end);
    lane.ranges.back().retries_used =
        TH_RULE(a_trimmed_batch_keeps_its_counter, lane.ranges.back().retries_used, 0u);
  }
}

std::uint64_t discard(World& world, ReaderId id, const Range& range, LossCause why,
                      bool function_error, std::uint64_t cause, Outside& outside) {
  Reader& reader = world.reader(id);
  const MappingPlan& mapping = world.plan->mapping(reader.mapping);
  const Shard& shard = world.shards[reader.shard.value];
  MappingMetrics& metrics = world.metrics(reader);
  world.history.mark(why == LossCause::age ? Situation::age_discard : Situation::discard);
  const bool never_invoked = why != LossCause::retries && range.invocations == 0;
  if (never_invoked) world.history.met.add(Assumption::never_invoked_count);
  Fate fate = Fate::dropped;  // without a destination, and nobody is told (ESM-DST-08)
  LossCause loss = why;
  std::uint64_t told = tell(world, outside,
                            {.cause = cause,
                             .kind = TraceKind::discard,
                             .detail = static_cast<std::uint8_t>(why),
                             .flag = mapping.on_failure.valid(),
                             .who = id.value,
                             .shard = reader.shard,
                             .span = range.span,
                             .count = range.invocations});
  if (mapping.on_failure.valid()) {
    DestinationState& destination = world.destinations[mapping.on_failure.value];
    bool fails = world.now < destination.failing_until;
    const auto site = static_cast<std::uint8_t>(Site::destination_failure);
    if (!fails && outside.choices.asks(site)) {
      fails = outside.choices.pick({site, id.value, range.span.first}) != 0;
    }
    if (fails) {  // ESM-DST-07
      world.history.mark(Situation::destination_failure);
      metrics.add(Counter::DestinationDeliveryFailures);
      loss = TH_RULE(a_refused_message_is_a_cause_of_its_own, LossCause::destination_failed, why);
    } else if (TH_RULE(a_discard_writes_its_message, true, false)) {  // a pointer (ESM-DST-06)
      fate = Fate::discarded;
      metrics.add(Counter::OnFailureDestinationDeliveredEventCount, range.span.count());
      const Message message{world.now,
                            id,
                            mapping.on_failure,
                            range.span,
                            why,
                            range.invocations,
                            never_invoked ? 0 : reader.last_invocation,
                            function_error,
                            shard.log.arrival(range.span.first),
                            shard.log.arrival(range.span.end - 1)};
      if (world.history.ledger.on) deliver(world, destination, message);
    }
    told = tell(world, outside,
                {.cause = told,
                 .kind = TraceKind::destination,
                 .flag = fate == Fate::discarded,
                 .who = id.value,
                 .shard = reader.shard,
                 .span = range.span,
                 .value = mapping.on_failure.value});
  }
  // MET-08
  if (TH_RULE(what_a_destination_has_is_not_dropped, fate == Fate::dropped, true)) {
    metrics.add(Counter::DroppedEventCount, range.span.count());
  }
  return settle(world, id, range.span.end, fate, loss, true, told, outside);
}

void forget_settled(World& world, ShardId id) {
  if (world.plan->keep_log) return;
  Shard& shard = world.shards[id.value];
  Position needed = shard.log.end();
  for (std::size_t m = 0; m < world.mappings.size(); ++m) {
    if (world.plan->mappings[m].stream == shard.stream && !world.mappings[m].exists) return;
  }
  for (const Reader& reader : world.readers) {
    if (reader.shard == id) needed = std::min(needed, reader.checkpoint);
  }
  for (const Invocation& call : world.invocations) {  // of a crashed poller: still looked at
    if (call.used && world.reader(call.reader).shard == id) {
      needed = std::min(needed, call.span.first);
    }
  }
  shard.log.forget_before(needed > 0 ? needed - 1 : 0);  // a report names the last settled one
}

void forget_unread(World& world, StreamId stream) {
  if (world.plan->keep_log) return;
  for (const MappingPlan& mapping : world.plan->mappings) {
    if (mapping.stream == stream) return;
  }
  for (std::uint32_t i = 0; i < world.shards.size(); ++i) {
    if (world.shards[i].stream == stream) forget_settled(world, {i});
  }
}

}  // namespace trimhorizon
