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

constexpr ApiRefusal invalid_argument(ApiReason reason) {
  return {ApiError::InvalidArgumentException, reason};
}

using Resolved = std::variant<ShardIterator, ApiRefusal>;

// The sequence number must be one that this shard has given out; a number of another shard is an
// error (KDS-ITR-08). Index 0 is the start of the shard (StartingSequenceNumber in its
// description). It is before the first record.
Resolved resolve_sequence_number(const IteratorRequest& request, const ShardAt& shard,
                                 TrimmedPosition trimmed) {
  const auto fields = parse_sequence_number(*request.starting_sequence_number);
  if (!fields || fields->shard_number != shard.shard.number ||
      fields->shard_created_s != shard.created_s()) {
    return invalid_argument(ApiReason::no_such_sequence_number);
  }
  const bool shard_start = fields->index == 0;
  std::optional<Position> named =
      shard_start ? std::optional<std::uint64_t>(0) : position_of_index(fields->index);
  if (named) named = shard.shard.packs.position_of(*named);  // KDS-PRD-18
  // A record has its number as soon as it is stored, even if no read finds it yet (KDS-ITR-15).
  if (!named || (!shard_start && *named >= shard.shard.log.end())) {
    return invalid_argument(ApiReason::no_such_sequence_number);
  }
  if (*named < shard.trim_horizon) return iterator_of_trimmed(*named, shard, trimmed);
  // KDS-ITR-01: AT includes the named record and AFTER does not. A consumer that continues after
  // its last record must not read that record again.
  const bool after = request.type == IteratorType::after_sequence_number && !shard_start;
  const bool leave_out = TH_RULE(after_leaves_out_the_named_record, after, false);
  return ShardIterator{leave_out ? shard.shard.packs.end_of(*named) : *named, shard.now};
}

// The first position, in the order of sequence numbers, whose record has this timestamp or a later
// one (KDS-ITR-06). With a skew, timestamps do not rise with the positions (KDS-SHD-15).
Position first_stamped(const ShardAt& shard, Instant at) {
  const RecordLog& log = shard.shard.log;
  const RecordTimes& times = shard.times;
  Position p = log.first_at_or_after(at - times.skew, shard.trim_horizon);
  if (times.skew == Duration{0}) return p;
  log.each({p, log.end()}, [&](const StoredRecord& record) {
    if (at <= TH_RULE(a_timestamp_is_searched_with_its_skew, times.timestamp_of(record),
                      record.arrival)) {
      return false;
    }
    ++p;
    return true;
  });
  return p;
}

// KDS-ITR-06: the read starts at the first record that arrived at this time or later, so an exact
// match is not needed. KDS-ITR-07: AWS refuses a time in the future.
Resolved resolve_timestamp(const IteratorRequest& request, const ShardAt& shard) {
  if (!request.timestamp_ms) return invalid_argument(ApiReason::timestamp_missing);
  if (TH_RULE(a_timestamp_in_the_future_is_refused, *request.timestamp_ms > shard.now_ms(),
              false)) {
    return invalid_argument(ApiReason::timestamp_in_the_future);
  }
  return ShardIterator{first_stamped(shard, shard.clock.at(*request.timestamp_ms)), shard.now};
}

}  // namespace

// The switch `trimmed_position` decides.
std::variant<ShardIterator, ApiRefusal> iterator_of_trimmed(Position named, const ShardAt& shard,
                                                            TrimmedPosition trimmed) {
  switch (trimmed) {
    case TrimmedPosition::start_at_horizon: return ShardIterator{shard.trim_horizon, shard.now};
    case TrimmedPosition::error: break;
    case TrimmedPosition::walk_from_horizon:
      return ShardIterator{named, shard.now, shard.now + walk_of_empty_reads};
  }
  return invalid_argument(ApiReason::sequence_number_trimmed);
}

// KDS-ITR-01: the five iterator types. KDS-ITR-05: LATEST means "now": it skips every record that
// was stored before this call. KDS-ITR-09: a closed shard gives iterators as an open one does.
std::variant<ShardIterator, ApiRefusal> get_shard_iterator(const IteratorRequest& request,
                                                           const ShardAt& shard,
                                                           TrimmedPosition trimmed) {
  TH_CHECK(shard.trim_horizon <= shard.tip());
  const bool wants_number = wants_sequence_number(request.type);
  if (request.starting_sequence_number.has_value() != wants_number) {
    return invalid_argument(wants_number ? ApiReason::sequence_number_missing
                                         : ApiReason::sequence_number_not_wanted);
  }
  switch (request.type) {
    case IteratorType::at_sequence_number:
    case IteratorType::after_sequence_number:
      return resolve_sequence_number(request, shard, trimmed);
    case IteratorType::trim_horizon: return ShardIterator{shard.trim_horizon, shard.now};
    case IteratorType::latest:
      return ShardIterator{
          TH_RULE(latest_is_behind_the_newest_record, shard.tip(), shard.trim_horizon), shard.now};
    case IteratorType::at_timestamp: return resolve_timestamp(request, shard);
  }
  return invalid_argument(ApiReason::no_such_iterator);
}

namespace {

// The same where the shard has aggregates: each is one record of the read (KDS-PRD-18).
Filled fill_with_packs(const ShardAt& shard, Position first, const ReadCaps& caps,
                       RecordBytes bytes_of) {
  Filled filled{.records = {first, first}, .bytes = 0, .full = false};
  const Packs& packs = shard.shard.packs;
  std::uint64_t records = 0;
  Position& p = filled.records.end;
  while (p < shard.tip() && records < caps.records) {
    const Pack* pack = packs.at(p);
    const std::int64_t more =
        pack != nullptr ? std::int64_t{pack->bytes} : bytes_of(shard.shard.log.at(p));
    if (filled.bytes + more > caps.bytes && records > 0) break;
    filled.bytes += more;
    records += 1;
    p = packs.end_of(p);
  }
  filled.full = records == caps.records || p < shard.tip() || filled.bytes >= caps.bytes;
  return filled;
}

}  // namespace

Filled fill(const ShardAt& shard, Position first, const ReadCaps& caps, RecordBytes bytes_of) {
  if (!shard.shard.packs.empty()) return fill_with_packs(shard, first, caps, bytes_of);
  Filled filled{.records = {first, first}, .bytes = 0, .full = false};
  const Position most = std::max(first, std::min(first + caps.records, shard.tip()));
  shard.shard.log.each({first, most}, [&](const StoredRecord& record) {
    const std::int64_t more = bytes_of(record);
    // One record is returned in any case, or a record above the cap would stop its shard.
    const bool is_first = filled.records.empty();
    if (filled.bytes + more > caps.bytes &&
        !TH_RULE(a_read_gives_at_least_one_record, is_first, false)) {
      return false;
    }
    filled.bytes += more;
    ++filled.records.end;
    return true;
  });
  filled.full = filled.records.count() == caps.records || filled.records.end < most ||
                filled.bytes >= caps.bytes;
  return filled;
}

std::int64_t cut_to_seconds(std::int64_t ms) { return std::max<std::int64_t>(0, ms) / 1000 * 1000; }

// KDS-ITR-13: a read that reached the newest record is 0 ms behind, however old that record is. One
// that a cap ended does not know whether there are more: it says the age of the last record that it
// returned, in whole seconds.
std::int64_t millis_behind_latest(const Filled& read, const ShardAt& shard) {
  const bool empty = read.records.empty();
  const bool at_tip = read.records.end >= shard.tip();
  if (TH_RULE(a_full_read_does_not_know_the_tip, at_tip && (!read.full || empty), at_tip)) {
    return 0;
  }
  const Position last = empty ? read.records.end : read.records.end - 1;
  return cut_to_seconds(shard.now_ms() - shard.clock.ms(shard.timestamp(last)));
}

namespace {

// Why AWS refuses this read; nullopt if it does not.
std::optional<ApiRefusal> refuse_read(const ShardIterator& iterator, const ShardAt& shard,
                                      std::int64_t limit) {
  // KDS-ITR-14: AWS accepts a limit of 1 to 10,000 only.
  if (limit < 1 || limit > read_records_max) {
    return ApiRefusal{ApiError::ValidationException, ApiReason::limit_out_of_bounds};
  }
  // This shard cannot have given out such an iterator: its position or its time is in the future.
  if (iterator.position > shard.shard.log.end() || iterator.issued > shard.now) {
    return invalid_argument(ApiReason::no_such_iterator);
  }
  // KDS-ITR-02: AWS returns no data for an iterator that is too old. The consumer must get a new
  // one.
  const Duration age = shard.now - iterator.issued;
  if (TH_RULE(an_iterator_of_300000_ms_is_valid, age > iterator_lifetime,
              age >= iterator_lifetime)) {
    return ApiRefusal{ApiError::ExpiredIteratorException, ApiReason::iterator_too_old};
  }
  return std::nullopt;
}

}  // namespace

std::variant<ReadResult, ApiRefusal> get_records(const ShardIterator& iterator,
                                                 const ShardAt& shard, std::int64_t limit,
                                                 RecordBytes bytes_of) {
  TH_CHECK(shard.trim_horizon <= shard.tip());
  if (const auto refusal = refuse_read(iterator, shard, limit)) return *refusal;
  ReadResult result;
  // KDS-ITR-08: the position rides on the moving horizon, and every answer is empty.
  if (TH_RULE(a_walk_is_empty_for_15_minutes, shard.now < iterator.walks_until, false)) {
    result.records = {iterator.position, iterator.position};
    result.next = ShardIterator{iterator.position, shard.now, iterator.walks_until};
    result.millis_behind_latest = cut_to_seconds(shard.retention.us / 1000);
    return result;
  }
  // KDS-ITR-16: AWS skips the records that retention has taken, and reports no error.
  const Position first = std::max(
      iterator.position, TH_RULE(a_late_read_goes_on_at_the_horizon, shard.trim_horizon, 0));
  const ReadCaps caps{static_cast<std::uint64_t>(limit), read_bytes_max};
  // KDS-ITR-10: an answer may be empty although records are there. Then it does not say that the
  // shard ends.
  const bool empty = shard.finds_nothing && first < shard.tip();
  const Filled filled = empty ? Filled{.records = {first, first}, .bytes = 0, .full = true}
                              : fill(shard, first, caps, bytes_of);
  result.records = filled.records;
  result.bytes = filled.bytes;
  result.millis_behind_latest = millis_behind_latest(filled, shard);
  // KDS-ITR-11, KDS-ITR-12: a read that a cap ended does not know that it is the last one.
  // At the instant of the cut records may still come before it, so the clock alone does not tell.
  const bool finished = shard.shard.is_cut && shard.finishes_at(filled.records.end) && !filled.full;
  if (TH_RULE(the_answer_that_reaches_the_end_of_a_closed_shard_is_the_last, finished, false)) {
    result.children = shard.shard.children;
  } else {
    result.next = ShardIterator{filled.records.end, shard.now};
  }
  return result;
}

}  // namespace trimhorizon
