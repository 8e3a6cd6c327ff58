#include "sim/world/first_world.hpp"

#include "sim/base/check.hpp"
#include "sim/world/step.hpp"

namespace trimhorizon {
namespace {

void add_shards(World& world) {
  for (std::uint32_t s = 0; s < world.plan->streams.size(); ++s) {
    const StreamPlan& stream = world.plan->streams[s];
    TH_CHECK(stream.first_shard == world.shards.size());
    world.lineages.emplace_back(stream.settings.shard_count);
    const std::vector<HashKeyRange> ranges = initial_hash_ranges(stream.settings.shard_count);
    for (std::uint32_t number = 0; number < ranges.size(); ++number) {
      world.shards.push_back({{s}, number, ranges[number], Instant{0}, {}});
    }
  }
}

// Which shard each key of the plan goes to, of the stream whose producers use it. Once for a
// whole run: a key stays in its shard while nothing is resharded (KDS-SHD-03).
void route_keys(World& world) {
  world.shard_of_key.assign(world.plan->keys.size(), 0);
  for (std::size_t k = 0; k < world.plan->keys.size(); ++k) {
    const KeyPlan& key = world.plan->keys[k];
    const StreamPlan& stream = world.plan->stream(key.stream);
    for (std::uint32_t n = 0; n < stream.settings.shard_count; ++n) {
      const std::uint32_t shard = stream.first_shard + n;
      if (world.shards[shard].range.contains(key.hash)) world.shard_of_key[k] = shard;
    }
  }
}

}  // namespace

World first_world(std::shared_ptr<const Plan> plan) {
  World world;
  world.plan = std::move(plan);
  const Plan& p = *world.plan;
  add_shards(world);
  route_keys(world);
  world.producers.resize(p.producers.size());
  world.functions.resize(p.functions.size());
  world.mappings.resize(p.mappings.size());
  world.destinations.resize(p.destinations.size());
  world.history.metrics.resize(p.mappings.size());
  for (std::uint32_t i = 0; i < p.timeline.size(); ++i) {
    schedule(world, p.timeline[i].at, 0, TimelineDue{i});
  }
  for (std::uint32_t i = 0; i < p.mappings.size(); ++i) {
    world.mappings[i].enabled = p.mappings[i].settings.enabled;
    schedule(world, p.mappings[i].settings.created, 0, MappingCreated{{i}});
  }
  for (std::uint32_t i = 0; i < p.producers.size(); ++i) schedule_next_put(world, {i});
  return world;
}

}  // namespace trimhorizon
