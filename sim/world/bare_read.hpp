// One read of the timeline, which belongs to no consumer: GetShardIterator, then GetRecords. It
// shows what AWS answers at that instant, and moves nobody's position. KDS-ITR-01..16.
//
// Always:
//  1. It takes its part of the limits of the shard, like the reads of all others (KDS-LIM-04).
#pragma once

#include "sim/world/moment.hpp"

namespace trimhorizon {

// REQUIRES: this entry of the timeline has a `read`.
void read_once(const Moment& moment, std::uint32_t entry);

}  // namespace trimhorizon
