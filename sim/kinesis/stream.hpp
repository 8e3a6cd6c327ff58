// The modelled part of AWS::Kinesis::Stream: its settings, and its state without its shards.
// KDS-SHD-04, KDS-SHD-11, KDS-SHD-12, KDS-SHD-14, KDS-SHD-17, KDS-SHD-18, KDS-RSH-04.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/consumers.hpp"
#include "sim/kinesis/lineage.hpp"
#include "sim/kinesis/record_times.hpp"

namespace trimhorizon {

inline constexpr std::uint32_t retention_hours_default = 24;  // hours (KDS-SHD-11)
inline constexpr std::uint32_t retention_hours_min = 24;
inline constexpr std::uint32_t retention_hours_max = 8760;
// KiB, data and partition key (KDS-SHD-17)
inline constexpr std::uint32_t record_kib_default = 1024;
inline constexpr std::uint32_t record_kib_max = 10240;

#define TH_STREAM_MODES(X) X(PROVISIONED) X(ON_DEMAND)
TH_NAMED_ENUM(StreamMode, TH_STREAM_MODES)
#define TH_STREAM_STATUSES(X) X(ACTIVE) X(UPDATING)
TH_NAMED_ENUM(StreamStatus, TH_STREAM_STATUSES)

struct StreamSettings {
  std::uint32_t shard_count = 1;                            // at least 1
  std::uint32_t retention_hours = retention_hours_default;  // 24 .. 8760 (KDS-SHD-11)
  std::uint32_t max_record_kib = record_kib_default;        // 1024 .. 10240 (KDS-SHD-17)
  StreamMode mode = StreamMode::PROVISIONED;                // at the beginning (KDS-SHD-18)
  bool limits = true;                       // false: its shards take and give everything
  Duration reshard_duration = seconds(25);  // from the call to the cut (KDS-RSH-04)
  ReadDelay visibility_delay;               // from the put until it can be read (KDS-ITR-15)
  Duration timestamp_skew;  // timestamps are at most so far from the arrivals (KDS-SHD-15)
  Probability empty_read_probability;  // of reads that give nothing of what is there (KDS-ITR-10)

  Duration retention() const { return hours(retention_hours); }
  std::int64_t record_bytes_max() const { return std::int64_t{max_record_kib} * 1024; }
  friend bool operator==(const StreamSettings&, const StreamSettings&) = default;
};

struct StreamState {
  Lineage lineage;              // state: parents and children of its shards
  std::vector<ShardId> shards;  // state: by shard number; ids of one stream may have gaps
  StreamMode mode = StreamMode::PROVISIONED;  // state
  Duration retention = hours(24);             // state: now
  // state: what arrived before it is gone, even if retention was raised since (KDS-SHD-12)
  Instant horizon = start_of_time;
  Instant active_from = start_of_time;  // time: it is UPDATING until then
  std::vector<Instant> mode_switches;   // time: those of the last 24 hours (KDS-SHD-18)
  std::vector<Instant> count_updates;   // time: those of the last 24 hours (KDS-LIM-08)
  StreamConsumers consumers;            // state: those with enhanced fan-out (KDS-EFO-01)

  StreamStatus status(Instant now) const {
    return now < active_from ? StreamStatus::UPDATING : StreamStatus::ACTIVE;
  }
  friend bool operator==(const StreamState&, const StreamState&) = default;
};

}  // namespace trimhorizon
