// The throughput limits of one shard, as buckets that fill all the time. KDS-LIM-01..07,
// KDS-PRD-10.
//
// Always:
//  1. A call that is refused takes nothing.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

inline constexpr std::int64_t kib = 1024;
inline constexpr std::int64_t mib = 1024 * kib;

inline constexpr std::int64_t read_records_max = 10'000;   // of one GetRecords (KDS-ITR-14)
inline constexpr std::int64_t read_bytes_max = 10 * mib;   // of one GetRecords (KDS-LIM-05)
inline constexpr std::int64_t read_credit_max = 12 * mib;  // `read_throttle: credit` (KDS-LIM-06)

// The limits of one shard.
#define TH_SHARD_LIMITS(X)                                          \
  X(records_written) /* 1,000 records a second (KDS-LIM-01) */      \
  X(bytes_written)   /* 1 MiB a second (KDS-LIM-01) */              \
  X(reads)           /* 5 GetRecords calls a second (KDS-LIM-04) */ \
  X(bytes_read)      /* 2 MiB a second, all polling readers together (KDS-LIM-03) */
TH_NAMED_ENUM(ShardLimit, TH_SHARD_LIMITS)

// What the limit allows in one second: a number, or bytes.
constexpr std::int64_t allowed_a_second(ShardLimit limit) {
  switch (limit) {
    case ShardLimit::records_written: return 1'000;
    case ShardLimit::bytes_written: return mib;
    case ShardLimit::reads: return 5;
    case ShardLimit::bytes_read: return 2 * mib;
  }
  return 0;
}

// The bytes that a size counts: rounded up to whole KiB (KDS-PRD-10).
constexpr std::int64_t whole_kib(std::int64_t bytes) { return (bytes + kib - 1) / kib * kib; }

// What is missing from a full bucket.
class Bucket {
 public:
  // How much is missing at `now`, in millionths of a token.
  std::int64_t missing(Instant now, std::int64_t a_second) const {
    const std::int64_t waited_us = now.us - since_.us;
    if (waited_us == 0) return missing_;  // the records of one call come at one instant
    // So long fills every bucket; and the product below cannot overflow.
    if (waited_us > 1'000'000'000) return 0;
    return std::max<std::int64_t>(missing_ - waited_us * a_second, 0);
  }
  // Is there so much in a bucket of this capacity?
  bool holds(std::int64_t amount, std::int64_t capacity, std::int64_t a_second, Instant now) const {
    return missing(now, a_second) + amount * parts <= capacity * parts;
  }
  // Is there anything in it? With debt, that is enough for one more call.
  bool holds_any(std::int64_t capacity, std::int64_t a_second, Instant now) const {
    return missing(now, a_second) < capacity * parts;
  }
  // When there is so much in it, if nobody takes more.
  Instant holds_at(std::int64_t amount, std::int64_t capacity, std::int64_t a_second,
                   Instant now) const {
    const std::int64_t too_much = missing(now, a_second) + (amount - capacity) * parts;
    if (too_much <= 0) return now;
    return now + microseconds((too_much + a_second - 1) / a_second);
  }
  void take(std::int64_t amount, std::int64_t a_second, Instant now) {
    missing_ = missing(now, a_second) + amount * parts;
    since_ = now;
  }

  // The same in steps, for many calls: fill it up to now, then look, then take.
  void fill(Instant now, std::int64_t a_second) {
    missing_ = missing(now, a_second);
    since_ = now;
  }
  // An amount of 0 asks whether anything is left.
  bool has(std::int64_t amount, std::int64_t capacity) const {
    return amount == 0 ? missing_ < capacity * parts
                       : missing_ + amount * parts <= capacity * parts;
  }
  void give(std::int64_t amount) { missing_ += amount * parts; }
  friend bool operator==(const Bucket&, const Bucket&) = default;

 private:
  static constexpr std::int64_t parts = 1'000'000;  // of a token, so that nothing is rounded
  std::int64_t missing_ = 0;
  Instant since_{0};
};

// What one shard has given and taken in the last seconds.
struct ShardLimits {
  Bucket records_written;
  Bucket bytes_written;
  Bucket reads;
  Bucket bytes_read;
  Bucket records_read;
  Bucket iterators;                // GetShardIterator calls (KDS-LIM-07)
  Instant reads_refused_until{0};  // after a read that took too much (KDS-LIM-06)

  friend bool operator==(const ShardLimits&, const ShardLimits&) = default;
};

// ---------- writing ----------

// The bytes that a shard takes at once. With records above 1 MiB, the shard takes one while its
// bucket is not empty, and may then be in debt (KDS-LIM-02).
struct WriteLimits {
  std::int64_t byte_capacity = mib;
  bool debt = false;

  // For a stream whose largest record has so many bytes.
  static constexpr WriteLimits of(std::int64_t record_bytes_max) {
    return {std::max(mib, record_bytes_max), record_bytes_max > mib};
  }
};

// Does the shard take one record that counts so many bytes? Takes it from the buckets if so.
inline bool admit_record(ShardLimits& shard, const WriteLimits& limits, std::int64_t bytes,
                         Instant now) {
  constexpr std::int64_t records_a_second = allowed_a_second(ShardLimit::records_written);
  constexpr std::int64_t bytes_a_second = allowed_a_second(ShardLimit::bytes_written);
  shard.records_written.fill(now, records_a_second);
  shard.bytes_written.fill(now, bytes_a_second);
  // KDS-LIM-01: a put must pass both. With debt, anything that is left is enough.
  if (!shard.records_written.has(1, records_a_second)) return false;
  if (!shard.bytes_written.has(limits.debt ? 0 : bytes, limits.byte_capacity)) return false;
  shard.records_written.give(1);
  shard.bytes_written.give(bytes);
  return true;
}

// ---------- reading ----------

// KDS-LIM-06: for how long reads fail after one that took too much.
//   debt    until its bytes are paid back at 2 MiB a second
//   fixed   5 s after 10 MiB, else 1 s
//   credit  as debt, but only after a credit of 12 MiB, which fills at 2 MiB a second
enum class ReadThrottle : std::uint8_t { debt, fixed, credit };

// The switches for reads. CON-25: one page of AWS also names 2,000 records a second.
struct ReadRules {
  ReadThrottle how = ReadThrottle::debt;
  bool record_limit = false;

  ReadRules(ReadThrottle throttle, bool two_thousand_records = false)
      : how(throttle), record_limit(two_thousand_records) {}
};

// Which limit refuses a read. `iterators`: that of GetShardIterator calls.
// `subscriptions`: SubscribeToShard is refused. `failure`: no limit, but a fault of the service.
// `trimmed`: GetShardIterator refuses the number of a trimmed record (KDS-ITR-08).
enum class ReadRefusal : std::uint8_t {
  none,
  calls,
  bytes,
  iterators,
  subscriptions,
  failure,
  trimmed,
};

// When the next GetRecords call is let through, if nobody else reads: by the five calls a second
// and by the bytes that were read. Not by `credit` and the limit of records, whose refusals go by
// themselves.
Instant next_read_at(const ShardLimits& shard, ReadThrottle how, Instant now);
// May a GetRecords call be made now? Takes the call from its bucket if so. A refused call takes
// nothing (KDS-LIM-04, KDS-LIM-06).
ReadRefusal admit_read(ShardLimits& shard, ReadRules rules, Instant now);
// The call has returned so many bytes, of so many records.
void count_read(ShardLimits& shard, ReadRules rules, std::int64_t bytes, Instant now,
                std::int64_t records = 0);

// May a GetShardIterator call be made now (KDS-LIM-07)? Takes it from its bucket if so.
bool admit_iterator(ShardLimits& shard, Instant now);

}  // namespace trimhorizon
