// An invocation starts, and later ends:
//
//   1. it takes an environment, cold or warm, because a cold start delays its work (LAM-CON-09).
//      Its outcome is decided now, so that no fork or replay between start and end can change it
//   2. when it ends, its effects have happened, whoever asked for them. They come before the
//      checkpoint, and that is why effects can be repeated (ESM-CHK-09)
//   3. the end of an older incarnation of the reader moves no checkpoint: its poller is gone
//   4. the rule decides what is next: checkpoint, retry, split, or give up (lambda/failure.hpp)
#include <algorithm>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/base/format.hpp"
#include "sim/base/rule.hpp"
#include "sim/lambda/backoff.hpp"
#include "sim/world/event_records.hpp"
#include "sim/world/fault_sites.hpp"
#include "sim/world/modelled_function.hpp"
#include "sim/world/names.hpp"
#include "sim/world/on_invoke.hpp"
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

InvocationSlot free_slot(World& world) {
  std::uint32_t& slot = world.used_slots;
  while (slot < world.invocations.size() && world.invocations[slot].used) ++slot;
  if (slot == world.invocations.size()) world.invocations.emplace_back();
  return {slot};
}

Outcome decide_outcome(const Moment& moment, const InvocationRequest& request) {
  World& world = moment.world;
  const FunctionId function = moment.plan().mapping(request.mapping).function;
  Outcome outcome;
  if (world.now < world.functions[function.value].outage_until) {
    // During an outage the function works as long as usual, at most its Timeout. Then it fails
    // without effects.
    outcome.duration = std::min(modelled_duration(request, world),
                                moment.plan().function(function).settings.timeout());
    outcome.end = InvocationEnd::error;
    outcome.outage = true;
  } else {
    outcome = moment.outside.handlers.invoke(request, world, moment.outside.choices);
  }
  // The explorer may turn the outcome into a failure.
  ask_invocation_faults(moment, request, outcome);
  return outcome;
}

// Counts how often records are handed to the function, for entries of `fail:` that ask.
void count_deliveries(World& world, MappingId mapping, const Batch& batch) {
  for (std::uint64_t i = 0; i < batch.span.count(); ++i) {
    const RecordId record = world.shard(batch.shard).log.record(batch.at(i));
    world.mapping(mapping).handed[record] += 1;
  }
}

// Starts an invocation of these records. Its end moves a checkpoint only if `incarnation` is that
// of the reader.
InvocationSlot start_invocation(const Moment& moment, ReaderId id, Range& range,
                                std::uint32_t incarnation) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  const FunctionId function = world.mapping_of(reader).function;
  world.last_call.value += 1;
  // ESM-RTY-12: a plain retry repeats the request id of its batch object.
  if (TH_RULE(a_retry_repeats_the_request_id, !range.request.valid(), true)) {
    range.request = world.last_call;
  }
  // LAM-CON-09: without an idle environment the work starts after a cold start.
  const bool cold = take_environment(world.functions[function.value]);
  // A half that starts with all its retries is not a retry (ESM-BIS-02).
  const bool retry = range.attempts > 1 || range.retries_used > 0;
  const EventNumber event = moment.tell(Delivered{id, world.last_call, range.request, range.batch,
                                                  range.attempts, retry, range.reason, cold});
  reader.delivered_to = std::max(reader.delivered_to, range.batch.span.end);

  const MappingId mapping = mapping_of(reader.consumer);
  if (moment.plan().function(function).counts_deliveries) {
    count_deliveries(world, mapping, range.batch);
  }
  const InvocationRequest request{
      mapping,        id,  range.batch, range.attempts, world.last_call, range.request,
      ++reader.calls, cold};
  // Decided now and stored: what happens until the end must not change it.
  Outcome outcome = decide_outcome(moment, request);
  const InvocationSlot slot = free_slot(world);
  Invocation& entry = world.invocation(slot);
  entry.used = true;
  entry.reader = id;
  entry.incarnation = incarnation;
  entry.batch = range.batch;
  entry.outcome = std::move(outcome);
  entry.number = request.number;
  entry.attempt = range.attempts;
  entry.started = world.now;
  entry.work_started =
      world.now + (cold ? moment.plan().function(function).settings.cold_start : Duration{0});
  moment.after(event).schedule(entry.work_started + entry.outcome.duration, InvocationDone{slot});
  return slot;
}

// What the lane does next: send its next range, or read again. A mapping that was updated during
// the invocation stops first, because the update waited for its end (ESM-CHK-05).
void next_work(const Moment& moment, ReaderId id, LaneId lane_id, Duration delay) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  Lane& lane = reader.lane(lane_id);
  if (reader.stopping) {
    const MappingState& mapping = world.mapping(mapping_of(reader.consumer));
    restart_reader(moment, id, DeliveryReason::re_enabled);
    if (!mapping.enabled) return stay_disabled(moment, id);
    return start_polling(moment, id, std::max(world.now, mapping.resumes));
  }
  if (lane.ranges.empty()) {
    lane.phase = LanePhase::idle;
    reader.phase = ReaderPhase::polling;
    moment.schedule(world.now, PollDue{id});
  } else {
    lane.phase = LanePhase::waiting;  // only this shard waits, the others go on (ESM-RTY-04)
    moment.schedule(world.now + delay, LaneReady{id, lane_id});
  }
}

// How long the batch waits before it is tried again. After an attempt that took no time it must
// wait, or simulated time would stand still.
Duration wait_before_retry(const Moment& moment, ReaderId id, const Invocation& done,
                           const NextStep& next) {
  if (!next.wait) return {0};
  const Lane& lane = moment.world.reader(id).lane(done.batch.lane);
  const Duration delay =
      next_wait(moment, id, moment.plan().assumptions.retry_backoff, lane.retry_step);
  return done.started == moment.world.now ? std::max(delay, shortest_wait) : delay;
}

// Is this the same batch object again? After progress, the rest is a new one.
bool is_tried_again(const Invocation& done, const NextStep& next) {
  return next.processed_to == done.batch.first() || next.rest.retries_used > 0;
}

// ESM-PBR-01: without ReportBatchItemFailures the mapping does not read the report. The records
// that it names have this as the cause of their loss.
std::span<const Position> ignored_report(const Moment& moment, const Invocation& done,
                                         const MappingSettings& settings) {
  std::vector<Position>& positions = moment.outside.reported;
  positions.clear();
  if (settings.report_batch_item_failures) return {};
  for (const std::uint32_t offset : done.outcome.answer.named) {
    positions.push_back(done.batch.at(offset));
  }
  return positions;
}

// CON-30: could the rest after progress be filled with records that come after it?
void note_rest_met(const Moment& moment, const Reader& reader, const Lane& lane,
                   const NextStep& next) {
  const bool rest_of_progress = next.then == NextStep::Then::retry && !next.wait;
  const Position end = moment.world.shard(reader.shard).log.end();
  const auto most = static_cast<std::uint64_t>(moment.world.settings(reader).batch_size);
  if (!rest_of_progress || lane.ranges.size() != 1) return;
  if (end > next.rest.batch.span.end && next.rest.batch.count < most) {
    moment.met(Assumption::partial_remainder);
  }
}

// Does what the rule decided. Each part is an event with its cause.
void apply(Moment moment, const Invocation& done, const NextStep& next, Ruling ruling) {
  const ReaderId id = done.reader;
  Reader& reader = moment.world.reader(id);
  Lane& lane = reader.lane(done.batch.lane);
  const MappingSettings& settings = moment.world.settings(reader);
  // ESM-CHK-01: the checkpoint moves over the records that are done. After a failure nothing is
  // done, so it stays.
  moment.cause = settle(moment, id,
                        {next.processed_to, Fate::processed, why_without_effect(settings, ruling),
                         true, ignored_report(moment, done, settings)});
  // ESM-POL-04: the next batching window starts now, not with the next record.
  lane.window_started = moment.world.now;
  Duration delay{0};
  switch (next.then) {
    case NextStep::Then::proceed: lane.ranges.pop_back(); break;
    // The same range stays on top: the shard is blocked until it succeeds or is given up.
    case NextStep::Then::retry:
      note_rest_met(moment, reader, lane, next);
      lane.ranges.back() = next.rest;
      delay = wait_before_retry(moment, id, done, next);
      moment.tell(WillRetry{id, next.rest.batch, is_tried_again(done, next), delay});
      break;
    case NextStep::Then::split:
      lane.ranges.back() = next.second;
      // The first half goes first, to keep the order (ESM-BIS-08).
      lane.ranges.push_back(next.rest);
      moment.cause = moment.tell(SplitInTwo{id, next.rest.batch, next.second.batch});
      break;
    // ESM-RTY-05: the retries are used up. The batch is given up so that the shard can go on.
    case NextStep::Then::discard: {
      const InvocationNumber request = lane.ranges.back().request;
      lane.ranges.pop_back();
      const bool function_error =
          TH_RULE(a_report_is_no_function_error, ruling == Ruling::function_error, true);
      const Range& rest = next.rest;
      const InvocationNumber last = rest.request.valid() ? rest.request : request;
      moment.cause = give_up(moment, id,
                             {rest.batch, LossCause::retries, rest.attempts, function_error, last});
      break;
    }
  }
  lane.retry_step = next.wait && next.then == NextStep::Then::retry ? lane.retry_step + 1 : 0;
  next_work(moment, id, done.batch.lane, delay);
}

// Tells that the invocation ended, with the effects that it had. Effects before a timeout stay, and
// a retry repeats them (ESM-RTY-08).
EventNumber tell_end(const Moment& moment, const Invocation& done, const Judged& judged,
                     bool stale) {
  Outside& outside = moment.outside;
  const Outcome& outcome = done.outcome;
  outside.worked.clear();
  outside.failed.clear();
  list_effects(outcome, done.batch, outside.worked, outside.failed);
  const Reader& reader = moment.world.reader(done.reader);
  const Packs& packs = moment.world.shard(reader.shard).packs;
  if (!packs.empty() && drops_unfitting(moment.world, reader.consumer)) {
    std::erase_if(outside.failed, [&](Position p) {  // dropped, not failed (KDS-PRD-17)
      const Pack* pack = packs.at(p);
      return pack != nullptr && !pack->fits;
    });
  }
  const bool of_second_poller = done.incarnation == no_incarnation;
  Ended ended;
  ended.reader = done.reader;
  ended.call = done.number;
  ended.batch = done.batch;
  ended.attempt = done.attempt;
  ended.started = done.started;
  ended.took = TH_RULE(duration_is_without_the_cold_start, outcome.duration,
                       moment.world.now - done.started);
  ended.end = outcome.end;
  ended.ruling = judged.ruling;
  ended.cut = outcome.answer.lowest;
  ended.swallowed = outcome.swallowed && judged.ruling == Ruling::success;
  ended.outage = outcome.outage;
  ended.stale = stale;
  ended.replaced_by =
      of_second_poller ? DeliveryReason::overlapping_pollers : reader.restart_reason;
  ended.worked = outside.worked;
  ended.failed = outside.failed;
  return moment.tell(ended);
}

}  // namespace

namespace {

// A batch that is tried again and again without a wait would keep a run busy for hours.
constexpr std::uint32_t attempts_max = 10'000'000;

void refuse_endless_tries(const Moment& moment, ReaderId id, const Range& range) {
  if (range.attempts <= attempts_max) return;
  throw HintedError(
      fmt::format("{} has tried one batch {} times until {} of simulated time, and goes on",
                  reader_name(moment.world, id), count_text(attempts_max),
                  duration_text(moment.world.now - Instant{0})),
      "give it a back-off, or MaximumRetryAttempts, or a longer duration of its function");
}

}  // namespace

void invoke(const Moment& moment, ReaderId id, LaneId lane_id) {
  Reader& reader = moment.world.reader(id);
  Lane& lane = reader.lane(lane_id);
  leave_line(moment, id, lane_id);
  lane.ranges.back().attempts += 1;
  refuse_endless_tries(moment, id, lane.ranges.back());
  // A call that found room ends the series of throttles (ESM-RTY-01).
  lane.throttle_step = 0;
  moment.met(Assumption::iterator_age);
  Range twin = lane.ranges.back();
  const InvocationSlot slot = start_invocation(moment, id, lane.ranges.back(), reader.incarnation);
  reader.last_call = moment.world.invocation(slot).number;
  lane.in_flight = slot;  // the call is synchronous: the lane waits for it (ESM-POL-11)
  lane.phase = LanePhase::in_flight;
  // ESM-POL-18: a second poller may send the same batch. No reader waits for that invocation, so
  // only its effects count.
  if (!ask_overlapping_pollers(moment, id)) return;
  twin.reason = DeliveryReason::overlapping_pollers;
  twin.request = {};
  reader.has_stale_calls = true;
  start_invocation(moment, id, twin, no_incarnation);
}

void on_invocation_done(const Moment& moment, const InvocationDone& event) {
  World& world = moment.world;
  const Invocation done = world.invocation(event.slot);
  world.invocation(event.slot).used = false;
  world.used_slots = std::min(world.used_slots, event.slot.value);
  Reader& reader = world.reader(done.reader);
  const FunctionId function = world.mapping_of(reader).function;
  // The environment is idle again, or gone after a crash, whoever waits for this call.
  give_environment_back(world.functions[function.value], done.outcome.end == InvocationEnd::crash);
  // LAM-CON-13: the slot goes to the first lane in the line, before the shard that just finished.
  if (!world.functions[function.value].line.empty())
    moment.schedule(world.now, SlotFreed{function});

  const MappingSettings& settings = world.settings(reader);
  const Assumptions& assumptions = moment.plan().assumptions;
  Judged judged = judge_outcome(settings, assumptions, done.outcome);
  if (judged.ruling == Ruling::partial) {
    judged.left =
        event_records(world, reader.consumer, done.batch.shard, done.batch.after(judged.cut).span);
  }
  const bool stale = done.incarnation != reader.incarnation;
  // ESM-CHK-09: the effects count before anything is decided about the checkpoint.
  const Moment then = moment.after(tell_end(moment, done, judged, stale));
  // The poller that made this call has crashed, was disabled, or was a second one. Nobody waits for
  // the answer, so the checkpoint does not move.
  if (stale) {
    TH_WRONG(a_stale_end_moves_nothing) settle(then, done.reader, {done.batch.span.end});
    return;
  }

  Lane& lane = reader.lane(done.batch.lane);
  lane.in_flight = {};
  lane.phase = LanePhase::idle;
  // ESM-POL-18: the poller may crash between the success and its checkpoint.
  if (ask_reader_faults(then, done.reader, judged.ruling)) return;
  const Range range = lane.ranges.back();
  NextStep next = after_invocation(settings, assumptions, range, done.outcome, judged, world.now);
  if (!world.shard(reader.shard).packs.empty()) fit_to_records(world, reader.consumer, next);
  note_met(settings, assumptions, range, judged, next, moment.outside.met);
  apply(then, done, next, judged.ruling);
}

}  // namespace trimhorizon
