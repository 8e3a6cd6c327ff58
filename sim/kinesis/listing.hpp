// What ListShards and DescribeStreamSummary answer. KDS-SHD-09, KDS-SHD-10, KDS-RSH-05, KDS-RSH-08,
// KDS-RSH-10, KDS-RSH-15.
//
// Always:
//  1. Rows are in the order of the shard ids. A shard that was announced and has not opened yet is
//     listed; an expired one is not.
//  2. A shard that is listed as closed has its EndingSequenceNumber, even if its cut is ahead.
//  3. The shards AT_TRIM_HORIZON, and those without a filter, together cover all hash keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/base/named_enum.hpp"
#include "sim/kinesis/api_error.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/kinesis/shard.hpp"
#include "sim/kinesis/stream.hpp"

namespace trimhorizon {

#define TH_SHARD_FILTER_TYPES(X) \
  X(FROM_TRIM_HORIZON)           \
  X(AT_TRIM_HORIZON)             \
  X(AT_LATEST)                   \
  X(AT_TIMESTAMP)                \
  X(FROM_TIMESTAMP)              \
  X(AFTER_SHARD_ID)
TH_NAMED_ENUM(ShardFilterType, TH_SHARD_FILTER_TYPES)

// Without a filter, ListShards answers as for FROM_TRIM_HORIZON.
struct ShardFilter {
  ShardFilterType type = ShardFilterType::FROM_TRIM_HORIZON;
  std::optional<Instant> timestamp;     // AT_TIMESTAMP and FROM_TIMESTAMP need it
  std::optional<std::uint32_t> number;  // AFTER_SHARD_ID needs it: the number in that shard id

  friend bool operator==(const ShardFilter&, const ShardFilter&) = default;
};

// One shard of the answer. shard_id_text and sequence_number_text make its texts.
struct ShardRow {
  ShardId shard;
  std::uint32_t number = 0;
  std::optional<std::uint32_t> parent;           // ParentShardId
  std::optional<std::uint32_t> adjacent_parent;  // AdjacentParentShardId, of a merged shard only
  HashKeyRange range;
  SequenceFields starting;               // StartingSequenceNumber
  std::optional<SequenceFields> ending;  // EndingSequenceNumber; none: it is listed as open

  bool is_open() const { return !ending; }
  friend bool operator==(const ShardRow&, const ShardRow&) = default;
};

// A stream at one instant. REQUIRES: stream.shards[n] is the shard with the number n.
struct StreamAt {
  const StreamState& stream;
  const std::vector<Shard>& shards;  // of all streams
  WallClock clock;
  Instant now;

  const Shard& shard(std::uint32_t number) const { return shards[stream.shards[number].value]; }
};

using ShardRows = std::vector<ShardRow>;
std::variant<ShardRows, ApiRefusal> list_shards(const StreamAt& at, const ShardFilter& filter = {});
// The row of one shard, listed or not. REQUIRES: the stream has it.
ShardRow shard_row(const StreamAt& at, std::uint32_t number);
// StartingHashKey, EndingHashKey as decimals.
std::pair<std::string, std::string> hash_key_range_texts(const ShardRow& row);

struct StreamSummary {
  StreamStatus status = StreamStatus::ACTIVE;
  StreamMode mode = StreamMode::PROVISIONED;
  std::uint32_t open_shard_count = 0;  // as listed
  std::int64_t retention_hours = 0;
  std::uint32_t consumer_count = 0;

  friend bool operator==(const StreamSummary&, const StreamSummary&) = default;
};
StreamSummary describe_stream_summary(const StreamAt& at, std::uint32_t consumer_count);

// Is a shard OPEN, CLOSED or EXPIRED (KDS-RSH-05)? By what it does, not by what is listed: a shard
// is OPEN until its cut. A closed shard expires when its newest record is older than the stream
// keeps; an empty one, when its cut is.
//
// A log may forget records that nobody can read any more. If it has forgotten all of them, the
// instant of the cut stands for the newest record.
enum class ShardState : std::uint8_t { not_open_yet, open, closed, expired };
ShardState shard_state(const StreamAt& at, std::uint32_t number);

}  // namespace trimhorizon
