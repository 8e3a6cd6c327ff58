// The modelled part of AWS::Kinesis::Stream: shards, retention, the largest record. KDS-SHD-04,
// KDS-SHD-11, KDS-SHD-17.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"

namespace trimhorizon {

inline constexpr std::uint32_t retention_hours_default = 24;  // hours (KDS-SHD-11)
inline constexpr std::uint32_t retention_hours_min = 24;
inline constexpr std::uint32_t retention_hours_max = 8760;
// KiB, data and partition key (KDS-SHD-17)
inline constexpr std::uint32_t record_kib_default = 1024;
inline constexpr std::uint32_t record_kib_max = 10240;

struct StreamSettings {
  std::uint32_t shard_count = 1;                            // at least 1
  std::uint32_t retention_hours = retention_hours_default;  // 24 .. 8760 (KDS-SHD-11)
  std::uint32_t max_record_kib = record_kib_default;        // 1024 .. 10240 (KDS-SHD-17)

  Duration retention() const { return hours(retention_hours); }
  friend bool operator==(const StreamSettings&, const StreamSettings&) = default;
};

}  // namespace trimhorizon
