// The ledger: which record was processed, which twice, which never, and why. A fold over what
// happens; no rule of AWS reads it.
//
// Always:
//  1. One account for each reader that was ever opened, by ReaderId.
//  2. Duplicates are effects beyond the first of one business record in one consumer, over all its
//     stored copies; each is attributed to the reason of the delivery that brought it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/faults/cause.hpp"
#include "sim/history/account.hpp"
#include "sim/world/happening.hpp"

namespace trimhorizon {

// One stored record that has, or may get, copies.
struct CopyEntry {
  RecordId record;
  ShardId shard;
  Position position = 0;

  friend constexpr auto operator<=>(const CopyEntry&, const CopyEntry&) = default;
};

// An invocation that runs, and how its records came to be handed over: what its surplus effects are
// put down to.
struct OpenCall {
  InvocationNumber number;
  ReaderId reader;
  DeliveryReason reason = DeliveryReason::first;  // of records that were handed over before
  Position fresh_from = 0;                        // from here on it was their first time
  // Why another call may have been faster with a fresh record: the reader of this one is gone.
  DeliveryReason replaced_by = DeliveryReason::first;

  friend bool operator==(const OpenCall&, const OpenCall&) = default;
};

// Sums of one account.
struct Totals {
  std::uint64_t deliveries = 0;
  std::uint64_t effects = 0;
  std::uint64_t invocations = 0;
  Counts<DeliveryReason> duplicates;

  friend bool operator==(const Totals&, const Totals&) = default;
};

class Ledger {
 public:
  void on(const Put& put, const World& world);
  void on(const ReaderOpened& opened, const World& world);
  void on(const Delivered& delivered, const World& world);
  void on(const Ended& ended, const World& world);
  void on(const ReaderRestarted& restarted, const World& world);
  void on(const Settled& settled, const World& world);
  template <OneOf<PutAnswered, Positioned, Read, Throttled, WillRetry, SplitInTwo, GaveUp,
                  MessageSent, CheckpointKept, MappingSwitched, FaultStruck, TimelineActed>
                Other>
  void on(const Other&, const World&) {}

  std::uint32_t size() const { return static_cast<std::uint32_t>(accounts_.size()); }
  const Account& account(ReaderId reader) const { return accounts_[reader.value]; }
  const Totals& totals(ReaderId reader) const { return totals_[reader.value]; }
  const std::vector<CopyEntry>& copies() const { return by_record_; }

  // Had every record of the batch of this call that was handed over before really been so? The
  // call must run.
  bool repeats_only_delivered(InvocationNumber call, const Batch& batch) const;

  // Positions of a shard that have copies, within the span, ascending.
  std::vector<CopyEntry> copies_within(ShardId shard, Span span) const;
  // All stored copies of a record that has several.
  std::vector<CopyEntry> copies_of(RecordId record) const;
  // The account of a consumer on a shard; nullptr before there is one.
  const Account* find(ConsumerId consumer, ShardId shard) const;

  friend bool operator==(const Ledger&, const Ledger&) = default;

 private:
  struct CopyAt {
    ShardId shard;
    Position position = 0;
    RecordId record;

    friend constexpr auto operator<=>(const CopyAt&, const CopyAt&) = default;
  };

  void note_copy(RecordId record, ShardId shard, Position position);
  // `again`: cause of a further effect of one stored record; `copied`: of a first effect of a
  // stored record whose copy had one.
  void effects_on(ReaderId reader, Span span, DeliveryReason again, DeliveryReason copied);
  bool other_copy_has_effect(const Account& account, const CopyEntry& copy, Span now) const;
  OpenCall* open_call(InvocationNumber number);

  std::vector<Account> accounts_;
  std::vector<Totals> totals_;
  std::vector<InvocationNumber> current_;  // by ReaderId: the call it waits for
  std::vector<Position> delivered_to_;     // by ReaderId
  std::vector<OpenCall> open_;             // as they began
  std::vector<CopyEntry> by_record_;       // sorted
  std::vector<CopyAt> by_position_;        // sorted, the same entries
};

}  // namespace trimhorizon
