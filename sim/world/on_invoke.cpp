// An invocation starts, and ends:
//
//   1. an environment is taken, cold or warm (LAM-CON-09); the outcome is decided now, so that a
//      fork or a replay of the moments until its end cannot change it
//   2. when it ends its effects are done, whoever asked for them (ESM-CHK-09)
//   3. the end for an older incarnation moves nothing: nobody waits for it
//   4. the rule says what is next: checkpoint, retry, split, give up (lambda/failure.hpp)
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/lambda/backoff.hpp"
#include "sim/world/fault_sites.hpp"
#include "sim/world/modelled_function.hpp"
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

InvocationSlot free_slot(World& world) {
  for (std::uint32_t i = 0; i < world.invocations.size(); ++i) {
    if (!world.invocations[i].used) return {i};
  }
  world.invocations.emplace_back();
  return {static_cast<std::uint32_t>(world.invocations.size() - 1)};
}

Outcome decide_outcome(const Moment& moment, const InvocationRequest& request) {
  World& world = moment.world;
  const FunctionId function = moment.plan().mapping(request.mapping).function;
  Outcome outcome;
  if (world.now < world.functions[function.value].outage_until) {
    // Takes its time, at most its Timeout, and then errs, without effects.
    outcome.duration = std::min(modelled_duration(request, world),
                                moment.plan().function(function).settings.timeout());
    outcome.end = InvocationEnd::error;
  } else {
    outcome = moment.outside.handlers.invoke(request, world, moment.outside.choices);
  }
  ask_invocation_faults(moment, request, outcome);
  return outcome;
}

// Starts an invocation of these records. It moves something when it ends only if `incarnation` is
// the reader's own.
InvocationSlot start_invocation(const Moment& moment, ReaderId id, const Range& range,
                                std::uint32_t incarnation) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  const FunctionId function = world.mapping_of(reader).function;
  world.last_call.value += 1;
  const bool cold = take_environment(world.functions[function.value]);
  const bool retry = range.invocations > 1 || range.retries_used > 0;
  const EventNumber told = moment.tell(
      Delivered{id, world.last_call, range.batch, range.invocations, retry, range.reason, cold});
  reader.delivered_to = std::max(reader.delivered_to, range.batch.span.end);

  const MappingId mapping = mapping_of(reader.consumer);
  const InvocationRequest request{
      mapping, id, range.batch, range.invocations, world.last_call, ++world.mapping(mapping).calls,
      cold};
  Outcome outcome = decide_outcome(moment, request);
  const InvocationSlot slot = free_slot(world);
  Invocation& entry = world.invocation(slot);
  entry.used = true;
  entry.reader = id;
  entry.incarnation = incarnation;
  entry.batch = range.batch;
  entry.outcome = std::move(outcome);
  entry.number = request.number;
  entry.attempt = range.invocations;
  entry.started = world.now;
  entry.work_started =
      world.now + (cold ? moment.plan().function(function).settings.cold_start : Duration{0});
  moment.after(told).schedule(entry.work_started + entry.outcome.duration, InvocationDone{slot});
  return slot;
}

// The lane's next range, or the next read; a mapping that was updated meanwhile stops first.
void next_work(const Moment& moment, ReaderId id, LaneId lane_id, Duration delay) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  Lane& lane = reader.lane(lane_id);
  if (reader.stopping) {
    const MappingState& mapping = world.mapping(mapping_of(reader.consumer));
    restart_reader(moment, id, DeliveryReason::re_enabled);
    if (!mapping.enabled) return wake(moment, id);
    return start_polling(moment, id, std::max(world.now, mapping.resumes));
  }
  if (lane.ranges.empty()) {
    lane.phase = LanePhase::idle;
    reader.phase = ReaderPhase::polling;
    moment.schedule(world.now, PollDue{id});
  } else {
    lane.phase = LanePhase::waiting;  // this shard waits, the others read on (ESM-RTY-04)
    moment.schedule(world.now + delay, LaneReady{id, lane_id});
  }
}

// How long the batch waits before it is tried again.
Duration wait_before_retry(const Moment& moment, ReaderId id, const Invocation& done,
                           const NextStep& next) {
  if (!next.wait) return {0};
  const Lane& lane = moment.world.reader(id).lane(done.batch.lane);
  const Duration delay =
      next_wait(moment, id, moment.plan().assumptions.retry_backoff, lane.retry_step);
  return done.started == moment.world.now ? std::max(delay, shortest_wait) : delay;
}

// A batch object that was invoked is invoked again: after progress the rest is a new one.
bool is_tried_again(const Invocation& done, const NextStep& next) {
  return next.processed_to == done.batch.first() || next.rest.retries_used > 0;
}

// Carries the rule's answer out; each part an event with its cause.
void apply(Moment moment, const Invocation& done, const NextStep& next, Ruling ruling) {
  const ReaderId id = done.reader;
  Reader& reader = moment.world.reader(id);
  Lane& lane = reader.lane(done.batch.lane);
  const LossCause no_effect =
      why_without_effect(moment.world.settings(reader), done.outcome, ruling);
  moment.cause = settle(moment, id, {next.processed_to, Fate::processed, no_effect});
  lane.window_started = moment.world.now;  // ESM-POL-04
  Duration delay{0};
  switch (next.then) {
    case NextStep::Then::proceed: lane.ranges.pop_back(); break;
    case NextStep::Then::retry:
      lane.ranges.back() = next.rest;
      delay = wait_before_retry(moment, id, done, next);
      moment.tell(WillRetry{id, next.rest.batch, is_tried_again(done, next), delay});
      break;
    case NextStep::Then::split:
      lane.ranges.back() = next.second;
      lane.ranges.push_back(next.rest);  // the first half goes first (ESM-BIS-08)
      moment.cause = moment.tell(SplitInTwo{id, next.rest.batch, next.second.batch});
      break;
    case NextStep::Then::discard: {
      lane.ranges.pop_back();
      const bool function_error =
          TH_RULE(a_report_is_no_function_error, ruling == Ruling::function_error, true);
      moment.cause = give_up(
          moment, id, {next.rest.batch, LossCause::retries, next.rest.invocations, function_error});
      break;
    }
  }
  lane.retry_step = next.wait && next.then == NextStep::Then::retry ? lane.retry_step + 1 : 0;
  next_work(moment, id, done.batch.lane, delay);
}

// What a timeout had done stays done, and is done again (ESM-RTY-08).
EventNumber tell_end(const Moment& moment, const Invocation& done, const Judged& judged,
                     bool stale) {
  Outside& outside = moment.outside;
  const Outcome& outcome = done.outcome;
  outside.worked.clear();
  outside.failed.clear();
  list_effects(outcome, done.batch, outside.worked, outside.failed);
  const Reader& reader = moment.world.reader(done.reader);
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
  ended.swallowed = outcome.swallowed;
  ended.stale = stale;
  ended.replaced_by =
      of_second_poller ? DeliveryReason::overlapping_pollers : reader.restart_reason;
  ended.worked = outside.worked;
  ended.failed = outside.failed;
  return moment.tell(ended);
}

}  // namespace

void invoke(const Moment& moment, ReaderId id, LaneId lane_id) {
  Reader& reader = moment.world.reader(id);
  Lane& lane = reader.lane(lane_id);
  lane.ranges.back().invocations += 1;
  lane.throttle_step = 0;
  moment.met(Assumption::iterator_age);
  const Range range = lane.ranges.back();
  const InvocationSlot slot = start_invocation(moment, id, range, reader.incarnation);
  reader.last_call = moment.world.invocation(slot).number;
  lane.in_flight = slot;  // the call is synchronous: the lane waits for its end (ESM-POL-11)
  lane.phase = LanePhase::in_flight;
  if (!ask_overlapping_pollers(moment, id)) return;
  Range twin = range;
  twin.reason = DeliveryReason::overlapping_pollers;
  start_invocation(moment, id, twin, no_incarnation);
}

void on_invocation_done(const Moment& moment, const InvocationDone& event) {
  World& world = moment.world;
  const Invocation done = world.invocation(event.slot);
  world.invocation(event.slot).used = false;
  Reader& reader = world.reader(done.reader);
  const FunctionId function = world.mapping_of(reader).function;
  give_environment_back(world.functions[function.value], done.outcome.end == InvocationEnd::crash);

  const MappingSettings& settings = world.settings(reader);
  const Assumptions& assumptions = moment.plan().assumptions;
  const Judged judged = judge_outcome(settings, assumptions, done.outcome);
  const bool stale = done.incarnation != reader.incarnation;
  const Moment then = moment.after(tell_end(moment, done, judged, stale));
  if (stale) {  // a crashed or disabled poller's call comes home: it moves nothing
    TH_WRONG(a_stale_end_moves_nothing) settle(then, done.reader, {done.batch.span.end});
    return;
  }

  Lane& lane = reader.lane(done.batch.lane);
  lane.in_flight = {};
  lane.phase = LanePhase::idle;
  if (ask_reader_faults(then, done.reader, judged.ruling)) return;
  const Range range = lane.ranges.back();
  const NextStep next = after_invocation(settings, assumptions, range, done.outcome, judged);
  note_met(settings, assumptions, range, judged, next, moment.outside.met);
  apply(then, done, next, judged.ruling);
}

}  // namespace trimhorizon
