// How a run was driven: what a user injected and when, and where the run was stopped. Together with
// the scenario, the seed and the record of the handlers, this repeats the run exactly.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/run/simulation.hpp"
#include "sim/world/timeline_action.hpp"

namespace trimhorizon {

struct Injection {
  std::uint64_t after_steps = 0;  // events that had happened
  TimelineAction action;          // `at` is the time at which it happened

  friend bool operator==(const Injection&, const Injection&) = default;
};

struct Stop {
  std::uint64_t after_steps = 0;
  Instant now;  // time may be later than the last event

  friend bool operator==(const Stop&, const Stop&) = default;
};

struct Recipe {
  std::vector<Injection> injections;
  std::optional<Stop> stop;  // nullopt: it ran to its end

  friend bool operator==(const Recipe&, const Recipe&) = default;
};

// What wants to see a run at some instants, while it goes on.
struct Visits {
  std::vector<Instant> at;  // sorted
  // Called when everything until this instant has happened, and nothing after it. The simulation
  // is behind `at` when nothing was left to happen, and then the world stays as it is.
  std::function<void(std::size_t which)> visit;
};

// Drives a simulation like this. An instant after the end of `duration`, or after a stop, is not
// visited. `progress` is that of Simulation::run. REQUIRES: the simulation is
// at its beginning.
void drive(Simulation& simulation, const Recipe& recipe,
           const std::function<void(double)>& progress = {}, const Visits& visits = {});

}  // namespace trimhorizon
