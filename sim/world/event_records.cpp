#include "sim/world/event_records.hpp"

#include <algorithm>

#include "sim/lambda/batching.hpp"
#include "sim/producer/aggregate.hpp"

namespace trimhorizon {

std::uint64_t event_records(const World& world, ConsumerId consumer, ShardId shard, Span span) {
  const Packs& packs = world.shard(shard).packs;
  if (packs.empty()) return span.count();
  if (!unpacks(world, consumer)) return packs.records_in(span);
  std::uint64_t records = 0;
  Batch batch = Batch::whole(shard, span);
  batch.unpacked = true;
  each_run(world, batch, [&](Span run) { records += run.count(); });
  return records;
}

Batch batch_of(const World& world, ConsumerId consumer, ShardId shard, Span span) {
  Batch batch = Batch::whole(shard, span);
  batch.count = event_records(world, consumer, shard, span);
  batch.unpacked = unpacks(world, consumer);
  return batch;
}

std::int64_t data_bytes_at(const World& world, const Shard& shard, Position p) {
  const RecordId record = shard.log.record(p);
  return world.plan->producer(record.producer()).data_bytes(record.number());
}

// KDS-PRD-18: an aggregate is one record of the event, with all its bytes; or, unpacked, each of
// its user records is. KDS-PRD-21: what a mapping drops is left out, and the records around it
// arrive together.
PackedBatch batch_with_packs(const World& world, const Reader& reader, Position end) {
  const Shard& shard = world.shard(reader.shard);
  const bool by_itself = unpacks(world, reader.consumer);
  const auto most = static_cast<std::uint64_t>(world.settings(reader).batch_size);
  Payload payload;
  std::uint64_t records = 0;
  Position p = reader.checkpoint;
  while (p < end && records < most) {
    const Pack* pack = shard.packs.at(p);
    if (by_itself && pack != nullptr && !pack->fits) {
      p = std::min(end, pack->end());
      continue;
    }
    const bool whole = pack != nullptr && !by_itself;
    const std::int64_t bytes =
        whole ? std::int64_t{pack->bytes} - static_cast<std::int64_t>(aggregate_key.size())
              : data_bytes_at(world, shard, p);
    if (!payload.takes(bytes) && records > 0) return {p, true};
    records += 1;
    p = whole ? std::min(end, pack->end()) : p + 1;
  }
  return {p, records >= most};
}

std::vector<std::uint32_t> whole_records(const World& world, const Batch& batch,
                                         const std::vector<std::uint32_t>& offsets) {
  const Packs& packs = world.shard(batch.shard).packs;
  if (packs.empty()) return offsets;
  std::vector<std::uint32_t> whole;
  for (const std::uint32_t offset : offsets) {
    const Position p = batch.at(offset);
    const Position end = std::min(packs.end_of(p), batch.span.end);
    for (Position q = std::max(packs.first_of(p), batch.span.first); q < end; ++q) {
      const auto its = static_cast<std::uint32_t>(q - batch.span.first);
      if (whole.empty() || whole.back() < its) whole.push_back(its);
    }
  }
  return whole;
}

std::uint64_t offset_after(const World& world, ConsumerId consumer, const Batch& batch,
                           std::uint64_t records) {
  const Packs& packs = world.shard(batch.shard).packs;
  if (packs.empty()) return std::min(records, batch.span.count());
  if (unpacks(world, consumer)) {
    std::uint64_t left = records;
    Position end = batch.span.first;
    each_run(world, batch, [&](Span run) {
      if (left == 0) return;
      end = run.first + std::min(left, run.count());
      left -= std::min(left, run.count());
    });
    return end - batch.span.first;
  }
  const Position end = packs.position_of(packs.index_of(batch.first()) + records);
  return std::min(end, batch.span.end) - batch.first();
}

void trim(const World& world, Lane& lane, const Reader& reader) {
  trim_ranges(lane, reader.checkpoint);
  if (lane.ranges.empty() || world.shard(reader.shard).packs.empty()) return;
  Batch& batch = lane.ranges.back().batch;
  batch.count = event_records(world, reader.consumer, batch.shard, batch.span);
}

void fit_to_records(const World& world, ConsumerId consumer, NextStep& next) {
  if (next.then == NextStep::Then::proceed) return;
  const auto count = [&](Batch& batch) {
    batch.count = event_records(world, consumer, batch.shard, batch.span);
  };
  if (next.then == NextStep::Then::split) {
    // Together they are the batch that failed; `count` of the first says where it ends.
    Batch both = next.rest.batch;
    both.span.end = next.second.batch.span.end;
    const Position middle =
        both.first() + offset_after(world, consumer, both, next.rest.batch.count);
    next.rest.batch.span.end = middle;
    next.second.batch.span.first = middle;
    count(next.second.batch);
  }
  count(next.rest.batch);
}

}  // namespace trimhorizon
