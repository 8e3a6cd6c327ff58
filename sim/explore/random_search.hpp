// For scenarios too large to enumerate: many random runs. A run that breaks a property is shrunk.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/explore/explore_scenario.hpp"

namespace trimhorizon {

// Runs seeds 1..`runs` with at most `options.faults` faults each, struck at random, and adds to the
// report the first violation of each property, shrunk until no single decision can be left out or
// lowered: 1-minimal, which need not be the fewest faults.
// A run that does not end is counted, but what must hold at the end is not judged. No run starts
// after `options.seconds`.
void search_at_random(const std::shared_ptr<const Plan>& plan, const ExploreOptions& options,
                      std::uint64_t runs, ExploreReport& report);

// The violation that these decisions lead to, shrunk in the same way and described.
FoundViolation describe_shrunk(const std::shared_ptr<const Plan>& plan,
                               const ExploreOptions& options, const std::string& property,
                               std::vector<Decision> decisions);

}  // namespace trimhorizon
