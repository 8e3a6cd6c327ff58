// What a run says of each stream, without its consumers.
#pragma once

#include <vector>

#include "sim/history/result.hpp"
#include "sim/history/result_builder.hpp"

namespace trimhorizon {

// One for each stream of the plan, in its order.
std::vector<StreamResult> stream_results(const RunSoFar& run);

}  // namespace trimhorizon
