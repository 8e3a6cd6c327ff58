// Runs a scenario again under the other values of the switches that it met.
#pragma once

#include <functional>

#include "sim/history/result.hpp"
#include "sim/run/ranges.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

// Another value of a switch, and how a report prints it.
struct OtherValue {
  Assumption which = Assumption::split;
  std::string text;
  Assumptions assumptions;
};
// The other values of this switch. For a back-off: another cap, and with jitter or without it; for
// a duration: shorter and longer ones.
std::vector<OtherValue> other_values(const Assumptions& assumptions, Assumption which);

// Nothing is tried when the run has too many events, or replays decisions. REQUIRES: the result is
// of this scenario, with modelled functions.
Ranges ranges_of(const Scenario& scenario, const Result& result,
                 const std::function<void(double)>& progress = {});

}  // namespace trimhorizon
