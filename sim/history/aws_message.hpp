// A message to a failure destination, as exactly the JSON that Lambda writes. ESM-DST-01..04,
// CON-10.
#pragma once

#include "sim/history/letters.hpp"
#include "sim/history/result.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

DestinationMessage destination_message(const World& world, const Message& message);

}  // namespace trimhorizon
