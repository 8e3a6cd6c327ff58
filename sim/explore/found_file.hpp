// A violation as an ordinary scenario with a `decisions:` block, which can be run, explained and
// replayed like any other.
#pragma once

#include <string>
#include <vector>

#include "sim/explore/explore_scenario.hpp"

namespace trimhorizon {

// `found` is one of the violations or loops of `report`; `set` and `variant` are those the scenario
// was read with. What does not matter to the run (expectations, variants, evidence, comments) is
// left out.
std::string found_file(const Scenario& scenario, const std::vector<std::string>& set,
                       const std::string& variant, const ExploreReport& report,
                       const FoundViolation& found);

}  // namespace trimhorizon
