#include "sim/kinesis/record_times.hpp"

#include <algorithm>

#include "sim/base/rule.hpp"

namespace trimhorizon {

// Two copies of a record arrive at different times, so they draw different values.
std::uint64_t RecordTimes::counter_of(const StoredRecord& record) const {
  const std::uint64_t own = by_arrival ? 0 : mix64(record.record.value);
  return own + static_cast<std::uint64_t>(record.arrival.us);
}

Duration RecordTimes::delay_of(const StoredRecord& record) const {
  if (!delay.lognormal) return delay.fixed;
  const std::uint64_t bits = draw_bits(seed, draws_as, Purpose::read_delay, counter_of(record));
  return std::min(lognormal_duration(bits, *delay.lognormal), drawn_delay_max);
}

Duration RecordTimes::skew_of(const StoredRecord& record) const {
  const std::uint64_t bits = draw_bits(seed, draws_as, Purpose::timestamp_skew, counter_of(record));
  const auto width = static_cast<std::uint64_t>(2 * skew.us + 1);
  return microseconds(static_cast<std::int64_t>(bits_below(bits, width))) - skew;
}

Position visible_end(const RecordLog& log, Instant now, const RecordTimes& times, Position from) {
  const Position end = log.end();
  if (times.delay.is_none()) return end;
  Position seen = std::max(from, log.first());
  if (times.delay.lognormal) {
    log.each({seen, end}, [&](const StoredRecord& record) {
      if (record.arrival + times.delay_of(record) > now) return false;
      ++seen;
      return true;
    });
  } else {
    seen = log.first_at_or_after(now - times.delay.fixed + microseconds(1), seen);
  }
  return TH_RULE(a_record_is_readable_after_its_delay, seen, end);
}

}  // namespace trimhorizon
