// Where a reader begins.
#pragma once

#include "sim/world/moment.hpp"

namespace trimhorizon {

// Finds the position of StartingPosition now. Records before it are unread.
void resolve_position(const Moment& moment, ReaderId id);

}  // namespace trimhorizon
