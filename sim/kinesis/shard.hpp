// One shard: its hash keys, its life and its records; and a view of it at one instant. KDS-SHD-01,
// KDS-SHD-06, KDS-SHD-10, KDS-RSH-05, KDS-RSH-15, KDS-ITR-15.
//
// Always:
//  1. It takes records from `opens` on and before `closes`. A reshard is announced before it cuts,
//     so both may lie in the future (KDS-RSH-15).
//  2. The children of a shard open at the instant at which it closes, or later if a child has
//     another parent that closes later.
#pragma once

#include <array>
#include <cstdint>

#include "sim/base/ids.hpp"
#include "sim/kinesis/hash_key.hpp"
#include "sim/kinesis/limits.hpp"
#include "sim/kinesis/packs.hpp"
#include "sim/kinesis/record_log.hpp"
#include "sim/kinesis/record_times.hpp"
#include "sim/kinesis/wall_clock.hpp"

namespace trimhorizon {

// What each put touches comes first, in two lines of memory: with thousands of shards that is what
// a put costs.
struct alignas(64) Shard {
  RecordLog log;                        // state
  std::int64_t bytes = 0;               // state: of all its records ever, data and keys
  ReaderId newest_reader;               // state: the reader of it that was opened last
  bool is_cut = false;                  // state: it takes no more records; set by its cut
  ShardLimits limits;                   // state: what it may still take and give
  StreamId stream;                      // state
  std::uint32_t number = 0;             // state: of the stream; the number in its shard id
  HashKeyRange range;                   // state: the keys of its records
  Instant created{0};                   // state: its sequence numbers name this second (KDS-SHD-09)
  Instant opens = start_of_time;        // state: it takes records from now on
  Instant closes = end_of_time;         // state: it takes no records from now on
  Instant listed = start_of_time;       // state: ListShards shows it from now on
  Instant listed_closed = end_of_time;  // state: ListShards shows it as closed from now on
  std::array<ShardId, 2> children;  // state: invalid: none. A split has two, the lower range first
  Packs packs;                      // state: the aggregates in its log

  bool is_open(Instant now) const { return opens <= now && now < closes; }
  // Will it ever close, as far as is known?
  bool has_children() const { return children[0].valid(); }
  friend bool operator==(const Shard&, const Shard&) = default;
};

// A shard at one instant, as a caller of the service sees it. REQUIRES: the shard outlives this
// view; the delay of a read <
// retention.
struct ShardAt {
  const Shard& shard;
  WallClock clock;
  Instant now;
  Position trim_horizon = 0;       // the oldest position that can be read
  RecordTimes times{};             // of its records (KDS-ITR-15, KDS-SHD-15)
  Duration retention = hours(24);  // for the reads that walk (KDS-ITR-08)
  Position visible = visible_end(shard.log, now, times, trim_horizon);
  bool finds_nothing = false;  // this read gives none of the records that are there (KDS-ITR-10)

  Position tip() const { return visible; }  // one after the newest record that can be read
  // Is the shard closed, and this position its end? Then no record will ever have it.
  bool finishes_at(Position p) const { return shard.closes <= now && shard.log.end() <= p; }
  std::int64_t now_ms() const { return clock.ms(now); }
  Instant timestamp(Position p) const { return times.timestamp_of(shard.log.at(p)); }
  std::int64_t created_s() const { return clock.s(shard.created); }
};

// The first position at `from` or later whose record arrived at this instant or later: what arrived
// before it is gone. A record is readable while its age is at most the retention.
Position trim_horizon(const Shard& shard, Instant first_kept, Position from);

}  // namespace trimhorizon
