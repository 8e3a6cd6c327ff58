// Names and numbers that AWS would show for things of the World. Text is made only here and in
// writers.
#pragma once

#include <string>

#include "sim/world/world.hpp"

namespace trimhorizon {

// The sequence number of a stored record (KDS-SHD-09).
std::string sequence_number_of(const World& world, ShardId shard, Position position);
// The same of a record that the log may have forgotten.
std::string sequence_number_of(const World& world, ShardId shard, Position position,
                               Instant arrival);
std::string shard_name(const World& world, ShardId shard);
std::string record_name(const World& world, ShardId shard, Position position);
// "orders/shardId-000000000000" style names are not unique over streams; this is for messages.
std::string reader_name(const World& world, ReaderId reader);

}  // namespace trimhorizon
