#include "sim/kinesis/limits.hpp"

namespace trimhorizon {
namespace {

constexpr std::int64_t calls_a_second = allowed_a_second(ShardLimit::reads);
constexpr std::int64_t records_read_a_second = 2'000;  // CON-25
constexpr std::int64_t read_bytes_a_second = allowed_a_second(ShardLimit::bytes_read);

// What the shard gives before a read counts as too much.
std::int64_t read_capacity(ReadThrottle how) {
  return how == ReadThrottle::credit ? read_credit_max : read_bytes_a_second;
}

// KDS-LIM-06: the penalty spreads the call that took too much over the time that it was worth.
Duration penalty(ReadThrottle how, std::int64_t bytes) {
  if (how == ReadThrottle::fixed) return bytes >= read_bytes_max ? seconds(5) : seconds(1);
  return microseconds((bytes * 1'000'000 + read_bytes_a_second - 1) / read_bytes_a_second);
}

}  // namespace

Instant next_read_at(const ShardLimits& shard, ReadThrottle how, Instant now) {
  const Instant by_calls = shard.reads.holds_at(1, calls_a_second, calls_a_second, now);
  return how == ReadThrottle::credit ? by_calls : std::max(by_calls, shard.reads_refused_until);
}

ReadRefusal admit_read(ShardLimits& shard, ReadRules rules, Instant now) {
  const ReadThrottle how = rules.how;
  if (rules.record_limit &&
      !shard.records_read.holds_any(records_read_a_second, records_read_a_second, now)) {
    return ReadRefusal::bytes;
  }
  if (how != ReadThrottle::credit && now < shard.reads_refused_until) return ReadRefusal::bytes;
  if (how == ReadThrottle::credit &&
      !shard.bytes_read.holds_any(read_capacity(how), read_bytes_a_second, now)) {
    return ReadRefusal::bytes;
  }
  if (!shard.reads.holds(1, calls_a_second, calls_a_second, now)) return ReadRefusal::calls;
  shard.reads.take(1, calls_a_second, now);
  return ReadRefusal::none;
}

void count_read(ShardLimits& shard, ReadRules rules, std::int64_t bytes, Instant now,
                std::int64_t records) {
  const ReadThrottle how = rules.how;
  if (rules.record_limit) shard.records_read.take(records, records_read_a_second, now);
  const bool too_much =
      !shard.bytes_read.holds(bytes, read_capacity(how), read_bytes_a_second, now);
  shard.bytes_read.take(bytes, read_bytes_a_second, now);
  if (too_much && how != ReadThrottle::credit) {
    shard.reads_refused_until = now + penalty(how, bytes);
  }
}

bool admit_iterator(ShardLimits& shard, Instant now) {
  if (!shard.iterators.holds(1, calls_a_second, calls_a_second, now)) return false;
  shard.iterators.take(1, calls_a_second, now);
  return true;
}

}  // namespace trimhorizon
