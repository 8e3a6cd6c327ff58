// The ledger: which record was processed, which one twice, which one never, and why. It is computed
// from the events; no rule of AWS reads it.
//
// Always:
//  1. There is one account for each reader that was ever opened, by ReaderId.
//  2. Duplicates are the effects of one business record in one consumer after the first effect,
//     counted over all its stored copies. Each is counted under the reason of the delivery that
//     caused it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/faults/cause.hpp"
#include "sim/history/account.hpp"
#include "sim/world/happening.hpp"

namespace trimhorizon {

// A stored record that has copies, or may get some.
struct CopyEntry {
  RecordId record;
  ShardId shard;
  Position position = 0;

  friend constexpr auto operator<=>(const CopyEntry&, const CopyEntry&) = default;
};

// An invocation that runs now, and why its records were delivered. Its surplus effects get this
// reason.
struct OpenCall {
  InvocationNumber number;
  // Why the records before `fresh_from` are delivered again.
  DeliveryReason reason = DeliveryReason::first;
  Position fresh_from = 0;  // from here on, this is the first delivery
  // When the reader of this call is replaced, another call may be the first to process a fresh
  // record. Then the effect of this call is a surplus effect, with this reason.
  DeliveryReason replaced_by = DeliveryReason::first;

  friend bool operator==(const OpenCall&, const OpenCall&) = default;
};

// The sums of one account.
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
  template <OneOf<PutAnswered, PutGivenUp, Positioned, Fetched, SubscriptionOpened, ReadRefused,
                  Read, Throttled, WillRetry, SplitInTwo, GaveUp, MessageSent, CheckpointKept,
                  ShardFinished, ApiAnswered, ShardsCut, TooLarge, PollingWaits, MappingSwitched,
                  FaultStruck, TimelineActed, BareReadAnswered>
                Other>
  void on(const Other&, const World&) {}

  std::uint32_t size() const { return static_cast<std::uint32_t>(accounts_.size()); }
  // REQUIRES for both: the reader was opened.
  const Account& account(ReaderId reader) const { return accounts_[reader.value]; }
  const Totals& totals(ReaderId reader) const { return totals_[reader.value]; }

  // Were all records of this batch that are marked as delivered before really delivered before?
  // REQUIRES: the call runs.
  bool repeats_only_delivered(ReaderId reader, InvocationNumber call, const Batch& batch) const;

  // The stored records within the span that have copies, by ascending position.
  std::span<const CopyEntry> copies_within(ShardId shard, Span span) const;
  // All stored copies of this record, in ascending order; empty when it has no copy.
  std::span<const CopyEntry> copies_of(RecordId record) const;
  // All readers of this shard that were ever opened, in ascending order.
  std::span<const ReaderId> readers_at(ShardId shard) const;
  // The account of a consumer at a shard; null when the consumer has not opened the shard yet.
  const Account* find(ConsumerId consumer, ShardId shard) const;

  friend bool operator==(const Ledger&, const Ledger&) = default;

 private:
  void note_copy(RecordId record, ShardId shard, Position position);
  // `again`: the reason for one more effect of the same stored record. `copied`: the reason for the
  // first effect of a stored record, when another copy already had one.
  void effects_on(ReaderId reader, Span span, DeliveryReason again, DeliveryReason copied);
  OpenCall* open_call(ReaderId reader, InvocationNumber number);

  std::vector<Account> accounts_;
  std::vector<Totals> totals_;
  std::vector<InvocationNumber> current_;    // by ReaderId: the call that the reader waits for
  std::vector<Position> delivered_to_;       // by ReaderId: records before it were delivered
  std::vector<std::vector<OpenCall>> open_;  // by ReaderId, then by the time of their start
  std::vector<std::vector<ReaderId>> readers_at_;  // by ShardId
  // Copies are looked at one by one, however many a record has: so each list is kept in its order.
  std::map<RecordId, std::vector<CopyEntry>> by_record_;
  std::vector<std::vector<CopyEntry>> by_shard_;  // by ShardId, then by position; the same entries
  std::vector<std::set<RecordId>> worked_;  // by ConsumerId: records with copies that had an effect
};

}  // namespace trimhorizon
