#include "sim/world/event_records.hpp"

#include <algorithm>

namespace trimhorizon {

std::uint64_t event_records(const World& world, ConsumerId consumer, ShardId shard, Span span) {
  return unpacks(world, consumer) ? span.count() : world.shard(shard).packs.records_in(span);
}

Batch batch_of(const World& world, ConsumerId consumer, ShardId shard, Span span) {
  Batch batch = Batch::whole(shard, span);
  batch.count = event_records(world, consumer, shard, span);
  return batch;
}

std::uint32_t first_offset(const World& world, const Batch& batch, std::uint32_t offset) {
  const Position first = world.shard(batch.shard).packs.first_of(batch.at(offset));
  return static_cast<std::uint32_t>(std::max(first, batch.first()) - batch.first());
}

std::uint64_t offset_after(const World& world, ConsumerId consumer, const Batch& batch,
                           std::uint64_t records) {
  const Packs& packs = world.shard(batch.shard).packs;
  if (packs.empty() || unpacks(world, consumer)) return std::min(records, batch.span.count());
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
  const auto count = [&](Batch& batch) {
    batch.count = event_records(world, consumer, batch.shard, batch.span);
  };
  if (next.then == NextStep::Then::split) {
    // Together they are the batch that failed; `count` of the first says where it ends.
    const Batch both{next.rest.batch.shard, next.rest.batch.lane,
                     {next.rest.batch.span.first, next.second.batch.span.end}, 0};
    const Position middle =
        both.first() + offset_after(world, consumer, both, next.rest.batch.count);
    next.rest.batch.span.end = middle;
    next.second.batch.span.first = middle;
    count(next.second.batch);
  }
  count(next.rest.batch);
}

}  // namespace trimhorizon
