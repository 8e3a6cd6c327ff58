#include "sim/world/reader.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/stream_settings.hpp"
#include "sim/lambda/backoff.hpp"
#include "sim/lambda/batching.hpp"
#include "sim/world/event_records.hpp"
#include "sim/world/on_reshard.hpp"
#include "sim/world/reading.hpp"
#include "sim/world/starting_position.hpp"

namespace trimhorizon {
namespace {

void cancel_events_of(World& world, ReaderId id) {
  if (world.reader(id).idles) world.idle_events -= 1;
  world.reader(id).idles = false;
  world.events.cancel_if([id](const Event& event) {
    if (const auto* poll = std::get_if<PollDue>(&event.what)) return poll->reader == id;
    if (const auto* ready = std::get_if<LaneReady>(&event.what)) return ready->reader == id;
    if (const auto* due = std::get_if<RetentionDue>(&event.what)) return due->reader == id;
    return false;
  });
}

// The first instant at which the next record cannot be read any more: one microsecond after the end
// of its retention.
Instant gone_at(const World& world, const Reader& reader) {
  const Shard& shard = world.shard(reader.shard);
  return shard.log.arrival(reader.checkpoint) + world.streams[shard.stream.value].retention +
         microseconds(1);
}

bool destination_fails(const Moment& moment, ReaderId id, DestinationId to, Position first) {
  if (moment.world.now < moment.world.destinations[to.value].failing_until) return true;
  return moment.strikes(Site::destination_failure, id.value, first);
}

}  // namespace

void start_polling(const Moment& moment, ReaderId id, Instant at, PollWait why) {
  Reader& reader = moment.world.reader(id);
  TH_CHECK(reader.phase == ReaderPhase::stopped || reader.phase == ReaderPhase::polling);
  cancel_events_of(moment.world, id);
  reader.retention_due = false;
  reader.phase = ReaderPhase::polling;
  wake_rivals(moment, id);
  // A reader that starts also starts its batching window (ESM-POL-04) and its rhythm of one read a
  // second (ESM-POL-01).
  for (Lane& lane : reader.lanes) lane.window_started = at;
  reader.last_poll = at;
  if (at > moment.world.now) moment.tell(PollingWaits{id, why, at});
  moment.schedule(at, PollDue{id});
}

void stay_disabled(const Moment& moment, ReaderId id) {
  moment.tell(PollingWaits{id, PollWait::disabled});
  wake(moment, id);
}

bool position_is_kept(const Assumptions& assumptions, const Reader& reader) {
  // ESM-CHK-07: AWS says that a mapping resumes from the same location, and also that LATEST may
  // miss records during updates. So the position is kept from some moment on, and nobody documents
  // from which.
  const bool once_read = assumptions.latest_position == assume::latest_position::kept_once_read;
  return reader.has_checkpoint || (once_read && reader.has_read);
}

void leave_line(const Moment& moment, ReaderId id, LaneId lane) {
  const Reader& reader = moment.world.reader(id);
  const FunctionId function = moment.world.mapping_of(reader).function;
  leave_line(moment.world.functions[function.value], {id, lane});
}

void restart_reader(const Moment& moment, ReaderId id, DeliveryReason reason) {
  Reader& reader = moment.world.reader(id);
  cancel_events_of(moment.world, id);
  reader.retention_due = false;
  TH_WRONG(checkpoint_follows_the_work) {  // a checkpoint before the work would skip the work
    settle(moment, id, {reader.delivered_to, Fate::processed, LossCause::skipped_by_handler});
  }
  moment.tell(ReaderRestarted{id, reader.shard, reason});
  // The end of an invocation of the old incarnation must not move the checkpoint.
  reader.incarnation += 1;
  reader.has_stale_calls = true;
  reader.stopping = false;
  for (std::uint32_t i = 0; i < reader.lanes.size(); ++i) leave_line(moment, id, {i});
  for (Lane& lane : reader.lanes) {
    lane.ranges.clear();  // this keeps its memory
    lane = {.ranges = std::move(lane.ranges), .window_started = lane.window_started};
  }
  reader.phase = ReaderPhase::stopped;
  reader.restart_reason = reason;
  const bool latest = !reader.from_start &&
                      moment.world.settings(reader).starting_position == StartingPosition::latest;
  // Until its position is kept, LATEST is resolved again. Records that arrived in between are then
  // never read.
  const bool kept = position_is_kept(moment.plan().assumptions, reader);
  if (latest && reader.positioned && !reader.has_checkpoint) {
    moment.met(Assumption::latest_position);
  }
  const bool symbolic = latest && !kept;
  reader.positioned =
      reader.positioned && !TH_RULE(latest_without_a_checkpoint_is_symbolic, symbolic, false);
  reader.has_read = reader.has_read && reader.positioned;
  reader.restarted = reader.positioned;
  reader.held_to = 0;
  reader.bytes_read = 0;
  reader.saw_end = false;
  reader.has_iterator = false;
  reader.refusals = 0;
  if (reader.fan_out) reader.fan_out->open.reset();
}

void replace_reader(const Moment& moment, ReaderId id, DeliveryReason reason) {
  World& world = moment.world;
  restart_reader(moment, id, reason);
  const Reader& reader = world.reader(id);
  const MappingState& mapping = world.mapping(mapping_of(reader.consumer));
  // A disabled mapping has no other poller.
  if (!mapping.enabled) return stay_disabled(moment, id);
  moment.met(Assumption::poller_failover);
  // ESM-POL-17: nobody documents how long it takes until another poller reads; a switch says it.
  const Instant failed_over = world.now + moment.plan().assumptions.poller_failover;
  // A crash must not make a reader start earlier than it would have.
  const Instant start =
      TH_RULE(a_crash_brings_no_start_forward,
              std::max({failed_over, reader.last_poll, mapping.resumes}), failed_over);
  start_polling(moment, id, start, PollWait::failover);
}

void wake_to_read(const Moment& moment, ReaderId id) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  reader.phase = ReaderPhase::polling;
  // KDS-EFO-08: AWS pushes what is there, without a rhythm.
  if (reader.fan_out) return moment.schedule(pushed_at(world, reader), PollDue{id});
  const Instant at = TH_RULE(an_idle_shard_is_read_once_a_second,
                             next_rhythm_point(reader.last_poll, world.now), world.now);
  // It has read once a second all the time, and found nothing.
  reader.last_poll = std::max(reader.last_poll, at - poll_interval);
  moment.schedule(at, PollDue{id});
}

void wake(const Moment& moment, ReaderId id) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  if (reader.idles) {  // its next read will find something
    reader.idles = false;
    world.idle_events -= 1;
    return;
  }
  // ESM-POL-01: an idle shard is read once a second, so a new record waits up to a second.
  if (reader.phase == ReaderPhase::parked) {
    wake_to_read(moment, id);
  } else if (reader.phase == ReaderPhase::stopped && !reader.retention_due &&
             moment.plan().natural_retention && world.has_unsettled(reader)) {
    reader.retention_due = true;
    moment.schedule(std::max(world.now, gone_at(world, reader)), RetentionDue{id});
  }
}

namespace {

EventNumber settle_part(const Moment& moment, ReaderId id, const Settlement& settlement) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  const Span records{reader.checkpoint, settlement.end};
  // A checkpoint never moves back.
  if (settlement.end <= reader.checkpoint) {
    return moment.tell(CheckpointKept{id, reader.shard, settlement.end});
  }
  reader.checkpoint = settlement.end;
  reader.has_checkpoint = reader.has_checkpoint || settlement.persists;
  const EventNumber event =
      moment.tell(Settled{id, reader.shard, records, settlement.fate, settlement.cause,
                          settlement.persists, settlement.reported});
  // A log frees whole chunks only, so it is asked only when the checkpoint enters another chunk.
  constexpr Position chunk = RecordLog::chunk_records;
  if (records.first / chunk != records.end / chunk) forget_settled(world, reader.shard);
  return event;
}

// KDS-PRD-17, KDS-PRD-21: an aggregate that does not fit the shard was dropped, by the mapping or
// by the function.
Settlement of_dropped(const World& world, ConsumerId consumer, const Settlement& others) {
  Settlement dropped = others;
  if (unpacks(world, consumer)) dropped.fate = Fate::dropped;
  if (dropped.fate == Fate::processed || dropped.fate == Fate::dropped) {
    dropped.cause = LossCause::deaggregation;
  }
  return dropped;
}

}  // namespace

EventNumber settle(const Moment& moment, ReaderId id, const Settlement& settlement) {
  World& world = moment.world;
  const Reader& reader = world.reader(id);
  const Packs& packs = world.shard(reader.shard).packs;
  const bool by_somebody = settlement.fate != Fate::expired && settlement.fate != Fate::unread;
  if (packs.empty() || !by_somebody || !drops_unfitting(world, reader.consumer)) {
    return settle_part(moment, id, settlement);
  }
  Moment then = moment;
  while (const Pack* pack = packs.first_unfitting(reader.checkpoint)) {
    if (pack->first >= settlement.end) break;
    Settlement part = settlement;
    part.end = pack->first;
    if (part.end > reader.checkpoint) then.cause = settle_part(then, id, part);
    part = of_dropped(world, reader.consumer, settlement);
    part.end = std::min(pack->end(), settlement.end);
    then.cause = settle_part(then, id, part);
  }
  return settlement.end > reader.checkpoint ? settle_part(then, id, settlement) : then.cause;
}

Position trim_horizon(const World& world, const Shard& shard, Position from, Instant at) {
  if (!world.plan->natural_retention) return from;
  return trim_horizon(shard, trim_horizon(world.streams[shard.stream.value], at), from);
}

void reschedule_retention(const Moment& moment, ReaderId id) {
  Reader& reader = moment.world.reader(id);
  if (!reader.retention_due) return;
  reader.retention_due = false;
  moment.world.events.cancel_if(
      [id](const Event& event) { return event.what == What{RetentionDue{id}}; });
  wake(moment, id);
}

void open_reader(const Moment& moment, MappingId mapping, ShardId shard, bool from_start) {
  World& world = moment.world;
  const MappingSettings& settings = moment.plan().settings(mapping);
  const ReaderId id{static_cast<std::uint32_t>(world.readers.size())};
  Reader opened;
  opened.consumer = consumer_of(mapping);
  opened.shard = shard;
  opened.from_start = from_start;
  if (moment.plan().mapping(mapping).reads_as.valid()) opened.fan_out = FanOut{};
  opened.behind_parents = waits_for_parents(world, opened.consumer, shard);
  world.readers.push_back(opened);
  world.link(id);
  moment.tell(ReaderOpened{id, opened.consumer, shard});
  // The position is known at once, except for LATEST: that is resolved when polling really starts
  // (ESM-POL-12).
  const bool latest = settings.starting_position == StartingPosition::latest && !from_start;
  // LATEST on a shard that is closed already is its end; but what cannot be read yet comes after it
  // (KDS-ITR-15).
  if (!latest || world.shard(shard).is_cut) resolve_position(moment, id);
  if (latest && world.shard(shard).is_cut && !world.has_unsettled(world.reader(id))) {
    return finish_reader(moment, id);
  }
  if (opened.behind_parents) return wait_for_parents(moment, id);
  // ESM-PAR-14: a disabled mapping does not poll.
  const MappingState& state = world.mapping(mapping);
  if (!state.enabled) return stay_disabled(moment, id);
  // ESM-POL-12: polling starts some time after the creation. On AWS, whole tests took 48 to 120 s
  // (ESM-POL-13), so this delay is about a minute.
  const Duration delay =
      TH_RULE(polling_starts_after_the_create_delay, settings.create_delay, Duration{0});
  const Instant start = settings.created + delay;
  start_polling(moment, id, std::max({world.now, start, state.resumes}));
}

void wait_for_parents(const Moment& moment, ReaderId id) {
  moment.tell(PollingWaits{id, PollWait::parents});
  wake(moment, id);
}

// Expired records leave no message at a destination (ESM-DST-09), so this loss is silent.
void expire_head(const Moment& moment, ReaderId id) {
  Reader& reader = moment.world.reader(id);
  const Shard& shard = moment.world.shard(reader.shard);
  const Position horizon = trim_horizon(moment.world, shard, reader.checkpoint);
  if (horizon == reader.checkpoint) return;
  EventNumber event = moment.cause;
  if (!reader.positioned) event = leave_unpromised(moment, id, horizon);
  if (reader.checkpoint == horizon) return;
  // LATEST that is not resolved yet keeps no checkpoint.
  settle(moment.after(event), id,
         {horizon, Fate::expired, LossCause::retention, reader.positioned});
  for (Lane& lane : reader.lanes) trim(moment.world, lane, reader);
}

EventNumber give_up(const Moment& moment, ReaderId id, const GivingUp& what) {
  const Reader& reader = moment.world.reader(id);
  const DestinationId to = moment.world.mapping_of(reader).on_failure;
  if (what.never_tried()) moment.met(Assumption::never_invoked_count);
  EventNumber event = moment.tell(GaveUp{id, what, to});
  // ESM-DST-07: when the destination does not take the message, nothing tells about these records
  // any more.
  const bool refused = to.valid() && destination_fails(moment, id, to, what.batch.first());
  const GivenUp end = after_giving_up(what.why, to.valid(), refused);
  if (to.valid()) {
    // ESM-DST-12: the message is written at once.
    event = moment.after(event).tell(MessageSent{id, what, to, end.fate == Fate::discarded});
  }
  // ESM-CHK-03: giving up also moves the checkpoint past the records, so that the shard can go on.
  return settle(moment.after(event), id, {what.batch.span.end, end.fate, end.cause});
}

// The jitter depends on the reader's own count of waits. So nothing that happens elsewhere, and no
// observer, changes it.
Duration next_wait(const Moment& moment, ReaderId id, const Backoff& backoff, std::uint32_t step) {
  const Duration delay = backoff_delay(backoff, step);
  if (backoff.jitter == Backoff::Jitter::none || moment.plan().exploring) return delay;
  Reader& reader = moment.world.reader(id);
  const std::uint32_t who = moment.world.draws_as(mapping_of(reader.consumer), reader.shard);
  return jittered(delay, draw_bits(moment.plan().seed, who, Purpose::jitter, reader.waits++));
}

void forget_settled(World& world, ShardId id) {
  if (world.plan->keep_log) return;
  Shard& shard = world.shard(id);
  Position needed = shard.log.end();
  // A mapping that does not exist yet may still read everything.
  for (std::uint32_t m = 0; m < world.mappings.size(); ++m) {
    if (world.plan->mappings[m].stream == shard.stream && !world.mappings[m].exists) return;
  }
  bool stale_calls = false;
  world.for_each_reader_at(id, [&](ReaderId each) {
    const Reader& reader = world.reader(each);
    needed = std::min(needed, reader.checkpoint);
    stale_calls = stale_calls || reader.has_stale_calls;
  });
  if (!shard.log.can_forget_before(needed)) return;
  // A crashed poller's call still needs its records.
  for (std::size_t i = 0; stale_calls && i < world.invocations.size(); ++i) {
    const Invocation& call = world.invocations[i];
    if (call.used && call.batch.shard == id) needed = std::min(needed, call.batch.first());
  }
  shard.log.forget_before(needed > 0 ? needed - 1 : 0);  // a report names the last settled record
}

void forget_unread(World& world, StreamId stream) {
  if (world.plan->keep_log) return;
  for (const MappingPlan& mapping : world.plan->mappings) {
    if (mapping.stream == stream) return;
  }
  for (const ShardId shard : world.streams[stream.value].shards) forget_settled(world, shard);
}

}  // namespace trimhorizon
