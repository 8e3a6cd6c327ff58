// A reader reads its shard, and a lane sends its batch to the function:
//
//   1. find the position: once, or again while LATEST has no checkpoint (starting_position.cpp)
//   2. expire what retention has taken: nobody can read it any more (ESM-POL-16)
//   3. if nothing is left to read, park: the next put wakes the reader at its next rhythm point
//      (ESM-POL-01)
//   4. form a batch: BatchSize, batching window or 6 MB end it, whichever comes first (ESM-POL-03)
//   5. give up what AWS does not send: records at the head that are too old (ESM-AGE-02), a record
//      that is too large for any event (ESM-POL-07)
//   6. if the function is throttled, wait: the order is kept (ESM-RTY-13), and no retry is used,
//      because the function did not run (ESM-RTY-01). Otherwise invoke it
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/lambda/age.hpp"
#include "sim/lambda/backoff.hpp"
#include "sim/lambda/batching.hpp"
#include "sim/world/fault_sites.hpp"
#include "sim/world/on_invoke.hpp"
#include "sim/world/reader.hpp"
#include "sim/world/starting_position.hpp"

namespace trimhorizon {
namespace {

constexpr LaneId only_lane{0};  // only ParallelizationFactor 1 is built

std::int64_t bytes_at(const World& world, const Shard& shard, Position p) {
  const RecordId record = shard.log.record(p);
  return world.plan->producer(record.producer()).data_bytes(record.number());
}

// The sizes of the records from the checkpoint on, for the rules of batching.
struct SizesAhead {
  const World& world;
  const Reader& reader;

  bool matter() const { return world.mapping_of(reader).payload_may_exceed; }
  std::int64_t data_bytes(std::uint64_t i) const {
    return bytes_at(world, world.shard(reader.shard), reader.checkpoint + i);
  }
};

// Site `trim`: retention takes the record at the checkpoint, whatever the clock says. It is asked
// again after each record that is taken, and not asked when no record is left.
void ask_trim(const Moment& moment, ReaderId id) {
  if (!moment.asks(Site::trim)) return;
  Reader& reader = moment.world.reader(id);
  while (moment.world.has_unsettled(reader) &&
         moment.pick(Site::trim, id.value, reader.checkpoint) != 0) {
    settle(moment, id, {reader.checkpoint + 1, Fate::expired, LossCause::retention});
    for (Lane& lane : reader.lanes) trim_ranges(lane, reader.checkpoint);
  }
}

// LAM-CON-03, LAM-CON-05: AWS refuses the call because the function has no room; or the timeline or
// a fault says so.
bool is_throttled_now(const Moment& moment, const Reader& reader) {
  const FunctionId function = moment.world.mapping_of(reader).function;
  return is_throttled(moment.world.function_of(reader), moment.world.functions[function.value],
                      moment.world.now) ||
         moment.strikes(Site::throttle, function.value, moment.world.last_call.value);
}

// LAM-CON-04: a shard that finds no room waits; nothing is lost by that. The function did not run,
// so the batch is not split (ESM-BIS-07).
void wait_throttled(const Moment& moment, ReaderId id, LaneId lane_id) {
  Reader& reader = moment.world.reader(id);
  Lane& lane = reader.lane(lane_id);
  moment.met(Assumption::throttle_backoff);
  // ESM-RTY-01: a throttled attempt does not count against MaximumRetryAttempts. So a throttle
  // alone never discards a record.
  lane.ranges.back().retries_used += TH_RULE(throttles_never_count, 0u, 1u);
  const Duration delay = std::max(
      shortest_wait,
      next_wait(moment, id, moment.plan().assumptions.throttle_backoff, lane.throttle_step));
  lane.throttle_step += 1;
  lane.retry_step += TH_RULE(throttles_have_waits_of_their_own, 0u, 1u);
  const EventNumber event =
      moment.tell(Throttled{id, lane.ranges.back().batch, lane.throttle_step});
  lane.phase = LanePhase::waiting;
  // ESM-RTY-13: the same batch is tried again later. No other record of the shard goes before it.
  moment.after(event).schedule(moment.world.now + delay, LaneReady{id, lane_id});
}

// ESM-POL-07, CON-20: a record above 6 MB fits into no event. AWS gives it up; the switch
// `oversized_record` can let it block the shard instead. True when the shard waits until retention
// takes the record.
bool handle_oversized(const Moment& moment, ReaderId id, Lane& lane) {
  Reader& reader = moment.world.reader(id);
  moment.met(Assumption::oversized_record);
  if (moment.plan().assumptions.oversized_record == assume::oversized_record::block) {
    lane.ranges.clear();
    lane.phase = LanePhase::idle;
    reader.phase = ReaderPhase::stopped;
    wake(moment, id);
    return true;
  }
  const Range& range = lane.ranges.back();
  const GivingUp head{range.batch.head(1), LossCause::oversized, range.invocations, false};
  give_up(moment, id, head);
  trim_ranges(lane, head.batch.span.end);
  return false;
}

bool head_is_oversized(const World& world, const Reader& reader, const Batch& batch) {
  return world.mapping_of(reader).payload_may_exceed &&
         is_oversized(bytes_at(world, world.shard(batch.shard), batch.first()));
}

// Sends the top range of the lane to the function. First gives up what AWS would not send.
void hand_over(Moment moment, ReaderId id, LaneId lane_id) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  Lane& lane = reader.lane(lane_id);
  const MappingSettings& settings = world.settings(reader);
  const Assumptions& assumptions = moment.plan().assumptions;
  while (!lane.ranges.empty()) {
    const Range& range = lane.ranges.back();
    const RecordLog& log = world.shard(range.batch.shard).log;
    // ESM-AGE-01: the age is checked before each attempt. Records that are too old are given up
    // instead of sent.
    const std::uint64_t old = too_old_prefix(settings, assumptions, log, world.now, range);
    note_age_met(settings, assumptions, log, world.now, range.batch, old, moment.outside.met);
    if (old > 0) {
      const GivingUp head{range.batch.head(old), LossCause::age, range.invocations, false};
      moment.cause = give_up(moment, id, head);
      trim_ranges(lane, head.batch.span.end);
    } else if (head_is_oversized(world, reader, range.batch)) {
      if (handle_oversized(moment, id, lane)) return;
    } else if (is_throttled_now(moment, reader)) {
      return wait_throttled(moment, id, lane_id);
    } else {
      // ESM-POL-18: the poller may crash here. A crash during the call does not take back its
      // effects.
      const ReaderCrash crash = ask_reader_crash_anywhere(moment, id);
      if (crash != ReaderCrash::before) invoke(moment, id, lane_id);
      if (crash != ReaderCrash::none) crash_anywhere(moment, id);
      return;
    }
  }
  reader.phase = ReaderPhase::polling;
  lane.phase = LanePhase::idle;
  // The whole batch was given up. Read on at once, because the shard may hold more (ESM-POL-01).
  moment.schedule(world.now, PollDue{id});
}

// How many records a batch would have now; 0 when there is nothing to read. AWS promises no more
// than an upper bound, so the explorer may try smaller batches (ESM-POL-05).
std::uint64_t records_of_batch(const Moment& moment, ReaderId id) {
  const World& world = moment.world;
  const Reader& reader = world.reader(id);
  const std::uint64_t available = world.shard(reader.shard).log.end() - reader.checkpoint;
  if (available == 0) return 0;
  std::uint64_t n = batch_records(world.settings(reader), available, SizesAhead{world, reader});
  if (n > 1 && moment.asks(Site::batch_size)) {
    n -= moment.pick(Site::batch_size, id.value, reader.checkpoint, static_cast<std::uint32_t>(n));
  }
  return n;
}

// Must the reader wait for more records? Then it looks again when the rule says so.
bool window_waits(const Moment& moment, ReaderId id) {
  const World& world = moment.world;
  const Reader& reader = world.reader(id);
  const MappingSettings& settings = world.settings(reader);
  if (settings.batching_window_s == 0) return false;
  const RecordLog& log = world.shard(reader.shard).log;
  const Instant ends =
      window_end(settings, reader.lane(only_lane).window_started, log.arrival(reader.checkpoint));
  const bool full =
      batch_is_full(settings, log.end() - reader.checkpoint, SizesAhead{world, reader});
  const std::optional<Instant> next = waits_until(settings, ends, full, world.now);
  if (next) moment.schedule(*next, PollDue{id});
  return next.has_value();
}

// Makes the next records, from the position on, the batch of the lane.
EventNumber take_batch(const Moment& moment, ReaderId id) {
  Reader& reader = moment.world.reader(id);
  const std::uint64_t n = records_of_batch(moment, id);
  const Span records{reader.checkpoint, reader.checkpoint + n};
  Range range{Batch::whole(reader.shard, records)};
  // Some of these records were sent before. Their effects are duplicates, and the report names this
  // reason.
  if (reader.checkpoint < reader.delivered_to) range.reason = reader.restart_reason;
  reader.lane(only_lane).ranges.push_back(range);
  return moment.tell(Read{id, reader.shard, records});
}

}  // namespace

void on_poll_due(const Moment& moment, const PollDue& due) {
  const ReaderId id = due.reader;
  Reader& reader = moment.world.reader(id);
  TH_CHECK(reader.phase == ReaderPhase::polling && reader.lane(only_lane).ranges.empty());
  reader.last_poll = moment.world.now;
  // ESM-POL-12: LATEST means the end of the shard at the first poll, so it is resolved only now.
  if (!reader.positioned || ask_iterator_expired(moment, id)) resolve_position(moment, id);
  // ESM-POL-16: retention may have taken records while the reader did not read.
  expire_head(moment, id);
  // ESM-POL-01: nothing to read. A put wakes the reader.
  if (!moment.world.has_unsettled(reader)) {
    reader.phase = ReaderPhase::parked;
    return;
  }
  if (window_waits(moment, id)) return;
  // The explorer asks whether retention takes the next record now; then there may be nothing left.
  ask_trim(moment, id);
  if (!moment.world.has_unsettled(reader)) {
    reader.phase = ReaderPhase::parked;
    return;
  }
  const EventNumber event = take_batch(moment, id);
  reader.phase = ReaderPhase::working;
  hand_over(moment.after(event), id, only_lane);
}

void on_lane_ready(const Moment& moment, const LaneReady& ready) {
  Lane& lane = moment.world.reader(ready.reader).lane(ready.lane);
  TH_CHECK(lane.phase == LanePhase::waiting && !lane.in_flight.valid());
  lane.phase = LanePhase::idle;
  // ESM-POL-16: a retry reads the records again. Retention may have taken some of them meanwhile.
  expire_head(moment, ready.reader);
  ask_trim(moment, ready.reader);
  hand_over(moment, ready.reader, ready.lane);
}

void on_retention_due(const Moment& moment, const RetentionDue& due) {
  Reader& reader = moment.world.reader(due.reader);
  reader.retention_due = false;
  // KDS-SHD-11: retention also counts while the mapping is disabled.
  expire_head(moment, due.reader);
  if (moment.world.mapping(mapping_of(reader.consumer)).enabled) {
    // The oversized record that blocked the shard is gone.
    start_polling(moment, due.reader, moment.world.now);
  } else {
    wake(moment, due.reader);
  }
}

}  // namespace trimhorizon
