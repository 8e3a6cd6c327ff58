#include "sim/lambda/destination.hpp"

#include "sim/base/rule.hpp"

namespace trimhorizon {

// What happens to records that the mapping gives up. Without a destination they are lost silently
// (ESM-DST-08). A message has only the position of the records, so they must be read from the
// stream again before retention takes them (ESM-DST-06). When the destination refuses the message,
// nothing is left of it (ESM-DST-07).
GivenUp after_giving_up(LossCause why, bool has_destination, bool refused) {
  if (!has_destination) return {Fate::dropped, why};
  if (refused) {
    return {Fate::dropped,
            TH_RULE(a_refused_message_is_a_cause_of_its_own, LossCause::destination_failed, why)};
  }
  // The destination has the message, so the records can still be found.
  return {TH_RULE(a_discard_writes_its_message, Fate::discarded, Fate::dropped), why};
}

std::string_view condition_of(LossCause why) {
  return why == LossCause::age ? "RecordAgeExceeded" : "RetryAttemptsExhausted";
}

std::uint64_t shown_count(const Assumptions& assumptions, const GivingUp& what) {
  if (what.attempts > 0) return what.attempts;
  // ESM-RTY-12: after progress, the rest is a new batch object, whose own count is 0. But the
  // function had its records before, so the switch for "never invoked" does not apply.
  const bool zero =
      what.never_tried() && assumptions.never_invoked_count == assume::never_invoked_count::zero;
  return TH_RULE(never_invoked_is_shown_as_one, zero, true) ? 0 : 1;
}

bool may_share_message(const MappingSettings& settings, const GivingUp& before,
                       const GivingUp& next) {
  return settings.bisect_batch_on_function_error && before.batch.shard == next.batch.shard &&
         before.why == next.why && before.batch.span.end == next.batch.span.first;
}

}  // namespace trimhorizon
