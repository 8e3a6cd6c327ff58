// The naive double of the explorer: runs every schedule from the start, keeps no states, and reads
// how a run ended from the ledger instead of a monitor.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "sim/explore/end_of_run.hpp"
#include "sim/faults/site.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon::testing {

struct Enumerated {
  std::map<EndOfRun, std::uint32_t> outcomes;     // with the fewest faults
  std::optional<std::uint32_t> fewest_that_lose;  // as the ledger says, in any mapping
  std::uint64_t runs = 0;
};

// Nothing when there are more than `runs_max` schedules, or one that does not come to rest.
std::optional<Enumerated> enumerate_schedules(const std::shared_ptr<const Plan>& plan, SiteSet open,
                                              std::uint32_t faults, std::uint64_t runs_max);

}  // namespace trimhorizon::testing
