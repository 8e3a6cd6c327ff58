// What the properties of the explorer need to remember: effects, discards and order, record by
// record. It watches trace events as any observer does; its state is part of a state's key.
//
// Always:
//  1. A record has a dense index: its producer's records in order, producers as in the file.
//  2. Effects saturate at 15: beyond, two states differ in nothing a property asks.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/world/trace_event.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

inline constexpr std::uint8_t effects_saturated = 15;

// Dense numbers for records and keys, and which order state is kept. Made once for a search.
struct RecordIndex {
  explicit RecordIndex(const Plan& plan);

  std::uint32_t records = 0;
  std::uint32_t keys = 0;
  std::vector<std::uint32_t> first_of_producer;
  std::vector<std::uint32_t> key_of_record;  // dense
  std::vector<RecordId> ids;                 // of the records, in order
  std::vector<KeyId> key_ids;
  // [mapping][record]: false when it was put before a LATEST mapping was created, so that nobody
  // promised to process it.
  std::vector<bool> promised;

  bool is_promised(std::uint32_t mapping, std::uint32_t record) const {
    return promised[std::size_t{mapping} * records + record];
  }
  std::uint32_t of(RecordId record) const {
    return first_of_producer[record.producer().value] + static_cast<std::uint32_t>(record.number());
  }
  RecordId record(std::uint32_t index) const { return ids[index]; }

 private:
  void note_promises(const Plan& plan, const MappingPlan& mapping);
};

struct OrderState {
  std::uint16_t last = 0;     // index + 1 of the record whose effect was the last of this key
  std::uint16_t largest = 0;  // index + 1 of the largest record of this key with an effect

  friend bool operator==(const OrderState&, const OrderState&) = default;
};

class OutcomeMonitor : public Observer {
 public:
  OutcomeMonitor(const RecordIndex& index, std::uint32_t mappings, bool watches_order);

  void on(const TraceEvent& event, const World& world) override;
  void clear();

  const RecordIndex& index() const { return *index_; }
  bool watches_order() const { return watches_order_; }
  std::uint32_t mappings() const { return mappings_; }
  std::uint8_t effects(std::uint32_t mapping, std::uint32_t record) const {
    return effects_[mapping * index_->records + record];
  }
  bool discarded(std::uint32_t mapping, std::uint32_t record) const {
    return discarded_[mapping * index_->records + record] != 0;
  }
  bool order_regressed() const { return order_regressed_ != 0; }
  bool order_of_first_broken() const { return order_of_first_broken_ != 0; }
  // The records whose effect broke the order first; not a part of the state.
  std::uint32_t regressed_record() const { return regressed_record_; }
  std::uint32_t first_broken_record() const { return first_broken_record_; }

  // For the key: plain arrays.
  std::vector<std::uint8_t>& effects_state() { return effects_; }
  std::vector<std::uint8_t>& discarded_state() { return discarded_; }
  std::vector<OrderState>& order_state() { return order_; }
  std::uint8_t& regressed_state() { return order_regressed_; }
  std::uint8_t& first_broken_state() { return order_of_first_broken_; }

 private:
  void effect(std::uint32_t mapping, std::uint32_t record);
  void on_effects(const TraceEvent& event, const World& world);

  const RecordIndex* index_;
  std::uint32_t mappings_;
  bool watches_order_;
  std::vector<std::uint8_t> effects_;    // [mapping][record]
  std::vector<std::uint8_t> discarded_;  // [mapping][record]
  std::vector<OrderState> order_;        // [mapping][key]
  std::uint8_t order_regressed_ = 0;
  std::uint8_t order_of_first_broken_ = 0;
  std::uint32_t regressed_record_ = 0;
  std::uint32_t first_broken_record_ = 0;
};

}  // namespace trimhorizon
