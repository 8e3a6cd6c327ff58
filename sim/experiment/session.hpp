// A simulation held in hand: stepped, stopped, looked at, disturbed, forked. What a notebook does
// between two cells.
//
// Always:
//  1. A session keeps its recipe, so its result is that of the same run driven again, checked to
//     have the same digest: fork then run equals run.
//  2. A step happens wholly or not at all: when a function of the user's, or Ctrl-C in it, ends one
//     in the middle, the session stands where it stood before, and can be stepped again.
//  3. A fork shares nothing with its origin but what never changes, and the user's own functions:
//     their memory is theirs and is not copied.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/experiment/run_scenario.hpp"
#include "sim/handlers/recorded_handlers.hpp"
#include "sim/run/recipe.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {

// A user's own function and its name in the scenario.
struct OwnFunction {
  std::string name;
  RecordedHandlers::Call call;
};

// Names a function, mapping, … that the scenario does not have, or asks what cannot be.
class SessionError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Session {
 public:
  using Progress = std::function<void(double)>;

  Session(std::shared_ptr<const Scenario> scenario, std::optional<std::uint64_t> seed,
          const std::vector<OwnFunction>& functions);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // One event; false at the end.
  bool step();
  // Time stands at `t` then, also when nothing was left to happen before.
  void run_until(Instant t, const Progress& progress = {});
  void run(const Progress& progress = {});

  // This moment once more. Functions named here answer from now on instead of those so far.
  std::unique_ptr<Session> fork(const std::vector<OwnFunction>& functions = {}) const;

  // An action of the timeline, now.
  void inject(TimelineAction action);

  const Scenario& scenario() const { return *scenario_; }
  std::shared_ptr<const Scenario> shared_scenario() const { return scenario_; }
  const World& world() const { return simulation_->world(); }
  const HandlerRecord& handler_record() const { return handlers_.record(); }
  RunEnd ended() const { return simulation_->ended(); }
  std::string trace_digest() const { return simulation_->trace_digest(); }
  Recipe recipe() const;

  // What it came to so far, by driving the recipe again.
  ScenarioRun result(const Progress& progress = {}) const;

 private:
  Session(const Session& other, const std::vector<OwnFunction>& functions);
  void check_whole() const;
  template <class Go>
  void whole_steps(Go go);
  void stand_again(std::uint64_t steps, Instant now);

  std::shared_ptr<const Scenario> scenario_;
  std::shared_ptr<const Plan> plan_;  // before anything was injected
  RecordedHandlers handlers_;
  std::vector<Injection> injections_;
  std::unique_ptr<Simulation> simulation_;
};

// The action that an entry of `timeline:` says, as flow YAML: "{at: 0s, crash_poller: {mapping: m,
// shard: shardId-000000000000}}". `overrides` are those the scenario was read with. Throws
// ScenarioError.
TimelineAction read_action(const Scenario& scenario, std::vector<Override> overrides,
                           const std::string& entry);

// Throws SessionError with the nearest name.
FunctionId function_named(const Scenario& scenario, const std::string& name);
// Puts the user's functions where the scenario has them; of RecordedHandlers, for all invocations
// behind number `after`.
template <class Behind, class... After>
void place_functions(const Scenario& scenario, const std::vector<OwnFunction>& functions,
                     Behind& handlers, After... after) {
  for (const OwnFunction& own : functions) {
    handlers.answer_with(function_named(scenario, own.name), own.call, after...);
  }
}

// The user's functions for which the file has entries of `fail:` for records, or a `respond:`: both
// are ignored, and a run says so once.
std::vector<std::string> functions_with_ignored_rules(const Scenario& scenario,
                                                      const HandlerRecord& record);

}  // namespace trimhorizon
