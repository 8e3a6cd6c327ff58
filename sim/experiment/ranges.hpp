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
// The other values of this switch. For a back-off: none at all, another cap, and with jitter or
// without it; for a duration: shorter and longer ones.
std::vector<OtherValue> other_values(const Assumptions& assumptions, Assumption which);

// The other values of all switches that a run met.
std::vector<OtherValue> other_values(const Assumptions& assumptions, AssumptionsMet met);

// Nothing is tried when the run has too many events, or replays decisions. A run under another
// value that grows far longer than the run itself is stopped and named. REQUIRES: the result is
// of this scenario, with modelled functions.
Ranges ranges_of(const Scenario& scenario, const Result& result,
                 const std::function<void(double)>& progress = {});

}  // namespace trimhorizon
