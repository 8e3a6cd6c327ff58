#include "sim/run/recipe.hpp"

#include "sim/base/check.hpp"

namespace trimhorizon {
namespace {

// The visits that are still to come.
class Visiting {
 public:
  explicit Visiting(const Visits& visits) : visits_(visits) {}

  bool done() const { return next_ == visits_.at.size(); }
  Instant next() const { return visits_.at[next_]; }
  void visit() { visits_.visit(next_++); }
  // Visits all instants before `t`.
  void visit_before(Instant t) {
    while (!done() && next() < t) visit();
  }

 private:
  const Visits& visits_;
  std::size_t next_ = 0;
};

void step_until(Simulation& simulation, std::uint64_t steps,
                const std::function<void(double)>& progress, Visiting& visiting) {
  constexpr std::uint64_t events_between_reports = 256;
  while (simulation.world().steps < steps) {
    if (!simulation.world().events.empty()) {
      visiting.visit_before(simulation.world().events.earliest().at);
    }
    TH_CHECK(simulation.step());
    if (!progress || simulation.world().steps % events_between_reports != 0) continue;
    progress(static_cast<double>(simulation.world().now.us) /
             static_cast<double>(simulation.plan().duration.us));
  }
}

}  // namespace

void drive(Simulation& simulation, const Recipe& recipe,
           const std::function<void(double)>& progress, const Visits& visits) {
  Visiting visiting(visits);
  for (const Injection& injection : recipe.injections) {
    step_until(simulation, injection.after_steps, progress, visiting);
    visiting.visit_before(injection.action.at);
    simulation.inject(injection.action);
  }
  if (recipe.stop) {
    step_until(simulation, recipe.stop->after_steps, progress, visiting);
    simulation.stand_at(recipe.stop->now);
    visiting.visit_before(recipe.stop->now + microseconds(1));
    return;
  }
  const Instant end = Instant{0} + simulation.plan().duration;
  while (!visiting.done() && visiting.next() <= end) {
    simulation.run_until(visiting.next(), progress);
    visiting.visit();
  }
  simulation.run(progress);
}

}  // namespace trimhorizon
