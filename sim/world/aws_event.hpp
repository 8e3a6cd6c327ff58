// What AWS would show for things of a run: names, ids, and the event that a function receives.
// ESM-EVT-01..03. Account and region are fixed; ids follow from the seed and a number.
#pragma once

#include <string>

#include "sim/world/world.hpp"

namespace trimhorizon {

std::string stream_arn(const std::string& stream);
std::string function_arn(const std::string& function);
std::string request_id(const Plan& plan, InvocationNumber number);
// Of a message about records that were never handed over.
std::string request_id_of_nothing(const Plan& plan, ReaderId reader, Position first);

// The event of ESM-EVT-01 as the function would receive it.
std::string invocation_event_json(const World& world, const Batch& batch);

}  // namespace trimhorizon
