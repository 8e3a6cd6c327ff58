// The part of a key that is about streams whose shards or settings change during a run: which
// shards there are, when they open and close, and what the control plane looks at. Without actions
// of the API and without `explore.reshards` no key has it.
//
// Always:
//  1. A decoded world has the same shards with the same ids. Their lineage, the children of a shard
//     and the shards of the keys follow from that, so they are made again.
//  2. What is over is not told apart: an instant matters only as long as a rule can look at it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/explore/key_coder.hpp"
#include "sim/explore/key_layout.hpp"
#include "sim/kinesis/stream_settings.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// `base`: instants are relative to it. `puts_pending`: may puts and the timeline still do
// something?
template <class Coder>
struct StreamCoder {
  Coder& c;
  World& world;
  const KeyLayout& layout;
  Instant base;
  bool puts_pending;

  // Which shards there are. Reading, the world has these shards afterwards.
  void streams() {
    for (std::uint32_t s = 0; s < world.streams.size(); ++s) {
      code(world.streams[s]);
      if (!world.plan->reshards.empty()) code(world.surroundings[s]);
    }
    std::uint32_t first_shards = 0;
    for (const StreamPlan& each : world.plan->streams) first_shards += each.settings.shard_count;
    auto count = static_cast<std::uint32_t>(world.shards.size());
    c.number(count);
    if (c.reading) forget_reshards(first_shards, count);
    for (std::uint32_t s = first_shards; s < count; ++s) origin({s});
    if (!c.reading) return;
    for (std::uint32_t s = 0; s < world.streams.size(); ++s) {
      keep_first(world.streams[s], {s}, world.streams[s].shards.size());
    }
    forget_routes();
  }

  // When the shard opens and closes.
  void life(Shard& shard) {
    // A shard that opened must live for a second before an action can cut it.
    later_by(shard.opens, puts_pending ? seconds(1) : Duration{0});
    c.later(shard.closes, base);
    c.number(shard.is_cut);
    c.later(shard.listed, base);
    creation(shard.created);
  }

 private:
  // An instant that can matter until `after` later.
  void later_by(Instant& t, Duration after) {
    Instant shown = t;
    if (!c.reading && t != start_of_time) shown = t + after;
    c.later(shown, base);
    if (c.reading) t = shown == long_ago ? long_ago : shown - after;
  }

  // Sequence numbers name the second. Children are created at least a second later, and within one
  // UpdateShardCount their own cut depends on that.
  void creation(Instant& created) {
    if (layout.literal_positions) return c.instant(created);
    if (puts_pending) later_by(created, seconds(1));
    // Any instant of the run will do.
    if (c.reading && (!puts_pending || created == long_ago)) created = Instant{0};
  }

  void code(StreamState& v) {
    auto& [lineage, shards, mode, retention, horizon, active_from, mode_switches, count_updates,
           consumers] = v;
    left_out(lineage, shards);  // origin() has them
    left_out(consumers);        // while exploring nobody subscribes
    std::int64_t kept = retention.us / hours(1).us;
    c.number(kept);
    if (c.reading) retention = hours(kept);
    c.number(mode);
    c.later(active_from, base);
    calls(mode_switches);
    calls(count_updates);
    if (layout.walks) {
      later_by(horizon, retention);
    } else {
      c.known(horizon, start_of_time);
    }
  }

  void code(StreamSurroundings& v) {
    auto& [minutes, failing, failure_draws, reshards_done] = v;
    left_out(minutes, failing, failure_draws);  // nobody scales, and no call fails by chance
    c.number(reshards_done);
  }

  // Calls of the last day count against a quota, where that can be used up at all. They are in the
  // order of time.
  void calls(std::vector<Instant>& times) {
    if (!layout.quotas) {
      if (c.reading) times.clear();
      return;
    }
    std::uint64_t count = c.reading ? 0 : calls_in_last_day(times, base);
    c.number(count);
    if (c.reading) times.resize(count);
    for (std::uint64_t i = times.size() - count; i < times.size(); ++i) c.relative(times[i], base);
  }

  void forget_reshards(std::uint32_t first_shards, std::uint32_t count) {
    world.shards.resize(count);
    for (std::uint32_t s = 0; s < first_shards; ++s) world.shards[s].children = {};
    for (std::uint32_t s = 0; s < world.streams.size(); ++s) {
      world.streams[s].shards.resize(world.plan->streams[s].settings.shard_count);
    }
  }

  // Keys find their shards again, from those of the beginning on: these come first.
  void forget_routes() {
    for (std::uint32_t k = 0; k < world.shard_of_key.size(); ++k) {
      const KeyPlan& key = world.plan->keys[k];
      const std::vector<ShardId>& shards = world.streams[key.stream.value].shards;
      world.shard_of_key[k] = *std::find_if(shards.begin(), shards.end(), [&](ShardId shard) {
        return world.shard(shard).range.contains(key.hash);
      });
    }
  }

  // What a shard came from that was not there in the beginning, and its hash keys.
  void origin(ShardId id) {
    Shard& shard = world.shard(id);
    c.number(shard.stream.value);
    StreamState& stream = world.streams[shard.stream.value];
    std::vector<std::uint32_t> parents;
    if (!c.reading) {
      const std::span<const std::uint32_t> known = stream.lineage.parents_of(shard.number);
      parents.assign(known.begin(), known.end());
    }
    c.size(parents);
    for (std::uint32_t& parent : parents) c.number(parent);
    hash_key(shard.range.first);
    hash_key(shard.range.last);
    if (!c.reading) return;
    shard.number = static_cast<std::uint32_t>(stream.shards.size());
    shard.children = {};
    stream.shards.push_back(id);
    for (const std::uint32_t parent : parents) {
      std::array<ShardId, 2>& children = world.shard(stream.shards[parent]).children;
      children[children[0].valid() ? 1 : 0] = id;
    }
    inherit(stream, shard, parents);
  }

  // A world that is used again often has this shard in its lineage already.
  void inherit(StreamState& stream, const Shard& shard, const std::vector<std::uint32_t>& parents) {
    if (shard.number < stream.lineage.shard_count()) {
      const std::span<const std::uint32_t> known = stream.lineage.parents_of(shard.number);
      if (std::equal(known.begin(), known.end(), parents.begin(), parents.end())) return;
      keep_first(stream, shard.stream, shard.number);
    }
    stream.lineage.add_child(parents);
  }

  static void keep_first_of(Lineage& lineage, std::uint32_t without_parents, std::size_t count) {
    Lineage kept(without_parents);
    for (std::uint32_t n = without_parents; n < count; ++n) {
      const std::span<const std::uint32_t> parents = lineage.parents_of(n);
      kept.add_child({parents.begin(), parents.end()});
    }
    lineage = std::move(kept);
  }
  // The lineage has `count` shards, not more.
  void keep_first(StreamState& stream, StreamId id, std::size_t count) {
    if (stream.lineage.shard_count() == count) return;
    keep_first_of(stream.lineage, world.plan->stream(id).settings.shard_count, count);
  }

  void hash_key(HashKey& key) {
    auto high = static_cast<std::uint64_t>(key >> 64);
    auto low = static_cast<std::uint64_t>(key);
    c.number(high);
    c.number(low);
    key = HashKey{high} << 64 | low;
  }
};

}  // namespace trimhorizon
