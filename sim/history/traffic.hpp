// How much each shard was given and how often it was read, to notice what AWS would have throttled:
// its limits are not modelled yet. KDS-LIM-01, KDS-LIM-02, KDS-LIM-03, KDS-LIM-04.
//
// Always:
//  1. It only notices. No put and no read is refused.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"
#include "sim/world/happening.hpp"

namespace trimhorizon {

// The limits of one shard.
#define TH_SHARD_LIMITS(X)                                          \
  X(records_written) /* 1,000 records a second (KDS-LIM-01) */      \
  X(bytes_written)   /* 1 MiB a second (KDS-LIM-01) */              \
  X(reads)           /* 5 GetRecords calls a second (KDS-LIM-04) */ \
  X(bytes_read)      /* 2 MiB a second, all polling readers together (KDS-LIM-03) */
TH_NAMED_ENUM(ShardLimit, TH_SHARD_LIMITS)

// What the limit allows in one second: a number, or bytes.
std::int64_t allowed_a_second(ShardLimit limit);

// How much happened within the last second, counted in tenths of a second; and the most that ever
// happened within one.
class Rate {
 public:
  void add(Instant at, std::int64_t amount);
  std::int64_t most() const { return most_; }
  friend bool operator==(const Rate&, const Rate&) = default;

 private:
  static constexpr std::int64_t slots = 10;
  std::array<std::int64_t, slots> tenths_{};
  std::int64_t last_tenth_ = -1;
  std::int64_t sum_ = 0;
  std::int64_t most_ = 0;
};

// A bucket that AWS would fill again all the time. It notes when somebody takes more than is in it.
class Bucket {
 public:
  // `debt`: one call may take more than there is, and the next ones wait until that is paid.
  Bucket(std::int64_t capacity, std::int64_t a_second, bool debt)
      : capacity_(capacity), a_second_(a_second), left_(capacity * parts), debt_(debt) {}

  void take(Instant at, std::int64_t amount);
  bool overdrawn() const { return overdrawn_; }
  friend bool operator==(const Bucket&, const Bucket&) = default;

 private:
  static constexpr std::int64_t parts = 1'000'000;  // of a token, so that nothing is rounded
  std::int64_t capacity_;
  std::int64_t a_second_;
  std::int64_t left_;
  Instant filled_{0};
  bool debt_;
  bool overdrawn_ = false;
};

// A limit that a shard was above, and by how much.
struct OverLimit {
  ShardId shard;
  ShardLimit limit = ShardLimit::records_written;
  std::int64_t rate = 0;  // the most within one second
};

class Traffic {
 public:
  void on(const Put& put, const World& world);
  void on(const Read& read, const World& world);
  void on(const ReaderOpened& opened, const World& world);
  void on(const MappingSwitched& switched, const World& world);
  void on(const ReaderRestarted& restarted, const World& world);
  template <
      OneOf<PutAnswered, Positioned, Delivered, Ended, Throttled, TooLarge, WillRetry, SplitInTwo,
            GaveUp, MessageSent, Settled, CheckpointKept, PollingWaits, FaultStruck, TimelineActed>
          Other>
  void on(const Other&, const World&) {}

  // In the order of the shards, then of the limits.
  std::vector<OverLimit> over_limits() const;
  friend bool operator==(const Traffic&, const Traffic&) = default;

 private:
  struct OfShard {
    Rate records, bytes, reads, bytes_read;
    Bucket record_bucket{1, 1, false};
    Bucket byte_bucket{1, 1, false};
    Bucket read_bucket{1, 1, false};
    Bucket read_byte_bucket{1, 1, true};
    std::int64_t pollers = 0;       // mappings that poll it now
    std::int64_t most_pollers = 0;  // at one time
    friend bool operator==(const OfShard&, const OfShard&) = default;
  };
  OfShard& of(ShardId shard, const World& world);

  std::vector<OfShard> shards_;       // by ShardId
  std::vector<Position> held_until_;  // by ReaderId: what its last read returned ends here
  std::vector<bool> counted_;         // by ReaderId: is it among the pollers of its shard?
};

}  // namespace trimhorizon
