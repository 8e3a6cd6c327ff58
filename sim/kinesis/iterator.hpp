// Shard iterators: the five types, the position that each means, when an iterator expires, and what
// a read returns. KDS-ITR-01..09, KDS-ITR-11..16.
//
// Always:
//  1. Only the answer that reaches the end of a closed shard has no next iterator, and only it
//     names the children. So a consumer that waits for it reads parents before children
//     (KDS-RSH-07).
//  2. LATEST, the end of what a read returns and MillisBehindLatest agree on the tip: the newest
//     record that can be read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/api_error.hpp"
#include "sim/kinesis/of_record.hpp"
#include "sim/kinesis/shard.hpp"

namespace trimhorizon {

enum class IteratorType : std::uint8_t {
  at_sequence_number,
  after_sequence_number,
  trim_horizon,
  latest,
  at_timestamp,
};

// The parameters of GetShardIterator. starting_sequence_number is given for AT_SEQUENCE_NUMBER and
// AFTER_SEQUENCE_NUMBER only; timestamp_ms is needed for AT_TIMESTAMP only.
struct IteratorRequest {
  IteratorType type = IteratorType::trim_horizon;
  std::optional<std::string> starting_sequence_number;
  std::optional<std::int64_t> timestamp_ms;  // wall time, milliseconds since 1970
};

// KDS-ITR-08: what a read from the number of a trimmed record gives.
//   start_at_horizon   the records from the horizon on
//   error              InvalidArgumentException
//   walk_from_horizon  empty answers for 15 minutes, then the records from the horizon on
enum class TrimmedPosition : std::uint8_t { start_at_horizon, error, walk_from_horizon };

struct ShardIterator {
  Position position = 0;                // of the next record to read
  Instant issued;                       // when AWS returned it; it expires iterator_lifetime later
  Instant walks_until = start_of_time;  // until then its reads are empty (KDS-ITR-08)

  friend bool operator==(const ShardIterator&, const ShardIterator&) = default;
};

// An iterator is valid for 300,000 ms (KDS-ITR-02, KDS-ITR-03). One more millisecond is too late.
// It can be used several times.
inline constexpr Duration iterator_lifetime = milliseconds(300'000);
// Reads from a trimmed number were empty for so long (KDS-ITR-08). Seen once: assumed.
inline constexpr Duration walk_of_empty_reads = minutes(15);

// A wrong request gives InvalidArgumentException. REQUIRES: shard.trim_horizon <= shard.tip().
std::variant<ShardIterator, ApiRefusal> get_shard_iterator(const IteratorRequest& request,
                                                           const ShardAt& shard,
                                                           TrimmedPosition trimmed);

// The iterator for a number whose record retention has taken (KDS-ITR-08). `named`: the position of
// that record.
std::variant<ShardIterator, ApiRefusal> iterator_of_trimmed(Position named, const ShardAt& shard,
                                                            TrimmedPosition trimmed);

struct ReadResult {
  Span records;            // the records that the call returned; may be empty
  std::int64_t bytes = 0;  // of these records
  // None only in the answer that reaches the end of a closed shard (KDS-ITR-11).
  std::optional<ShardIterator> next;
  std::array<ShardId, 2> children;        // of the shard, in that answer only (KDS-ITR-12)
  std::int64_t millis_behind_latest = 0;  // whole seconds; 0 at the tip (KDS-ITR-13)
};

// GetRecords: at most `limit` records (1..10,000) and 10 MiB, but at least one record if there is
// one (KDS-ITR-14, KDS-LIM-05). A position that retention has passed continues at the horizon
// (KDS-ITR-16). Counting the call and its bytes is the caller's part (admit_read, count_read).
// REQUIRES: shard.trim_horizon <= shard.tip().
std::variant<ReadResult, ApiRefusal> get_records(const ShardIterator& iterator,
                                                 const ShardAt& shard, std::int64_t limit,
                                                 RecordBytes bytes_of);

// ---------- what GetRecords and SubscribeToShard share ----------

struct ReadCaps {
  std::uint64_t records = 0;  // at least 1
  std::int64_t bytes = 0;
};

struct Filled {
  Span records;
  std::int64_t bytes = 0;
  bool full = false;  // a cap ended it, so it does not know whether there are more records
};

// The records from `first` to the tip, as far as the caps allow; at least one if there is one.
Filled fill(const ShardAt& shard, Position first, const ReadCaps& caps, RecordBytes bytes_of);

// MillisBehindLatest of an answer with these records (KDS-ITR-13).
std::int64_t millis_behind_latest(const Filled& read, const ShardAt& shard);

// This number of milliseconds, cut to whole seconds; at least 0.
std::int64_t cut_to_seconds(std::int64_t ms);

}  // namespace trimhorizon
