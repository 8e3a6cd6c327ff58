// A run in the making: a world, who answers its choices, and who watches. Simulator, explorer,
// time travel and Python all drive this.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/choices.hpp"
#include "sim/base/hash.hpp"
#include "sim/faults/decisions.hpp"
#include "sim/history/history.hpp"
#include "sim/history/result_builder.hpp"
#include "sim/world/step.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// Passes everything that happens on: to the history of the run and to whoever else watches.
class ObserverList : public Observer {
 public:
  explicit ObserverList(const Plan& plan) : history_(plan) {}
  void add(Observer* observer) { observers_.push_back(observer); }
  void on(const Happened& event, const World& world) override;
  const History& history() const { return history_; }
  // The history alone, for a fork.
  ObserverList unwatched() const {
    ObserverList list = *this;
    list.observers_.clear();
    return list;
  }

 private:
  History history_;
  std::vector<Observer*> observers_;
};

class Simulation {
 public:
  // A copy would ask the original's choices: fork() makes one that has its own.
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;
  // Seeded choices, or the plan's decisions, and the modelled function.
  explicit Simulation(std::shared_ptr<const Plan> plan)
      : Simulation(std::move(plan), nullptr, nullptr) {}
  // The same choices; the handlers must outlive the simulation.
  Simulation(std::shared_ptr<const Plan> plan, Handlers& handlers)
      : Simulation(std::move(plan), nullptr, &handlers) {}
  // With these handlers; null: the modelled function.
  static Simulation with(std::shared_ptr<const Plan> plan, Handlers* handlers) {
    return Simulation(std::move(plan), nullptr, handlers);
  }
  // Other choices or handlers; both must outlive the simulation.
  Simulation(std::shared_ptr<const Plan> plan, Choices& choices, Handlers& handlers)
      : Simulation(std::move(plan), &choices, &handlers) {}

  const World& world() const { return world_; }
  // What the run has come to so far.
  const History& history() const { return observers_.history(); }
  AssumptionsMet met() const;
  const Plan& plan() const { return *world_.plan; }
  void watch(Observer& observer) { observers_.add(&observer); }

  // One event; false at the end. Throws DriftError when the plan's decisions do not fit.
  bool step();
  // Until the next event would be after `t`; time stands at `t` or the end then. `progress`, if
  // any, is told the fraction of simulated time every few hundred events and may stop by throwing.
  void run_until(Instant t, const std::function<void(double)>& progress = {});
  // Time stands at `t`; no event may be due earlier. Notes the end if this is it.
  void stand_at(Instant t);
  // Time stands at `t`, or at the end of `duration` if that is earlier, when nothing is left to
  // happen before.
  void wait_until(Instant t);
  // To the end.
  void run(const std::function<void(double)>& progress = {});

  // This moment once more: the world, the digest and its own choices as they stand, and nobody
  // watching. The handlers are shared, or others that outlive the fork.
  Simulation fork() const { return Simulation(*this, &outside_.handlers); }
  Simulation fork(Handlers& handlers) const { return Simulation(*this, &handlers); }

  // An action of the timeline, at `action.at` or now if that is past. It is added to the plan of
  // this simulation and done before anything else of that instant; no event may be due earlier.
  void inject(TimelineAction action);

  // The plan's `duration` does not end it.
  void ignore_duration() { ignores_duration_ = true; }

  RunEnd ended() const { return ended_; }
  // A step threw: the world is what it had come to, and no moment of a run.
  bool torn() const { return torn_; }
  std::string trace_digest() const { return history().digest.hex(); }
  const Choices& choices() const { return outside_.choices; }

 private:
  // Null: its own.
  Simulation(std::shared_ptr<const Plan> plan, Choices* choices, Handlers* handlers);
  Simulation(const Simulation& other, Handlers* handlers);
  bool at_end();
  bool time_is_up() const;
  Choices& own_choices();

  World world_;
  ObserverList observers_;
  // Its own choices: one of these, or none.
  std::optional<SeededChoices> seeded_;
  std::optional<ReplayChoices> replayed_;
  ModelledFunction modelled_;
  Outside outside_;
  RunEnd ended_ = RunEnd::running;
  bool torn_ = false;
  bool ignores_duration_ = false;
};

// What it came to so far.
Result build_result(const Simulation& simulation, const ResultOptions& options);

}  // namespace trimhorizon
