// Explores with functions of the user. First as tables of answers, so that states can be merged. If
// a function depends on more than its event: run by run with fresh memory. If its memory cannot be
// reset: not at all.
#pragma once

#include "sim/explore/explore_scenario.hpp"

namespace trimhorizon {

// `request.own` has functions. Throws ExploreError where a verdict would not be sound, SessionError
// for a name that no function has.
ExploreReport explore_with_handlers(const Scenario& scenario, const ExploreRequest& request);

}  // namespace trimhorizon
