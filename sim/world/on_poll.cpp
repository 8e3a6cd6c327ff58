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
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

constexpr LaneId only_lane{0};  // only ParallelizationFactor 1 is built

std::int64_t data_bytes(const World& world, const Shard& shard, Position p) {
  const RecordId record = shard.log.record(p);
  return world.plan->producer(record.producer()).data_bytes(record.number());
}

// How many of the `available` records fit into one event; at least one (ESM-POL-06). A record that
// fits into no event is given up later, by hand_over().
std::uint64_t fit_payload(const World& world, const Shard& shard, Position first,
                          std::uint64_t available) {
  Payload payload;
  std::uint64_t n = 0;
  while (n < available && payload.takes(data_bytes(world, shard, first + n))) ++n;
  return std::max<std::uint64_t>(n, 1);
}

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
  const EventNumber told = moment.tell(Throttled{id, lane.ranges.back().batch, lane.throttle_step});
  lane.phase = LanePhase::waiting;
  // ESM-RTY-13: the same batch is tried again later. No other record of the shard goes before it.
  moment.after(told).schedule(moment.world.now + delay, LaneReady{id, lane_id});
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
         is_oversized(data_bytes(world, world.shard(batch.shard), batch.first()));
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
std::uint64_t batch_records(const Moment& moment, ReaderId id) {
  const Reader& reader = moment.world.reader(id);
  const Shard& shard = moment.world.shard(reader.shard);
  const auto limit = static_cast<std::uint64_t>(moment.world.settings(reader).batch_size);
  std::uint64_t n = std::min(shard.log.end() - reader.checkpoint, limit);
  if (n > 0 && moment.world.mapping_of(reader).payload_may_exceed) {
    n = fit_payload(moment.world, shard, reader.checkpoint, n);
  }
  if (n > 1 && moment.asks(Site::batch_size)) {
    n -= moment.pick(Site::batch_size, id.value, reader.checkpoint, static_cast<std::uint32_t>(n));
  }
  return n;
}

// Must the reader wait for more records? An open batching window waits for a full batch; the reader
// looks once a second (ESM-POL-04). Without a window, the batch takes what is there, whatever
// BatchSize is (ESM-POL-05, CON-05).
bool window_waits(const Moment& moment, ReaderId id) {
  const Reader& reader = moment.world.reader(id);
  const MappingSettings& settings = moment.world.settings(reader);
  if (settings.batching_window_s == 0) return false;
  const Shard& shard = moment.world.shard(reader.shard);
  // ESM-POL-03: the batch is sent when the window ends, when it is full, or when the next record
  // would exceed 6 MB.
  const Instant over = window_end(settings, reader.lane(only_lane).window_started,
                                  shard.log.arrival(reader.checkpoint));
  if (moment.world.now >= over) return false;
  const std::uint64_t n = shard.log.end() - reader.checkpoint;
  if (n >= static_cast<std::uint64_t>(settings.batch_size)) return false;
  if (moment.world.mapping_of(reader).payload_may_exceed &&
      fit_payload(moment.world, shard, reader.checkpoint, n) < n) {
    return false;
  }
  moment.schedule(std::min(over, moment.world.now + poll_interval), PollDue{id});
  return true;
}

// Makes the next records, from the position on, the batch of the lane.
EventNumber take_batch(const Moment& moment, ReaderId id) {
  Reader& reader = moment.world.reader(id);
  const std::uint64_t n = batch_records(moment, id);
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
  const EventNumber told = take_batch(moment, id);
  reader.phase = ReaderPhase::working;
  hand_over(moment.after(told), id, only_lane);
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
