// Does the verdict depend on what nobody knows of AWS? The search again, under every other value of
// each switch whose question was met.
#pragma once

#include "sim/explore/explore_scenario.hpp"

namespace trimhorizon {

void sweep_assumptions(const Scenario& scenario, const ExploreRequest& request,
                       ExploreReport& report);

}  // namespace trimhorizon
