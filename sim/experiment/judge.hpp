// Judges a result against the `expect:` of its scenario.
//
// Always:
//  1. A broken invariant makes the verdict `violated`, whether or not `always:` names it.
//  2. An expectation about something that never occurred is undecided, never held: an id that was
//     never stored, a metric without samples, a situation of `sometimes:` that did not happen.
#pragma once

#include "sim/history/result.hpp"
#include "sim/run/judgement.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

Judgement judge(const Scenario& scenario, const Result& result);

// Only the invariants; for runs with other settings than `expect:` was written for.
Judgement judge_invariants(const Result& result);

}  // namespace trimhorizon
