// Two times of a stored record: when a read can find it, and the timestamp that AWS shows for it.
// Both may be drawn for each record. KDS-ITR-15, KDS-SHD-15.
//
// Always:
//  1. The timestamp never decides for how long a record is kept: its true arrival does
//     (KDS-SHD-13).
//  2. A record can be read when all records before it can.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "sim/base/draws.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/record_log.hpp"

namespace trimhorizon {

// A delay that is drawn is never longer. It keeps every record readable before retention takes it.
inline constexpr Duration drawn_delay_max = hours(1);

// How long after its arrival a record can be read.
struct ReadDelay {
  Duration fixed;                      // not used with `lognormal`
  std::optional<Lognormal> lognormal;  // one draw for each record

  bool is_none() const { return fixed == Duration{0} && !lognormal; }
  friend bool operator==(const ReadDelay&, const ReadDelay&) = default;
};

struct RecordTimes {
  ReadDelay delay;
  Duration skew;  // a timestamp is at most so far from the arrival, in either direction
  std::uint64_t seed = 1;
  std::uint32_t draws_as = 0;  // of the stream
  // Do records that arrive together share their draws? Those of one aggregate must: it is one
  // record of the service (KDS-PRD-18).
  bool by_arrival = false;

  Duration delay_of(const StoredRecord& record) const;
  // ApproximateArrivalTimestamp.
  Instant timestamp_of(const StoredRecord& record) const {
    return skew == Duration{0} ? record.arrival : record.arrival + skew_of(record);
  }
  Duration skew_of(const StoredRecord& record) const;

 private:
  std::uint64_t counter_of(const StoredRecord& record) const;
};

// One after the newest record that can be read. `from`: no later than that, a position that is
// known.
Position visible_end(const RecordLog& log, Instant now, const RecordTimes& times, Position from);

// The records of a log with their timestamps.
struct StampedLog {
  const RecordLog& log;  // a copy refers to the same log
  RecordTimes times;

  Instant timestamp(Position p) const { return times.timestamp_of(log.at(p)); }
  // At least 0: a timestamp may lie ahead of the clock.
  Duration age(Position p, Instant now) const { return std::max(Duration{0}, now - timestamp(p)); }
};

}  // namespace trimhorizon
