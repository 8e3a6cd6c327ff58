#include "sim/run/simulation.hpp"

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/format.hpp"
#include "sim/world/first_world.hpp"

namespace trimhorizon {

void ObserverList::on(const TraceEvent& event, const World& world) {
  digest_.add(event);
  for (Observer* observer : observers_) observer->on(event, world);
}

Simulation::Simulation(std::shared_ptr<const Plan> plan)
    : world_(first_world(plan)),
      own_choices_(std::make_unique<SeededChoices>(plan->seed, plan->seeded_sites.bits)),
      choices_(own_choices_.get()),
      handlers_(&modelled_) {}

Simulation::Simulation(std::shared_ptr<const Plan> plan, Choices& choices, Handlers& handlers)
    : world_(first_world(std::move(plan))), choices_(&choices), handlers_(&handlers) {}

bool Simulation::at_end() {
  if (ended_ != Ended::not_yet) return true;
  if (world_.events.empty()) {
    ended_ = Ended::drained;
  } else if (world_.events.earliest().at > Instant{0} + plan().duration) {
    world_.now = Instant{0} + plan().duration;
    ended_ = Ended::duration;
  }
  return ended_ != Ended::not_yet;
}

bool Simulation::step() {
  if (at_end()) return false;
  Outside outside{*choices_, *handlers_, &observers_};
  try {
    trimhorizon::step(world_, outside);
  } catch (const InternalError& bug) {
    throw InternalError(fmt::format("{}\n  at simulated time {}, event {}, seed {}", bug.what(),
                                    duration_text(world_.now - Instant{0}),
                                    world_.history.trace_number, plan().seed));
  }
  return true;
}

void Simulation::run_until(Instant t) {
  while (!at_end() && world_.events.earliest().at <= t) step();
  if (ended_ == Ended::not_yet && world_.now < t) world_.now = t;
}

void Simulation::run(const std::function<void(double)>& progress) {
  constexpr std::uint64_t events_between_reports = 4096;
  std::uint64_t events = 0;
  while (step()) {
    if (++events % events_between_reports != 0 || !progress) continue;
    progress(static_cast<double>(world_.now.us) / static_cast<double>(plan().duration.us));
  }
}

}  // namespace trimhorizon
