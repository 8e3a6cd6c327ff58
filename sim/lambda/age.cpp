#include "sim/lambda/age.hpp"

#include <algorithm>

#include "sim/base/rule.hpp"

namespace trimhorizon {

namespace {

// From when the age of a record counts. ESM-AGE-05: from its arrival in the stream, as its
// timestamp says (KDS-SHD-15), not from the first attempt. ESM-BIS-11: a text says that a split
// starts the age of its records again; the switch `age_scope` can do that.
Instant age_base(const Assumptions& assumptions, const StampedLog& log, const Range& range,
                 std::uint64_t offset) {
  const Instant stamp = log.timestamp(range.batch.at(offset));
  return assumptions.age_scope == assume::age_scope::restarts_on_split
             ? std::max(stamp, range.split_at)
             : stamp;
}

}  // namespace

bool too_old(const MappingSettings& settings, const Assumptions& assumptions, Duration age) {
  if (!settings.age_is_limited()) return false;  // retention still takes old records (ESM-AGE-08)
  const Duration limit = settings.maximum_record_age();
  // ESM-AGE-06: it is not known whether AWS keeps a record of exactly the limit. The switch
  // `age_boundary` decides.
  const bool over = assumptions.age_boundary == assume::age_boundary::over;
  return TH_RULE(a_record_of_exactly_the_limit_is_kept, over, false) ? age > limit : age >= limit;
}

std::uint64_t too_old_prefix(const MappingSettings& settings, const Assumptions& assumptions,
                             const StampedLog& log, Instant now, const Range& range) {
  if (!settings.age_is_limited()) return 0;
  const auto old = [&](std::uint64_t offset) {
    return too_old(settings, assumptions, now - age_base(assumptions, log, range, offset));
  };
  if (!old(0)) return 0;
  // ESM-AGE-03: the check also comes before the first attempt, so a record can be discarded
  // although the function never saw it.
  if (TH_RULE(age_is_looked_at_before_the_first_attempt, false, range.attempts == 0)) return 0;
  // ESM-AGE-02: AWS discards only the records that are too old and delivers the younger ones after
  // them. The switch `age_scope` can discard the whole batch instead.
  const bool whole = TH_RULE(age_is_a_record_property,
                             assumptions.age_scope == assume::age_scope::whole_batch, true);
  if (whole) return range.batch.span.count();
  std::uint64_t n = 0;
  while (n < range.batch.span.count() && old(n)) ++n;
  return n;
}

// There are two open questions: which records of a batch does their age discard (age_scope), and is
// a record of exactly the limit too old (age_boundary)?
void note_age_met(const MappingSettings& settings, const Assumptions& assumptions,
                  const StampedLog& log, Instant now, const Range& range, std::uint64_t old,
                  AssumptionsMet& met) {
  if (!settings.age_is_limited()) return;
  const Batch& batch = range.batch;
  const auto left = [&](std::uint64_t offset) {
    return settings.maximum_record_age() - (now - age_base(assumptions, log, range, offset));
  };
  const auto by_arrival = [&](std::uint64_t offset) {
    return too_old(settings, assumptions, now - log.timestamp(batch.at(offset)));
  };
  // Younger records may go together with the old ones at the head, or the age of a half may count
  // from its split.
  if (by_arrival(0) && (!by_arrival(batch.span.count() - 1) || range.split_at != never_split)) {
    met.add(Assumption::age_scope);
  }
  if ((old < batch.span.count() && left(old) == Duration{0}) ||
      (old > 0 && left(old - 1) == Duration{0})) {
    met.add(Assumption::age_boundary);
  }
}

}  // namespace trimhorizon
