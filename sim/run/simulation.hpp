// A run in the making: a world, who answers its choices, and who watches. Simulator, explorer,
// time travel and Python all drive this.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/base/choices.hpp"
#include "sim/base/hash.hpp"
#include "sim/run/digest.hpp"
#include "sim/world/step.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// Passes every trace event on to the digest and to whoever else watches.
class ObserverList : public Observer {
 public:
  void add(Observer* observer) { observers_.push_back(observer); }
  void on(const TraceEvent& event, const World& world) override;
  const TraceDigest& digest() const { return digest_; }

 private:
  TraceDigest digest_;
  std::vector<Observer*> observers_;
};

// Why stepping came to an end.
enum class Ended : std::uint8_t {
  not_yet,
  drained,   // nothing is left to happen
  duration,  // the scenario's upper bound
};

class Simulation {
 public:
  // Seeded choices and the modelled function.
  explicit Simulation(std::shared_ptr<const Plan> plan);
  // Other choices or handlers; both must outlive the simulation.
  Simulation(std::shared_ptr<const Plan> plan, Choices& choices, Handlers& handlers);

  const World& world() const { return world_; }
  const Plan& plan() const { return *world_.plan; }
  void watch(Observer& observer) { observers_.add(&observer); }

  // One event; false at the end.
  bool step();
  // Until the next event would be after `t`; time stands at `t` or the end then.
  void run_until(Instant t);
  // To the end. `progress`, if any, is told the fraction of simulated time now and then and may
  // stop the run by throwing.
  void run(const std::function<void(double)>& progress = {});

  Ended ended() const { return ended_; }
  std::string trace_digest() const { return observers_.digest().hex(); }
  const Choices& choices() const { return *choices_; }

 private:
  bool at_end();

  World world_;
  std::unique_ptr<Choices> own_choices_;
  ModelledFunction modelled_;
  Choices* choices_;
  Handlers* handlers_;
  ObserverList observers_;
  Ended ended_ = Ended::not_yet;
};

}  // namespace trimhorizon
