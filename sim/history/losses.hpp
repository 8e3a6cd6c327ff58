// Which records a consumer lost, and why; computed from the ledger at the end of a run. What counts
// as lost is in docs/life-of-a-record.md.
#pragma once

#include <string>
#include <vector>

#include "sim/faults/cause.hpp"
#include "sim/history/ledger.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// The ids of the first few records for each cause.
template <class Cause>
using Examples = PerMember<Cause, std::vector<std::string>>;

struct Losses {
  Counts<LossCause> by_cause;
  Examples<LossCause> examples;
};

Losses find_losses(const Ledger& ledger, const World& world, ConsumerId consumer);

// Records with surplus effects, under the reason of the last one.
Examples<DeliveryReason> find_duplicates(const Ledger& ledger, const World& world,
                                         ConsumerId consumer);

}  // namespace trimhorizon
