// The five shard iterator types, their resolution to a position, and their expiry.
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
                                                              const ShardAt& shard,
                                                              TrimmedPosition trimmed);

struct ReadResult {
  Span records;  // what the call returned; may be empty
  ShardIterator next;
  std::int64_t millis_behind_latest = 0;
};

// GetRecords without throughput limits: at most `limit` (1..10,000) records from the iterator on.
// A position that retention has passed continues at the horizon (KDS-ITR-16).
std::variant<ReadResult, IteratorError> get_records(const ShardIterator& iterator,
                                                    const ShardAt& shard, std::int64_t limit);

}  // namespace trimhorizon
