// Where a reader begins.
#pragma once

#include "sim/world/moment.hpp"

namespace trimhorizon {

// Finds the position of StartingPosition now. Records before it are unread.
void resolve_position(const Moment& moment, ReaderId id);

// Passes the records before `end` that were stored before the mapping was created: they were never
// promised to it, so they are no loss. Returns the number of the event, or the cause of the moment.
EventNumber leave_unpromised(const Moment& moment, ReaderId id, Position end);

}  // namespace trimhorizon
