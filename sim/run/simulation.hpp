// A run that is going on: a world, the source of its choices, and its observers. Simulator,
// explorer, time travel and Python all use this.
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

// Sends every event to the history of the run, and then to all other observers.
class ObserverList : public Observer {
 public:
  explicit ObserverList(const Plan& plan) : history_(plan) {}
  // REQUIRES: not null, and it outlives this list.
  void add(Observer* observer) { observers_.push_back(observer); }
  void on(const Happened& event, const World& world) override;
  bool takes_runs() const override;
  void on_run(const PutRun& run, const World& world) override;
  const History& history() const { return history_; }
  // The history without the other observers, for a fork.
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
  // No copies: a copy would use the choices of the original. fork() makes one with its own choices.
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;
  // Choices come from the seed, or from the plan's decisions. Functions are modelled.
  explicit Simulation(std::shared_ptr<const Plan> plan)
      : Simulation(std::move(plan), nullptr, nullptr) {}
  // The same choices, with these handlers. The handlers must outlive the simulation.
  Simulation(std::shared_ptr<const Plan> plan, Handlers& handlers)
      : Simulation(std::move(plan), nullptr, &handlers) {}
  // The same for a pointer; null: functions are modelled.
  static Simulation with(std::shared_ptr<const Plan> plan, Handlers* handlers) {
    return Simulation(std::move(plan), nullptr, handlers);
  }
  // With other choices and handlers. Both must outlive the simulation.
  Simulation(std::shared_ptr<const Plan> plan, Choices& choices, Handlers& handlers)
      : Simulation(std::move(plan), &choices, &handlers) {}

  const World& world() const { return world_; }
  // The history of the run so far.
  const History& history() const { return observers_.history(); }
  // The switches whose question the run has met so far.
  AssumptionsMet met() const;
  const Plan& plan() const { return *world_.plan; }
  // Adds an observer, which must outlive the simulation.
  void watch(Observer& observer) { observers_.add(&observer); }

  // Makes one event happen. False when the run has ended. Throws DriftError when the plan's
  // decisions do not fit.
  bool step();
  // Runs until the next event would be after `t`. Then the time is `t`, or that of the end.
  // `progress` gets the fraction of simulated time every few hundred events; it may throw to stop
  // the run.
  void run_until(Instant t, const std::function<void(double)>& progress = {});
  // Moves the time to `t`, and notes if this is the end. REQUIRES: no event is pending before `t`.
  void stand_at(Instant t);
  // When no event is left before `t`: moves the time to `t`, or to the end of `duration` if that is
  // earlier.
  void wait_until(Instant t);
  // Runs to the end. `progress` as for run_until().
  void run(const std::function<void(double)>& progress = {});

  // A copy of this moment: the world, the digest and its own choices, without observers. It shares
  // the handlers, or gets others; they must outlive the fork.
  Simulation fork() const { return Simulation(*this, &outside_.handlers); }
  Simulation fork(Handlers& handlers) const { return Simulation(*this, &handlers); }

  // Adds an action to the timeline, at `action.at`, or now if that is in the past. It becomes a
  // part of the plan of this simulation and happens before everything else of its instant.
  // REQUIRES: no event is pending before it.
  void inject(TimelineAction action);

  // The run goes on after `duration` of the plan.
  void ignore_duration() { ignores_duration_ = true; }

  // How the run ended; `running` while it goes on.
  RunEnd ended() const { return ended_; }
  // True after a step has thrown. The world is then half changed and is not a moment of any run.
  bool torn() const { return torn_; }
  std::string trace_digest() const { return history().digest.hex(); }
  const Choices& choices() const { return outside_.choices; }

 private:
  // Null: the simulation makes its own.
  Simulation(std::shared_ptr<const Plan> plan, Choices* choices, Handlers* handlers);
  Simulation(const Simulation& other, Handlers* handlers);
  bool nothing_left() const;
  bool at_end();
  void make_step();
  bool time_is_up() const;
  Choices& own_choices();

  World world_;
  ObserverList observers_;
  // Its own choices: at most one of these is set.
  std::optional<SeededChoices> seeded_;
  std::optional<ReplayChoices> replayed_;
  ModelledFunction modelled_;
  Outside outside_;
  RunEnd ended_ = RunEnd::running;
  bool torn_ = false;
  bool ignores_duration_ = false;
};

// What the builders of a result read of it.
RunSoFar so_far(const Simulation& simulation);
// The result so far.
Result build_result(const Simulation& simulation, const ResultOptions& options);

}  // namespace trimhorizon
