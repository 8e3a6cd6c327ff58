// What an event has of the records of a shard. A mapping that polls hands an aggregate over as one
// record; one with enhanced fan-out unpacks it. KDS-PRD-17, KDS-PRD-18, KDS-PRD-21.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/lambda/failure.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// Does the mapping unpack aggregates?
inline bool unpacks(const World& world, ConsumerId consumer) {
  return world.plan->mapping(consumer).reads_as.valid();
}

// Is an aggregate dropped that does not fit the shard? By the mapping, without a call (KDS-PRD-21),
// or by the function's own code (KDS-PRD-17).
inline bool drops_unfitting(const World& world, ConsumerId consumer) {
  const MappingPlan& mapping = world.plan->mapping(consumer);
  const FunctionSettings& function = world.plan->function(mapping.function).settings;
  return unpacks(world, consumer) ||
         (function.deaggregate && function.filter_out_of_range_user_records);
}
// Does the function see user records one by one?
inline bool sees_user_records(const World& world, ConsumerId consumer) {
  return unpacks(world, consumer) ||
         world.plan->function(world.plan->mapping(consumer).function).settings.deaggregate;
}

// How many records of an event these positions make.
std::uint64_t event_records(const World& world, ConsumerId consumer, ShardId shard, Span span);

// A batch of all records of these positions.
Batch batch_of(const World& world, ConsumerId consumer, ShardId shard, Span span);

// The bytes of data of the record, or user record, at this position.
std::int64_t data_bytes_at(const World& world, const Shard& shard, Position p);

// What a batch may have where the shard has aggregates: up to BatchSize records of the event, or
// 6 MB. `end`: of what the reader holds.
struct PackedBatch {
  Position end = 0;
  bool full = false;
};
PackedBatch batch_with_packs(const World& world, const Reader& reader, Position end);

// Calls f(span) for each run of positions whose records are in the event.
template <class F>
void each_run(const World& world, const Batch& batch, F f) {
  Position from = batch.span.first;
  if (batch.unpacked) {
    const Packs& packs = world.shard(batch.shard).packs;
    while (const Pack* pack = packs.first_unfitting(from)) {
      if (pack->first >= batch.span.end) break;
      if (from < pack->first) f(Span{from, pack->first});
      from = pack->end();
    }
  }
  if (from < batch.span.end) f(Span{from, batch.span.end});
}

// KDS-PRD-18: the user records of an aggregate share a sequence number, so a report of one means
// them all. REQUIRES: `offsets` is ascending.
std::vector<std::uint32_t> whole_records(const World& world, const Batch& batch,
                                         const std::vector<std::uint32_t>& offsets);
// The offset after the first `records` records of the event.
std::uint64_t offset_after(const World& world, ConsumerId consumer, const Batch& batch,
                           std::uint64_t records);

// Takes the records before the checkpoint of the reader out of the batches of its lane.
void trim(const World& world, Lane& lane, const Reader& reader);

// The rules of retries do not see the log. This makes their batches end where records of the event
// end, and counts them.
void fit_to_records(const World& world, ConsumerId consumer, NextStep& next);

}  // namespace trimhorizon
