// A simulation under the control of a user, for example in a notebook: it can be stepped, stopped,
// looked at, disturbed and forked.
//
// Always:
//  1. A session keeps its recipe. Its result comes from repeating the run, and the digest of the
//     repeated run is checked: a fork that runs on equals the run itself.
//  2. A step happens completely or not at all: if a function of the user, or Ctrl-C in it, ends a
//     step in the middle, the session goes back to where it was and can be stepped again.
//  3. A fork shares only what never changes, and the functions of the user: their memory is not
//     copied.
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

// The scenario has no function, mapping, … of that name, or the request is not possible now.
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
  // The time is `t` afterwards, even if nothing is left to happen before `t`.
  void run_until(Instant t, const Progress& progress = {});
  void run(const Progress& progress = {});

  // A copy of this moment. Functions named here replace those of the same name from now on.
  std::unique_ptr<Session> fork(const std::vector<OwnFunction>& functions = {}) const;

  // Does an action of the timeline now. Throws SessionError at the end of `duration`.
  void inject(TimelineAction action);

  const Scenario& scenario() const { return *scenario_; }
  std::shared_ptr<const Scenario> shared_scenario() const { return scenario_; }
  const World& world() const { return simulation_->world(); }
  const HandlerRecord& handler_record() const { return handlers_.record(); }
  RunEnd ended() const { return simulation_->ended(); }
  std::string trace_digest() const { return simulation_->trace_digest(); }
  Recipe recipe() const;

  // The result so far, by repeating the run.
  ScenarioRun result(const Progress& progress = {}) const;

 private:
  Session(const Session& other, const std::vector<OwnFunction>& functions);
  void check_whole() const;
  template <class Go>
  void whole_steps(Go go);
  // Repeats the run up to `steps` and sets the time to `now`.
  void restore_at(std::uint64_t steps, Instant now);

  std::shared_ptr<const Scenario> scenario_;
  std::shared_ptr<const Plan> plan_;  // without the injections
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
// Lets the functions of the user answer for the functions of the same name in the scenario. With
// RecordedHandlers, `after` is an invocation number: they answer all invocations after it.
template <class Target, class... After>
void place_functions(const Scenario& scenario, const std::vector<OwnFunction>& functions,
                     Target& handlers, After... after) {
  for (const OwnFunction& own : functions) {
    handlers.answer_with(function_named(scenario, own.name), own.call, after...);
  }
}

// The user's functions for which the file has entries of `fail:` for records, or a `respond:`: both
// are ignored, and a run says so once.
std::vector<std::string> functions_with_ignored_rules(const Scenario& scenario,
                                                      const HandlerRecord& record);

}  // namespace trimhorizon
