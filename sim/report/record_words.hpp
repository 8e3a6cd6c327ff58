// How sentences name the records of a batch, and the shard that a reader reads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/world/world.hpp"

namespace trimhorizon {

// More records than these are named by the first and the last one.
inline constexpr std::uint64_t records_named_max = 8;

// "r0, r1 and r2", "r0 … r99 (100 records)"; "nothing" when the log has none of them any more.
std::string record_words(const World& world, ShardId shard, Span span);

// "r0", or "r0's copy" when the log has another copy of it at an earlier position.
std::string record_at(const World& world, ShardId shard, Position position);

// "shard 0"; "shard 0 for reader-b" when the scenario has several mappings.
std::string place_words(const World& world, ReaderId reader);

// The records of `span` that the log still has.
std::vector<RecordId> records_in(const World& world, ShardId shard, Span span);

}  // namespace trimhorizon
