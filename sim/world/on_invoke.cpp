// An invocation starts, and ends:
//
//   1. an environment is taken, cold or warm (LAM-CON-09); the outcome is decided now
//   2. when it ends its effects are done, whoever asked for them (ESM-CHK-09)
//   3. the end for an older incarnation moves nothing
//   4. the rule says what is next: checkpoint, retry, split, discard (lambda/failure.hpp)
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/fault_sites.hpp"
#include "sim/world/step.hpp"

namespace trimhorizon {
namespace {

InvocationSlot free_slot(World& world) {
  for (std::uint32_t i = 0; i < world.invocations.size(); ++i) {
    if (!world.invocations[i].used) return {i};
  }
  world.invocations.emplace_back();
  return {static_cast<std::uint32_t>(world.invocations.size() - 1)};
}

// LAM-CON-09: an environment that is free, or a new one.
bool take_environment(FunctionState& function) {
  function.in_flight += 1;
  function.in_flight_most = std::max(function.in_flight_most, function.in_flight);
  if (function.idle == 0) return true;
  function.idle -= 1;
  return false;
}

void sample_iterator_age(World& world, const Reader& reader, Span span) {
  if (world.plan->exploring) return;
  const RecordLog& log = world.shards[reader.shard.value].log;
  const Duration age = world.now - log.arrival(span.end - 1);
  world.metrics(reader).iterator_age_us.add(age.us);
}

// ESM-POL-15, KDS-RSH-07: everything of the shard's parents is settled in this mapping.
bool parents_are_drained(const World& world, const Reader& reader) {
  const Shard& shard = world.shards[reader.shard.value];
  const StreamPlan& stream = world.plan->stream(shard.stream);
  const MappingState& mapping = world.mappings[reader.mapping.value];
  for (const std::uint32_t parent : world.lineages[shard.stream.value].parents_of(shard.number)) {
    const Reader& reader = world.readers[mapping.first_reader + parent];
    if (reader.checkpoint < world.shards[stream.first_shard + parent].log.end()) return false;
  }
  return true;
}

// The order that is promised is that of first deliveries (ESM-POL-10): a retry may come later.
void check_delivery(World& world, ReaderId id, Span span) {
  Reader& reader = world.reader(id);
  Properties& properties = world.history.properties;
  properties.check(Invariant::one_batch_per_lane, !reader.lane.in_flight.valid(), world.now, id,
                   span.first);
  bool in_order = true;
  if (!world.history.ledger.on) {
    // Exploring keeps no ledger. What is handed over begins at the checkpoint, which never moves
    // back: so whatever lies between it and a later delivery was a part of that delivery.
    in_order = span.first <= reader.checkpoint;
  } else if (span.first < reader.delivered_to) {
    in_order = world.history.ledger.all_delivered(
        id, {span.first, std::min(span.end, reader.delivered_to)});
  }
  properties.check(Invariant::key_order, in_order, world.now, id, span.first);
  properties.check(Invariant::parent_before_child, parents_are_drained(world, reader), world.now,
                   id, span.first);
}

void note_delivery(World& world, ReaderId id, const Range& range, bool cold) {
  Reader& reader = world.reader(id);
  History& history = world.history;
  if (range.invocations > 1 || range.retries_used > 0) history.mark(Situation::retry);
  if (cold &&
      world.plan->function(world.plan->mapping(reader.mapping).function).settings.cold_start >
          Duration{0}) {
    history.mark(Situation::cold_start);
  }
  MappingMetrics& metrics = world.metrics(reader);
  metrics.add(Counter::Invocations);
  metrics.add(Counter::InvokedEventCount, range.span.count());
  if (world.plan->assumptions.iterator_age == assume::iterator_age::at_send) {
    sample_iterator_age(world, reader, range.span);
  }
  history.ledger.deliver(id, range.span);
  reader.delivered_to = std::max(reader.delivered_to, range.span.end);
}

Outcome decide_outcome(World& world, const InvocationRequest& request, Outside& outside) {
  const FunctionId function = world.plan->mapping(request.mapping).function;
  Outcome outcome;
  if (world.now < world.functions[function.value].outage_until) {
    // Takes its time, at most its Timeout, and then errs, without effects.
    outcome.duration = std::min(modelled_duration(request, world),
                                world.plan->function(function).settings.timeout());
    outcome.end = InvocationEnd::error;
  } else {
    outcome = outside.handlers.invoke(request, world, outside.choices);
  }
  ask_invocation_faults(world, request, outcome, outside);
  return outcome;
}

std::uint32_t effects_of(const Outcome& outcome) {
  return outcome.effects_until - static_cast<std::uint32_t>(outcome.without_effect.size());
}

void note_end(World& world, const Reader& reader, const Invocation& done, Ruling ruling) {
  MappingMetrics& metrics = world.metrics(reader);
  History& history = world.history;
  const Duration worked =
      TH_RULE(duration_is_without_the_cold_start, done.outcome.duration, world.now - done.started);
  if (!world.plan->exploring) metrics.duration_us.add(worked.us);
  if (ruling == Ruling::partial || ruling == Ruling::malformed) {
    metrics.add(Counter::FailedInvokeEventCount, done.span.count());  // CON-24
  }
  if (done.outcome.end != InvocationEnd::returned) metrics.add(Counter::Errors);
  if (world.plan->assumptions.iterator_age == assume::iterator_age::at_finish) {
    sample_iterator_age(world, reader, done.span);
  }
  if (done.outcome.end == InvocationEnd::timeout) history.mark(Situation::timeout);
  if (done.outcome.swallowed) history.mark(Situation::swallow);
  if (ruling == Ruling::partial) history.mark(Situation::partial_response);
  if (ruling == Ruling::malformed) history.mark(Situation::malformed_response);
}

// Why a record of a batch that was taken as done had no effect. A report that names a later record
// skips those that failed before it (ESM-PBR-13).
LossCause why_without_effect(const MappingSettings& settings, const Outcome& outcome,
                             Ruling ruling) {
  if (!settings.report_batch_item_failures) {
    return outcome.answer.kind == Answer::Kind::success ? LossCause::swallowed
                                                        : LossCause::report_ignored;
  }
  return ruling == Ruling::success ? LossCause::swallowed : LossCause::skipped_by_handler;
}

// The lane's next range, or the next read; a mapping that was updated meanwhile stops first.
void next_work(World& world, ReaderId id, Duration delay, std::uint64_t cause) {
  Reader& reader = world.reader(id);
  if (reader.stopping) {
    const MappingState& mapping = world.mappings[reader.mapping.value];
    restart_reader(world, id, DeliveryReason::re_enabled);
    if (mapping.enabled) {
      start_polling(world, id, std::max(world.now, mapping.resumes), cause);
    } else {
      wake(world, id, cause);
    }
    return;
  }
  if (reader.lane.ranges.empty()) {
    reader.phase = Phase::polling;
    schedule(world, world.now, cause, PollDue{id});
  } else {
    reader.phase = Phase::waiting;  // this shard waits, the others read on (ESM-RTY-04)
    schedule(world, world.now + delay, cause, LaneReady{id});
  }
}

// A batch object that was invoked is invoked again: after progress the rest is a new one.
bool is_tried_again(const Invocation& done, const NextStep& next) {
  return next.processed_to == done.span.first || next.rest.retries_used > 0;
}

// Carries the rule's answer out; each part a trace event with its cause.
void apply(World& world, ReaderId id, const Invocation& done, const NextStep& next, Ruling ruling,
           std::uint64_t cause, Outside& outside) {
  Reader& reader = world.reader(id);
  Lane& lane = reader.lane;
  cause = settle(world, id, next.processed_to, Fate::processed,
                 why_without_effect(world.settings(reader), done.outcome, ruling), true, cause,
                 outside);
  reader.window_started = world.now;  // ESM-POL-04
  Duration delay{0};
  switch (next.then) {
    case NextStep::Then::proceed: lane.ranges.pop_back(); break;
    case NextStep::Then::retry:
      // Attempts are not a part of an explored state where nothing asks for them.
      if (world.plan->exploring && is_tried_again(done, next)) world.history.mark(Situation::retry);
      lane.ranges.back() = next.rest;
      if (next.wait) {
        delay = jittered_delay(world, world.plan->assumptions.retry_backoff, lane.retry_step, id);
        if (done.started == world.now) delay = std::max(delay, shortest_wait);
      }
      break;
    case NextStep::Then::split:
      world.history.mark(Situation::bisect);
      lane.ranges.back() = next.second;
      lane.ranges.push_back(next.rest);  // the first half goes first (ESM-BIS-08)
      cause = tell(world, outside,
                   {.cause = cause,
                    .kind = TraceKind::split_batch,
                    .who = id.value,
                    .shard = reader.shard,
                    .span = {next.rest.span.first, next.second.span.end},
                    .count = next.rest.span.count()});
      break;
    case NextStep::Then::discard:
      lane.ranges.pop_back();
      cause =
          discard(world, id, next.rest, LossCause::retries,
                  TH_RULE(a_report_is_no_function_error, ruling == Ruling::function_error, true),
                  cause, outside);
      break;
  }
  lane.retry_step = next.wait && next.then == NextStep::Then::retry ? lane.retry_step + 1 : 0;
  next_work(world, id, delay, cause);
}

// Starts an invocation of these records. It moves something when it ends only if `incarnation` is
// the poller's own.
InvocationSlot start_invocation(World& world, ReaderId id, const Range& range,
                                std::uint32_t incarnation, std::uint64_t cause, Outside& outside) {
  const Reader& reader = world.reader(id);
  const FunctionId function = world.plan->mapping(reader.mapping).function;
  world.history.invocation_number += 1;
  const bool cold = take_environment(world.functions[function.value]);
  const Position fresh_from = std::max(range.span.first, reader.delivered_to);
  note_delivery(world, id, range, cold);
  const std::uint64_t told = tell(world, outside,
                                  {.cause = cause,
                                   .kind = TraceKind::invoke,
                                   .detail = static_cast<std::uint8_t>(range.reason),
                                   .flag = cold,
                                   .who = id.value,
                                   .shard = reader.shard,
                                   .span = range.span,
                                   .count = range.invocations,
                                   .value = world.history.invocation_number});

  const InvocationRequest request{reader.mapping,
                                  id,
                                  reader.shard,
                                  range.span,
                                  range.invocations,
                                  world.history.invocation_number,
                                  ++world.mappings[reader.mapping.value].calls,
                                  cold};
  Outcome outcome = decide_outcome(world, request, outside);
  const InvocationSlot slot = free_slot(world);
  Invocation& entry = world.invocations[slot.value];
  entry.used = true;
  entry.reader = id;
  entry.incarnation = incarnation;
  entry.span = range.span;
  entry.outcome = std::move(outcome);
  entry.reason = range.reason;
  entry.fresh_from = fresh_from;
  entry.repeated_by = DeliveryReason::first;
  entry.number = request.number;
  entry.attempt = range.invocations;
  entry.started = world.now;
  entry.work_started =
      world.now + (cold ? world.plan->function(function).settings.cold_start : Duration{0});
  schedule(world, entry.work_started + entry.outcome.duration, told, InvocationDone{slot});
  return slot;
}

}  // namespace

void invoke(World& world, ReaderId id, std::uint64_t cause, Outside& outside) {
  Reader& reader = world.reader(id);
  reader.lane.ranges.back().invocations += 1;
  reader.lane.throttle_step = 0;
  world.history.met.add(Assumption::iterator_age);
  const Range range = reader.lane.ranges.back();
  check_delivery(world, id, range.span);
  const InvocationSlot slot =
      start_invocation(world, id, range, reader.incarnation, cause, outside);
  reader.last_invocation = world.invocations[slot.value].number;
  reader.lane.in_flight = slot;  // the call is synchronous: the lane waits for its end (ESM-POL-11)
  reader.phase = Phase::in_flight;
  if (!ask_overlapping_pollers(world, id, cause, outside)) return;
  world.invocations[slot.value].repeated_by = DeliveryReason::overlapping_pollers;
  Range twin = range;
  twin.reason = DeliveryReason::overlapping_pollers;
  start_invocation(world, id, twin, no_incarnation, cause, outside);
}

void on_invocation_done(World& world, const InvocationDone& event, std::uint64_t cause,
                        Outside& outside) {
  Invocation done = world.invocations[event.slot.value];
  world.invocations[event.slot.value].used = false;
  const ReaderId id = done.reader;
  Reader& reader = world.reader(id);
  FunctionState& function = world.functions[world.plan->mapping(reader.mapping).function.value];
  function.in_flight -= 1;
  const bool gone = done.outcome.end == InvocationEnd::crash;
  if (!TH_RULE(a_crash_leaves_no_warm_environment, gone, false)) function.idle += 1;

  // What a timeout had done stays done, and is done again (ESM-RTY-08).
  world.history.ledger.effects(id, {done.span.first, done.span.first + done.outcome.effects_until},
                               done.outcome.without_effect,
                               {done.reason, done.fresh_from, done.repeated_by});
  const MappingSettings& settings = world.settings(reader);
  const Assumptions& assumptions = world.plan->assumptions;
  const Judged judged = judge_outcome(settings, assumptions, done.outcome);
  note_end(world, reader, done, judged.ruling);
  const bool stale = done.incarnation != reader.incarnation;
  const std::uint64_t told = tell(world, outside,
                                  {.cause = cause,
                                   .kind = TraceKind::invoke_result,
                                   .detail = static_cast<std::uint8_t>(done.outcome.end),
                                   .flag = stale,
                                   .ruling = judged.ruling,
                                   .who = id.value,
                                   .shard = reader.shard,
                                   .span = done.span,
                                   .count = effects_of(done.outcome),
                                   .value = done.number});
  if (stale) {  // a crashed or disabled poller's call comes home: it moves nothing
    const bool moves = TH_RULE(a_stale_end_moves_nothing, false, done.span.end > reader.checkpoint);
    if (moves) {
      settle(world, id, done.span.end, Fate::processed, LossCause::none, true, told, outside);
    }
    return;
  }

  reader.lane.in_flight = {};
  if (ask_reader_faults(world, id, judged.ruling, told, outside)) return;
  const Range range = reader.lane.ranges.back();
  NextStep next = after_invocation(settings, assumptions, range, done.outcome, judged);
  note_met(settings, assumptions, range, judged, next, world.history.met);
  apply(world, id, done, next, judged.ruling, told, outside);
}

}  // namespace trimhorizon
