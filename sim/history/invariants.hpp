// The invariants: named promises of the modelled system. Every run checks them; a check costs one
// or two comparisons for each batch. A broken one is a finding about the model or a rule. It does
// not stop the run.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/base/ids.hpp"
#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"
#include "sim/history/ledger.hpp"
#include "sim/world/happening.hpp"

namespace trimhorizon {

#define TH_INVARIANTS(X)                                                                    \
  X(conservation, "every stored record has exactly one fate or is still pending")           \
  X(key_order, "inside a shard the records of a key are first delivered in sequence order") \
  X(checkpoint_never_regresses, "the checkpoint of a shard never moves back")               \
  X(checkpoint_covers_only_settled, "every record at or before the checkpoint has a fate")  \
  X(one_batch_per_lane, "a lane never has two invocations of one poller in flight")         \
  X(parent_before_child, "a child shard is read only when its parents are drained")         \
  X(hash_ranges_partition, "the open shards of a stream cover every hash key once")         \
  X(one_shard_a_record, "a record goes to the one open shard of its hash key")              \
  X(children_start_at_their_beginning, "a new shard is read from its beginning")

TH_NAMED_ENUM(Invariant, TH_INVARIANTS)
TH_ENUM_SENTENCES(Invariant, TH_INVARIANTS)

struct Violation {
  Instant at;
  ReaderId reader;
  Position position = 0;

  friend bool operator==(const Violation&, const Violation&) = default;
};

struct InvariantState {
  std::uint64_t checks = 0;
  std::uint64_t violations = 0;
  Violation first;

  friend bool operator==(const InvariantState&, const InvariantState&) = default;
};

class Invariants {
 public:
  // To call after the ledger has received the event. Without a ledger (while exploring), the two
  // invariants that need it are not checked, and key_order is judged from the checkpoint. That is
  // enough: each delivery starts at the checkpoint, which never moves back, so all records between
  // the checkpoint and a later delivery were part of that delivery.
  void on(const Delivered& delivered, const World& world, const Ledger* ledger);
  void on(const Settled& settled, const World& world, const Ledger* ledger);
  void on(const ShardsCut& cut, const World& world, const Ledger* ledger);
  void on(const Positioned& positioned, const World& world, const Ledger* ledger);
  void on(const Put& put, const World& world, const Ledger* ledger);
  void on_run(const PutRun& run, const World& world);
  void on(const CheckpointKept& kept, const World& world, const Ledger* ledger);
  template <OneOf<PutAnswered, PutGivenUp, ReaderOpened, ShardFinished, ApiAnswered, Fetched,
                  SubscriptionOpened, ReadRefused, Read, Ended, Throttled, WillRetry, SplitInTwo,
                  GaveUp, MessageSent, ReaderRestarted, TooLarge, PollingWaits, MappingSwitched,
                  FaultStruck, TimelineActed, BareReadAnswered>
                Other>
  void on(const Other&, const World&, const Ledger*) {}

  const InvariantState& of(Invariant invariant) const {
    return states_[static_cast<std::size_t>(invariant)];
  }
  EnumSet<Invariant> broken() const;
  void clear() { states_ = {}; }

  friend bool operator==(const Invariants&, const Invariants&) = default;

 private:
  void check(Invariant invariant, bool holds, Instant at, ReaderId reader, Position position) {
    InvariantState& state = states_[static_cast<std::size_t>(invariant)];
    state.checks += 1;
    if (holds) [[likely]]
      return;
    if (state.violations == 0) state.first = {at, reader, position};
    state.violations += 1;
  }

  std::array<InvariantState, count_of<Invariant>> states_{};
};

}  // namespace trimhorizon
