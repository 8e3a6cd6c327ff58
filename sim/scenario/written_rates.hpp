// Rates that were read from an export, written as a list: for a file that must stand alone, such as
// a counterexample.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {

// The settings that replace the exports of a scenario by lists of rates. The lists end with the
// period in which a producer has more than `records` records.
std::vector<Override> written_rates(const Scenario& scenario, std::uint64_t records);

}  // namespace trimhorizon
