// The function as the scenario describes it. `fail`: the first entry that holds decides. `after`:
// which effects happen before a failure. `respond`: what the answer says about failed records.
// `duration`: drawn once for each invocation.
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/world/event_records.hpp"
#include "sim/world/modelled_function.hpp"
#include "sim/world/names.hpp"

namespace trimhorizon {
namespace {

// A record that fails, and the entry of `fail:` that makes it fail.
struct FailingRecord {
  std::uint32_t offset = 0;
  std::size_t entry = 0;
  const FailRule* rule = nullptr;
  std::uint32_t culprit = 0;  // the record that `fail:` names: another one of the aggregate, or it
};

// One invocation while its outcome is computed.
struct Work {
  const InvocationRequest& request;
  const World& world;
  const FunctionPlan& function;
  Choices& choices;
  std::uint32_t n;  // positions of the batch

  // Under which its chances are drawn.
  std::uint32_t entity() const { return world.draws_as(request.mapping, request.batch.shard); }
  const RecordLog& log() const { return world.shard(request.batch.shard).log; }
  const Packs& packs() const { return world.shard(request.batch.shard).packs; }
  ConsumerId consumer() const { return consumer_of(request.mapping); }
};

// How many records the function works on: user records where it sees them, or an aggregate as one.
bool unpacks_by_its_code(const World& world, const InvocationRequest& request) {
  return !request.batch.unpacked && sees_user_records(world, consumer_of(request.mapping));
}
std::uint64_t pieces(const World& world, const InvocationRequest& request) {
  return unpacks_by_its_code(world, request) ? request.batch.span.count() : request.batch.count;
}

// The offset after the first n of them.
std::uint32_t offset_after_pieces(const World& world, const InvocationRequest& request,
                                  std::uint64_t n) {
  if (unpacks_by_its_code(world, request)) return static_cast<std::uint32_t>(n);
  return static_cast<std::uint32_t>(
      offset_after(world, consumer_of(request.mapping), request.batch, n));
}

// The data of all records of the call together.
std::int64_t data_bytes(const Work& work) {
  std::int64_t bytes = 0;
  for (std::uint32_t i = 0; i < work.n; ++i) {
    const RecordId record = work.log().record(work.request.batch.at(i));
    bytes += work.world.plan->producer(record.producer()).data_bytes(record.number());
  }
  return bytes;
}

bool holds_now(const Work& work, const FailRule& rule) {
  // The time of an entry includes its start and excludes its end.
  if (rule.from && work.world.now < *rule.from) return false;
  if (rule.until && work.world.now >= *rule.until) return false;
  if (rule.over_records && work.request.batch.count <= *rule.over_records) return false;
  if (rule.over_bytes && data_bytes(work) <= *rule.over_bytes) return false;
  if (rule.attempts.empty()) return true;
  return std::find(rule.attempts.begin(), rule.attempts.end(), work.request.attempt) !=
         rule.attempts.end();
}

// A probability is a choice with a weight. It is asked only when the entry has one, so that other
// entries add no questions.
bool chance_holds(const Work& work, const FailRulePlan& entry, std::uint64_t ordinal) {
  const std::optional<Probability>& chance = entry.rule.probability;
  if (!chance || chance->parts_per_billion == 1'000'000'000) return true;
  constexpr auto site = static_cast<std::uint8_t>(Site::fail_probability);
  if (!work.choices.asks(site)) return false;
  return work.choices.pick({site, work.entity() + entry.draws_as, ordinal, 2, *chance}) != 0;
}

bool names_record(const Work& work, const FailRulePlan& entry, Position p) {
  const bool by_id =
      entry.rule.records.empty() ||
      std::binary_search(entry.records.begin(), entry.records.end(), work.log().record(p));
  if (!by_id) return false;
  return entry.rule.keys.empty() ||
         std::binary_search(entry.keys.begin(), entry.keys.end(), work.log().key(p));
}

// Is the record handed over for one of these times? The handing over that happens now is counted
// already.
bool is_that_delivery(const Work& work, const FailRule& rule, Position p) {
  if (rule.deliveries.empty()) return true;
  const auto& handed = work.world.mapping(work.request.mapping).handed;
  const auto times = handed.find(work.log().record(p));
  return times != handed.end() && std::find(rule.deliveries.begin(), rule.deliveries.end(),
                                            times->second) != rule.deliveries.end();
}

bool entry_fails_record(const Work& work, const FailRulePlan& entry, std::uint32_t offset) {
  if (!entry.rule.asks_each_record() || !holds_now(work, entry.rule)) return false;
  const Position p = work.request.batch.at(offset);
  if (!names_record(work, entry, p) || !is_that_delivery(work, entry.rule, p)) return false;
  return chance_holds(work, entry, (work.request.call << 16) + offset);
}

// KDS-PRD-17, KDS-PRD-18: a function that does not unpack an aggregate works on all of it or on
// nothing. One that drops what does not fit the shard never comes to those records.
std::vector<FailingRecord> with_aggregates(const Work& work,
                                           const std::vector<FailingRecord>& failing) {
  const bool one_by_one = sees_user_records(work.world, work.consumer());
  const bool drops = drops_unfitting(work.world, work.consumer());
  std::vector<FailingRecord> all;
  for (const FailingRecord& each : failing) {
    const Position p = work.request.batch.at(each.offset);
    const Pack* pack = work.packs().at(p);
    if (pack != nullptr && drops && !pack->fits) continue;
    const Span its =
        one_by_one || pack == nullptr ? Span{p, p + 1} : Span{pack->first, pack->end()};
    for (Position q = its.first; q < its.end; ++q) {
      const auto offset = static_cast<std::uint32_t>(q - work.request.batch.first());
      if (all.empty() || all.back().offset < offset) {
        all.push_back({offset, each.entry, each.rule, each.offset});
      }
    }
  }
  return all;
}

std::vector<FailingRecord> failing_records(const Work& work) {
  std::vector<FailingRecord> failing;
  if (!work.function.has_record_rules) return failing;
  for (std::uint32_t offset = 0; offset < work.n; ++offset) {
    // The first entry that holds decides for this record.
    for (std::size_t i = 0; i < work.function.fail.size(); ++i) {
      if (!entry_fails_record(work, work.function.fail[i], offset)) continue;
      failing.push_back({offset, i, &work.function.fail[i].rule, offset});
      break;
    }
  }
  return work.packs().empty() ? failing : with_aggregates(work, failing);
}

// The fixed answer, with its identifiers looked up in this batch. Which identifiers AWS accepts is
// in the truth table of ESM-PBR-03.
Answer fixed_answer(const Work& work) {
  const auto offset_of = [&](const std::string& text) -> std::optional<std::uint32_t> {
    for (std::uint32_t i = 0; i < work.n; ++i) {
      if (sequence_number_of(work.world, work.request.batch.shard, work.request.batch.at(i)) ==
          text) {
        return i;
      }
    }
    return std::nullopt;
  };
  return resolve_identifiers(*work.function.fixed_response, work.n, offset_of);
}

// The whole invocation fails. Before that, no record had its effect, or the first j, or all.
void fail_invocation(const Work& work, const FailRule& rule, Outcome& outcome) {
  outcome.end = end_of(rule.as);
  outcome.answer = {};
  switch (rule.after) {
    case FailAfter::none: outcome.effects_until = 0; break;
    case FailAfter::all: outcome.effects_until = work.n; break;
    case FailAfter::some:
      outcome.effects_until = effects_before_failure(work.request, work.world);
      break;
  }
}

Answer report_of(const Work& work, const std::vector<FailingRecord>& failing) {
  std::vector<std::uint32_t> offsets;
  for (const FailingRecord& each : failing) offsets.push_back(each.offset);
  return Answer::report_of(whole_records(work.world, work.request.batch, offsets));
}

// What the function answers when records failed with `as: error`.
void answer_for(const Work& work, const std::vector<FailingRecord>& failing, Outcome& outcome) {
  const FailingRecord& first = failing.front();
  switch (work.function.settings.respond) {
    // An exception ends the invocation, and nothing is reported.
    case Respond::raise: outcome.end = InvocationEnd::error; return;
    // ESM-PBR-04: the mapping retries from the first reported record on.
    case Respond::report_first_failure: outcome.answer = report_of(work, {first}); return;
    case Respond::report_failures: outcome.answer = report_of(work, failing); return;
    // The function hides the failure. The mapping takes the records as done, so they are lost.
    case Respond::swallow:
    case Respond::stop_silently: outcome.swallowed = true; return;
    // A fixed answer hides the failure when it looks like a success.
    case Respond::fixed: outcome.swallowed = outcome.answer.hides_failures(); return;
  }
}

// Single records fail. The function stops at the first one, or goes on after it, as `respond` says.
// An entry with `as: timeout` or `as: crash` always ends the invocation at its record.
void fail_records(const Work& work, const std::vector<FailingRecord>& failing, Outcome& outcome) {
  const Respond respond = work.function.settings.respond;
  const bool goes_on = respond == Respond::report_failures || respond == Respond::swallow ||
                       respond == Respond::fixed;
  std::vector<FailingRecord> passed;  // failed with `as: error`
  for (const FailingRecord& record : failing) {
    const FailRule& rule = *record.rule;
    const bool ends_here = rule.as != FailAs::error || !goes_on;
    // The function goes on after this record. The record itself has no effect.
    if (rule.after != FailAfter::all && !ends_here) {
      outcome.without_effect.push_back(record.offset);
    }
    if (rule.as == FailAs::error) passed.push_back(record);
    if (!ends_here) continue;
    // The invocation ends here. Only the records before this one had their effect; with `after:
    // all`, all records had.
    outcome.effects_until = rule.after == FailAfter::all ? work.n : record.offset;
    if (rule.after != FailAfter::all) outcome.failed_at = record.culprit;
    // A timeout or a crash gives no answer.
    if (rule.as != FailAs::error) {
      outcome.end = end_of(rule.as);
      outcome.answer = {};
      return;
    }
    break;
  }
  answer_for(work, passed, outcome);
}

// The first entry that holds for the whole invocation, among the first `entries` entries; null if
// none.
const FailRule* holding_for_invocation(const Work& work, std::size_t entries) {
  for (std::size_t i = 0; i < entries; ++i) {
    const FailRulePlan& entry = work.function.fail[i];
    if (entry.rule.asks_each_record() || !holds_now(work, entry.rule)) continue;
    if (chance_holds(work, entry, work.request.call << 16)) return &entry.rule;
  }
  return nullptr;
}

// The first entry that holds decides: it fails the whole invocation, or single records.
void apply_fail_rules(const Work& work, Outcome& outcome) {
  const std::vector<FailingRecord> failing = failing_records(work);
  std::size_t first_for_records = work.function.fail.size();
  for (const FailingRecord& record : failing) {
    first_for_records = std::min(first_for_records, record.entry);
  }
  if (const FailRule* rule = holding_for_invocation(work, first_for_records)) {
    fail_invocation(work, *rule, outcome);
  } else if (!failing.empty()) {
    fail_records(work, failing, outcome);
  }
}

// Work longer than Timeout is a timeout. It keeps floor(n * Timeout / duration) effects,
// because Lambda stops the function in the middle of its work (ESM-RTY-08). An error at
// the end of the work is never reached.
void apply_timeout(const Work& work, Outcome& outcome) {
  const Duration limit = work.function.settings.timeout();
  if (outcome.end == InvocationEnd::timeout) {
    outcome.duration = limit;
    return;
  }
  if (TH_RULE(exactly_the_timeout_is_in_time, outcome.duration <= limit,
              outcome.duration < limit)) {
    return;
  }
  const auto worked = static_cast<std::uint64_t>(
      static_cast<__int128>(pieces(work.world, work.request)) * limit.us / outcome.duration.us);
  const std::uint32_t reached = offset_after_pieces(work.world, work.request, worked);
  outcome.duration = limit;
  outcome.end = InvocationEnd::timeout;
  outcome.answer = {};
  outcome.swallowed = false;
  outcome.effects_until =
      TH_RULE(a_timeout_keeps_the_work_before_it, std::min(outcome.effects_until, reached), 0u);
  // The function never came to these records.
  std::erase_if(outcome.without_effect,
                [&](std::uint32_t offset) { return offset >= outcome.effects_until; });
  if (outcome.failed_at && *outcome.failed_at > outcome.effects_until) outcome.failed_at.reset();
}

// KDS-PRD-17: what the function's own code drops while it unpacks has no effect.
void leave_out_dropped(const Work& work, Outcome& outcome) {
  if (work.packs().empty() || !drops_unfitting(work.world, work.consumer())) return;
  std::vector<std::uint32_t>& without = outcome.without_effect;
  for (std::uint32_t i = 0; i < outcome.effects_until; ++i) {
    const Pack* pack = work.packs().at(work.request.batch.at(i));
    if (pack != nullptr && !pack->fits) without.push_back(i);
  }
  std::sort(without.begin(), without.end());
  without.erase(std::unique(without.begin(), without.end()), without.end());
}

}  // namespace

InvocationEnd end_of(FailAs as) {
  switch (as) {
    case FailAs::error: return InvocationEnd::error;
    case FailAs::timeout: return InvocationEnd::timeout;
    case FailAs::crash: return InvocationEnd::crash;
  }
  return InvocationEnd::error;
}

const FailRule* failing_invocation(const InvocationRequest& request, const World& world,
                                   Choices& choices) {
  const FunctionPlan& function =
      world.plan->function(world.plan->mapping(request.mapping).function);
  const Work work{request, world, function, choices,
                  static_cast<std::uint32_t>(request.batch.span.count())};
  return holding_for_invocation(work, function.fail.size());
}

std::uint32_t effects_before_failure(const InvocationRequest& request, const World& world) {
  // The explorer uses one fixed value for each draw, so that equal states stay equal.
  if (world.plan->exploring) return 0;
  const std::uint64_t bits =
      draw_bits(world.plan->seed, world.draws_as(request.mapping, request.batch.shard),
                Purpose::effects_before_failure, request.call);
  return offset_after_pieces(world, request, bits_below(bits, pieces(world, request)));
}

Duration modelled_duration(const InvocationRequest& request, const World& world) {
  const FunctionId id = world.plan->mapping(request.mapping).function;
  const FunctionSettings& settings = world.plan->function(id).settings;
  const WorkDuration& work = settings.duration;
  Duration duration = work.batch + work.record * static_cast<std::int64_t>(pieces(world, request));
  if (work.lognormal) {
    const std::uint64_t bits =
        draw_bits(world.plan->seed, world.draws_as(request.mapping, request.batch.shard),
                  Purpose::invocation_duration, request.call);
    duration = world.plan->exploring ? lognormal_median(*work.lognormal)
                                     : lognormal_duration(bits, *work.lognormal);
  }
  return duration;
}

Outcome ModelledFunction::invoke(const InvocationRequest& request, const World& world,
                                 Choices& choices) {
  const FunctionPlan& function =
      world.plan->function(world.plan->mapping(request.mapping).function);
  const Work work{request, world, function, choices,
                  static_cast<std::uint32_t>(request.batch.span.count())};
  Outcome outcome;
  outcome.duration = modelled_duration(request, world);
  outcome.effects_until = work.n;
  if (function.fixed_response) outcome.answer = fixed_answer(work);
  apply_fail_rules(work, outcome);
  apply_timeout(work, outcome);
  leave_out_dropped(work, outcome);
  // Lambda ends every invocation at Timeout, failed ones too.
  outcome.duration = std::min(outcome.duration, function.settings.timeout());
  return outcome;
}

}  // namespace trimhorizon
