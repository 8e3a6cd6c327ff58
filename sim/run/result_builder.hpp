// Reads a world that has come to its end and writes down what it came to.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/run/result.hpp"
#include "sim/run/simulation.hpp"

namespace trimhorizon {

struct ResultOptions {
  bool rows = false;                 // fill Result::rows
  std::vector<std::string> watched;  // ids to look up for Result::watched
  // Called every few thousand rows; may stop the work by throwing.
  std::function<void()> breathe = {};
};

Result build_result(const Simulation& simulation, const ResultOptions& options);

}  // namespace trimhorizon
