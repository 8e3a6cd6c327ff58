// Exploring with the user's own functions: as tables first, which merges states; where they turn
// out to depend on more than their event, run by run with fresh memory; else not at all.
#pragma once

#include "sim/explore/explore_scenario.hpp"

namespace trimhorizon {

// `request.own` has functions. Throws ExploreError where a verdict would not be sound, SessionError
// for a name that no function has.
ExploreReport explore_with_handlers(const Scenario& scenario, const ExploreRequest& request);

}  // namespace trimhorizon
