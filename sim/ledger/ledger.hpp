// The ledger: which record was processed, which twice, which never, and why. Entered by handlers,
// read by reports and checks only, never by a rule of AWS.
//
// Always:
//  1. One account for each (mapping, shard), numbered as the pollers are.
//  2. Duplicates are effects beyond the first of one business record in one mapping, over all its
//     stored copies; each is attributed to the reason of the delivery that brought it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/faults/cause.hpp"
#include "sim/ledger/account.hpp"

namespace trimhorizon {

// One stored record that has, or may get, copies.
struct CopyEntry {
  RecordId record;
  ShardId shard;
  Position position = 0;

  friend constexpr auto operator<=>(const CopyEntry&, const CopyEntry&) = default;
};

// How the records of an invocation came to be handed over: what its surplus effects are put down
// to.
struct Handover {
  DeliveryReason reason = DeliveryReason::first;  // of records that were handed over before
  Position fresh_from = 0;                        // from here on it was their first time
  // Why another poller may have been faster with a fresh record: the one of this call is gone.
  DeliveryReason repeated_by = DeliveryReason::first;
};

// Sums of one account.
struct Totals {
  std::uint64_t deliveries = 0;
  std::uint64_t effects = 0;
  std::uint64_t invocations = 0;
  std::array<std::uint64_t, delivery_reason_count> duplicates{};

  friend bool operator==(const Totals&, const Totals&) = default;
};

class Ledger {
 public:
  bool on = true;  // off while exploring: monitors keep what a property needs

  void open_account(ReaderId reader, MappingId mapping, ShardId shard);
  std::uint32_t size() const { return static_cast<std::uint32_t>(accounts_.size()); }
  const Account& account(ReaderId reader) const { return accounts_[reader.value]; }
  const Totals& totals(ReaderId reader) const { return totals_[reader.value]; }
  const std::vector<CopyEntry>& copies() const { return by_record_; }

  // A stored record whose producer may put it again, and each copy it then puts.
  void note_copy(RecordId record, ShardId shard, Position position);

  void deliver(ReaderId reader, Span span);
  // Effects on [span.first, span.end) but for the ascending offsets in `without`.
  void effects(ReaderId reader, Span span, const std::vector<std::uint32_t>& without,
               const Handover& handover);
  void settle(ReaderId reader, Position end, Fate fate, LossCause cause);

  // Were all records of the span handed over before? (key_order)
  bool all_delivered(ReaderId reader, Span span) const;

  // Positions of a shard that have copies, within the span, ascending.
  std::vector<CopyEntry> copies_within(ShardId shard, Span span) const;
  // All stored copies of a record that has several.
  std::vector<CopyEntry> copies_of(RecordId record) const;
  // The account of a mapping on a shard; nullptr before there is one.
  const Account* find(MappingId mapping, ShardId shard) const;

  friend bool operator==(const Ledger&, const Ledger&) = default;

 private:
  struct CopyAt {
    ShardId shard;
    Position position = 0;
    RecordId record;

    friend constexpr auto operator<=>(const CopyAt&, const CopyAt&) = default;
  };

  // `again`: cause of a further effect of one stored record; `copied`: of a first effect of a
  // stored record whose copy had one.
  void effects_on(ReaderId reader, Span span, DeliveryReason again, DeliveryReason copied);
  bool other_copy_has_effect(const Account& account, const CopyEntry& copy, Span now) const;

  std::vector<Account> accounts_;
  std::vector<Totals> totals_;
  std::vector<CopyEntry> by_record_;  // sorted
  std::vector<CopyAt> by_position_;   // sorted, the same entries
};

}  // namespace trimhorizon
