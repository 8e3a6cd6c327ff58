#include "sim/kinesis/listing.hpp"

#include "sim/base/rule.hpp"
#include "sim/kinesis/stream_settings.hpp"

namespace trimhorizon {
namespace {

// KDS-SHD-09: a shard ends at this index, which no record ever has.
constexpr std::uint64_t ending_index = 0x7fff'ffff'ffff'ffff;

bool is_listed(const StreamAt& at, const Shard& shard) { return shard.listed <= at.now; }
bool is_listed_closed(const StreamAt& at, const Shard& shard) {
  return shard.listed_closed <= at.now;
}

// Nothing older can be in the shard.
Instant newest_of(const Shard& shard) {
  const bool holds_any = shard.log.end() > shard.log.first();
  return holds_any ? shard.log.arrival(shard.log.end() - 1) : shard.closes;
}

bool has_expired(const StreamAt& at, const Shard& shard) {
  if (shard.closes > at.now) return false;
  const Instant newest =
      TH_RULE(a_closed_shard_expires_with_its_newest_record, newest_of(shard), shard.closes);
  return newest < trim_horizon(at.stream, at.now);
}

bool was_open_at(const Shard& shard, Instant t) { return shard.opens <= t && t <= shard.closes; }

bool has_expired_parent(const StreamAt& at, const Shard& shard) {
  for (const std::uint32_t parent : at.stream.lineage.parents_of(shard.number)) {
    if (has_expired(at, at.shard(parent))) return true;
  }
  return false;
}

// REQUIRES: the filter has what it needs.
bool passes(const StreamAt& at, const Shard& shard, const ShardFilter& filter) {
  switch (filter.type) {
    case ShardFilterType::FROM_TRIM_HORIZON: return true;
    case ShardFilterType::AT_TRIM_HORIZON:
      // If a parent had expired before its children were as old as the horizon, nobody would be
      // listed for its keys.
      return was_open_at(shard, trim_horizon(at.stream, at.now)) || has_expired_parent(at, shard);
    case ShardFilterType::AT_LATEST:
      // Recorded: between ACTIVE and the cut, parents and children.
      return TH_RULE(at_latest_lists_parents_until_the_cut, shard.closes, shard.listed_closed) >
             at.now;
    case ShardFilterType::AT_TIMESTAMP: return was_open_at(shard, *filter.timestamp);
    case ShardFilterType::FROM_TIMESTAMP: return *filter.timestamp <= shard.closes;
    case ShardFilterType::AFTER_SHARD_ID: return shard.number > *filter.number;
  }
  return false;
}

std::optional<ApiRefusal> refuse_filter(const StreamAt& at, const ShardFilter& filter) {
  if (filter.type == ShardFilterType::AFTER_SHARD_ID && !filter.number) {
    return ApiRefusal{ApiError::InvalidArgumentException, ApiReason::shard_id_missing};
  }
  const bool needs_timestamp = filter.type == ShardFilterType::AT_TIMESTAMP ||
                               filter.type == ShardFilterType::FROM_TIMESTAMP;
  if (!needs_timestamp) return std::nullopt;
  const Instant horizon = trim_horizon(at.stream, at.now);
  if (filter.timestamp && horizon <= *filter.timestamp && *filter.timestamp <= at.now) {
    return std::nullopt;
  }
  return ApiRefusal{ApiError::InvalidArgumentException, ApiReason::timestamp_out_of_bounds};
}

}  // namespace

ShardRow shard_row(const StreamAt& at, std::uint32_t number) {
  const Shard& shard = at.shard(number);
  ShardRow row;
  row.shard = at.stream.shards[number];
  row.number = number;
  const auto parents = at.stream.lineage.parents_of(number);
  if (!parents.empty()) row.parent = parents[0];
  if (parents.size() > 1) row.adjacent_parent = parents[1];
  row.range = shard.range;
  const std::int64_t created_s = at.clock.s(shard.created);
  row.starting = {created_s, 0, created_s, number};
  if (is_listed_closed(at, shard)) {
    row.ending = SequenceFields{created_s, ending_index, at.clock.s(shard.closes), number};
  }
  return row;
}

std::variant<ShardRows, ApiRefusal> list_shards(const StreamAt& at, const ShardFilter& filter) {
  if (const std::optional<ApiRefusal> refusal = refuse_filter(at, filter)) return *refusal;
  ShardRows rows;
  for (std::uint32_t number = 0; number < at.stream.shards.size(); ++number) {
    const Shard& shard = at.shard(number);
    const bool shown = is_listed(at, shard) && !has_expired(at, shard);
    if (shown && passes(at, shard, filter)) rows.push_back(shard_row(at, number));
  }
  return rows;
}

std::pair<std::string, std::string> hash_key_range_texts(const ShardRow& row) {
  return {to_decimal(row.range.first), to_decimal(row.range.last)};
}

StreamSummary describe_stream_summary(const StreamAt& at, std::uint32_t consumer_count) {
  StreamSummary summary;
  summary.status = at.stream.status(at.now);
  summary.mode = at.stream.mode;
  summary.retention_hours = at.stream.retention.us / hours(1).us;
  summary.consumer_count = consumer_count;
  for (std::uint32_t number = 0; number < at.stream.shards.size(); ++number) {
    const Shard& shard = at.shard(number);
    if (is_listed(at, shard) && !is_listed_closed(at, shard)) ++summary.open_shard_count;
  }
  return summary;
}

ShardState shard_state(const StreamAt& at, std::uint32_t number) {
  const Shard& shard = at.shard(number);
  if (at.now < shard.opens) return ShardState::not_open_yet;
  if (at.now < shard.closes) return ShardState::open;
  return has_expired(at, shard) ? ShardState::expired : ShardState::closed;
}

}  // namespace trimhorizon
