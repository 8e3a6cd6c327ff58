// A violation as an ordinary scenario with a `decisions:` block, to be run, explained, replayed.
#pragma once

#include <string>
#include <vector>

#include "sim/explore/explore_scenario.hpp"

namespace trimhorizon {

// Of one of the report's violations or loops. `set` and `variant` are those the scenario was read
// with. What does not matter to the run (expectations, variants, evidence, comments) is left out.
std::string found_file(const Scenario& scenario, const std::vector<std::string>& set,
                       const std::string& variant, const ExploreReport& report,
                       const FoundViolation& found);

}  // namespace trimhorizon
