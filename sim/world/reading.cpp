#include "sim/world/reading.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/iterator.hpp"
#include "sim/lambda/backoff.hpp"
#include "sim/lambda/batching.hpp"
#include "sim/world/failing_calls.hpp"
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

const StreamSettings& stream_of(const World& world, const Reader& reader) {
  return world.plan->stream(world.shard(reader.shard).stream).settings;
}

// Does the reader share the limits of its shard with other readers? KDS-EFO-08: one with enhanced
// fan-out does not.
bool has_limits(const World& world, const Reader& reader) {
  return !world.plan->exploring && !reader.fan_out && stream_of(world, reader).limits;
}

// The shard as the service shows it to this reader.
ShardAt seen_by(const World& world, const Reader& reader) {
  const Shard& shard = world.shard(reader.shard);
  return {shard,
          world.plan->clock(),
          world.now,
          trim_horizon(world, shard, held_end(world, reader)),
          world.plan->times_of(shard.stream),
          world.streams[shard.stream.value].retention};
}

// KDS-ITR-15: the end of what can be read now.
Position tip_of(const World& world, const Reader& reader) {
  const Shard& shard = world.shard(reader.shard);
  if (stream_of(world, reader).visibility_delay.is_none()) return shard.log.end();
  return visible_end(shard.log, world.now, world.plan->times_of(shard.stream),
                     held_end(world, reader));
}

bool reads_per_batch(const Plan& plan) {
  return plan.assumptions.esm_read == assume::esm_read::per_batch;
}

// The bytes of these records. An aggregate counts where it begins (KDS-PRD-18).
std::int64_t bytes_in(const World& world, ShardId id, Span records) {
  const Shard& shard = world.shard(id);
  std::int64_t bytes = 0;
  for (Position p = records.first; p < records.end; p = shard.packs.end_of(p)) {
    const Pack* pack = shard.packs.at(p);
    bytes +=
        pack != nullptr ? std::int64_t{pack->bytes} : stored_bytes(*world.plan, shard.log.at(p));
  }
  return bytes;
}

// What one GetRecords call gives: at most so many records and 10 MiB, but at least one record
// (KDS-LIM-05).
struct ReadAnswer {
  Position end = 0;
  std::int64_t bytes = 0;
};
ReadAnswer answer_from(const World& world, const Reader& reader, Position from,
                       std::uint64_t most) {
  const Shard& shard = world.shard(reader.shard);
  const Position tip = tip_of(world, reader);
  // Usually a reader goes on where its last read ended, and reads all that is new.
  const std::int64_t all = shard.bytes - reader.bytes_read;
  if (from == reader.held_to && tip == shard.log.end() && tip - from <= most &&
      all <= read_bytes_max) {
    return {tip, all};
  }
  if (tip <= from) return {from, 0};
  const auto bytes = [&](const StoredRecord& stored) { return stored_bytes(*world.plan, stored); };
  ShardAt seen{shard, world.plan->clock(), world.now, from};
  seen.visible = tip;
  const Filled filled = fill(seen, from, {most, read_bytes_max}, bytes);
  return {filled.records.end, filled.bytes};
}

// Bytes of the shard up to this position, if that is cheap to know.
void note_bytes(const World& world, Reader& reader, Position from, const ReadAnswer& answer) {
  const Shard& shard = world.shard(reader.shard);
  if (answer.end == shard.log.end()) {
    reader.bytes_read = shard.bytes;
  } else if (from == reader.held_to) {
    reader.bytes_read += answer.bytes;
  } else {
    reader.bytes_read = shard.bytes - bytes_in(world, reader.shard, {answer.end, shard.log.end()});
  }
}

// A call was refused. The reader tries again after a wait that nobody documents; it grows while
// calls are refused.
void wait_refused(const Moment& moment, ReaderId id) {
  Reader& reader = moment.world.reader(id);
  moment.met(Assumption::throttle_backoff);
  const Backoff& backoff = moment.plan().assumptions.throttle_backoff;
  const Duration delay = std::max(shortest_wait, next_wait(moment, id, backoff, reader.refusals));
  reader.refusals += 1;
  const Instant again = moment.world.now + delay;
  moment.tell(PollingWaits{id, PollWait::refused, again});
  moment.schedule(again, PollDue{id});
  // With nothing to read it goes on for ever, like the empty reads; a closed shard has an end.
  World& world = moment.world;
  if (world.plan->exploring || world.has_unsettled(reader) || reader.idles) return;
  if (world.shard(reader.shard).has_children() || !reader.positioned) return;
  reader.phase = ReaderPhase::polling;
  reader.idles = true;
  world.idle_events += 1;
}

// KDS-PRD-20: a read that fails because the timeline says so. After ExpiredIteratorException the
// reader needs a new iterator.
ReadRefusal refused_by_fault(const Moment& moment, ReaderId id) {
  Reader& reader = moment.world.reader(id);
  switch (failure_of_get(moment, moment.world.shard(reader.shard).stream)) {
    case CallFailure::none: return ReadRefusal::none;
    case CallFailure::throughput_exceeded: return ReadRefusal::calls;
    case CallFailure::expired_iterator: reader.has_iterator = false; return ReadRefusal::failure;
    default: return ReadRefusal::failure;
  }
}

// Makes one GetRecords call if AWS lets it through. KDS-LIM-06: a refused call gives nothing, and
// moves nothing.
ReadRefusal ask_read(const Moment& moment, ReaderId id, bool holds_up) {
  World& world = moment.world;
  const Reader& reader = world.reader(id);
  ReadRefusal refusal = refused_by_fault(moment, id);
  const bool fault = refusal != ReadRefusal::none;
  if (!fault && has_limits(world, reader)) {
    refusal = admit_read(world.shard(reader.shard).limits, read_rules_of(*world.plan), world.now);
  }
  if (refusal == ReadRefusal::bytes) moment.met(Assumption::read_throttle);
  if (refusal != ReadRefusal::none) {
    moment.tell(ReadRefused{id, reader.shard, refusal, holds_up, fault});
  }
  return refusal;
}

void count_answer(const Moment& moment, ReaderId id, Span records, std::int64_t bytes) {
  World& world = moment.world;
  const Reader& reader = world.reader(id);
  const std::uint64_t stored = world.shard(reader.shard).packs.records_in(records);
  if (has_limits(world, reader)) {
    count_read(world.shard(reader.shard).limits, read_rules_of(*world.plan), bytes, world.now,
               static_cast<std::int64_t>(stored));
    // CON-25: the other limit would have something to say.
    if (stored > 2'000) moment.met(Assumption::read_record_limit);
  }
  moment.tell(Fetched{id, reader.shard, records, stored, bytes, false});
}

// Does no other reader poll its shard?
bool is_alone(const World& world, ReaderId id) {
  bool alone = true;
  world.for_each_reader_at(world.reader(id).shard, [&](ReaderId other) {
    const Reader& each = world.reader(other);
    const bool polls = !each.fan_out && each.phase != ReaderPhase::stopped;
    alone = alone && (other == id || !polls);
  });
  return alone;
}

// Can the empty reads of this reader make AWS refuse one? Not when all that poll its shard are
// idle: each reads once a second, and a shard allows five reads (KDS-LIM-04).
bool empty_reads_matter(const World& world, ReaderId id) {
  std::int64_t polling = 0;
  bool busy = false;
  world.for_each_reader_at(world.reader(id).shard, [&](ReaderId other) {
    const Reader& each = world.reader(other);
    if (each.fan_out || each.phase == ReaderPhase::stopped) return;
    polling += 1;
    busy = busy || (other != id && !each.idles && each.phase != ReaderPhase::parked);
  });
  return busy || polling > allowed_a_second(ShardLimit::reads);
}

// ESM-POL-01: an idle shard is read once a second.
void read_in_a_second(const Moment& moment, ReaderId id) {
  Reader& reader = moment.world.reader(id);
  reader.phase = ReaderPhase::polling;
  reader.idles = true;
  moment.world.idle_events += 1;
  moment.schedule(next_rhythm_point(reader.last_poll, moment.world.now + microseconds(1)),
                  PollDue{id});
}

}  // namespace

std::int64_t stored_bytes(const Plan& plan, const StoredRecord& stored) {
  const RecordId record = stored.record;
  return plan.producer(record.producer()).data_bytes(record.number()) +
         plan.key_bytes[stored.key.value];
}

ReadRules read_rules_of(const Plan& plan) {
  const Assumptions& assumptions = plan.assumptions;
  const bool two_thousand =
      assumptions.read_record_limit == assume::read_record_limit::two_thousand;
  switch (assumptions.read_throttle) {
    case assume::read_throttle::debt: return {ReadThrottle::debt, two_thousand};
    case assume::read_throttle::fixed: return {ReadThrottle::fixed, two_thousand};
    case assume::read_throttle::credit: return {ReadThrottle::credit, two_thousand};
  }
  return ReadThrottle::debt;
}

TrimmedPosition trimmed_position_of(const Plan& plan) {
  using assume::trimmed_position;
  switch (plan.assumptions.trimmed_position) {
    case trimmed_position::start_at_horizon: break;
    case trimmed_position::error: return TrimmedPosition::error;
    case trimmed_position::walk_from_horizon: return TrimmedPosition::walk_from_horizon;
  }
  return TrimmedPosition::start_at_horizon;
}

Position held_end(const World& world, const Reader& reader) {
  if (world.plan->exploring) return world.shard(reader.shard).log.end();
  return std::max(reader.held_to, reader.checkpoint);
}

bool take_iterator(const Moment& moment, ReaderId id) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  if (!has_limits(world, reader)) return true;
  const bool too_old = world.now - reader.last_poll > iterator_lifetime;
  if (reader.has_iterator && !too_old) return true;
  if (!admit_iterator(world.shard(reader.shard).limits, world.now)) {
    moment.tell(ReadRefused{id, reader.shard, ReadRefusal::iterators, true});
    wait_refused(moment, id);
    return false;
  }
  reader.has_iterator = true;
  return true;
}

namespace {

// KDS-ITR-10: AWS may answer with nothing although the shard has records.
bool finds_nothing(const World& world, ReaderId id) {
  const Shard& shard = world.shard(world.reader(id).shard);
  return world.plan->finds_nothing(shard.stream, shard.number, id.value, world.now);
}

// The records of a read that AWS has let through.
void fetch(const Moment& moment, ReaderId id) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  reader.refusals = 0;
  const bool per_batch = reads_per_batch(*world.plan);
  const auto batch = static_cast<std::uint64_t>(world.settings(reader).batch_size);
  const Position from = per_batch ? reader.checkpoint : held_end(world, reader);
  ReadAnswer answer =
      answer_from(world, reader, from, per_batch ? batch : std::uint64_t{read_records_max});
  if (answer.end > from && finds_nothing(world, id)) {
    answer = {from, 0};
    if (from == reader.checkpoint) moment.tell(PollingWaits{id, PollWait::empty});
  }
  note_bytes(world, reader, from, answer);
  // Only what a batch leaves makes a difference to a reader that asks for one batch at a time.
  if (answer.end - reader.checkpoint >= batch) moment.met(Assumption::esm_read);
  reader.held_to = answer.end;
  // KDS-ITR-11: the read that reaches the end of a closed shard gets a null next iterator.
  const Shard& shard = world.shard(reader.shard);
  reader.saw_end = shard.is_cut && answer.end == shard.log.end();
  count_answer(moment, id, {from, answer.end}, answer.bytes);
}

}  // namespace

namespace {

// KDS-EFO-01: the consumer must exist and be ACTIVE.
bool may_subscribe(const World& world, const Reader& reader) {
  const StreamId stream = world.shard(reader.shard).stream;
  const ConsumerAnswer answer = describe_stream_consumer(
      world.streams[stream.value].consumers, world.mapping_of(reader).reads_as, world.now);
  const auto* consumer = std::get_if<StreamConsumer>(&answer);
  return consumer != nullptr && consumer->status(world.now) == StreamConsumerStatus::ACTIVE;
}

// SubscribeToShard, after the last record that the reader has.
ReadRefusal subscribe_again(const Moment& moment, ReaderId id) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  const ShardAt shard = seen_by(world, reader);
  reader.fan_out->limited = stream_of(world, reader).limits;
  const ShardIterator start{std::max(held_end(world, reader), shard.trim_horizon), world.now};
  if (!may_subscribe(world, reader)) return ReadRefusal::failure;
  const auto answer = subscribe(*reader.fan_out, start, shard);
  if (std::holds_alternative<ApiRefusal>(answer)) return ReadRefusal::subscriptions;
  moment.tell(SubscriptionOpened{id, reader.shard});
  return ReadRefusal::none;
}

// Takes what AWS has pushed. What a batch leaves stays in the reader, and so does the rest of the
// stream of events: AWS pushes on when the reader takes more.
bool receive(const Moment& moment, ReaderId id) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  FanOut& fan_out = *reader.fan_out;
  const auto bytes = [&](const StoredRecord& stored) { return stored_bytes(*world.plan, stored); };
  while (true) {
    const ReadRefusal refusal = fan_out.open ? ReadRefusal::none : subscribe_again(moment, id);
    if (refusal != ReadRefusal::none) {
      const bool nothing_held = held_end(world, reader) == reader.checkpoint;
      moment.tell(ReadRefused{id, reader.shard, refusal, nothing_held});
      if (nothing_held) wait_refused(moment, id);
      return !nothing_held;
    }
    const ShardAt shard = seen_by(world, reader);
    if (next_event_at(fan_out, shard) > world.now) return true;
    const std::optional<FanOutEvent> event = next_event(fan_out, shard, bytes);
    if (!event) continue;  // KDS-EFO-02: five minutes are over
    reader.refusals = 0;
    reader.held_to = std::max(reader.held_to, event->records.end);
    reader.saw_end = !event->continuation;
    if (!event->records.empty() || reader.saw_end) {
      const std::uint64_t stored = shard.shard.packs.records_in(event->records);
      moment.tell(Fetched{id, reader.shard, event->records, stored, event->bytes, true});
      return true;
    }
  }
}

}  // namespace

Instant pushed_at(const World& world, const Reader& reader) {
  if (!reader.fan_out->open) return world.now;
  const Instant at = next_event_at(*reader.fan_out, seen_by(world, reader));
  return std::max(at, world.now);
}

bool read_ahead(const Moment& moment, ReaderId id, bool full) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  // ESM-POL-19: what a batch leaves stays in the reader. It reads on when that is less than a batch
  // may have, and the batch may still grow.
  const bool per_batch = reads_per_batch(*world.plan) && !reader.fan_out;
  if (full && !per_batch) return true;
  if (reader.fan_out) return receive(moment, id);
  const bool nothing_held = held_end(world, reader) == reader.checkpoint;
  // KDS-LIM-18: a mapping that is alone at its shard knows how often it has read, so it waits
  // instead of being refused. Nobody documents how it reads (ESM-POL-19).
  if (!per_batch && has_limits(world, reader) && is_alone(world, id)) {
    const Instant next =
        next_read_at(world.shard(reader.shard).limits, read_rules_of(*world.plan).how, world.now);
    if (next > world.now) {
      if (nothing_held) moment.schedule(next, PollDue{id});
      return !nothing_held;
    }
  }
  if (ask_read(moment, id, nothing_held) != ReadRefusal::none) {
    if (nothing_held) wait_refused(moment, id);
    return !nothing_held;
  }
  fetch(moment, id);
  return true;
}

bool is_read_throttled(const Moment& moment, ReaderId id) {
  if (!moment.asks(Site::read_throttled)) return false;
  Reader& reader = moment.world.reader(id);
  if (reader.fan_out) return false;
  if (moment.pick(Site::read_throttled, id.value, reader.checkpoint) == 0) {
    reader.refusals = 0;
    return false;
  }
  moment.tell(ReadRefused{id, reader.shard, ReadRefusal::calls, true});
  wait_refused(moment, id);
  return true;
}

void read_to_top_up(const Moment& moment, ReaderId id) {
  if (moment.plan().exploring) return;
  if (moment.world.reader(id).fan_out) {
    receive(moment, id);
  } else if (ask_read(moment, id, false) == ReadRefusal::none) {
    fetch(moment, id);
  }
}

void read_again(const Moment& moment, ReaderId id, const Batch& batch) {
  Reader& reader = moment.world.reader(id);
  if (moment.plan().exploring || reader.fan_out) return;  // pushed records are at hand
  if (ask_read(moment, id, false) != ReadRefusal::none) return;
  if (reader.read_again != batch.span) {
    reader.read_again = batch.span;
    reader.bytes_again = bytes_in(moment.world, batch.shard, batch.span);
  }
  count_answer(moment, id, batch.span, reader.bytes_again);
}

void rest(const Moment& moment, ReaderId id) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  // KDS-ITR-15, KDS-LIM-14: something is stored that it cannot have yet.
  if (world.shard(reader.shard).log.end() > held_end(world, reader) && !world.plan->exploring) {
    reader.phase = ReaderPhase::polling;
    const Instant next = reader.fan_out
                             ? pushed_at(world, reader)
                             : next_rhythm_point(reader.last_poll, world.now + microseconds(1));
    return moment.schedule(std::max(next, world.now + microseconds(1)), PollDue{id});
  }
  if (has_limits(world, reader) && empty_reads_matter(world, id)) {
    return read_in_a_second(moment, id);
  }
  reader.phase = ReaderPhase::parked;
}

void wake_rivals(const Moment& moment, ReaderId id) {
  World& world = moment.world;
  if (!has_limits(world, world.reader(id))) return;
  world.for_each_reader_at(world.reader(id).shard, [&](ReaderId other) {
    Reader& rival = world.reader(other);
    if (other == id || rival.fan_out || rival.phase != ReaderPhase::parked) return;
    // It has read once a second all the time, and found nothing.
    rival.last_poll =
        std::max(rival.last_poll, next_rhythm_point(rival.last_poll, world.now) - poll_interval);
    read_in_a_second(moment, other);
  });
}

}  // namespace trimhorizon
