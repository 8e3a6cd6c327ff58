// Decisions and events of a run in words, for the stories of the explorer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/choices.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// What happened, and to which records (RecordId values), at a moment of `world`.
struct Said {
  std::string text;
  std::vector<RecordId> about;
};

// "invocation 2 on shard 0 times out after its effects"; asked now, with the world as it stands.
Said say_decision(const World& world, const Question& question, std::uint32_t answer);

// Empty text: nothing worth a line.
// Of a throttled event, as the decision it was.
Said say_throttle(const World& world, const Throttled& throttled);
Said say_event(const World& world, const Happening& event);

// "r0, r1 and r2", "r0 … r99 (100 records)".
std::string ids_in(const World& world, ShardId shard, Span span);

}  // namespace trimhorizon
