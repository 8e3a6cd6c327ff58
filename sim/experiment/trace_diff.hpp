// Where two runs part: the first trace event that differs. Both are driven again side by side, so
// nothing is kept of either.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sim/experiment/run_scenario.hpp"
#include "sim/handlers/recorded_handlers.hpp"
#include "sim/run/recipe.hpp"

namespace trimhorizon {

// A run that has been made, as what it takes to make it again.
struct RunAgain {
  std::shared_ptr<const Scenario> scenario;
  std::uint64_t seed = 1;
  HandlerRecord handlers;
  Recipe recipe;
};

struct FirstDifference {
  std::uint64_t event = 0;       // its number, from 1
  std::optional<std::string> a;  // as a line of --trace; none: that run has ended
  std::optional<std::string> b;
};

// Nothing when both traces are the same to their ends.
std::optional<FirstDifference> first_difference(const RunAgain& a, const RunAgain& b);

}  // namespace trimhorizon
