// What the properties of the explorer need to remember: effects, discards and order, record by
// record. It observes the events of a run; its content is part of the key of a state.
//
// Always:
//  1. Records are numbered without gaps: those of a producer in order, producers as in the file.
//  2. Effects are counted up to 15: no property depends on a larger count.
//  3. Once a put was refused, later records may be stored before earlier ones (KDS-PRD-05). From
//  then
//     on the order in which records were really stored is part of the state.
//  4. Which records were passed without an effect is kept only if a record may be left unpassed at
//     the end, or passed without a promise. Otherwise it follows from the effects at the end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/world/happening.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

inline constexpr std::uint8_t effects_saturated = 15;

// Numbers without gaps for records and keys, made once for a search. A key on several shards counts
// as several keys, because no order is promised between shards (KDS-SHD-02). Where shards may be
// cut, each hash of a key counts as a key: its records stay on one line of parents and children,
// and along that line their order is promised (KDS-RSH-12).
struct RecordIndex {
  explicit RecordIndex(const Plan& plan);

  std::uint32_t records = 0;
  std::uint32_t keys = 0;
  std::vector<std::uint32_t> first_of_producer;
  std::vector<std::uint32_t> key_of_record;  // dense
  std::vector<RecordId> ids;                 // of the records, in order
  std::vector<KeyId> key_ids;
  // By record: its rank among the first puts of all records. They are stored in this order, unless
  // a put is refused.
  std::vector<std::uint32_t> stored_order;
  std::vector<std::string> keys_on_several_shards;  // names
  std::vector<StreamId> stream_of_record;
  std::vector<StreamId> stream_of_consumer;
  // May a record be pending when nothing is left to happen, or unread because it was stored early?
  bool watches_fates = false;

  bool reads(std::uint32_t mapping, std::uint32_t record) const {
    return stream_of_consumer[mapping] == stream_of_record[record];
  }
  std::uint32_t of(RecordId record) const {
    return first_of_producer[record.producer().value] + static_cast<std::uint32_t>(record.number());
  }
  RecordId record(std::uint32_t index) const { return ids[index]; }

 private:
  void add_records(const Plan& plan);
  void note_stored_order(const Plan& plan);
  void note_keys(const Plan& plan);
};

struct OrderState {
  std::uint16_t last = 0;     // order + 1 of the record whose effect was the last of this key
  std::uint16_t largest = 0;  // order + 1 of the latest record of this key with an effect

  friend bool operator==(const OrderState&, const OrderState&) = default;
};

class OutcomeMonitor : public Observer {
 public:
  OutcomeMonitor(const OutcomeMonitor&) = default;  // for another run with the same index
  OutcomeMonitor& operator=(const OutcomeMonitor&) = default;
  OutcomeMonitor(const RecordIndex& index, std::uint32_t consumers, bool watches_order);

  void on(const Happened& event, const World& world) override {
    std::visit([&](const auto& e) { on(e, world); }, event.what);
  }
  void on(const Put& put, const World&) {
    stored_ += put.stored();
    if (put.refused > 0 || refused_ != 0) note_order(put);
  }
  void on(const PutGivenUp& given_up, const World&);
  void on(const Ended& ended, const World& world);
  void on(const MessageSent& sent, const World& world);
  void on(const Settled& settled, const World& world);
  template <OneOf<PutAnswered, ReaderOpened, Positioned, Fetched, SubscriptionOpened, ReadRefused,
                  Read, Delivered, Throttled, WillRetry, SplitInTwo, GaveUp, CheckpointKept,
                  ShardFinished, ApiAnswered, ShardsCut, ReaderRestarted, TooLarge, PollingWaits,
                  MappingSwitched, FaultStruck, TimelineActed, BareReadAnswered>
                Other>
  void on(const Other&, const World&) {}
  // REQUIRES: nothing is left to happen in this world. What no checkpoint has passed is pending.
  void note_rest(const World& world);
  void clear();

  const RecordIndex& index() const { return *index_; }
  bool watches_order() const { return watches_order_; }
  std::uint32_t consumers() const { return consumers_; }
  std::uint8_t effects(std::uint32_t mapping, std::uint32_t record) const {
    return effects_[mapping * index_->records + record];
  }
  bool discarded(std::uint32_t mapping, std::uint32_t record) const {
    return discarded_[mapping * index_->records + record] != 0;
  }
  // Was a copy passed, or taken by retention, that the mapping had promised to process? Or does its
  // producer believe that a record is stored which is not?
  bool gone(std::uint32_t mapping, std::uint32_t record) const {
    if (gone_.empty()) return index_->reads(mapping, record) && !never_stored(record);
    return gone_[mapping * index_->records + record] != 0;
  }
  // After note_rest(): is there a copy that was not read yet?
  bool pending(std::uint32_t mapping, std::uint32_t record) const {
    return !pending_.empty() && pending_[mapping * index_->records + record] != 0;
  }
  // Did its producer give it up before any try had stored it? Then no mapping can lose it.
  bool never_stored(std::uint32_t record) const { return refused_ != 0 && given_up_[record] != 0; }
  bool order_regressed() const { return order_regressed_ != 0; }
  bool order_of_first_broken() const { return order_of_first_broken_ != 0; }
  // The records whose effect broke the order first; not a part of the state.
  std::uint32_t regressed_record() const { return regressed_record_; }
  std::uint32_t first_broken_record() const { return first_broken_record_; }

  std::uint64_t stored() const { return stored_; }

  // Its part of a key. The first line names every member, so a new one does not compile before it
  // is named here. What the plan says (index, consumers, watches_order) and the records of a broken
  // order do not belong to the state.
  template <class Coder>
  void code(Coder& c) {
    auto& [index, consumers, watches_order, stored, refused, ranks, given_up, effects, discarded,
           gone, pending, order, order_regressed, order_of_first_broken, regressed_record,
           first_broken_record] = *this;
    c.number(stored);
    c.number(refused);
    if (refused != 0) {
      c.bits(given_up);
      if (watches_order) {
        for (std::uint16_t& rank : ranks) c.number(rank);
      }
    }
    c.nibbles(effects);
    c.bits(discarded);
    c.bits(gone);
    c.bits(pending);
    if (!watches_order) return;
    for (OrderState& each : order) {
      auto& [last, largest] = each;
      c.number(last);
      c.number(largest);
    }
    c.number(order_regressed);
    c.number(order_of_first_broken);
  }

 private:
  void effect(std::uint32_t mapping, std::uint32_t record);
  void note_order(const Put& put);
  // The order of a record among those that were stored, plus 1.
  std::uint16_t rank(std::uint32_t record) const {
    if (refused_ != 0) return ranks_[record];
    return static_cast<std::uint16_t>(index_->stored_order[record] + 1);
  }
  // Calls f(place of the record in the tables) for each.
  template <class F>
  void for_records(ReaderId reader, ShardId shard, Span span, const World& world, F f);

  const RecordIndex* index_;
  std::uint32_t consumers_;
  bool watches_order_;
  std::uint64_t stored_ = 0;             // copies that were stored
  std::uint8_t refused_ = 0;             // 1: an entry of some put was refused; until then 0
  std::vector<std::uint16_t> ranks_;     // [record], if refused_; 0: it is not stored yet
  std::vector<std::uint8_t> given_up_;   // [record], if refused_: it was never stored
  std::vector<std::uint8_t> effects_;    // [mapping][record]
  std::vector<std::uint8_t> discarded_;  // [mapping][record]
  std::vector<std::uint8_t> gone_;       // [mapping][record], while it has neither of them
  std::vector<std::uint8_t> pending_;    // the same
  std::vector<OrderState> order_;        // [mapping][key]
  std::uint8_t order_regressed_ = 0;
  std::uint8_t order_of_first_broken_ = 0;
  std::uint32_t regressed_record_ = 0;
  std::uint32_t first_broken_record_ = 0;
};

}  // namespace trimhorizon
