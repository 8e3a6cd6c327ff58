// A message to a failure destination, as exactly the JSON that Lambda writes. ESM-DST-01..04,
// CON-10.
#pragma once

#include <memory>

#include "sim/history/letters.hpp"
#include "sim/history/result.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// `kept` is the same world. A text that contains the records is made from it when somebody asks;
// null: now.
DestinationMessage destination_message(const World& world, const Message& message,
                                       const std::shared_ptr<const World>& kept = nullptr);

}  // namespace trimhorizon
