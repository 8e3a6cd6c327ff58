// The settings of the Kinesis Producer Library (KPL) with its own defaults, units and bounds.
// KDS-PRD-12, KDS-PRD-16.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

// Which put that succeeded landed in the wrong shard, so that its user records are sent again
// (KDS-PRD-16).
//   outside_range    KPL does not know the shard, or the hash key is outside its range
//   any_other_shard  it is not the predicted shard: KPL before 0.15.11
#define TH_WRONG_SHARDS(X) X(outside_range) X(any_other_shard)
TH_NAMED_ENUM(WrongShard, TH_WRONG_SHARDS)

// The bounds are those of KPL's own Configuration; where it has 2^63-1, there is none.
struct KplSettings {
  static constexpr std::int64_t no_bound = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t aggregation_size_min = 64;
  static constexpr std::int64_t aggregation_size_max = 1 << 20;
  static constexpr std::int64_t collection_count_max = 500;
  static constexpr std::int64_t collection_size_min = 52'224;
  static constexpr std::int64_t ttl_ms_min = 100;
  static constexpr std::int64_t timeout_ms_min = 100;
  static constexpr std::int64_t request_timeout_ms_max = 600'000;
  static constexpr std::int64_t connect_timeout_ms_max = 300'000;
  static constexpr std::int64_t connections_max = 256;
  static constexpr std::int64_t user_record_max = 10 << 20;  // the largest that a stream takes

  bool aggregation_enabled = true;
  std::int64_t aggregation_max_count = 4'294'967'295;  // user records of an aggregate
  std::int64_t aggregation_max_size = 51'200;          // bytes of an aggregate
  std::int64_t collection_max_count = 500;             // stored records of a call
  std::int64_t collection_max_size = 5'242'880;        // bytes of a call, with partition keys
  std::int64_t record_max_buffered_time_ms = 100;
  std::int64_t record_ttl_ms = 30'000;
  std::int64_t request_timeout_ms = 6'000;
  std::int64_t connect_timeout_ms = 6'000;  // no rule asks: a connection is always made
  std::int64_t rate_limit = 150;            // per cent of what a shard takes (CON-14)
  std::int64_t max_connections = 24;        // calls in flight
  bool fail_if_throttled = false;
  std::int64_t max_user_record_size = 1'048'576;  // bytes of data
  WrongShard wrong_shard = WrongShard::outside_range;

  // A time of the settings. KPL takes any number for "for ever"; here that is a thousand years.
  static constexpr Duration ms(std::int64_t number) {
    constexpr std::int64_t for_ever_ms = 1000ll * 365 * 24 * 3600 * 1000;
    return milliseconds(std::min(number, for_ever_ms));
  }
  Duration buffered() const { return ms(record_max_buffered_time_ms); }
  Duration ttl() const { return ms(record_ttl_ms); }
  Duration request_timeout() const { return ms(request_timeout_ms); }
  friend bool operator==(const KplSettings&, const KplSettings&) = default;
};

}  // namespace trimhorizon
