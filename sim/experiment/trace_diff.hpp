// Where two runs part: the first trace event that differs. Both are repeated side by side, so that
// no trace must be kept.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sim/experiment/run_scenario.hpp"
#include "sim/handlers/recorded_handlers.hpp"
#include "sim/run/recipe.hpp"

namespace trimhorizon {

// What is needed to repeat a run.
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

// Nothing if both traces are the same.
std::optional<FirstDifference> first_difference(const RunAgain& a, const RunAgain& b);

}  // namespace trimhorizon
