// One shard: its hash keys and its records; and a view of it at one instant. KDS-SHD-01,
// KDS-SHD-06.
#pragma once

#include <cstdint>

#include "sim/base/ids.hpp"
#include "sim/kinesis/hash_key.hpp"
#include "sim/kinesis/record_log.hpp"
#include "sim/kinesis/wall_clock.hpp"

namespace trimhorizon {

struct Shard {
  StreamId stream;           // state
  std::uint32_t number = 0;  // state: of the stream; the number in its shard id
  HashKeyRange range;        // state: the keys of its records
  Instant created{0};        // state
  RecordLog log;             // state
  ReaderId newest_reader;    // state: the reader of it that was opened last

  friend bool operator==(const Shard&, const Shard&) = default;
};

// A shard at one instant, as a caller of the service sees it. REQUIRES: the shard outlives this
// view.
struct ShardAt {
  const Shard& shard;
  WallClock clock;
  Instant now;
  Position trim_horizon = 0;  // the oldest position that can be read

  Position tip() const { return shard.log.end(); }  // one after the newest record
  std::int64_t now_ms() const { return clock.ms(now); }
  std::int64_t created_s() const { return clock.s(shard.created); }
};

// The first position at `from` or later that retention has not taken. A record is readable while
// its age is at most the retention.
Position trim_horizon(const Shard& shard, Duration retention, Instant now, Position from);

}  // namespace trimhorizon
