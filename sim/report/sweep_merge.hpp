// Puts the shards of a sweep together again.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sim/run/sweep.hpp"

namespace trimhorizon {

struct SweepFile {
  std::string name;
  std::string text;
};

// The whole sweep, or everything that is wrong with the parts: not part of a sweep, of another
// scenario, grid, seeds or version, given twice, missing, or without some of its runs.
std::variant<Sweep, std::vector<std::string>> merge_sweeps(const std::vector<SweepFile>& files);

}  // namespace trimhorizon
