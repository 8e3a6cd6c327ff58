#include "sim/world/fault_sites.hpp"

#include <algorithm>

#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

// The offset of the first record that fails itself, without a fault; n when none does. A fault can
// strike before that record. After it the invocation has already failed, so a fault would change
// nothing.
std::uint32_t first_failing(const Outcome& outcome, std::uint32_t n) {
  if (outcome.end != InvocationEnd::returned) {
    // it failed after all its effects
    return outcome.effects_until < n ? outcome.effects_until : 0;
  }
  if (!outcome.without_effect.empty()) return outcome.without_effect.front();
  return std::min(outcome.effects_until, n);
}

}  // namespace

std::optional<std::uint32_t> ask_own_failure(const InvocationRequest& request, Choices& choices) {
  if (!choices.asks(number(Site::function_error))) return std::nullopt;
  const auto n = static_cast<std::uint32_t>(request.batch.count);
  const std::uint32_t chosen = choices.pick(
      {number(Site::function_error), request.reader.value, request.number.value, n + 2});
  if (chosen == 0) return std::nullopt;
  return chosen - 1;
}

void ask_invocation_faults(const Moment& moment, const InvocationRequest& request,
                           Outcome& outcome) {
  const FunctionId function = moment.plan().mapping(request.mapping).function;
  const FunctionSettings& settings = moment.plan().function(function).settings;
  const auto n = static_cast<std::uint32_t>(request.batch.count);
  if (moment.asks(Site::function_error) && !moment.outside.handlers.is_own(function)) {
    const std::uint32_t z = first_failing(outcome, n);
    // Answers 1..n fail at a record, n+1 after all effects. When a record fails itself, only the
    // answers before it are offered.
    const std::uint32_t arity = z == n ? n + 2 : z + 1;
    const std::uint32_t chosen = arity > 1 ? moment.pick(Site::function_error, request.reader.value,
                                                         request.number.value, arity)
                                           : 0;
    if (chosen != 0) {
      const std::vector<std::uint32_t> poison = outcome.without_effect;
      return fail_at(outcome, settings, n, chosen - 1, poison);
    }
  }
  if (moment.asks(Site::timeout) && outcome.effects_until == n &&
      outcome.end == InvocationEnd::returned && outcome.without_effect.empty() &&
      moment.pick(Site::timeout, request.reader.value, request.number.value) != 0) {
    outcome.end = InvocationEnd::timeout;
    outcome.duration = settings.timeout();
    outcome.answer = {};
  }
}

void fail_at(Outcome& outcome, const FunctionSettings& settings, std::uint32_t n, std::uint32_t k,
             const std::vector<std::uint32_t>& poison) {
  const Answer fixed = outcome.answer;
  outcome.answer = {};
  outcome.swallowed = false;
  outcome.without_effect.clear();
  outcome.failed_at.reset();
  const bool goes_on =
      k < n && (settings.respond == Respond::report_failures ||
                settings.respond == Respond::swallow || settings.respond == Respond::fixed);
  const bool stops_silently = k < n && settings.respond == Respond::stop_silently;
  const bool reports = k < n && (settings.respond == Respond::report_failures ||
                                 settings.respond == Respond::report_first_failure);
  outcome.effects_until = k;
  if (goes_on) {
    outcome.effects_until = n;
    outcome.without_effect = poison;
    outcome.without_effect.insert(
        std::upper_bound(outcome.without_effect.begin(), outcome.without_effect.end(), k), k);
  }
  if (reports) {
    outcome.end = InvocationEnd::returned;
    outcome.answer = Answer::report_of(goes_on ? outcome.without_effect : std::vector{k});
  } else if (goes_on || stops_silently) {
    outcome.end = InvocationEnd::returned;
    if (settings.respond == Respond::fixed) outcome.answer = fixed;
    if (stops_silently) outcome.failed_at = k;
    outcome.swallowed = outcome.answer.hides_failures();
  } else {
    outcome.end = InvocationEnd::error;
  }
}

// A crash just before, or during, this invocation. It is asked before every invocation, because
// every crash can change something: a crash before it loses the counters, the boundaries of a
// split, and the position of LATEST without a checkpoint. A crash during it repeats its effects,
// whatever the function would have reported (ESM-PBR-11). Only a crash before the first attempt of
// a whole batch changes nothing; that is one of the three answers.
ReaderCrash ask_reader_crash_anywhere(const Moment& moment, ReaderId id) {
  if (!moment.asks(Site::poller_crash_anywhere)) return ReaderCrash::none;
  return static_cast<ReaderCrash>(
      moment.pick(Site::poller_crash_anywhere, id.value, moment.world.last_call.value + 1, 3));
}

void crash_anywhere(const Moment& moment, ReaderId id) {
  moment.met(Assumption::poller_failover);
  const EventNumber event =
      moment.tell(FaultStruck{Site::poller_crash_anywhere, id, moment.world.reader(id).shard});
  replace_reader(moment.after(event), id, DeliveryReason::poller_crash);
}

// ESM-POL-18: pollers are distributed, so two of them may send the same batch. This repeats effects
// without any error. It is not asked when the function has no room for a second invocation, because
// AWS would throttle it.
bool ask_overlapping_pollers(const Moment& moment, ReaderId id) {
  constexpr Site site = Site::overlapping_pollers;
  if (!moment.asks(site)) return false;
  const Reader& reader = moment.world.reader(id);
  const FunctionId function = moment.world.mapping_of(reader).function;
  if (!has_room(moment.world.function_of(reader), moment.world.functions[function.value])) {
    return false;
  }
  if (moment.pick(site, id.value, reader.last_call.value) == 0) return false;
  moment.tell(FaultStruck{site, id, reader.shard});
  return true;
}

// Does the reader need a new iterator? After a checkpoint, or with TRIM_HORIZON or AT_TIMESTAMP,
// the new iterator continues at the same record (KDS-ITR-04), so the fault would change nothing.
// LATEST from which nothing was read is resolved again and skips the records that arrived in
// between (KDS-ITR-05). So it is asked only when there are such records.
bool ask_iterator_expired(const Moment& moment, ReaderId id) {
  constexpr Site site = Site::iterator_expired;
  if (!moment.asks(site)) return false;
  const Reader& reader = moment.world.reader(id);
  // CON-27: under `kept_once_read`, a position from which a record was read is kept, too.
  const bool kept = position_is_kept(moment.plan().assumptions, reader);
  if (moment.world.settings(reader).starting_position != StartingPosition::latest || kept ||
      !moment.world.has_unsettled(reader)) {
    return false;
  }
  if (moment.pick(site, id.value, reader.checkpoint) == 0) return false;
  moment.tell(FaultStruck{site, id, reader.shard});
  return true;
}

// ESM-POL-18: delivery is at least once. After a success the poller may crash, or its checkpoint
// may be lost; both repeat the batch without any error. Only a success is asked: a failed batch is
// delivered again anyway.
bool ask_reader_faults(const Moment& moment, ReaderId id, Ruling ruling) {
  if (ruling != Ruling::success) return false;
  const Reader& reader = moment.world.reader(id);
  const auto strike = [&](Site site, DeliveryReason reason) {
    if (!moment.strikes(site, id.value, reader.last_call.value)) return false;
    const EventNumber event = moment.tell(FaultStruck{site, id, reader.shard});
    replace_reader(moment.after(event), id, reason);
    return true;
  };
  return strike(Site::poller_crash, DeliveryReason::poller_crash) ||
         strike(Site::checkpoint_lost, DeliveryReason::checkpoint_lost);
}

}  // namespace trimhorizon
