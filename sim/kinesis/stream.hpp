// AWS::Kinesis::Stream as far as it is modelled: shards, retention, the largest record.
// KDS-SHD-04, KDS-SHD-11, KDS-SHD-17.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"

namespace trimhorizon {

inline constexpr std::uint32_t retention_hours_default = 24;  // KDS-SHD-11
inline constexpr std::uint32_t retention_hours_min = 24;
inline constexpr std::uint32_t retention_hours_max = 8760;
inline constexpr std::uint32_t record_kib_default = 1024;  // KDS-SHD-17
inline constexpr std::uint32_t record_kib_max = 10240;

struct StreamSettings {
  std::uint32_t shard_count = 1;
  std::uint32_t retention_hours = retention_hours_default;
  std::uint32_t max_record_kib = record_kib_default;

  Duration retention() const { return hours(retention_hours); }
  friend bool operator==(const StreamSettings&, const StreamSettings&) = default;
};

}  // namespace trimhorizon
