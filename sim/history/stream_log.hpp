// What happened to streams, beside their traffic: the calls of the API with their answers, records
// that were stored again, and where the order of a key was lost. KDS-SHD-02, KDS-PRD-05.
//
// Always:
//  1. Order is judged by what was stored, never by settings: a record is late when one that its
//     producer made after it, of the same key, was stored while it was refused.
//  2. Without refused entries, copies and keys that share a name, a put costs nothing here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/history/order_loss.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

struct AnsweredCall {
  Instant at;
  StreamId stream;
  ApiCaller by = ApiCaller::timeline;
  ApiActionName action = ApiActionName::SplitShard;
  std::optional<ApiRefusal> refusal;  // nullopt: accepted
  // The entry of the timeline that called it; nullopt: a scaler, or the explorer.
  std::optional<std::uint32_t> timeline;
  Instant in_force;  // when its last cut comes; `at` without a cut

  friend bool operator==(const AnsweredCall&, const AnsweredCall&) = default;
};

struct AnsweredRead {
  Instant at;
  BareReadAnswered answer;

  friend bool operator==(const AnsweredRead&, const AnsweredRead&) = default;
};

// Two records of one key whose order is lost, or not promised.
struct OrderLostAt {
  OrderLoss why = OrderLoss::late_retry;
  RecordId record;   // the later one
  RecordId earlier;  // stored before it
  KeyId key;         // of `record`
  ShardId shard;     // of `record`
  ShardId other;     // of `earlier`

  friend bool operator==(const OrderLostAt&, const OrderLostAt&) = default;
};

// Of one stream.
struct OrderOfStream {
  static constexpr std::size_t examples_max = 3;  // of each kind

  std::uint64_t stored_again = 0;  // records that are copies of one that was stored before
  Counts<OrderLoss> lost;          // late_retry: records. two_shards: keys
  std::vector<OrderLostAt> examples;

  friend bool operator==(const OrderOfStream&, const OrderOfStream&) = default;
};

class StreamLog {
 public:
  explicit StreamLog(const Plan& plan);

  void on(const Happened& event, const Put& put, const World& world);
  void on_run(const PutRun& run, const World& world);
  void on(const Happened& event, const PutGivenUp& given_up, const World& world);
  void on(const Happened& event, const ApiAnswered& answered, const World& world);
  void on(const Happened& event, const TimelineActed& acted, const World& world);
  void on(const Happened& event, const BareReadAnswered& answered, const World& world);
  template <OneOf<PutAnswered, ReaderOpened, Positioned, Read, Fetched, SubscriptionOpened,
                  ReadRefused, Delivered, Ended, Throttled, TooLarge, WillRetry, SplitInTwo, GaveUp,
                  MessageSent, Settled, CheckpointKept, ShardFinished, ShardsCut, ReaderRestarted,
                  PollingWaits, MappingSwitched, FaultStruck>
                Other>
  void on(const Happened&, const Other&, const World&) {}

  const std::vector<AnsweredCall>& calls() const { return calls_; }  // by time
  const std::vector<AnsweredRead>& reads() const { return reads_; }  // by time
  const OrderOfStream& order_of(StreamId stream) const { return orders_[stream.value]; }

  friend bool operator==(const StreamLog&, const StreamLog&) = default;

 private:
  // Records of one key that were refused, and are put again some time.
  struct Refused {
    std::set<RecordId> in_order;          // nothing has overtaken them so far
    std::map<RecordId, RecordId> behind;  // the first later record that was stored before
    friend bool operator==(const Refused&, const Refused&) = default;
  };
  // A key that shares its name with others: they differ in ExplicitHashKey.
  struct Twin {
    std::uint32_t group = 0;  // index of groups_
    RecordId last;            // stored with this key
    ShardId shard;            // where; invalid: nothing was stored
    friend bool operator==(const Twin&, const Twin&) = default;
  };
  struct Group {
    std::vector<KeyId> keys;
    bool told = false;
    friend bool operator==(const Group&, const Group&) = default;
  };

  void note(ProducerId producer, const PutEntry& entry, const World& world);
  void note_stored(RecordId record, const PutEntry& entry, OrderOfStream& order);
  void forget_refused(KeyId key, RecordId record);
  void note_twin(RecordId record, const PutEntry& entry, OrderOfStream& order, const World& world);
  static void add(const OrderLostAt& lost, OrderOfStream& order);

  std::vector<OrderOfStream> orders_;  // by StreamId
  std::map<KeyId, Refused> refused_;   // usually empty
  std::map<KeyId, Twin> twins_;        // usually empty
  std::vector<Group> groups_;
  std::vector<AnsweredCall> calls_;
  std::vector<AnsweredRead> reads_;
  std::vector<std::size_t> shards_known_;  // by StreamId: shards before the next call
  EventNumber last_acted_;                 // of the last entry of the timeline
  std::uint32_t last_entry_ = 0;           // its index
};

}  // namespace trimhorizon
