// The invocation of a function with a batch.
#pragma once

#include "sim/world/moment.hpp"

namespace trimhorizon {

// Sends the top range of the lane to the function. REQUIRES: the lane has a range, and none
// in flight.
void invoke(const Moment& moment, ReaderId id, LaneId lane);

}  // namespace trimhorizon
