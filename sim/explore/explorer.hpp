// The explorer: tries every fault schedule up to k, with the same code that simulates.
//
// Search goes in layers of faults (0-1 breadth-first), so the first violation found has the fewest
// faults by construction. A state is a world between two steps, before a poll, an invocation or a
// put that may ask a question; StateCodec makes its key. From it every way through the step is
// taken.
//
// Always:
//  1. A layer is complete before the next begins; outcomes are reported of complete layers only. A
//     violation found in the layer after them still has the fewest faults.
//  2. The result does not depend on the number of threads: states are numbered in the order of
//     (layer, wave, parent, branch), and the witness is the first in that order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/explore/end_of_run.hpp"
#include "sim/explore/state_table.hpp"
#include "sim/faults/site.hpp"
#include "sim/world/handlers.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

class FreshHandlers;

struct ExploreOptions {
  std::uint32_t faults = 1;
  SiteSet sites;  // fault sites that are asked
  bool any_batch_size = false;
  // Does a function have reserved concurrency? Then anybody who waits may get a slot (LAM-CON-13).
  bool slots_are_few = false;
  std::vector<Property> properties;
  bool check_invariants = true;
  double seconds = 0;        // 0: no limit
  std::uint64_t states = 0;  // 0: no limit
  std::uint64_t exact_states = 10'000'000;
  bool merge = true;  // false: no two states are ever the same (tests)
  std::uint32_t threads = 1;
  std::function<void(std::uint32_t layer, std::uint64_t states)> progress;
  std::function<void()> poll_progress;  // called often; an exception from it ends the search
  // Instead of the modelled functions; must outlive the search. One thread asks them.
  Handlers* handlers = nullptr;
  // The same functions if they remember: then every run starts from the beginning.
  FreshHandlers* fresh = nullptr;

  // All sites that are asked: those of faults, and the free ones that are open.
  SiteSet open() const {
    SiteSet all = sites;
    if (any_batch_size) all.add(Site::batch_size);
    if (slots_are_few) all.add(Site::free_slot);
    return all;
  }
};

// One way in which runs can end.
struct ExploredOutcome {
  EndOfRun end;
  std::uint32_t minimum_faults = 0;
};

struct ExploredViolation {
  std::string property;  // a property's or an invariant's name
  std::uint32_t minimum_faults = 0;
  std::vector<std::uint32_t> answers;  // one per question of the witness run up to the state
};

// A way without a fault from a state back to itself: such a run never ends.
struct ExploredLoop {
  std::uint32_t minimum_faults = 0;
  std::vector<std::uint32_t> stem;  // answers from the start to the loop
  std::vector<std::uint32_t> turn;  // answers of one turn
};

struct Exploration {
  std::uint32_t faults = 0;
  int complete_through = -1;  // layers 0..this are complete; -1: none
  bool complete = false;
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  bool exact = true;                          // false: beyond exact_states, hashes stand for states
  std::vector<ExploredOutcome> outcomes;      // sorted by (faults, stored, effects)
  std::vector<ExploredViolation> violations;  // in the order of the properties
  std::vector<ExploredLoop> loops;            // at most one, with the fewest faults
  SiteSet taken;                              // sites at which a fault was really taken
  EnumSet<Situation> situations;              // that occurred in some run
  AssumptionsMet met;                         // switches whose question some run met
  std::uint64_t table_bytes = 0;
  // Answers of a run to each of the first outcomes: these runs can be repeated to check what a
  // search does not check.
  std::vector<std::vector<std::uint32_t>> samples;
};

class Explorer {
 public:
  // `plan` must be made for exploring (make_plan with PlanOptions::exploring).
  Explorer(std::shared_ptr<const Plan> plan, ExploreOptions options);
  ~Explorer();
  Exploration run();
  const RecordIndex& index() const;

 private:
  struct Search;
  std::unique_ptr<Search> search_;
};

}  // namespace trimhorizon
