#include "sim/run/recipe.hpp"

#include "sim/base/check.hpp"

namespace trimhorizon {
namespace {

void step_until(Simulation& simulation, std::uint64_t steps,
                const std::function<void(double)>& progress) {
  constexpr std::uint64_t events_between_reports = 256;
  while (simulation.world().steps < steps) {
    TH_CHECK(simulation.step());
    if (!progress || simulation.world().steps % events_between_reports != 0) continue;
    progress(static_cast<double>(simulation.world().now.us) /
             static_cast<double>(simulation.plan().duration.us));
  }
}

}  // namespace

void drive(Simulation& simulation, const Recipe& recipe,
           const std::function<void(double)>& progress) {
  for (const Injection& injection : recipe.injections) {
    step_until(simulation, injection.after_steps, progress);
    simulation.inject(injection.action);
  }
  if (!recipe.stop) return simulation.run(progress);
  step_until(simulation, recipe.stop->after_steps, progress);
  simulation.stand_at(recipe.stop->now);
}

}  // namespace trimhorizon
