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

// How much happened within the last second, counted in tenths of a second; and the most that ever
// happened within one.
class Rate {
 public:
  // REQUIRES: `at` is not before that of the call before.
  void add(Instant at, std::int64_t amount) {
    if (at >= tenth_ends_) begin_tenth(at);
    tenths_[slot_] += amount;
    sum_ += amount;
    most_ = std::max(most_, sum_);
  }
  std::int64_t most() const { return most_; }
  friend bool operator==(const Rate&, const Rate&) = default;

 private:
  static constexpr std::int64_t slots = 10;
  void begin_tenth(Instant at);
  std::array<std::int64_t, slots> tenths_{};
  std::uint32_t slot_ = 0;  // of the last tenth
  Instant tenth_ends_{0};
  std::int64_t sum_ = 0;
  std::int64_t most_ = 0;
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
    Rate records, bytes, reads, bytes_read;
    Bucket record_bucket{1, 1, false};
    Bucket byte_bucket{1, 1, false};
    Bucket read_bucket{1, 1, false};
    Bucket read_byte_bucket{1, 1, true};
    std::int64_t pollers = 0;       // mappings that poll it now
    std::int64_t most_pollers = 0;  // at one time
    void put(Instant at, std::int64_t how_many, std::int64_t of_bytes) {
      records.add(at, how_many);
      record_bucket.take(at, how_many);
      bytes.add(at, of_bytes);
      byte_bucket.take(at, of_bytes);
    }
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
