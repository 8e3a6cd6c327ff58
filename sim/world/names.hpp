// Names and numbers that AWS would show for things of the world. Only this file and the writers of
// reports make text.
#pragma once

#include <string>

#include "sim/world/world.hpp"

namespace trimhorizon {

// The sequence number of a stored record (KDS-SHD-09). REQUIRES: the log still holds the record.
std::string sequence_number_of(const World& world, ShardId shard, Position position);
// The same for a record that the log may have forgotten: the caller knows its arrival.
std::string sequence_number_of(const World& world, ShardId shard, Position position,
                               Instant arrival);
// "shardId-000000000000". Several streams may have a shard with the same name.
std::string shard_name(const World& world, ShardId shard);
// The id of the record in the scenario. REQUIRES: the log still holds the record.
std::string record_name(const World& world, ShardId shard, Position position);
// "billing-orders on shardId-000000000000", for messages.
std::string reader_name(const World& world, ReaderId reader);

}  // namespace trimhorizon
