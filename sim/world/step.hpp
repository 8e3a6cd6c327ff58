// One step: the earliest pending event happens. The whole simulator is this function in a loop.
//
//   1. take the earliest event (by time, class, entity, number)
//   2. its handler asks the rules what AWS would do, and asks `outside` what is undetermined
//   3. the handler changes the world, schedules later events, and tells the observer what happened
#pragma once

#include "sim/world/moment.hpp"

namespace trimhorizon {

// REQUIRES: at least one pending event. `outside` may be used for many steps. Exceptions of
// choices, handlers and observers pass through; the world is then not usable.
void step(World& world, Outside& outside);

// Adds a pending event. REQUIRES: at >= world.now. `cause` 0: the scenario itself.
void schedule(World& world, Instant at, EventNumber cause, const What& what);

}  // namespace trimhorizon
