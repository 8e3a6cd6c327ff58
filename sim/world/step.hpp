// One step: the earliest pending event happens. The whole simulator is this function in a loop.
//
//   1. take the earliest event (time, class, entity, number)
//   2. its handler asks the rules what AWS would do, and `outside` what is undetermined
//   3. it changes the world, schedules later events, tells the observer what happened
#pragma once

#include "sim/world/moment.hpp"

namespace trimhorizon {

// `outside` may serve many steps; there is at least one pending event.
void step(World& world, Outside& outside);

// Puts an event among those that are pending; not before `world.now`.
void schedule(World& world, Instant at, EventNumber cause, const What& what);

}  // namespace trimhorizon
