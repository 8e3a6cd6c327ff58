#include "sim/history/invariants.hpp"

#include "sim/world/world.hpp"

namespace trimhorizon {
namespace {

// Has this consumer settled all records of the parents of the shard? Otherwise the records of a key
// could be read in the wrong order (ESM-POL-15, KDS-RSH-07).
bool parents_are_drained(const World& world, const Reader& reader) {
  const Shard& shard = world.shard(reader.shard);
  const StreamState& stream = world.streams[shard.stream.value];
  for (const std::uint32_t number : stream.lineage.parents_of(shard.number)) {
    const ShardId parent = stream.shards[number];
    for (const Reader& other : world.readers) {
      const bool reads_it = other.consumer == reader.consumer && other.shard == parent;
      if (reads_it && world.has_unsettled(other)) return false;
    }
  }
  return true;
}

}  // namespace

EnumSet<Invariant> Invariants::broken() const {
  EnumSet<Invariant> broken;
  for (const Invariant each : all_of<Invariant>) {
    if (of(each).violations > 0) broken.add(each);
  }
  return broken;
}

void Invariants::on(const CheckpointKept& kept, const World& world, const Ledger*) {
  const bool stays = kept.asked == world.reader(kept.reader).checkpoint;
  check(Invariant::checkpoint_never_regresses, stays, world.now, kept.reader, kept.asked);
}

// Only first deliveries are promised in order (ESM-POL-10): a retry may come later. A second poller
// sends the batch of the first one; its delivery is a fault and is not judged.
void Invariants::on(const Delivered& delivered, const World& world, const Ledger* ledger) {
  if (delivered.reason == DeliveryReason::overlapping_pollers) return;
  const Reader& reader = world.reader(delivered.reader);
  const Batch& batch = delivered.batch;
  const auto note = [&](Invariant invariant, bool holds) {
    check(invariant, holds, world.now, delivered.reader, batch.first());
  };
  note(Invariant::one_batch_per_lane, !reader.lane(batch.lane).in_flight.valid());
  note(Invariant::key_order,
       ledger != nullptr ? ledger->repeats_only_delivered(delivered.reader, delivered.call, batch)
                         : batch.first() <= reader.checkpoint);
  note(Invariant::parent_before_child, parents_are_drained(world, reader));
}

void Invariants::on(const Settled& settled, const World& world, const Ledger* ledger) {
  const Position end = settled.records.end;
  const auto note = [&](Invariant invariant, bool holds) {
    check(invariant, holds, world.now, settled.reader, end);
  };
  note(Invariant::checkpoint_never_regresses, end >= settled.records.first);
  if (ledger == nullptr) return;
  const Account& account = ledger->account(settled.reader);
  note(Invariant::checkpoint_covers_only_settled, account.settled() >= end);
  std::uint64_t fates = 0;
  for (std::size_t f = 0; f < count_of<Fate>; ++f) fates += account.fates(static_cast<Fate>(f));
  // Every settled record has exactly one fate (MET-11).
  note(Invariant::conservation, fates == account.settled());
}

}  // namespace trimhorizon
