#include "sim/lambda/age.hpp"

#include "sim/base/rule.hpp"

namespace trimhorizon {

bool too_old(const MappingSettings& settings, const Assumptions& assumptions, Duration age) {
  if (!settings.age_is_limited()) return false;  // ESM-AGE-08: retention still takes it
  const Duration limit = settings.maximum_record_age();
  const bool over = assumptions.age_boundary == assume::age_boundary::over;
  return TH_RULE(a_record_of_exactly_the_limit_is_kept, over, false) ? age > limit : age >= limit;
}

std::uint64_t too_old_prefix(const MappingSettings& settings, const Assumptions& assumptions,
                             const RecordLog& log, Instant now, const Range& range) {
  if (!settings.age_is_limited()) return 0;
  const auto old = [&](std::uint64_t offset) {
    const Instant arrival = log.arrival(range.batch.at(offset));
    return too_old(settings, assumptions, now - arrival);  // ESM-AGE-05
  };
  if (!old(0)) return 0;
  if (TH_RULE(age_is_looked_at_before_the_first_attempt, false, range.invocations == 0)) return 0;
  const bool whole = TH_RULE(age_is_a_record_property,
                             assumptions.age_scope == assume::age_scope::whole_batch, true);
  if (whole) return range.batch.count;
  std::uint64_t n = 0;
  while (n < range.batch.count && old(n)) ++n;
  return n;
}

// Two questions: records too old in front of others that are not, and a record of exactly the
// limit.
void note_age_met(const MappingSettings& settings, const Assumptions& assumptions,
                  const RecordLog& log, Instant now, const Batch& batch, std::uint64_t old,
                  AssumptionsMet& met) {
  if (!settings.age_is_limited()) return;
  const auto left = [&](std::uint64_t offset) {
    return settings.maximum_record_age() - (now - log.arrival(batch.at(offset)));
  };
  const Duration age_of_last = now - log.arrival(batch.last());
  if (old > 0 && !too_old(settings, assumptions, age_of_last)) met.add(Assumption::age_scope);
  if ((old < batch.count && left(old) == Duration{0}) ||
      (old > 0 && left(old - 1) == Duration{0})) {
    met.add(Assumption::age_boundary);
  }
}

}  // namespace trimhorizon
