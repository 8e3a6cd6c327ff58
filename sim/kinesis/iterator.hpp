// Shard iterators: the five types, the position that each means, and when an iterator expires.
// KDS-ITR-01..08, KDS-ITR-13, KDS-ITR-14.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/shard.hpp"

namespace trimhorizon {

enum class IteratorType : std::uint8_t {
  at_sequence_number,
  after_sequence_number,
  trim_horizon,
  latest,
  at_timestamp,
};

// The error that AWS would return instead of data. It is an ordinary result, not a C++ exception.
enum class IteratorError : std::uint8_t {
  invalid_argument,  // InvalidArgumentException
  expired_iterator,  // ExpiredIteratorException
  validation,        // ValidationException
};

// The parameters of GetShardIterator. starting_sequence_number is given for AT_SEQUENCE_NUMBER and
// AFTER_SEQUENCE_NUMBER only; timestamp_ms is needed for AT_TIMESTAMP only.
struct IteratorRequest {
  IteratorType type = IteratorType::trim_horizon;
  std::optional<std::string> starting_sequence_number;
  std::optional<std::int64_t> timestamp_ms;  // wall time, milliseconds since 1970
};

// KDS-ITR-08: what the simulator does when the named record is already trimmed.
enum class TrimmedPosition : std::uint8_t { start_at_horizon, error };

struct ShardIterator {
  Position position = 0;  // of the next record to read
  Instant issued;         // when AWS returned it; it expires iterator_lifetime later

  friend bool operator==(const ShardIterator&, const ShardIterator&) = default;
};

// An iterator is valid for 300,000 ms (KDS-ITR-02, KDS-ITR-03). One more millisecond is too late.
// It can be used several times.
inline constexpr Duration iterator_lifetime = milliseconds(300'000);
// Reads from a trimmed number were empty for so long (KDS-ITR-08). Seen once: assumed.
inline constexpr Duration walk_of_empty_reads = minutes(15);

// REQUIRES: shard.trim_horizon <= shard.tip(). A wrong request gives
// IteratorError::invalid_argument.
std::variant<ShardIterator, IteratorError> get_shard_iterator(const IteratorRequest& request,
                                                              const ShardAt& shard,
                                                              TrimmedPosition trimmed);

struct ReadResult {
  Span records;  // the records that the call returned; may be empty
  ShardIterator next;
  std::int64_t millis_behind_latest = 0;  // milliseconds; 0 at the tip (KDS-ITR-13)
};

// GetRecords without throughput limits: at most `limit` records (1..10,000), from the iterator on.
// A position that retention has passed continues at the horizon (KDS-ITR-16). REQUIRES:
// shard.trim_horizon <= shard.tip().
std::variant<ReadResult, IteratorError> get_records(const ShardIterator& iterator,
                                                    const ShardAt& shard, std::int64_t limit);

}  // namespace trimhorizon
