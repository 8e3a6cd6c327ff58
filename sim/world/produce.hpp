// What the beginning of a run needs of its producers, and what on_produce.cpp needs of on_kpl.cpp.
#pragma once

#include "sim/world/step.hpp"

namespace trimhorizon {

// Schedules the producer's next call, or its first one. Does nothing when there is no more.
void schedule_next_put(World& world, ProducerId producer);

// The producer uses KPL from now on.
void start_kpl_producer(World& world, ProducerId producer);
// It hands these of its records to KPL. REQUIRES: it uses KPL.
void give_to_kpl(const Moment& moment, ProducerId producer, Span numbers);

}  // namespace trimhorizon
