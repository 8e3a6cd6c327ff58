// The world before anything has happened: streams with their shards, producers about to put,
// mappings about to be created, the timeline pending.
#pragma once

#include "sim/world/world.hpp"

namespace trimhorizon {

World first_world(std::shared_ptr<const Plan> plan);

}  // namespace trimhorizon
