// How a stream on demand scales: what each shard takes in a minute, which shards are split and
// merged for it, and the capacity that AWS promises. KDS-LIM-10..13.
//
// The caller counts every put, asks `end_minute` at the end of each minute, and does at the named
// instants what it answers (split_on_demand, merge_on_demand). A put is throttled by the limits of
// its shard only; the capacity is a number to report.
//
// Always:
//  1. While the stream stays on demand, a shard is named for a split at most once. A split halves
//     its hash range, so a hot key stays with one child: it is never helped.
//  2. The merges of one answer never lead below four shards, and never name a shard twice.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/kinesis/minute_counter.hpp"
#include "sim/kinesis/shard.hpp"
#include "sim/kinesis/stream.hpp"

namespace trimhorizon {

inline constexpr std::uint32_t on_demand_shards_min = 4;  // KDS-LIM-10

// A shard is split when a minute brought more than this a second: half of either limit. AWS says
// 500 KB, and its KB are KiB (KDS-LIM-12).
inline constexpr std::int64_t busy_records_a_second = 500;
inline constexpr std::int64_t busy_bytes_a_second = 500 * kib;
// Two neighbours may be merged while both together take less than this a second: a quarter of
// either limit. Assumed, AWS documents nothing (KDS-LIM-13).
inline constexpr std::int64_t quiet_records_a_second = 250;
inline constexpr std::int64_t quiet_bytes_a_second = 256 * kib;
inline constexpr Duration quiet_before_merge = hours(24);

struct OnDemandRules {
  Duration split_delay = minutes(10);  // after the busy minute, 0 .. 15 minutes (KDS-LIM-12)
  bool scale_down_after_24h = false;   // on_demand_scale_down (KDS-LIM-13)

  friend bool operator==(const OnDemandRules&, const OnDemandRules&) = default;
};

// The highest minute of the last 30 days, and what AWS promises for it (KDS-LIM-11).
class PeakTraffic {
 public:
  // The stream took so many bytes in the minute that ends now. REQUIRES: ascending.
  void add_minute(Instant end, std::int64_t bytes);
  // Bytes a second that the stream may take: twice the peak, and 4 MiB at least. A minute counts
  // when it is `delay` old. REQUIRES: 0 <= delay <= 15 minutes.
  std::int64_t capacity(Instant now, Duration delay) const;
  friend bool operator==(const PeakTraffic&, const PeakTraffic&) = default;

 private:
  struct Minute {
    Instant end;
    std::int64_t bytes = 0;
    friend bool operator==(const Minute&, const Minute&) = default;
  };
  std::vector<Minute> peaks_;   // older than 15 minutes; each higher than all later ones
  std::vector<Minute> recent_;  // the last 15 minutes
};

struct OnDemandState {
  struct OfShard {
    MinuteCounter traffic;
    bool split_is_planned = false;
    std::uint32_t neighbour = UINT32_MAX;  // the next shard in hash order, when last asked
    Instant quiet_since = end_of_time;     // both together; end_of_time: they are not quiet

    friend bool operator==(const OfShard&, const OfShard&) = default;
  };
  std::vector<OfShard> shards;  // by shard number; shorter if the last ones took nothing yet
  PeakTraffic peak;

  friend bool operator==(const OnDemandState&, const OnDemandState&) = default;
};

// A put of this stream. Count those of a provisioned stream as well, if it may become one on demand
// or has a scaler.
void count_traffic(OnDemandState& state, std::uint32_t number, Instant now,
                   const MinuteTraffic& more);
// Of all its shards, in the last full minute.
MinuteTraffic last_minute(const OnDemandState& state, Instant now);

struct PlannedSplit {
  std::uint32_t number = 0;
  Instant at;

  friend bool operator==(const PlannedSplit&, const PlannedSplit&) = default;
};
struct PlannedMerge {  // now
  std::uint32_t lower = 0;
  std::uint32_t upper = 0;

  friend bool operator==(const PlannedMerge&, const PlannedMerge&) = default;
};
struct OnDemandSteps {
  std::vector<PlannedSplit> splits;  // by number
  std::vector<PlannedMerge> merges;  // in hash order

  friend bool operator==(const OnDemandSteps&, const OnDemandSteps&) = default;
};

// What AWS decides at the end of a minute. REQUIRES: `now` is a whole minute, and no minute is left
// out while the stream is on demand.
OnDemandSteps end_minute(OnDemandState& state, const StreamState& stream,
                         const std::vector<Shard>& shards, Instant now, const OnDemandRules& rules);

}  // namespace trimhorizon
