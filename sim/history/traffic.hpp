// What each stream took and gave, and what its shards refused: the metrics of the stream, the hot
// shards, and what producers gave up. KDS-LIM-01, KDS-LIM-03, KDS-LIM-04, KDS-LIM-17, MET-01..04.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/limits.hpp"
#include "sim/metrics/stream_catalogue.hpp"
#include "sim/world/happening.hpp"

namespace trimhorizon {

// What was asked of a shard in one direction: a number of records or calls, and their bytes. It
// knows how much of each came within the last second, counted in tenths of a second, and the most
// that ever came within one.
class Flow {
 public:
  struct Amount {
    std::int64_t number = 0;
    std::int64_t bytes = 0;
    friend bool operator==(const Amount&, const Amount&) = default;
  };

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
  }
  const Amount& most() const { return most_; }
  // Asks the processor early for the memory that add() will touch. Changes nothing.
  void ask_for() const {
    __builtin_prefetch(&tenth_ends_, 1);
    __builtin_prefetch(&tenths_[5], 1);
  }
  friend bool operator==(const Flow&, const Flow&) = default;

 private:
  static constexpr std::int64_t slots = 10;
  void begin_tenth(Instant at);
  Instant tenth_ends_{0};
  Amount sum_;
  Amount most_;
  std::uint32_t slot_ = 0;  // of the last tenth
  std::array<Amount, slots> tenths_{};
};

// What a shard was asked for, and what it refused.
struct ShardTraffic {
  Flow::Amount asked;                   // by the call that is counted now
  Flow written;                         // records and bytes of all puts, the refused ones included
  Flow read;                            // GetRecords calls, the refused ones included, and bytes
  std::uint64_t records_refused = 0;    // entries of puts (KDS-LIM-01)
  Counts<ShardLimit> refused_by_limit;  // reads only: a put is refused by one of two limits

  friend bool operator==(const ShardTraffic&, const ShardTraffic&) = default;
};

// Records that a producer gave up without a stored copy.
struct GivenUpRecords {
  static constexpr std::size_t examples_max = 7;
  std::uint64_t known = 0;              // the producer knows it: they were never accepted
  std::uint64_t unknown = 0;            // it believes that they are stored: they are lost
  std::vector<std::uint64_t> examples;  // record numbers of the first unknown ones

  friend bool operator==(const GivenUpRecords&, const GivenUpRecords&) = default;
};

class Traffic {
 public:
  void on(const Put& put, const World& world);
  void on_run(const PutRun& run, const World& world);
  void on(const PutGivenUp& given_up, const World& world);
  void on(const Fetched& fetched, const World& world);
  void on(const ReadRefused& refused, const World& world);
  void on(const SubscriptionOpened& opened, const World& world);
  void on(const BareReadAnswered& answered, const World& world);
  template <OneOf<PutAnswered, ReaderOpened, Positioned, Read, Delivered, Ended, Throttled,
                  TooLarge, WillRetry, SplitInTwo, GaveUp, MessageSent, Settled, CheckpointKept,
                  ShardFinished, ApiAnswered, ShardsCut, ReaderRestarted, PollingWaits,
                  MappingSwitched, FaultStruck, TimelineActed>
                Other>
  void on(const Other&, const World&) {}

  // Without traffic: zero, or null for a stream.
  ShardTraffic shard(ShardId id) const { return found(shards_, id.value); }
  const StreamMetrics* stream(StreamId id) const {
    return id.value < streams_.size() ? &streams_[id.value] : nullptr;
  }
  GivenUpRecords given_up(ProducerId id) const { return found(given_up_, id.value); }
  friend bool operator==(const Traffic&, const Traffic&) = default;

 private:
  // The answer of one GetRecords call.
  struct Answer {
    ShardId shard;
    Span records;
    std::uint64_t stored_records = 0;
    std::int64_t bytes = 0;
  };
  void count_answer(const Answer& answer, const World& world);
  void ask_for(ShardId shard) const;
  template <class T>
  static T found(const std::vector<T>& items, std::uint32_t index) {
    return index < items.size() ? items[index] : T{};
  }
  std::vector<ShardTraffic> shards_;      // by ShardId
  std::vector<StreamMetrics> streams_;    // by StreamId
  std::vector<GivenUpRecords> given_up_;  // by ProducerId
};

}  // namespace trimhorizon
