// The world before anything has happened: the streams have their shards; the first puts, the
// creation of the mappings and the timeline are pending.
#pragma once

#include "sim/world/world.hpp"

namespace trimhorizon {

// REQUIRES: a plan, not null.
World first_world(std::shared_ptr<const Plan> plan);

}  // namespace trimhorizon
