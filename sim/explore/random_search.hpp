// For scenarios too large to enumerate: many random runs, and a failing one made small.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/explore/explore_scenario.hpp"

namespace trimhorizon {

// Runs seeds 1..`runs` with at most `options.faults` faults each, struck at random, and adds to the
// report the first violation of each property, shrunk until no single decision can be left out or
// lowered: 1-minimal, which is not a minimum.
// A run that does not come to rest is counted, and not judged at an end. No run begins after
// `options.seconds`.
void search_at_random(const std::shared_ptr<const Plan>& plan, const ExploreOptions& options,
                      std::uint64_t runs, ExploreReport& report);

// The violation that these decisions lead to, made small in the same way and told.
FoundViolation tell_made_small(const std::shared_ptr<const Plan>& plan,
                               const ExploreOptions& options, const std::string& property,
                               std::vector<Decision> decisions);

}  // namespace trimhorizon
