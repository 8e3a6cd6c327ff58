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

namespace {

std::int64_t data_bytes_at(const World& world, const Shard& shard, Position p) {
  const RecordId record = shard.log.record(p);
  return world.plan->producer(record.producer()).data_bytes(record.number());
}

// The bytes of data of the stored record at this position: of an aggregate, all of it.
std::int64_t stored_data_bytes(const World& world, const Shard& shard, Position p) {
  const Pack* pack = shard.packs.at(p);
  if (pack == nullptr) return data_bytes_at(world, shard, p);
  return std::int64_t{pack->bytes} - static_cast<std::int64_t>(aggregate_key.size());
}

// What a batch may have where aggregates are handed over as they are: up to BatchSize stored
// records, or 6 MB (KDS-PRD-18). `end`: of what the reader holds.
PackedBatch packed_batch(const World& world, const Reader& reader, Position end) {
  const Shard& shard = world.shard(reader.shard);
  const auto most = static_cast<std::uint64_t>(world.settings(reader).batch_size);
  Payload payload;
  std::uint64_t records = 0;
  Position p = reader.checkpoint;
  while (p < end && records < most) {
    const bool fits = payload.takes(stored_data_bytes(world, shard, p));
    if (!fits && records > 0) return {p, true};
    records += 1;
    p = std::min(end, shard.packs.end_of(p));
  }
  return {p, records >= most};
}

// The same where the mapping unpacks aggregates: up to BatchSize user records. KDS-PRD-21: what it
// drops is left out, and the records around it arrive together.
PackedBatch unpacked_batch(const World& world, const Reader& reader, Position end) {
  const Shard& shard = world.shard(reader.shard);
  const auto most = static_cast<std::uint64_t>(world.settings(reader).batch_size);
  Payload payload;
  std::uint64_t records = 0;
  Position p = reader.checkpoint;
  while (p < end && records < most) {
    const Pack* pack = shard.packs.at(p);
    if (pack != nullptr && !pack->fits) {
      p = std::min(end, pack->end());
      continue;
    }
    const bool fits = payload.takes(data_bytes_at(world, shard, p));
    if (!fits && records > 0) return {p, true};
    records += 1;
    p += 1;
  }
  return {p, records >= most};
}

}  // namespace

PackedBatch batch_with_packs(const World& world, const Reader& reader, Position end) {
  return unpacks(world, reader.consumer) ? unpacked_batch(world, reader, end)
                                         : packed_batch(world, reader, end);
}

std::uint32_t first_offset(const World& world, const Batch& batch, std::uint32_t offset) {
  const Position first = world.shard(batch.shard).packs.first_of(batch.at(offset));
  return static_cast<std::uint32_t>(std::max(first, batch.first()) - batch.first());
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
