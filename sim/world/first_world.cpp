#include "sim/world/first_world.hpp"

#include <algorithm>
#include <iterator>

#include "sim/world/on_scale.hpp"
#include "sim/world/produce.hpp"

namespace trimhorizon {
namespace {

void add_shards(World& world) {
  for (std::uint32_t s = 0; s < world.plan->streams.size(); ++s) {
    const StreamSettings& settings = world.plan->streams[s].settings;
    StreamState stream;
    stream.lineage = Lineage(settings.shard_count);
    stream.mode = settings.mode;
    stream.retention = settings.retention();
    const std::vector<HashKeyRange> ranges = initial_hash_ranges(settings.shard_count);
    for (std::uint32_t number = 0; number < ranges.size(); ++number) {
      stream.shards.push_back({static_cast<std::uint32_t>(world.shards.size())});
      Shard& shard = world.shards.emplace_back();
      shard.stream = {s};
      shard.number = number;
      shard.range = ranges[number];
    }
    for (std::uint32_t c = 0; c < world.plan->stream_consumers.size(); ++c) {
      const StreamConsumerPlan& consumer = world.plan->stream_consumers[c];
      // It was registered long before the run.
      if (consumer.stream.value != s || consumer.later) continue;
      stream.consumers.list.push_back({ConsumerName{c}, Instant{0} - hours(1)});
    }
    world.streams.push_back(std::move(stream));
  }
}

// Finds the shard of each key, once for the whole run. A key stays in its shard as long as nothing
// is resharded (KDS-SHD-03).
void route_keys(World& world) {
  for (const KeyPlan& key : world.plan->keys) {
    // The shards are in the order of their ranges, which leave no gap.
    const std::vector<ShardId>& shards = world.streams[key.stream.value].shards;
    const auto after = std::partition_point(shards.begin(), shards.end(), [&](ShardId shard) {
      return world.shard(shard).range.first <= key.hash;
    });
    world.shard_of_key.push_back(*std::prev(after));
  }
}

}  // namespace

World first_world(std::shared_ptr<const Plan> plan) {
  World world;
  world.plan = std::move(plan);
  const Plan& p = *world.plan;
  add_shards(world);
  route_keys(world);
  world.surroundings.resize(p.streams.size());
  world.producers.resize(p.producers.size());
  world.functions.resize(p.functions.size());
  world.mappings.resize(p.mappings.size());
  world.destinations.resize(p.destinations.size());
  // Everything that the scenario itself starts becomes a pending event. Its cause is 0.
  for (std::uint32_t i = 0; i < p.timeline.size(); ++i) {
    schedule(world, p.timeline[i].at, {}, TimelineDue{i});
  }
  for (std::uint32_t i = 0; i < p.mappings.size(); ++i) {
    world.mappings[i].enabled = p.mappings[i].settings.enabled;
    schedule(world, p.mappings[i].settings.created, {}, MappingCreated{{i}});
  }
  for (std::uint32_t i = 0; i < p.producers.size(); ++i) {
    if (p.producers[i].settings.kpl) start_kpl_producer(world, {i});
    schedule_next_put(world, {i});
  }
  schedule_scaling(world);
  return world;
}

}  // namespace trimhorizon
