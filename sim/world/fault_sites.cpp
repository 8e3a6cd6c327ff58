#include "sim/world/fault_sites.hpp"

#include <algorithm>

namespace trimhorizon {
namespace {

// The first record that fails by itself; n if none does. A failure can strike before it, but not
// behind it: by then the invocation has failed already (explorer model, rule 4).
std::uint32_t first_failing(const Outcome& outcome, std::uint32_t n) {
  if (outcome.end != InvocationEnd::returned) {
    return outcome.effects_until < n ? outcome.effects_until : 0;  // after all: it has failed
  }
  if (!outcome.without_effect.empty()) return outcome.without_effect.front();
  return std::min(outcome.effects_until, n);
}

}  // namespace

std::optional<std::uint32_t> ask_own_failure(const InvocationRequest& request, Choices& choices) {
  constexpr std::uint8_t site = number(Site::function_error);
  if (!choices.asks(site)) return std::nullopt;
  const auto n = static_cast<std::uint32_t>(request.records.count());
  const std::uint32_t chosen = choices.pick({site, request.reader.value, request.number, n + 2});
  if (chosen == 0) return std::nullopt;
  return chosen - 1;
}

void ask_invocation_faults(World& world, const InvocationRequest& request, Outcome& outcome,
                           Outside& outside) {
  const FunctionId function = world.plan->mapping(request.mapping).function;
  const FunctionSettings& settings = world.plan->function(function).settings;
  const auto n = static_cast<std::uint32_t>(request.records.count());
  if (outside.choices.asks(number(Site::function_error)) && !outside.handlers.is_own(function)) {
    const std::uint32_t z = first_failing(outcome, n);
    // Answers 1..n fail at a record, n+1 after all effects; with a poison only the ones before it.
    const std::uint32_t arity = z == n ? n + 2 : z + 1;
    if (arity > 1) {
      const std::uint32_t chosen = outside.choices.pick(
          {number(Site::function_error), request.reader.value, request.number, arity});
      if (chosen != 0) {
        const std::vector<std::uint32_t> poison = outcome.without_effect;
        fail_at(outcome, settings, n, chosen - 1, poison);
        return;
      }
    }
  }
  if (outside.choices.asks(number(Site::timeout)) && outcome.effects_until == n &&
      outcome.end == InvocationEnd::returned && outcome.without_effect.empty()) {
    if (outside.choices.pick({number(Site::timeout), request.reader.value, request.number}) != 0) {
      outcome.end = InvocationEnd::timeout;
      outcome.duration = settings.timeout();
      outcome.answer = {};
    }
  }
}

void fail_at(Outcome& outcome, const FunctionSettings& settings, std::uint32_t n, std::uint32_t k,
             const std::vector<std::uint32_t>& poison) {
  const Answer fixed = outcome.answer;
  outcome.answer = {};
  outcome.swallowed = false;
  outcome.without_effect.clear();
  const bool goes_on =
      k < n && (settings.respond == Respond::report_failures ||
                settings.respond == Respond::swallow || settings.respond == Respond::fixed);
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
    outcome.answer = {Answer::Kind::report, true, false, k};
  } else if (goes_on) {
    outcome.end = InvocationEnd::returned;
    if (settings.respond == Respond::fixed) outcome.answer = fixed;
    outcome.swallowed = outcome.answer.kind == Answer::Kind::success;
  } else {
    outcome.end = InvocationEnd::error;
  }
}

// Asked before every invocation, whatever is behind it: a crash before it forgets counters, split
// boundaries and, under LATEST without a checkpoint, the position; a crash while it runs repeats
// its effects, whatever the call would have reported (ESM-PBR-11). Only a crash before the first
// attempt of a whole batch changes nothing, and that answer is one of three.
ReaderCrash ask_reader_crash_anywhere(World& world, ReaderId id, Outside& outside) {
  constexpr std::uint8_t site = number(Site::poller_crash_anywhere);
  if (!outside.choices.asks(site)) return ReaderCrash::none;
  return static_cast<ReaderCrash>(
      outside.choices.pick({site, id.value, world.history.invocation_number + 1, 3}));
}

void crash_anywhere(World& world, ReaderId id, std::uint64_t cause, Outside& outside) {
  world.history.mark(Situation::poller_crash);
  world.history.met.add(Assumption::poller_failover);
  const std::uint64_t told = tell(world, outside,
                                  {.cause = cause,
                                   .kind = TraceKind::fault,
                                   .detail = number(Site::poller_crash_anywhere),
                                   .who = id.value,
                                   .shard = world.reader(id).shard});
  replace_reader(world, id, DeliveryReason::poller_crash, told);
}

// ESM-POL-18: pollers are distributed, so two may hold one batch for a moment. Not asked when the
// function has no room for a second invocation.
bool ask_overlapping_pollers(World& world, ReaderId id, std::uint64_t cause, Outside& outside) {
  constexpr std::uint8_t site = number(Site::overlapping_pollers);
  if (!outside.choices.asks(site)) return false;
  const Reader& reader = world.reader(id);
  const FunctionId function = world.plan->mapping(reader.mapping).function;
  const auto& reserved = world.plan->function(function).settings.reserved_concurrency;
  if (reserved && world.functions[function.value].in_flight >= *reserved) return false;
  if (outside.choices.pick({site, id.value, reader.last_invocation}) == 0) return false;
  tell(world, outside,
       {.cause = cause,
        .kind = TraceKind::fault,
        .detail = site,
        .who = id.value,
        .shard = reader.shard});
  return true;
}

// With a checkpoint, or from TRIM_HORIZON or a timestamp, the new iterator stands where the old one
// stood (KDS-ITR-04); LATEST without a checkpoint is resolved again, behind what came meanwhile
// (KDS-ITR-05). Not asked when nothing did.
bool ask_iterator_expired(World& world, ReaderId id, std::uint64_t cause, Outside& outside) {
  constexpr std::uint8_t site = number(Site::iterator_expired);
  if (!outside.choices.asks(site)) return false;
  const Reader& reader = world.reader(id);
  if (world.settings(reader).starting_position != StartingPosition::latest ||
      reader.has_checkpoint || reader.checkpoint == world.shards[reader.shard.value].log.end()) {
    return false;
  }
  if (outside.choices.pick({site, id.value, reader.checkpoint}) == 0) return false;
  tell(world, outside,
       {.cause = cause,
        .kind = TraceKind::fault,
        .detail = site,
        .who = id.value,
        .shard = reader.shard});
  return true;
}

// ESM-POL-18: duplicates without any error.
bool ask_reader_faults(World& world, ReaderId id, Ruling ruling, std::uint64_t cause,
                       Outside& outside) {
  if (ruling != Ruling::success) return false;
  Reader& reader = world.reader(id);
  const auto strikes = [&](Site site) {
    return outside.choices.asks(number(site)) &&
           outside.choices.pick({number(site), id.value, reader.last_invocation}) != 0;
  };
  DeliveryReason reason = DeliveryReason::poller_crash;
  if (strikes(Site::poller_crash)) {
    world.history.mark(Situation::poller_crash);
  } else if (strikes(Site::checkpoint_lost)) {
    world.history.mark(Situation::checkpoint_lost);
    reason = DeliveryReason::checkpoint_lost;
  } else {
    return false;
  }
  const std::uint64_t told =
      tell(world, outside,
           {.cause = cause,
            .kind = TraceKind::fault,
            .detail = number(reason == DeliveryReason::poller_crash ? Site::poller_crash
                                                                    : Site::checkpoint_lost),
            .who = id.value,
            .shard = reader.shard});
  replace_reader(world, id, reason, told);
  return true;
}

}  // namespace trimhorizon
