#include "sim/history/invariants.hpp"

#include <algorithm>
#include <vector>

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
    bool drained = true;
    world.for_each_reader_at(parent, [&](ReaderId id) {
      const Reader& other = world.reader(id);
      if (other.consumer == reader.consumer && world.has_unsettled(other)) drained = false;
    });
    if (!drained) return false;
  }
  return true;
}

// Told by the cuts that have happened: at the instant of a cut, what is put before it goes to the
// parents.
bool takes_records(const World& world, ShardId id) {
  const Shard& shard = world.shard(id);
  const StreamState& stream = world.streams[shard.stream.value];
  bool opened = true;
  for (const std::uint32_t number : stream.lineage.parents_of(shard.number)) {
    opened = opened && world.shard(stream.shards[number]).is_cut;
  }
  return opened && !shard.is_cut;
}

bool was_resharded(const World& world, StreamId stream) {
  return world.streams[stream.value].lineage.shard_count() !=
         world.plan->stream(stream).settings.shard_count;
}

bool fits(const World& world, const PutEntry& entry) {
  if (entry.user_records == 0) return true;  // its first user record decides (KDS-PRD-19)
  return takes_records(world, entry.shard) &&
         world.shard(entry.shard).range.contains(world.plan->keys[entry.key.value].hash);
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

// KDS-SHD-05. The shards of a cut have no reader of their own, so the note names none.
void Invariants::on(const ShardsCut& cut, const World& world, const Ledger*) {
  std::vector<HashKeyRange> open;
  for (const ShardId id : world.streams[cut.stream.value].shards) {
    if (takes_records(world, id)) open.push_back(world.shard(id).range);
  }
  std::sort(open.begin(), open.end(),
            [](const HashKeyRange& a, const HashKeyRange& b) { return a.first < b.first; });
  bool covers = !open.empty() && open.front().first == 0 && open.back().last == last_hash_key;
  for (std::size_t i = 1; i < open.size(); ++i) {
    covers = covers && open[i].first == open[i - 1].last + 1;
  }
  check(Invariant::hash_ranges_partition, covers, world.now, {}, 0);
}

// KDS-SHD-01, KDS-RSH-06. Streams that were never resharded need no check.
void Invariants::on(const Put& put, const World& world, const Ledger*) {
  if (!was_resharded(world, world.plan->producer(put.producer).stream)) return;
  const bool all_fit = std::all_of(put.entries.begin(), put.entries.end(),
                                   [&](const PutEntry& each) { return fits(world, each); });
  check(Invariant::one_shard_a_record, all_fit, world.now, {}, 0);
}

// Nothing else happens during a run, so its shards take records until its end.
void Invariants::on_run(const PutRun& run, const World& world) {
  if (!was_resharded(world, world.plan->producer(run.producer).stream)) return;
  for (const PutRun::Call& call : run.calls) {
    check(Invariant::one_shard_a_record, fits(world, call.entry), call.at, {}, 0);
  }
}

// ESM-POL-14. Not promised under the switch that starts children elsewhere.
void Invariants::on(const Positioned& positioned, const World& world, const Ledger*) {
  const Reader& reader = world.reader(positioned.reader);
  if (!reader.from_start) return;
  check(Invariant::children_start_at_their_beginning, positioned.from == 0, world.now,
        positioned.reader, positioned.from);
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
  // Not promised under the switch that reads them at once.
  if (world.plan->assumptions.child_shards == assume::child_shards::after_parents) {
    note(Invariant::parent_before_child, parents_are_drained(world, reader));
  }
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
