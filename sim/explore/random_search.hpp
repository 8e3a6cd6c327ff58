// For scenarios too large to enumerate: many random runs, and a failing one made small.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/explore/explore_scenario.hpp"

namespace trimhorizon {

// Runs seeds 1..`runs` with at most `options.faults` faults each, struck at random, and adds to the
// report the first violation of each property, shrunk until no single decision can be left out or
// lowered: 1-minimal, which is not a minimum.
void search_at_random(const std::shared_ptr<const Plan>& plan, const ExploreOptions& options,
                      std::uint64_t runs, ExploreReport& report);

}  // namespace trimhorizon
