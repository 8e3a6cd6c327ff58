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

// ESM-BIS-01: the batch becomes two new batch objects, so that the records without a fault can
// succeed. ESM-BIS-02: a split uses no retry. ESM-BIS-04: both halves are delivered again, so each
// good record is repeated once for every failed batch that contained it.
NextStep split(const Assumptions& assumptions, const Range& range, Position processed_to,
               Instant now) {
  NextStep next;
  next.processed_to = processed_to;
  next.then = NextStep::Then::split;
  // CON-01: each half starts with all its retries. The switch `split` can keep the used ones
  // instead.
  const bool inherits = TH_RULE(bisect_halves_start_fresh,
                                assumptions.split == assume::split::inherits_retries, true);
  const std::uint32_t used =
      (inherits ? range.retries_used : 0) + TH_RULE(a_split_is_not_a_retry, 0u, 1u);
  const std::uint64_t half = first_half(range.batch.count, assumptions.odd_split);
  next.rest = {range.batch.head(half), used, 0, DeliveryReason::bisect, {}, now};
  next.second = {range.batch.after(half), used, 0, DeliveryReason::bisect, {}, now};
  next.second.batch.count = range.batch.count - half;
  return next;
}

// The same batch object failed once more: retry it, or give it up after 1 + N attempts
// (ESM-PAR-05). The whole batch is given up, good records too (ESM-RTY-07). Without a limit on
// retries, only age and retention end the retries (ESM-RTY-03, CON-08), and the shard is blocked
// until then.
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

// After an exception, a timeout or a crash: split, or retry. Whether the mapping reads reports does
// not matter here (ESM-BIS-05).
NextStep after_function_error(const MappingSettings& settings, const Assumptions& assumptions,
                              Range range, const Outcome& outcome, Instant now) {
  const bool can_split = settings.bisect_batch_on_function_error && range.batch.count > 1;
  // ESM-BIS-03: the split comes at the first error, so only a batch of one record uses retries. One
  // bad record among 2^k costs 2k + 1 + R invocations in all.
  if (can_split && assumptions.split_when == assume::split_when::first_error) {
    return split(assumptions, range, range.batch.first(), now);
  }
  // ESM-RTY-01: the function ran and failed, so this attempt counts against MaximumRetryAttempts.
  range.retries_used += TH_RULE(a_failed_attempt_counts, 1u, 0u);
  range.reason = reason_after(outcome);
  const NextStep next = retry_or_discard(settings, range, range.batch.first(), true);
  if (next.then == NextStep::Then::discard && can_split) {
    return split(assumptions, range, range.batch.first(), now);  // split_when: after_retries
  }
  return next;
}

// After a valid report. The lowest reported record is the cut. The records before the cut are done
// (ESM-PBR-05); all others are tried again, even those that succeeded (ESM-PBR-04).
NextStep after_partial(const MappingSettings& settings, const Assumptions& assumptions, Range range,
                       const Judged& judged, Instant now) {
  const bool progress = judged.cut > 0;
  if (TH_RULE(records_below_the_report_are_done, progress, false)) {
    const std::uint64_t left = judged.left_of(range.batch);
    range.batch = range.batch.after(judged.cut);
    range.batch.count = left;
  }
  const Position processed_to = range.batch.first();
  // ESM-PBR-06: progress makes a new batch object with all its retries. So a function that makes
  // progress each time is never cut off (ESM-PBR-07). Without progress this is a retry
  // (ESM-PBR-09).
  const bool resets =
      TH_RULE(progress_resets_retries,
              assumptions.partial_progress == assume::partial_progress::resets_retries, false);
  range.retries_used = progress && resets ? 0 : range.retries_used + 1;
  // ESM-RTY-12: the count in a message is that of the current batch object, and the rest is a new
  // one. It has a request id of its own, too.
  if (TH_RULE(progress_makes_a_new_batch_object, progress, false)) {
    range.attempts = 0;
    range.request = {};
  }
  range.reason = DeliveryReason::retry_after_partial_response;

  using assume::bisect_with_report;
  // ESM-PBR-08: after progress the cut is already a split, and the rest is sent whole. ESM-PBR-09:
  // without progress the batch is halved at once. CON-03: both are a switch.
  const bool halve =
      settings.bisect_batch_on_function_error && range.batch.count > 1 &&
      (assumptions.bisect_with_report == bisect_with_report::halve_remainder ||
       (assumptions.bisect_with_report == bisect_with_report::halve_on_no_progress && !progress));
  if (halve) {
    // ESM-BIS-02: the split uses no retry, so the attempt that led to it does not count.
    if (!(progress && resets)) range.retries_used -= 1;
    return split(assumptions, range, processed_to, now);
  }
  // ESM-RTY-14: progress is not a failure, so the rest is sent at once.
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
  // ESM-RTY-02: an exception, a timeout and a crash are all function errors. So a timeout can split
  // a batch too (ESM-BIS-06).
  if (outcome.end != InvocationEnd::returned) return {Ruling::function_error, 0};
  // ESM-PBR-01: without ReportBatchItemFailures the mapping ignores the answer. Records that the
  // function wanted to fail are then lost.
  if (!TH_RULE(report_needs_the_setting, settings.report_batch_item_failures, true)) {
    return {Ruling::success, 0};
  }
  const Answer& answer = outcome.answer;
  if (answer.kind == Answer::Kind::success) return {Ruling::success, 0};
  if (answer.kind == Answer::Kind::no_object) {
    // ESM-PBR-14: a text, a number, a truth value or a list is no report. Nobody documents what it
    // means; the switch `other_answers` decides.
    const bool fails = assumptions.other_answers == assume::other_answers::failure;
    return {TH_RULE(an_answer_that_is_no_object_succeeds, fails, true) ? Ruling::malformed
                                                                       : Ruling::success,
            0, false, true};
  }
  if (answer.kind == Answer::Kind::malformed || !answer.any_valid) {
    // ESM-PBR-03: an unknown, empty, null or missing identifier fails the whole batch, so all its
    // records are delivered again.
    return {TH_RULE(malformed_report_fails_the_batch, Ruling::malformed, Ruling::success), 0};
  }
  if (answer.any_invalid &&
      assumptions.mixed_identifiers == assume::mixed_identifiers::whole_batch) {
    // ESM-PBR-10: some identifiers are valid and some are not. The switch `mixed_identifiers`
    // decides.
    return {Ruling::malformed, 0, true};
  }
  return {Ruling::partial, answer.lowest, answer.any_invalid};
}

NextStep after_invocation(const MappingSettings& settings, const Assumptions& assumptions,
                          const Range& range, const Outcome& outcome, const Judged& judged,
                          Instant now) {
  switch (judged.ruling) {
    // ESM-CHK-01: only a complete success moves the checkpoint to the end of the batch.
    case Ruling::success: {
      NextStep next;
      next.processed_to = range.batch.span.end;
      return next;
    }
    case Ruling::partial: return after_partial(settings, assumptions, range, judged, now);
    case Ruling::function_error:
      return after_function_error(settings, assumptions, range, outcome, now);
    case Ruling::malformed: {
      // ESM-PBR-03: a malformed report is retried like an error. The switch `malformed_report`
      // decides whether it also splits the batch.
      if (TH_RULE(a_malformed_report_does_not_split,
                  assumptions.malformed_report == assume::malformed_report::bisects, true)) {
        return after_function_error(settings, assumptions, range, outcome, now);
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

NextStep after_oversized(const MappingSettings& settings, const Range& range) {
  Range again = range;
  // ESM-POL-07: recorded with 0 and with 2 retries: the message counts 1 and 3 attempts, although
  // the function is never called.
  again.retries_used += TH_RULE(an_oversized_record_uses_its_retries, 1u, 0u);
  return retry_or_discard(settings, again, range.batch.first(), true);
}

void note_met(const MappingSettings& settings, const Assumptions& assumptions, const Range& range,
              const Judged& judged, const NextStep& next, AssumptionsMet& met) {
  const bool bisects = settings.bisect_batch_on_function_error && range.batch.count > 1;
  if (judged.ruling == Ruling::partial) {
    const bool progress = judged.cut > 0;
    if (progress && settings.retries_are_limited()) met.add(Assumption::partial_progress);
    if (settings.bisect_batch_on_function_error && judged.left_of(range.batch) > 1) {
      met.add(Assumption::bisect_with_report);
    }
  }
  if (judged.ruling == Ruling::malformed && bisects) met.add(Assumption::malformed_report);
  if (judged.mixed) met.add(Assumption::mixed_identifiers);
  if (judged.no_object) met.add(Assumption::other_answers);
  const bool as_error = judged.ruling == Ruling::function_error ||
                        (judged.ruling == Ruling::malformed &&
                         assumptions.malformed_report == assume::malformed_report::bisects);
  // Without a limit on retries, `after_retries` means that the batch is never split. That is a
  // different result too.
  if (as_error && bisects) met.add(Assumption::split_when);
  const bool splits = next.then == NextStep::Then::split || (as_error && bisects);
  if (splits && settings.retries_are_limited()) met.add(Assumption::split);
  if (next.then == NextStep::Then::split &&
      (next.rest.batch.count + next.second.batch.count) % 2 == 1) {
    met.add(Assumption::odd_split);
  }
  if (next.then == NextStep::Then::retry && next.wait) met.add(Assumption::retry_backoff);
}

LossCause why_without_effect(const MappingSettings& settings, Ruling ruling) {
  const bool reads_reports = settings.report_batch_item_failures;
  return reads_reports && ruling != Ruling::success ? LossCause::skipped_by_handler
                                                    : LossCause::swallowed;
}

}  // namespace trimhorizon
