// Which records a consumer lost, and to what: the definition of `lost` in section 1 of the
// interface, read off the ledger at the end of a run.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/faults/cause.hpp"
#include "sim/history/ledger.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

struct Losses {
  std::array<std::uint64_t, loss_cause_count> by_cause{};
  std::array<std::vector<std::string>, loss_cause_count> examples;  // ids, the first few

  std::uint64_t total() const;
};

Losses find_losses(const Ledger& ledger, const World& world, ConsumerId consumer);

// Ids of the first few records with surplus effects, by the reason of the last one.
std::array<std::vector<std::string>, delivery_reason_count> find_duplicates(const Ledger& ledger,
                                                                            const World& world,
                                                                            ConsumerId consumer);

}  // namespace trimhorizon
