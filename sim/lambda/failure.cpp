#include "sim/lambda/failure.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

DeliveryReason reason_after(const Outcome& outcome) {
  switch (outcome.end) {
    case InvocationEnd::error: return DeliveryReason::retry_after_error;
    case InvocationEnd::timeout:
      return TH_RULE(a_timeout_is_told_from_an_error, DeliveryReason::retry_after_timeout,
                     DeliveryReason::retry_after_error);
    case InvocationEnd::crash: return DeliveryReason::retry_after_crash;
    case InvocationEnd::returned: return DeliveryReason::retry_after_partial_response;
  }
  return DeliveryReason::retry_after_error;
}

// ESM-BIS-01, ESM-BIS-02: two new batch objects; a split is not a retry. Both are handed over,
// so healthy records are repeated once a failing ancestor (ESM-BIS-04).
NextStep split(const Assumptions& assumptions, const Range& range, Position processed_to) {
  NextStep next;
  next.processed_to = processed_to;
  next.then = NextStep::Then::split;
  const bool inherits = TH_RULE(bisect_halves_start_fresh,
                                assumptions.split == assume::split::inherits_retries, true);
  const std::uint32_t used =
      (inherits ? range.retries_used : 0) + TH_RULE(a_split_is_not_a_retry, 0u, 1u);
  const std::uint64_t half = first_half(range.batch.count, assumptions.odd_split);
  next.rest = {range.batch.head(half), used, 0, DeliveryReason::bisect};
  next.second = {range.batch.after(half), used, 0, DeliveryReason::bisect};
  return next;
}

// One more failed attempt of the same batch object: retry, or give up after 1 + N (ESM-PAR-05); all
// of it, healthy records too (ESM-RTY-07). Without a limit only age and retention end it
// (ESM-RTY-03, CON-08).
NextStep retry_or_discard(const MappingSettings& settings, Range range, Position processed_to,
                          bool wait) {
  NextStep next;
  next.processed_to = processed_to;
  next.rest = range;
  const auto limit =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, settings.maximum_retry_attempts));
  const bool exhausted =
      settings.retries_are_limited() &&
      TH_RULE(retries_are_one_plus_n, range.retries_used > limit, range.retries_used >= limit);
  next.then = exhausted ? NextStep::Then::discard : NextStep::Then::retry;
  next.wait = wait;
  return next;
}

// ESM-BIS-05: whether the mapping reads reports does not matter here. Splitting at the first error
// leaves the retries to the batch of one: 2k + 1 + R invocations in all (ESM-BIS-03).
NextStep after_function_error(const MappingSettings& settings, const Assumptions& assumptions,
                              Range range, const Outcome& outcome) {
  const bool can_split = settings.bisect_batch_on_function_error && range.batch.count > 1;
  if (can_split && assumptions.split_when == assume::split_when::first_error) {
    return split(assumptions, range, range.batch.first());
  }
  range.retries_used += TH_RULE(a_failed_attempt_counts, 1u, 0u);
  range.reason = reason_after(outcome);
  const NextStep next = retry_or_discard(settings, range, range.batch.first(), true);
  if (next.then == NextStep::Then::discard && can_split) {
    return split(assumptions, range, range.batch.first());  // split_when: after_retries
  }
  return next;
}

// ESM-PBR-04, ESM-PBR-05: everything before the cut is done, the rest is tried again. With progress
// it is a new batch object, whose retries start again (ESM-PBR-06), so that progress is never cut
// off (ESM-PBR-07); without, it is a retry (ESM-PBR-09). The cut is the split (ESM-PBR-08).
NextStep after_partial(const MappingSettings& settings, const Assumptions& assumptions, Range range,
                       std::uint32_t cut) {
  const bool progress = cut > 0;
  range.batch = TH_RULE(records_below_the_report_are_done, range.batch.after(cut), range.batch);
  const Position processed_to = range.batch.first();
  const bool resets =
      TH_RULE(progress_resets_retries,
              assumptions.partial_progress == assume::partial_progress::resets_retries, false);
  range.retries_used = progress && resets ? 0 : range.retries_used + 1;
  if (TH_RULE(progress_makes_a_new_batch_object, progress, false)) range.invocations = 0;
  range.reason = DeliveryReason::retry_after_partial_response;

  using assume::bisect_with_report;
  const bool halve =
      settings.bisect_batch_on_function_error && range.batch.count > 1 &&
      (assumptions.bisect_with_report == bisect_with_report::halve_remainder ||
       (assumptions.bisect_with_report == bisect_with_report::halve_on_no_progress && !progress));
  if (halve) {
    // The split is free: the attempt that led to it does not count.
    if (!(progress && resets)) range.retries_used -= 1;
    return split(assumptions, range, processed_to);
  }
  const bool wait = TH_RULE(after_progress_there_is_no_wait, !progress, true);
  return retry_or_discard(settings, range, processed_to, wait);
}

}  // namespace

std::uint64_t first_half(std::uint64_t n, assume::odd_split rounding) {
  TH_CHECK(n > 1);
  return rounding == assume::odd_split::ceil ? (n + 1) / 2 : n / 2;
}

Judged judge_outcome(const MappingSettings& settings, const Assumptions& assumptions,
                     const Outcome& outcome) {
  // ESM-RTY-02; timeouts are among them, so that they split as well (ESM-BIS-06).
  if (outcome.end != InvocationEnd::returned) return {Ruling::function_error, 0};
  // ESM-PBR-01: without ReportBatchItemFailures the answer is not looked at.
  if (!TH_RULE(report_needs_the_setting, settings.report_batch_item_failures, true)) {
    return {Ruling::success, 0};
  }
  const Answer& answer = outcome.answer;
  if (answer.kind == Answer::Kind::success) return {Ruling::success, 0};
  if (answer.kind == Answer::Kind::malformed || !answer.any_valid) {
    // ESM-PBR-03: unknown, empty, null or missing identifiers fail the whole batch.
    return {TH_RULE(malformed_report_fails_the_batch, Ruling::malformed, Ruling::success), 0};
  }
  if (answer.any_invalid &&
      assumptions.mixed_identifiers == assume::mixed_identifiers::whole_batch) {
    return {Ruling::malformed, 0, true};  // ESM-PBR-10
  }
  return {Ruling::partial, answer.lowest, answer.any_invalid};
}

NextStep after_invocation(const MappingSettings& settings, const Assumptions& assumptions,
                          const Range& range, const Outcome& outcome, const Judged& judged) {
  switch (judged.ruling) {
    case Ruling::success: {
      NextStep next;
      next.processed_to = range.batch.span.end;
      return next;
    }
    case Ruling::partial: return after_partial(settings, assumptions, range, judged.cut);
    case Ruling::function_error: return after_function_error(settings, assumptions, range, outcome);
    case Ruling::malformed: {
      if (TH_RULE(a_malformed_report_does_not_split,
                  assumptions.malformed_report == assume::malformed_report::bisects, true)) {
        return after_function_error(settings, assumptions, range, outcome);
      }
      Range again = range;
      again.retries_used += 1;
      again.reason = DeliveryReason::retry_after_partial_response;
      return retry_or_discard(settings, again, range.batch.first(), true);
    }
  }
  TH_CHECK(!"a ruling without a next step");
  return {};
}

void note_met(const MappingSettings& settings, const Assumptions& assumptions, const Range& range,
              const Judged& judged, const NextStep& next, AssumptionsMet& met) {
  const bool bisects = settings.bisect_batch_on_function_error && range.batch.count > 1;
  if (judged.ruling == Ruling::partial) {
    const bool progress = judged.cut > 0;
    if (progress && settings.retries_are_limited()) met.add(Assumption::partial_progress);
    if (settings.bisect_batch_on_function_error && range.batch.count - judged.cut > 1) {
      met.add(Assumption::bisect_with_report);
    }
  }
  if (judged.ruling == Ruling::malformed && bisects) met.add(Assumption::malformed_report);
  if (judged.mixed) met.add(Assumption::mixed_identifiers);
  const bool as_error = judged.ruling == Ruling::function_error ||
                        (judged.ruling == Ruling::malformed &&
                         assumptions.malformed_report == assume::malformed_report::bisects);
  // Without a limit there is no "after the retries": the other answer is never to split.
  if (as_error && bisects) met.add(Assumption::split_when);
  const bool splits = next.then == NextStep::Then::split || (as_error && bisects);
  if (splits && settings.retries_are_limited()) met.add(Assumption::split);
  if (next.then == NextStep::Then::split &&
      (next.rest.batch.count + next.second.batch.count) % 2 == 1) {
    met.add(Assumption::odd_split);
  }
  if (next.then == NextStep::Then::retry && next.wait) met.add(Assumption::retry_backoff);
}

LossCause why_without_effect(const MappingSettings& settings, const Outcome& outcome,
                             Ruling ruling) {
  if (!settings.report_batch_item_failures) {
    return outcome.answer.kind == Answer::Kind::success ? LossCause::swallowed
                                                        : LossCause::report_ignored;
  }
  return ruling == Ruling::success ? LossCause::swallowed : LossCause::skipped_by_handler;
}

}  // namespace trimhorizon
