#include "sim/kinesis/iterator.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/limits.hpp"
#include "sim/kinesis/sequence_number.hpp"

namespace trimhorizon {
namespace {

bool wants_sequence_number(IteratorType type) {
  return type == IteratorType::at_sequence_number || type == IteratorType::after_sequence_number;
}

using Resolved = std::variant<Position, IteratorError>;

// The sequence number must be one that this shard has given out; a number of another shard is an
// error (KDS-ITR-08). Index 0 is the start of the shard (StartingSequenceNumber in its
// description). It is before the first record.
Resolved resolve_sequence_number(const IteratorRequest& request, const ShardAt& shard,
                                 TrimmedPosition trimmed) {
  const auto fields = parse_sequence_number(*request.starting_sequence_number);
  if (!fields || fields->shard_number != shard.shard.number ||
      fields->shard_created_s != shard.created_s()) {
    return IteratorError::invalid_argument;
  }
  const bool shard_start = fields->index == 0;
  const std::optional<Position> named =
      shard_start ? std::optional<Position>(0) : position_of_index(fields->index);
  if (!named || (!shard_start && *named >= shard.tip())) return IteratorError::invalid_argument;
  // KDS-ITR-08: retention has taken the named record. The switch `trimmed_position` decides between
  // an error and a read from the oldest record that is left.
  if (*named < shard.trim_horizon) {
    if (trimmed == TrimmedPosition::error) return IteratorError::invalid_argument;
    return shard.trim_horizon;
  }
  // KDS-ITR-01: AT includes the named record and AFTER does not. A consumer that continues after
  // its last record must not read that record again.
  const bool after = request.type == IteratorType::after_sequence_number && !shard_start;
  return *named + (TH_RULE(after_leaves_out_the_named_record, after, false) ? 1 : 0);
}

// KDS-ITR-06: the read starts at the first record that arrived at this time or later, so an exact
// match is not needed. KDS-ITR-07: AWS refuses a time in the future.
Resolved resolve_timestamp(const IteratorRequest& request, const ShardAt& shard) {
  if (!request.timestamp_ms || TH_RULE(a_timestamp_in_the_future_is_refused,
                                       *request.timestamp_ms > shard.now_ms(), false)) {
    return IteratorError::invalid_argument;
  }
  const Instant from = shard.clock.at(*request.timestamp_ms);
  return shard.shard.log.first_at_or_after(from, shard.trim_horizon);
}

// KDS-ITR-01: the five iterator types. KDS-ITR-05: LATEST means "now": it skips every record that
// was stored before this call.
Resolved resolve(const IteratorRequest& request, const ShardAt& shard, TrimmedPosition trimmed) {
  if (request.starting_sequence_number.has_value() != wants_sequence_number(request.type)) {
    return IteratorError::invalid_argument;
  }
  switch (request.type) {
    case IteratorType::at_sequence_number:
    case IteratorType::after_sequence_number:
      return resolve_sequence_number(request, shard, trimmed);
    case IteratorType::trim_horizon: return shard.trim_horizon;
    case IteratorType::latest:
      return TH_RULE(latest_is_behind_the_newest_record, shard.tip(), shard.trim_horizon);
    case IteratorType::at_timestamp: return resolve_timestamp(request, shard);
  }
  return IteratorError::invalid_argument;
}

}  // namespace

std::variant<ShardIterator, IteratorError> get_shard_iterator(const IteratorRequest& request,
                                                              const ShardAt& shard,
                                                              TrimmedPosition trimmed) {
  TH_CHECK(shard.trim_horizon <= shard.tip());
  const Resolved resolved = resolve(request, shard, trimmed);
  if (const auto* error = std::get_if<IteratorError>(&resolved)) return *error;
  return ShardIterator{std::get<Position>(resolved), shard.now};
}

namespace {

// KDS-ITR-13: a read that reached the newest record is 0 ms behind, however old that record is. One
// that its limit ended does not know whether there are more: it says the age of the last record
// that it returned, in whole seconds.
std::int64_t millis_behind(Span returned, const ShardAt& shard, std::int64_t limit) {
  const bool full = returned.count() == static_cast<std::uint64_t>(limit);
  const bool at_tip = returned.end == shard.tip();
  if (TH_RULE(a_full_read_does_not_know_the_tip, at_tip && (!full || returned.empty()), at_tip)) {
    return 0;
  }
  const Position last = returned.empty() ? returned.end : returned.end - 1;
  const std::int64_t age = shard.now_ms() - shard.clock.ms(shard.shard.log.arrival(last));
  return std::max<std::int64_t>(0, age) / 1000 * 1000;
}

}  // namespace

std::variant<ReadResult, IteratorError> get_records(const ShardIterator& iterator,
                                                    const ShardAt& shard, std::int64_t limit) {
  TH_CHECK(shard.trim_horizon <= shard.tip());
  // KDS-ITR-14: AWS accepts a limit of 1 to 10,000 only.
  if (limit < 1 || limit > read_records_max) return IteratorError::validation;
  // This shard cannot have given out such an iterator: its position or its time is in the future.
  if (iterator.position > shard.tip() || iterator.issued > shard.now) {
    return IteratorError::invalid_argument;
  }
  // KDS-ITR-02: AWS returns no data for an iterator that is too old. The consumer must get a new
  // one.
  const Duration age = shard.now - iterator.issued;
  if (TH_RULE(an_iterator_of_300000_ms_is_valid, age > iterator_lifetime,
              age >= iterator_lifetime)) {
    return IteratorError::expired_iterator;
  }
  // KDS-ITR-16: AWS skips the records that retention has taken, and reports no error.
  const Position first = std::max(
      iterator.position, TH_RULE(a_late_read_goes_on_at_the_horizon, shard.trim_horizon, 0));
  const Position end = std::min(first + static_cast<Position>(limit), shard.tip());
  ReadResult result{.records = {first, end}, .next = {end, shard.now}, .millis_behind_latest = 0};
  result.millis_behind_latest = millis_behind(result.records, shard, limit);
  return result;
}

}  // namespace trimhorizon
