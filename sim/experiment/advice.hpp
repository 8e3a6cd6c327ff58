// Advice about a record that was lost, given up or worked on twice. It is given only when a second
// run, with the advice taken, shows that it helps.
#pragma once

#include <optional>
#include <string>

#include "sim/experiment/run_scenario.hpp"
#include "sim/history/life.hpp"

namespace trimhorizon {

// Tries the changes that may help this record in this mapping, one after the other, and returns the
// first that does: the record ends better, and the run loses no more than before. nullopt: none
// does, there is nothing to mend, or no second run can be made (the user's own functions, injected
// actions, and a replayed schedule of faults).
std::optional<Advice> advice_for(const Scenario& scenario, const RecordLife& life,
                                 const LifeInMapping& mapping, const RunOptions& options);

}  // namespace trimhorizon
