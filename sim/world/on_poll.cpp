// A poller reads its shard, and a lane hands its batch over:
//
//   1. LATEST: resolve the starting position, once (starting_position.cpp)
//   2. expire what retention has taken (ESM-POL-16)
//   3. nothing there: park; a put wakes the poller at its next rhythm point (ESM-POL-01)
//   4. form a batch: BatchSize, batching window, 6 MB, whichever comes first (ESM-POL-03)
//   5. give up the head that is too old (ESM-AGE-02)
//   6. throttled: wait, in order, without counting (ESM-RTY-01, ESM-RTY-13); else invoke
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/lambda/batching.hpp"
#include "sim/world/fault_sites.hpp"
#include "sim/world/step.hpp"

namespace trimhorizon {
namespace {

// Site `trim`: retention takes the record at the checkpoint, whatever the clock says. Asked again
// after each trim; not asked when there is nothing to take.
void ask_trim(World& world, ReaderId id, std::uint64_t cause, Outside& outside) {
  constexpr auto site = static_cast<std::uint8_t>(Site::trim);
  if (!outside.choices.asks(site)) return;
  Reader& reader = world.reader(id);
  const Shard& shard = world.shards[reader.shard.value];
  while (reader.checkpoint < shard.log.end() &&
         outside.choices.pick({site, id.value, reader.checkpoint}) != 0) {
    world.history.mark(Situation::expire);
    settle(world, id, reader.checkpoint + 1, Fate::expired, LossCause::retention, true, cause,
           outside);
    trim_ranges(reader.lane, reader.checkpoint);
  }
}

// How many of `available` records fit: at least one, at most 6 MB of event (ESM-POL-06).
std::uint64_t fit_payload(const World& world, const Shard& shard, Position first,
                          std::uint64_t available) {
  std::int64_t bytes = 0;
  for (std::uint64_t n = 0; n < available; ++n) {
    const RecordId record = shard.log.record(first + n);
    const std::int64_t data = world.plan->producer(record.producer()).data_bytes(record.number());
    bytes += TH_RULE(the_6_mb_are_counted_in_base64, payload_size(data), data);
    if (bytes > payload_bytes_max) return std::max<std::uint64_t>(n, 1);
  }
  return available;
}

bool oversized(const World& world, const Reader& reader, Position p) {
  if (!world.plan->mapping(reader.mapping).payload_may_exceed) return false;
  const RecordId record = world.shards[reader.shard.value].log.record(p);
  return payload_size(world.plan->producer(record.producer()).data_bytes(record.number())) >
         payload_bytes_max;
}

// How many records at the head of the range are over the age limit (ESM-AGE-02); of a half of a
// split batch as of any other (ESM-BIS-11, CON-02).
std::uint64_t too_old_prefix(const World& world, const Reader& reader, const Range& range) {
  const MappingSettings& settings = world.settings(reader);
  if (!settings.age_is_limited()) return 0;
  const Assumptions& assumptions = world.plan->assumptions;
  const RecordLog& log = world.shards[reader.shard.value].log;
  const auto old = [&](Position p) {
    return too_old(settings, assumptions, world.now - log.arrival(p));  // ESM-AGE-05
  };
  if (!old(range.span.first)) return 0;
  if (TH_RULE(age_is_looked_at_before_the_first_attempt, false, range.invocations == 0)) return 0;
  const bool whole = TH_RULE(age_is_a_record_property,
                             assumptions.age_scope == assume::age_scope::whole_batch, true);
  if (whole) return range.span.count();
  Position p = range.span.first;
  while (p < range.span.end && old(p)) ++p;
  return p - range.span.first;
}

// The questions that ages raise, whatever the switches answer: records too old in front of others
// that are not, and a record of exactly the limit.
void note_age_met(World& world, const Reader& reader, Span span, std::uint64_t old) {
  const MappingSettings& settings = world.settings(reader);
  if (!settings.age_is_limited()) return;
  const RecordLog& log = world.shards[reader.shard.value].log;
  const auto left = [&](Position p) {
    return settings.maximum_record_age() - (world.now - log.arrival(p));
  };
  const Assumptions& assumptions = world.plan->assumptions;
  const Duration age_of_last = world.now - log.arrival(span.end - 1);
  if (old > 0 && !too_old(settings, assumptions, age_of_last)) {
    world.history.met.add(Assumption::age_scope);
  }
  const Position next = span.first + old;
  if ((next < span.end && left(next) == Duration{0}) ||
      (old > 0 && left(next - 1) == Duration{0})) {
    world.history.met.add(Assumption::age_boundary);
  }
}

// LAM-CON-03, LAM-CON-05: no room, or the timeline says so.
bool is_throttled(const World& world, const Reader& reader, Outside& outside) {
  const FunctionId function = world.plan->mapping(reader.mapping).function;
  const FunctionState& state = world.functions[function.value];
  const Duration more_time = TH_RULE(an_interval_excludes_its_end, Duration{0}, microseconds(1));
  if (world.now < state.throttled_until + more_time) return true;
  const auto& reserved = world.plan->function(function).settings.reserved_concurrency;
  const std::uint32_t more = TH_RULE(reserved_concurrency_is_a_cap, 0u, 1u);
  if (reserved && state.in_flight >= *reserved + more) return true;
  constexpr auto site = static_cast<std::uint8_t>(Site::throttle);
  return outside.choices.asks(site) &&
         outside.choices.pick({site, function.value, world.history.invocation_number}) != 0;
}

// LAM-CON-04: the shards that find no room wait. No outcome, so nothing splits (ESM-BIS-07).
void wait_throttled(World& world, ReaderId id, std::uint64_t cause, Outside& outside) {
  Reader& reader = world.reader(id);
  Lane& lane = reader.lane;
  world.history.mark(Situation::throttle);
  world.history.met.add(Assumption::throttle_backoff);
  world.metrics(reader).add(Counter::Throttles);
  world.metrics(reader).add(Counter::FailedInvokeEventCount,  // CON-24
                            lane.ranges.back().span.count());
  // ESM-RTY-01: a throttled attempt never counts against MaximumRetryAttempts.
  lane.ranges.back().retries_used += TH_RULE(throttles_never_count, 0u, 1u);
  const Duration delay = std::max(
      shortest_wait,
      jittered_delay(world, world.plan->assumptions.throttle_backoff, lane.throttle_step, id));
  lane.throttle_step += 1;
  lane.retry_step += TH_RULE(throttles_have_waits_of_their_own, 0u, 1u);
  const std::uint64_t told = tell(world, outside,
                                  {.cause = cause,
                                   .kind = TraceKind::throttled,
                                   .who = id.value,
                                   .shard = reader.shard,
                                   .span = lane.ranges.back().span,
                                   .count = lane.throttle_step});
  reader.phase = Phase::waiting;
  schedule(world, world.now + delay, told, LaneReady{id});
}

// ESM-POL-07, CON-20: one record above 6 MB cannot be delivered. True if the lane waits for ever.
bool handle_oversized(World& world, ReaderId id, std::uint64_t cause, Outside& outside) {
  Reader& reader = world.reader(id);
  world.history.met.add(Assumption::oversized_record);
  if (world.plan->assumptions.oversized_record == assume::oversized_record::block) {
    reader.lane.ranges.clear();
    reader.phase = Phase::stopped;  // until retention takes the record
    wake(world, id, cause);
    return true;
  }
  Range& range = reader.lane.ranges.back();
  Range head = range;
  head.span.end = head.span.first + 1;
  discard(world, id, head, LossCause::oversized, false, cause, outside);
  trim_ranges(reader.lane, head.span.end);
  return false;
}

// Hands over the top range of the lane, after what must go first has gone. Before each attempt, the
// first (ESM-AGE-03) and every retry (ESM-AGE-04), and at no other time (ESM-AGE-07).
void hand_over(World& world, ReaderId id, std::uint64_t cause, Outside& outside) {
  Reader& reader = world.reader(id);
  std::vector<Range>& ranges = reader.lane.ranges;
  while (!ranges.empty()) {
    Range& range = ranges.back();
    const std::uint64_t old = too_old_prefix(world, reader, range);
    note_age_met(world, reader, range.span, old);
    if (old > 0) {
      Range head = range;
      head.span.end = head.span.first + old;
      cause = discard(world, id, head, LossCause::age, false, cause, outside);
      trim_ranges(reader.lane, head.span.end);
    } else if (oversized(world, reader, range.span.first)) {
      if (handle_oversized(world, id, cause, outside)) return;
    } else if (is_throttled(world, reader, outside)) {
      wait_throttled(world, id, cause, outside);
      return;
    } else {
      const ReaderCrash crash = ask_reader_crash_anywhere(world, id, outside);
      if (crash != ReaderCrash::before) invoke(world, id, cause, outside);
      if (crash != ReaderCrash::none) crash_anywhere(world, id, cause, outside);
      return;
    }
  }
  reader.phase = Phase::polling;
  schedule(world, world.now, cause, PollDue{id});
}

// ESM-POL-04: not with the first record, as for other sources.
Instant window_started(const Reader& reader, [[maybe_unused]] const RecordLog& log) {
  return TH_RULE(a_window_starts_at_the_end_of_the_invocation_before, reader.window_started,
                 log.arrival(reader.checkpoint));
}

// The batch a read would form now; 0: nothing to read.
std::uint64_t batch_records(World& world, ReaderId id, bool& full, Outside& outside) {
  const Reader& reader = world.reader(id);
  const Shard& shard = world.shards[reader.shard.value];
  const auto limit = static_cast<std::uint64_t>(world.settings(reader).batch_size);
  std::uint64_t n = std::min(shard.log.end() - reader.checkpoint, limit);
  full = n == limit;
  if (n > 0 && world.plan->mapping(reader.mapping).payload_may_exceed) {
    const std::uint64_t fits = fit_payload(world, shard, reader.checkpoint, n);
    full = full || fits < n;
    n = fits;
  }
  constexpr auto site = static_cast<std::uint8_t>(Site::batch_size);
  if (n > 1 && outside.choices.asks(site)) {
    n -= outside.choices.pick({site, id.value, reader.checkpoint, static_cast<std::uint32_t>(n)});
    full = true;
  }
  return n;
}

}  // namespace

// Drawn by the shard's own count of waits: nothing that happens elsewhere, and nobody who watches,
// moves it.
Duration jittered_delay(World& world, const Backoff& backoff, std::uint32_t step, ReaderId id) {
  const Duration delay = backoff_delay(backoff, step);
  if (backoff.jitter == Backoff::Jitter::none || world.plan->exploring) return delay;
  Reader& reader = world.reader(id);
  const std::uint32_t who = drawing_entity(reader.mapping, world.shards[reader.shard.value].number);
  const std::uint64_t bits = draw_bits(world.plan->seed, who, Purpose::jitter, reader.waits++);
  return {static_cast<std::int64_t>(bits_below(bits, static_cast<std::uint64_t>(delay.us) + 1))};
}

void on_poll_due(World& world, const PollDue& due, std::uint64_t cause, Outside& outside) {
  Reader& reader = world.reader(due.reader);
  const Shard& shard = world.shards[reader.shard.value];
  const MappingSettings& settings = world.settings(reader);
  TH_CHECK(reader.phase == Phase::polling && reader.lane.ranges.empty());
  reader.last_poll = world.now;
  if (!reader.positioned || ask_iterator_expired(world, due.reader, cause, outside)) {
    resolve_position(world, due.reader, cause, outside);
  }
  expire_head(world, due.reader, cause, outside);
  if (reader.checkpoint == shard.log.end()) {
    reader.phase = Phase::parked;
    return;
  }
  // ESM-POL-04, ESM-POL-05: an open window waits for a full batch, reading once a second. Without
  // one, any BatchSize takes what is there (CON-05).
  const auto limit = static_cast<std::uint64_t>(settings.batch_size);
  if (settings.batching_window_s > 0 &&
      !window_is_over(settings, window_started(reader, shard.log), world.now)) {
    bool full = shard.log.end() - reader.checkpoint >= limit;
    if (!full && world.plan->mapping(reader.mapping).payload_may_exceed) {
      const std::uint64_t n = shard.log.end() - reader.checkpoint;
      full = fit_payload(world, shard, reader.checkpoint, n) < n;
    }
    if (!full) {
      const Instant over = window_started(reader, shard.log) + seconds(settings.batching_window_s);
      schedule(world, std::min(over, world.now + poll_interval), cause, PollDue{due.reader});
      return;
    }
  }
  ask_trim(world, due.reader, cause, outside);
  if (reader.checkpoint == shard.log.end()) {
    reader.phase = Phase::parked;
    return;
  }
  bool full = false;
  const std::uint64_t n = batch_records(world, due.reader, full, outside);
  Range range{{reader.checkpoint, reader.checkpoint + n}};
  if (reader.checkpoint < reader.delivered_to) range.reason = reader.restart_reason;
  if (range.span.end > reader.polled_to) {
    world.metrics(reader).add(Counter::PolledEventCount, range.span.end - reader.polled_to);
    reader.polled_to = range.span.end;
  }
  const std::uint64_t told = tell(world, outside,
                                  {.cause = cause,
                                   .kind = TraceKind::poll,
                                   .who = due.reader.value,
                                   .shard = reader.shard,
                                   .span = range.span});
  reader.lane.ranges.push_back(range);
  hand_over(world, due.reader, told, outside);
}

void on_lane_ready(World& world, const LaneReady& ready, std::uint64_t cause, Outside& outside) {
  Reader& reader = world.reader(ready.reader);
  TH_CHECK(reader.phase == Phase::waiting && !reader.lane.in_flight.valid());
  expire_head(world, ready.reader, cause, outside);
  ask_trim(world, ready.reader, cause, outside);
  hand_over(world, ready.reader, cause, outside);
}

void on_retention_due(World& world, const RetentionDue& due, std::uint64_t cause,
                      Outside& outside) {
  Reader& reader = world.reader(due.reader);
  reader.retention_due = false;
  expire_head(world, due.reader, cause, outside);
  const bool blocked = world.mappings[reader.mapping.value].enabled;
  if (blocked) {  // an oversized record has gone: go on
    start_polling(world, due.reader, world.now, cause);
  } else {
    wake(world, due.reader, cause);
  }
}

}  // namespace trimhorizon
