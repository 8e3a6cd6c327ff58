// The search for functions that remember. Their memory is not part of a state, so states cannot be
// merged or restored: every schedule is one run from the beginning, with fresh memory.
//
// Always:
//  1. A run is an earlier one with one more decision after its last one, so each schedule is run
//     once. Runs go layer by layer: the first violation found has the fewest faults.
//  2. Up to its new decision a run must repeat the earlier one, question by question and call by
//     call; else the memory was not fresh, and MemoryNotFresh is thrown.
#pragma once

#include <memory>
#include <stdexcept>

#include "sim/explore/explorer.hpp"
#include "sim/explore/fresh_handlers.hpp"

namespace trimhorizon {

// A run took another course than the run it repeats, before any decision differed.
class MemoryNotFresh : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// In the result and in the limit of `options`, `states` counts runs; `transitions` counts steps.
// Throws MemoryNotFresh.
Exploration search_from_the_beginning(const std::shared_ptr<const Plan>& plan,
                                      const RecordIndex& index, const ExploreOptions& options,
                                      FreshHandlers& handlers);

// A hash of the run without decisions: with fresh memory it is the same each time.
std::uint64_t undisturbed_run(const std::shared_ptr<const Plan>& plan, const RecordIndex& index,
                              const ExploreOptions& options, FreshHandlers& handlers);

// A run that reaches the same state so often counts as one that never ends. Effects and the memory
// of the functions are not part of that state.
inline constexpr std::uint32_t same_state_max = 16;

}  // namespace trimhorizon
