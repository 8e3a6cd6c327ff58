// What `expect: {checks: …}` needs to know of one instant of a run.
#pragma once

#include "sim/history/result.hpp"
#include "sim/history/result_builder.hpp"

namespace trimhorizon {

// The state of the run so far, as that of the instant `at`. REQUIRES: nothing happens between the
// time of the run and `at`.
Snapshot snapshot_of(const RunSoFar& run, Instant at, bool before);

}  // namespace trimhorizon
