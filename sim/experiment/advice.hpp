// Advice about a record that was lost, given up or worked on twice. It is given only when a second
// run, with the advice taken, shows that it helps.
#pragma once

#include "sim/experiment/run_scenario.hpp"
#include "sim/history/life.hpp"

namespace trimhorizon {

// Tries the changes that may help this record in this mapping, one after the other, and notes the
// first that does: the record ends better without hundreds of repetitions, and the run loses no
// more than before. If none does, and the record is lost or given up, it notes how many were tried.
// Nothing is noted when there is nothing to mend, or when no second run can be made (the user's own
// functions, injected actions, and a replayed schedule of faults).
void advise(const Scenario& scenario, const RecordLife& life, LifeInMapping& mapping,
            const RunOptions& options);

}  // namespace trimhorizon
