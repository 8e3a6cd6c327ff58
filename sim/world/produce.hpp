// The part of on_produce.cpp that the beginning of a run needs.
#pragma once

#include "sim/world/step.hpp"

namespace trimhorizon {

// Schedules the producer's next call, or its first one. Does nothing when there is no more.
void schedule_next_put(World& world, ProducerId producer);

}  // namespace trimhorizon
