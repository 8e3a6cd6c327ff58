// What the end of a run shows of the explorer's properties (scenario/names.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/explore/monitor.hpp"
#include "sim/scenario/names.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// All that a property of the model can see.
struct EndOfRun {
  std::uint64_t stored = 0;
  std::vector<std::uint8_t> effects;     // by record, all copies together; see saturated
  std::vector<std::uint32_t> discarded;  // record indexes, ascending
  // Without effect and not discarded, in some mapping that reads them: also what is pending, or
  // was stored before the mapping was there, which no_loss does not count.
  std::vector<std::uint32_t> lost;

  auto operator<=>(const EndOfRun&) const = default;
};

EndOfRun look_at_end(const OutcomeMonitor& monitor);

// Does the property hold, the run being at rest?
bool holds(Property property, const OutcomeMonitor& monitor);
// Once broken, does it stay so whatever comes?
bool is_past_mending(Property property);
// Does it hold for this record alone? For the order: as a whole.
bool holds_for(Property property, const OutcomeMonitor& monitor, std::uint32_t record);
// The records it is broken for, ascending.
std::vector<std::uint32_t> records_breaking(Property property, const OutcomeMonitor& monitor);

}  // namespace trimhorizon
