// How a run was driven, so that the same run can be driven again: what was injected and when, and
// where it was stopped. With the scenario, the seed and the record of its handlers that is all.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/faults/schedule.hpp"
#include "sim/run/simulation.hpp"

namespace trimhorizon {

struct Injection {
  std::uint64_t after_steps = 0;
  TimelineAction action;  // `at` is when it happened

  friend bool operator==(const Injection&, const Injection&) = default;
};

struct Stop {
  std::uint64_t after_steps = 0;
  Instant now;  // time may stand later than the last event

  friend bool operator==(const Stop&, const Stop&) = default;
};

struct Recipe {
  std::vector<Injection> injections;
  std::optional<Stop> stop;  // none: to the end

  friend bool operator==(const Recipe&, const Recipe&) = default;
};

// Drives a simulation that stands at its beginning. `progress` as Simulation::run has it.
void drive(Simulation& simulation, const Recipe& recipe,
           const std::function<void(double)>& progress = {});

}  // namespace trimhorizon
