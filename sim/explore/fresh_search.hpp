// The search for functions that remember: nothing is merged and no moment is restored. Every
// schedule is one run from its beginning, with fresh memory, in layers of faults.
//
// Always:
//  1. A run is an earlier one with one more decision, behind the last of that one; so each schedule
//     is run once, and layer by layer: the first violation found has the fewest faults.
//  2. Up to its new decision a run must be the earlier one again, question by question and call by
//     call; else the memory was not fresh, and MemoryNotFresh is thrown.
#pragma once

#include <memory>
#include <stdexcept>

#include "sim/explore/explorer.hpp"
#include "sim/explore/fresh_handlers.hpp"

namespace trimhorizon {

// A run that was begun anew went otherwise before anything was decided otherwise.
class MemoryNotFresh : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// `states` of the result counts runs, and so does that bound; `transitions` counts steps.
Exploration search_from_the_beginning(const std::shared_ptr<const Plan>& plan,
                                      const RecordIndex& index, const ExploreOptions& options,
                                      FreshHandlers& handlers);

// A hash of the run without decisions: of fresh memory it is the same each time.
std::uint64_t undisturbed_run(const std::shared_ptr<const Plan>& plan, const RecordIndex& index,
                              const ExploreOptions& options, FreshHandlers& handlers);

// A run that comes to the same state so often, its effects and the functions' memory aside, is
// taken as one that never comes to rest.
inline constexpr std::uint32_t same_state_max = 16;

}  // namespace trimhorizon
