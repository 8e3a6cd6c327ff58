// What the beginning of a run needs of the producers' handler.
#pragma once

#include "sim/world/step.hpp"

namespace trimhorizon {

// Schedules the producer's first or next call; nothing when it has none.
void schedule_next_put(World& world, ProducerId producer);

}  // namespace trimhorizon
