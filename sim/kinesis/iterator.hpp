// The five shard iterator types, their resolution to a position, and their expiry.
// KDS-ITR-01..08, KDS-ITR-13, KDS-ITR-14.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

enum class IteratorType : std::uint8_t {
  at_sequence_number,
  after_sequence_number,
  trim_horizon,
  latest,
  at_timestamp,
};

// What AWS would answer instead of data. An ordinary result value, not an exception.
enum class IteratorError : std::uint8_t {
  invalid_argument,  // InvalidArgumentException
  expired_iterator,  // ExpiredIteratorException
  validation,        // ValidationException
};

// What a caller of GetShardIterator sends.
struct IteratorRequest {
  IteratorType type = IteratorType::trim_horizon;
  std::optional<std::string> starting_sequence_number;
  std::optional<std::int64_t> timestamp_ms;  // wall time, milliseconds since 1970
};

// What the service knows of the shard at that moment. `arrival_at` finds the first position at or
// after a wall-clock millisecond, in sequence order (KDS-ITR-06).
struct ShardView {
  std::uint32_t shard_number = 0;
  std::int64_t created_s = 0;  // wall time, seconds since 1970
  Position trim_horizon = 0;   // oldest readable position
  Position tip = 0;            // one past the newest
  std::int64_t now_ms = 0;     // wall time
  const void* log = nullptr;
  Position (*first_at_or_after_ms)(const void* log, std::int64_t wall_ms) = nullptr;
};

// ITR-08: what AT/AFTER a trimmed record answers.
enum class TrimmedPosition : std::uint8_t { start_at_horizon, error };

struct ShardIterator {
  Position position = 0;
  Instant issued;

  friend bool operator==(const ShardIterator&, const ShardIterator&) = default;
};

// KDS-ITR-02, KDS-ITR-03: valid for 300,000 ms, however often it was used; one more ms is too late.
inline constexpr Duration iterator_lifetime = milliseconds(300'000);

std::variant<ShardIterator, IteratorError> get_shard_iterator(const IteratorRequest& request,
                                                              const ShardView& shard, Instant now,
                                                              TrimmedPosition trimmed);

struct ReadResult {
  Span records;  // what the call returned; may be empty
  ShardIterator next;
  std::int64_t millis_behind_latest = 0;
};

// GetRecords without throughput limits: at most `limit` (1..10,000) records from the iterator on.
// A position that retention has passed continues at the horizon (KDS-ITR-16).
std::variant<ReadResult, IteratorError> get_records(
    const ShardIterator& iterator, const ShardView& shard, Instant now, std::int64_t limit,
    std::int64_t (*arrival_ms)(const void* log, Position position));

}  // namespace trimhorizon
