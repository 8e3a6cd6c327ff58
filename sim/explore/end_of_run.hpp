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

// All that a property can depend on. Two runs with equal ends are one outcome.
struct EndOfRun {
  std::uint64_t stored = 0;
  std::vector<std::uint8_t> effects;     // by record, over all copies; 15 means 15 or more
  std::vector<std::uint32_t> discarded;  // record indexes, ascending
  // Records with no effect and in no destination, in some mapping that reads them. Unlike no_loss,
  // this includes records that are pending or were stored before the mapping existed.
  std::vector<std::uint32_t> lost;

  auto operator<=>(const EndOfRun&) const = default;
};

EndOfRun look_at_end(const OutcomeMonitor& monitor);

// Does the property hold? REQUIRES: nothing is left to happen, and the monitor has noted it.
bool holds(Property property, const OutcomeMonitor& monitor);
// Does the property stay broken once it is broken, whatever happens later?
bool cannot_recover(Property property);
// Does it hold for this record alone? Properties of the order are judged as a whole.
bool holds_for(Property property, const OutcomeMonitor& monitor, std::uint32_t record);
// The records it is broken for, ascending.
std::vector<std::uint32_t> records_breaking(Property property, const OutcomeMonitor& monitor);

}  // namespace trimhorizon
