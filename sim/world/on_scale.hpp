// Who changes the number of shards without being asked: AWS for a stream on demand, and a scaler of
// the user's own. KDS-LIM-10..13.
#pragma once

#include "sim/world/moment.hpp"

namespace trimhorizon {

// The stream is on demand from now on: AWS looks at it at the end of each minute.
void watch_minutes(const Moment& moment, StreamId stream);
// At the beginning of a run.
void schedule_scaling(World& world);

// Counts the entries of a call, for who scales the stream.
void count_minutes(World& world, StreamId stream, std::span<const PutEntry> entries);

}  // namespace trimhorizon
