#include "sim/lambda/destination.hpp"

#include "sim/base/rule.hpp"

namespace trimhorizon {

// Without a destination nobody is told (ESM-DST-08). A message is a pointer (ESM-DST-06); one that
// the destination does not take leaves nothing (ESM-DST-07).
GivenUp after_giving_up(LossCause why, bool has_destination, bool refused) {
  if (!has_destination) return {Fate::dropped, why};
  if (refused) {
    return {Fate::dropped,
            TH_RULE(a_refused_message_is_a_cause_of_its_own, LossCause::destination_failed, why)};
  }
  return {TH_RULE(a_discard_writes_its_message, Fate::discarded, Fate::dropped), why};
}

std::string_view condition_of(LossCause why) {
  return why == LossCause::age ? "RecordAgeExceeded" : "RetryAttemptsExhausted";
}

std::uint64_t shown_count(const Assumptions& assumptions, LossCause why,
                          std::uint64_t invocations) {
  if (invocations > 0) return invocations;
  // ESM-RTY-12: given up right behind progress, the batch object is a new one, but not unheard of.
  const bool zero = why != LossCause::retries &&
                    assumptions.never_invoked_count == assume::never_invoked_count::zero;
  return TH_RULE(never_invoked_is_shown_as_one, zero, true) ? 0 : 1;
}

bool may_share_message(const MappingSettings& settings, const GivingUp& before,
                       const GivingUp& next) {
  return settings.bisect_batch_on_function_error && before.batch.shard == next.batch.shard &&
         before.why == next.why && before.batch.span.end == next.batch.span.first;
}

}  // namespace trimhorizon
