// The explorer: every fault schedule up to k, over the very code that simulates.
//
// Search goes in layers of faults (0-1 breadth-first), so the first violation found has the fewest
// faults by construction. A state is a world between two steps, before a poll, a hand-over or a
// put that may ask; its key is encode_state(). From it every way through the step is taken.
//
// Always:
//  1. A layer is complete before the next begins; only complete layers are reported.
//  2. The result does not depend on the number of threads: states are numbered in the order of
//     (layer, wave, parent, branch), and the witness is the first in that order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/explore/state_table.hpp"
#include "sim/faults/site.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

// The properties of the explorer's model, judged where a run comes to rest.
#define TH_PROPERTIES(X)                                                                       \
  X(no_loss, "every record has an effect or is in a destination")                              \
  X(all_processed, "every record has an effect")                                               \
  X(at_most_once, "no record has two effects")                                                 \
  X(order_first, "the first effects of a key's records come in order")                         \
  X(order_regress, "no effect of a key comes after one of a later record")                     \
  X(destination_exclusive, "no record has an effect and is in a destination as well")          \
  X(quiescence, "after the last fault every run comes to rest")

enum class Property : std::uint8_t {
#define TH_NAME(name, sentence) name,
  TH_PROPERTIES(TH_NAME)
#undef TH_NAME
};
inline constexpr std::size_t property_count = 7;
std::string_view name(Property property);
std::string_view sentence(Property property);

struct ExploreOptions {
  std::uint32_t faults = 1;
  SiteSet sites;                       // fault sites that are asked
  bool any_batch_size = false;
  std::vector<Property> properties;
  bool check_invariants = true;
  double seconds = 0;                  // 0: no limit
  std::uint64_t states = 0;            // 0: no limit
  std::uint64_t exact_states = 10'000'000;
  bool merge = true;                   // false: no two states are ever the same (tests)
  std::uint32_t threads = 1;
  std::function<void(std::uint32_t layer, std::uint64_t states)> progress;
};

// How runs can end: all that a property of the model can see.
struct ExploredOutcome {
  std::uint64_t stored = 0;
  std::vector<std::uint8_t> effects;   // by record, all copies together, 15 means 15 or more
  std::vector<std::uint32_t> discarded;  // record indexes
  std::vector<std::uint32_t> lost;
  std::uint32_t minimum_faults = 0;
  StateNumber witness = no_state;
};

struct ExploredViolation {
  std::string property;                // a property's or an invariant's name
  std::uint32_t minimum_faults = 0;
  std::vector<std::uint32_t> answers;  // one per question of the witness run, trailing zeros cut
  std::vector<std::uint32_t> loop;     // quiescence: answers of one turn of the loop
};

struct Exploration {
  std::uint32_t faults = 0;
  int complete_through = -1;           // layers 0..this are complete; -1: none
  bool complete = false;
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  bool exact = true;
  std::vector<ExploredOutcome> outcomes;      // sorted by (faults, stored, effects)
  std::vector<ExploredViolation> violations;  // in the order of the properties
  SiteSet taken;                       // sites at which a fault was really taken
  std::uint64_t table_bytes = 0;
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
