// How much each shard was given and how often it was read, to notice what AWS would have throttled:
// its limits are not modelled yet. KDS-LIM-01, KDS-LIM-02, KDS-LIM-03, KDS-LIM-04.
//
// Always:
//  1. It only notices. No put and no read is refused.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/limits.hpp"
#include "sim/world/happening.hpp"

namespace trimhorizon {

// A bucket that AWS would fill again all the time. It notes when somebody takes more than is in it.
class NotedBucket {
 public:
  // `debt`: one call may take more than there is, and the next ones wait until that is paid.
  NotedBucket(std::int64_t capacity, std::int64_t a_second, bool debt)
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
  friend bool operator==(const NotedBucket&, const NotedBucket&) = default;

 private:
  static constexpr std::int64_t parts = 1'000'000;  // of a token, so that nothing is rounded
  std::int64_t capacity_;
  std::int64_t a_second_;
  std::int64_t left_;
  bool debt_;
  bool overdrawn_ = false;
};

// What went into a shard, or out of it: a number of records or calls, and their bytes. It knows how
// much of each came within the last second, counted in tenths of a second, and the most that ever
// came within one; and whether the buckets of AWS would have been overdrawn.
class Flow {
 public:
  struct Amount {
    std::int64_t number = 0;
    std::int64_t bytes = 0;
    friend bool operator==(const Amount&, const Amount&) = default;
  };
  Flow(const NotedBucket& number, const NotedBucket& bytes) : number_(number), bytes_(bytes) {}

  // REQUIRES: `at` is not before that of the call before.
  void add(Instant at, Amount amount) {
    if (at >= tenth_ends_) begin_tenth(at);
    Amount& tenth = tenths_[slot_];
    tenth.number += amount.number;
    tenth.bytes += amount.bytes;
    sum_.number += amount.number;
    sum_.bytes += amount.bytes;
    most_.number = std::max(most_.number, sum_.number);
    most_.bytes = std::max(most_.bytes, sum_.bytes);
    const Duration waited = at - last_;
    last_ = at;
    number_.take(waited, amount.number);
    bytes_.take(waited, amount.bytes);
  }
  const Amount& most() const { return most_; }
  const NotedBucket& number_bucket() const { return number_; }
  const NotedBucket& byte_bucket() const { return bytes_; }
  friend bool operator==(const Flow&, const Flow&) = default;

 private:
  static constexpr std::int64_t slots = 10;
  void begin_tenth(Instant at);
  std::array<Amount, slots> tenths_{};
  std::uint32_t slot_ = 0;  // of the last tenth
  Instant tenth_ends_{0};
  Instant last_{0};
  Amount sum_;
  Amount most_;
  NotedBucket number_;
  NotedBucket bytes_;
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
  void on_run(const PutRun& run, const World& world);
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
    Flow written;
    Flow read;
    std::int64_t pollers = 0;       // mappings that poll it now
    std::int64_t most_pollers = 0;  // at one time
    friend bool operator==(const OfShard&, const OfShard&) = default;
  };
  OfShard& of(ShardId shard, const World& world) {
    if (shard.value >= shards_.size()) add_shards(shard, world);
    return shards_[shard.value];
  }
  void add_shards(ShardId last, const World& world);
  std::vector<OfShard> shards_;       // by ShardId
  std::vector<Position> held_until_;  // by ReaderId: what its last read returned ends here
  std::vector<bool> counted_;         // by ReaderId: is it among the pollers of its shard?
};

}  // namespace trimhorizon
