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
//   7. a lane that was refused because all slots are taken stands in a line, and the first of the
//      line gets the next free slot (LAM-CON-13)
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/iterator.hpp"
#include "sim/lambda/age.hpp"
#include "sim/lambda/backoff.hpp"
#include "sim/lambda/batching.hpp"
#include "sim/world/event_records.hpp"
#include "sim/world/explored_reshards.hpp"
#include "sim/world/fault_sites.hpp"
#include "sim/world/on_invoke.hpp"
#include "sim/world/on_reshard.hpp"
#include "sim/world/reader.hpp"
#include "sim/world/reading.hpp"
#include "sim/world/starting_position.hpp"

namespace trimhorizon {
namespace {

constexpr LaneId only_lane{0};  // only ParallelizationFactor 1 is built

// The sizes of the records from the checkpoint on, for the rules of batching.
struct SizesAhead {
  const World& world;
  const Reader& reader;

  bool matter() const { return world.mapping_of(reader).payload_may_exceed; }
  std::int64_t data_bytes(std::uint64_t i) const {
    return data_bytes_at(world, world.shard(reader.shard), reader.checkpoint + i);
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
    for (Lane& lane : reader.lanes) trim(moment.world, lane, reader);
  }
}

// LAM-CON-03, LAM-CON-05: AWS refuses the call because the function has no room; or the timeline or
// a fault says so.
Refusal refusal_now(const Moment& moment, const Reader& reader) {
  const FunctionId function = moment.world.mapping_of(reader).function;
  const Refusal refusal = throttled_by(moment.world.function_of(reader),
                                       moment.world.functions[function.value], moment.world.now);
  if (refusal != Refusal::none) return refusal;
  const bool fault = moment.strikes(Site::throttle, function.value, moment.world.last_call.value);
  return fault ? Refusal::fault : Refusal::none;
}

// LAM-CON-13: all slots are taken. The lane joins the line, or keeps its place in it: further
// attempts move nobody.
void stand_in_line(const Moment& moment, ReaderId id, LaneId lane) {
  const FunctionId function = moment.world.mapping_of(moment.world.reader(id)).function;
  TH_WRONG(a_refused_shard_stands_in_line) return;
  join_line(moment.world.functions[function.value], {id, lane});
}

// LAM-CON-04: a shard that finds no room waits; nothing is lost by that. The function did not run,
// so the batch is not split (ESM-BIS-07).
void wait_throttled(const Moment& moment, ReaderId id, LaneId lane_id, Refusal why) {
  Reader& reader = moment.world.reader(id);
  Lane& lane = reader.lane(lane_id);
  moment.met(Assumption::throttle_backoff);
  if (why == Refusal::slots) stand_in_line(moment, id, lane_id);
  // ESM-RTY-01: a throttled attempt does not count against MaximumRetryAttempts. So a throttle
  // alone never discards a record.
  lane.ranges.back().retries_used += TH_RULE(throttles_never_count, 0u, 1u);
  const Duration delay = std::max(
      shortest_wait,
      next_wait(moment, id, moment.plan().assumptions.throttle_backoff, lane.throttle_step));
  lane.throttle_step += 1;
  lane.retry_step += TH_RULE(throttles_have_waits_of_their_own, 0u, 1u);
  const EventNumber event =
      moment.tell(Throttled{id, lane.ranges.back().batch, lane.throttle_step, why});
  lane.phase = LanePhase::waiting;
  // ESM-RTY-13: the same batch is tried again later. No other record of the shard goes before it.
  moment.after(event).schedule(moment.world.now + delay, LaneReady{id, lane_id});
}

// The switch `oversized_record: block`: the shard stands until retention takes the record.
void block_shard(const Moment& moment, ReaderId id, Lane& lane) {
  Reader& reader = moment.world.reader(id);
  lane.ranges.clear();
  lane.phase = LanePhase::idle;
  reader.phase = ReaderPhase::stopped;
  moment.tell(PollingWaits{id, PollWait::blocked});
  wake(moment, id);
}

// ESM-POL-07, CON-20: a record above 6 MB fits into no event. Each attempt fails without a call,
// and the record is given up after the last retry. True when the shard waits.
bool handle_oversized(const Moment& moment, ReaderId id, LaneId lane_id) {
  Lane& lane = moment.world.reader(id).lane(lane_id);
  Range& range = lane.ranges.back();
  TH_CHECK(range.batch.count == 1);
  moment.met(Assumption::oversized_record);
  if (moment.plan().assumptions.oversized_record == assume::oversized_record::block) {
    block_shard(moment, id, lane);
    return true;
  }
  range.attempts += 1;
  const Moment then = moment.after(moment.tell(TooLarge{id, range.batch, range.attempts}));
  const NextStep next =
      after_oversized(moment.world.settings(moment.world.reader(id)), lane.ranges.back());
  if (next.then == NextStep::Then::discard) {
    give_up(then, id, {next.rest.batch, LossCause::oversized, next.rest.attempts, false, {}});
    trim(moment.world, lane, moment.world.reader(id));
    return false;
  }
  range = next.rest;
  moment.met(Assumption::retry_backoff);
  const Backoff& backoff = moment.plan().assumptions.retry_backoff;
  // The attempt took no time, so without a wait simulated time would stand still.
  const Duration delay = std::max(shortest_wait, next_wait(moment, id, backoff, lane.retry_step));
  lane.retry_step += 1;
  lane.phase = LanePhase::waiting;
  leave_line(moment, id, lane_id);  // it waits for no slot
  then.tell(WillRetry{id, range.batch, true, delay});
  then.schedule(moment.world.now + delay, LaneReady{id, lane_id});
  return true;
}

bool head_is_oversized(const World& world, const Reader& reader, const Batch& batch) {
  return world.mapping_of(reader).payload_may_exceed &&
         is_oversized(data_bytes_at(world, world.shard(batch.shard), batch.first()));
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
    const StampedLog log = world.stamped_log(range.batch.shard);
    // ESM-AGE-01: the age is checked before each attempt. Records that are too old are given up
    // instead of sent.
    const std::uint64_t old = too_old_prefix(settings, assumptions, log, world.now, range);
    note_age_met(settings, assumptions, log, world.now, range, old, moment.outside.met);
    if (old > 0) {
      const GivingUp head{
          batch_of(world, reader.consumer, reader.shard, range.batch.head(old).span),
          LossCause::age, range.attempts, false, range.request};
      moment.cause = give_up(moment, id, head);
      trim(world, lane, reader);
    } else if (head_is_oversized(world, reader, range.batch)) {
      if (handle_oversized(moment, id, lane_id)) return;
    } else if (const Refusal why = refusal_now(moment, reader); why != Refusal::none) {
      return wait_throttled(moment, id, lane_id, why);
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

// How many positions a batch would have now; 0 when there is nothing to read. AWS promises no more
// than an upper bound, so the explorer may try smaller batches (ESM-POL-05).
std::uint64_t records_of_batch(const Moment& moment, ReaderId id) {
  const World& world = moment.world;
  const Reader& reader = world.reader(id);
  const Position end = held_end(world, reader);
  if (!world.shard(reader.shard).packs.empty()) {
    return batch_with_packs(world, reader, end).end - reader.checkpoint;
  }
  const std::uint64_t available = end - reader.checkpoint;
  if (available == 0) return 0;
  std::uint64_t n = batch_records(world.settings(reader), available, SizesAhead{world, reader});
  if (n > 1 && moment.asks(Site::batch_size)) {
    n -= moment.pick(Site::batch_size, id.value, reader.checkpoint, static_cast<std::uint32_t>(n));
  }
  return n;
}

// Do the records at hand make a batch that has no room for more?
bool is_full(const World& world, const Reader& reader) {
  const Position end = held_end(world, reader);
  if (!world.shard(reader.shard).packs.empty()) return batch_with_packs(world, reader, end).full;
  const std::uint64_t held = end - reader.checkpoint;
  return held > 0 && batch_is_full(world.settings(reader), held, SizesAhead{world, reader});
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
  const bool full = is_full(world, reader);
  const std::optional<Instant> next = waits_until(settings, ends, full, world.now);
  if (!next) return false;
  moment.tell(PollingWaits{id, PollWait::window, ends});
  moment.schedule(*next, PollDue{id});
  return true;
}

// Has retention taken the record from whose sequence number the reader reads on?
bool number_is_trimmed(const World& world, const Reader& reader) {
  const bool latest = world.settings(reader).starting_position == StartingPosition::latest;
  if (!world.plan->natural_retention || !reader.has_read) return false;
  if (!reader.has_checkpoint && !latest) return false;
  // After the last settled record, or at the first record that LATEST gave.
  const Position number = reader.has_checkpoint ? reader.checkpoint - 1 : reader.checkpoint;
  return trim_horizon(world, world.shard(reader.shard), number) > number;
}

// KDS-ITR-08: does the reader need a new iterator, from a sequence number that retention has taken?
// It needs one after a restart, and when its last one is more than five minutes old (KDS-ITR-02). A
// reader without a kept position asks for its StartingPosition again, not for a number.
bool reads_from_trimmed_number(const Moment& moment, const Reader& reader) {
  const World& world = moment.world;
  const bool needs_iterator = reader.restarted || world.now - reader.last_poll > iterator_lifetime;
  return needs_iterator && number_is_trimmed(moment.world, reader);
}

// CON-29: nobody documents what a read from a trimmed number gives. A mapping goes on at the
// horizon, since AWS says that a blocked shard goes on when its records have expired (ESM-RTY-03).
// With `walk_from_horizon` all reads are empty for some time first. With `error` it asks for the
// number in vain, and then for the horizon. True when the reader walks.
bool walks(const Moment& moment, ReaderId id) {
  Reader& reader = moment.world.reader(id);
  if (!reads_from_trimmed_number(moment, reader)) return false;
  moment.met(Assumption::trimmed_position);
  const TrimmedPosition trimmed = trimmed_position_of(moment.plan());
  if (trimmed == TrimmedPosition::error) {
    moment.tell(ReadRefused{id, reader.shard, ReadRefusal::trimmed, false});
  }
  if (trimmed != TrimmedPosition::walk_from_horizon) return false;
  const Instant ends = moment.world.now + walk_of_empty_reads;
  reader.restarted = false;
  reader.last_poll = ends;
  moment.tell(PollingWaits{id, PollWait::walk, ends});
  moment.schedule(ends, PollDue{id});
  return true;
}

// ESM-POL-17, CON-30: may the rest after progress be filled with the records after it? It is sent
// at once, so it waits for nothing (ESM-RTY-14).
void top_up(const Moment& moment, ReaderId id, Lane& lane) {
  Reader& reader = moment.world.reader(id);
  using assume::partial_remainder;
  if (moment.plan().assumptions.partial_remainder == partial_remainder::alone) return;
  if (lane.ranges.size() != 1 || lane.throttle_step > 0) return;
  Range& range = lane.ranges.back();
  const bool is_rest =
      range.attempts == 0 && range.reason == DeliveryReason::retry_after_partial_response;
  if (is_rest) read_to_top_up(moment, id);
  const std::uint64_t n = is_rest ? records_of_batch(moment, id) : 0;
  if (n <= range.batch.span.count()) return;
  const Span added{range.batch.span.end, reader.checkpoint + n};
  range.batch =
      batch_of(moment.world, reader.consumer, reader.shard, {reader.checkpoint, added.end});
  moment.tell(Read{id, reader.shard, added});
}

// Makes the next records, from the position on, the batch of the lane.
EventNumber take_batch(const Moment& moment, ReaderId id) {
  Reader& reader = moment.world.reader(id);
  const std::uint64_t n = records_of_batch(moment, id);
  const Span records{reader.checkpoint, reader.checkpoint + n};
  Range range{batch_of(moment.world, reader.consumer, reader.shard, records)};
  // Some of these records were sent before. Their effects are duplicates, and the report names this
  // reason.
  if (reader.checkpoint < reader.delivered_to) range.reason = reader.restart_reason;
  reader.lane(only_lane).ranges.push_back(range);
  return moment.tell(Read{id, reader.shard, records});
}

void park(const Moment& moment, ReaderId id) {
  rest(moment, id);
  leave_line(moment, id, only_lane);
}

// Is all of a closed shard settled, and does the reader know that there is no more?
bool knows_the_end(const World& world, const Reader& reader) {
  return is_at_end_of_shard(world, reader) && (reader.saw_end || world.plan->exploring);
}

// KDS-PRD-21: the mapping drops aggregates that do not fit the shard, and tells nobody.
void drop_unfitting_head(const Moment& moment, ReaderId id) {
  const World& world = moment.world;
  const Reader& reader = world.reader(id);
  const Packs& packs = world.shard(reader.shard).packs;
  if (packs.empty() || !unpacks(world, reader.consumer)) return;
  while (reader.checkpoint < held_end(world, reader)) {
    const Pack* pack = packs.at(reader.checkpoint);
    if (pack == nullptr || pack->fits) return;
    settle(
        moment, id,
        {std::min(pack->end(), held_end(world, reader)), Fate::dropped, LossCause::deaggregation});
  }
}

// Does the reader hold records that are not settled?
bool holds_records(const World& world, const Reader& reader) {
  return held_end(world, reader) > reader.checkpoint;
}

}  // namespace

void on_poll_due(const Moment& moment, const PollDue& due) {
  const ReaderId id = due.reader;
  ask_reshard_before_poll(moment, id);
  Reader& reader = moment.world.reader(id);
  TH_CHECK(reader.phase == ReaderPhase::polling && reader.lane(only_lane).ranges.empty());
  if (reader.idles) {
    reader.idles = false;
    moment.world.idle_events -= 1;
  }
  if (walks(moment, id)) return leave_line(moment, id, only_lane);
  if (!take_iterator(moment, id)) return leave_line(moment, id, only_lane);
  reader.restarted = false;
  reader.last_poll = moment.world.now;
  // ESM-POL-12: LATEST means the end of the shard at the first poll, so it is resolved only now.
  if (!reader.positioned || ask_iterator_expired(moment, id)) resolve_position(moment, id);
  // ESM-POL-16: retention may have taken records while the reader did not read.
  expire_head(moment, id);
  // KDS-ITR-11: the last read said that the closed shard has no more.
  if (knows_the_end(moment.world, reader)) return finish_reader(moment, id);
  // ESM-POL-19: read on, unless a whole batch is at hand.
  if (!moment.plan().exploring && !read_ahead(moment, id, is_full(moment.world, reader))) {
    return leave_line(moment, id, only_lane);
  }
  if (knows_the_end(moment.world, reader)) return finish_reader(moment, id);
  // ESM-POL-01: nothing to read. A put wakes the reader.
  drop_unfitting_head(moment, id);
  if (!holds_records(moment.world, reader)) return park(moment, id);
  if (is_read_throttled(moment, id)) return leave_line(moment, id, only_lane);
  reader.has_read = true;
  if (window_waits(moment, id)) return leave_line(moment, id, only_lane);
  // The explorer asks whether retention takes the next record now; then there may be nothing left.
  ask_trim(moment, id);
  if (!holds_records(moment.world, reader)) return park(moment, id);
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
  // KDS-ITR-08: the number from which it reads may be gone too. Its records are at hand, so the
  // switch changes nothing for them (ESM-POL-19).
  if (number_is_trimmed(moment.world, moment.world.reader(ready.reader))) {
    moment.met(Assumption::trimmed_position);
  }
  ask_trim(moment, ready.reader);
  // ESM-POL-16: an attempt after a failure reads its records again; one after a throttle does not,
  // for the function has not run.
  if (!lane.ranges.empty() && lane.throttle_step == 0 && lane.ranges.back().attempts > 0) {
    read_again(moment, ready.reader, lane.ranges.back().batch);
  }
  if (!lane.ranges.empty()) top_up(moment, ready.reader, lane);
  hand_over(moment, ready.reader, ready.lane);
}

namespace {

// It is the turn of this lane. When its whole batch is given up, it reads on and sends the next
// one.
void serve(const Moment& moment, Waiter waiter) {
  World& world = moment.world;
  const auto cancel = [&](Instant until, const What& what) {
    bool found = false;
    world.events.cancel_if([&](const Event& event) {
      const bool its = event.at <= until && event.what == what;
      found = found || its;
      return its;
    });
    return found;
  };
  const LaneReady ready{waiter.reader, waiter.lane};
  cancel(end_of_time, ready);
  on_lane_ready(moment, ready);
  const PollDue poll{waiter.reader};
  while (cancel(world.now, poll)) on_poll_due(moment, poll);
}

}  // namespace

// LAM-CON-13: the slots that are free go to the first in the line. In the explorer anybody in the
// line may get one, since nobody documents who does.
void on_slot_freed(const Moment& moment, const SlotFreed& freed) {
  World& world = moment.world;
  FunctionState& function = world.functions[freed.function.value];
  const FunctionSettings& settings = moment.plan().function(freed.function).settings;
  while (throttled_by(settings, function, world.now) == Refusal::none) {
    std::vector<Waiter> waiting = function.line;
    // A lane that has just given up its batch reads again at this instant, and then finds the slot.
    std::erase_if(waiting, [&](const Waiter& each) {
      return world.reader(each.reader).lane(each.lane).phase != LanePhase::waiting;
    });
    if (waiting.empty()) return;
    std::size_t next = 0;
    if (waiting.size() > 1 && moment.asks(Site::free_slot)) {
      next = moment.pick(Site::free_slot, freed.function.value, world.last_call.value,
                         static_cast<std::uint32_t>(waiting.size()));
    }
    leave_line(function, waiting[next]);
    serve(moment, waiting[next]);
  }
}

void on_retention_due(const Moment& moment, const RetentionDue& due) {
  Reader& reader = moment.world.reader(due.reader);
  reader.retention_due = false;
  // KDS-SHD-11: retention also counts while the mapping is disabled.
  expire_head(moment, due.reader);
  if (moment.world.mapping(mapping_of(reader.consumer)).enabled && !reader.behind_parents) {
    // The oversized record that blocked the shard is gone.
    start_polling(moment, due.reader, moment.world.now);
  } else {
    wake(moment, due.reader);
  }
}

}  // namespace trimhorizon
