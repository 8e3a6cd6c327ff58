// The throughput limits of one shard, and the buckets that AWS keeps for them. KDS-LIM-01 to
// KDS-LIM-06. Nothing is refused yet: history/traffic.hpp only notices what AWS would refuse.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

inline constexpr std::int64_t read_records_max = 10'000;          // of one GetRecords (KDS-ITR-14)
inline constexpr std::int64_t read_bytes_max = 10 * 1024 * 1024;  // of one GetRecords (KDS-LIM-05)

// The limits of one shard.
#define TH_SHARD_LIMITS(X)                                          \
  X(records_written) /* 1,000 records a second (KDS-LIM-01) */      \
  X(bytes_written)   /* 1 MiB a second (KDS-LIM-01) */              \
  X(reads)           /* 5 GetRecords calls a second (KDS-LIM-04) */ \
  X(bytes_read)      /* 2 MiB a second, all polling readers together (KDS-LIM-03) */
TH_NAMED_ENUM(ShardLimit, TH_SHARD_LIMITS)

// What the limit allows in one second: a number, or bytes.
std::int64_t allowed_a_second(ShardLimit limit);

// The bytes that a put counts: a PutRecord is rounded up to a whole KiB (KDS-PRD-10).
inline std::int64_t counted_bytes(std::int64_t bytes, bool put_record) {
  return put_record ? (bytes + 1023) / 1024 * 1024 : bytes;
}

// A bucket that AWS would fill again all the time. It notes when somebody takes more than is in it.
class Bucket {
 public:
  // `debt`: one call may take more than there is, and the next ones wait until that is paid.
  Bucket(std::int64_t capacity, std::int64_t a_second, bool debt)
      : capacity_(capacity), a_second_(a_second), left_(capacity * parts), debt_(debt) {}

  // `waited`: since the last call, or since the beginning.
  void take(Duration waited, std::int64_t amount) {
    const std::int64_t waited_us = std::min(waited.us, std::int64_t{1'000'000'000});
    left_ = std::min(left_ + waited_us * a_second_, capacity_ * parts);
    const bool enough = debt_ ? left_ > 0 : left_ >= amount * parts;
    overdrawn_ = overdrawn_ || !enough;
    if (debt_ && !enough) return;  // AWS refuses the whole call
    // Without debt AWS decides entry by entry, and takes what fits.
    left_ = debt_ ? left_ - amount * parts : std::max<std::int64_t>(left_ - amount * parts, 0);
  }
  bool overdrawn() const { return overdrawn_; }
  friend bool operator==(const Bucket&, const Bucket&) = default;

 private:
  static constexpr std::int64_t parts = 1'000'000;  // of a token, so that nothing is rounded
  std::int64_t capacity_;
  std::int64_t a_second_;
  std::int64_t left_;
  bool debt_;
  bool overdrawn_ = false;
};

// The bucket of a limit, for a stream whose largest record has so many bytes.
Bucket bucket_of(ShardLimit limit, std::int64_t record_bytes_max);

}  // namespace trimhorizon
