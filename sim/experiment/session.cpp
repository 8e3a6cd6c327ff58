// A simulation under the control of a user. It can be brought back to the last whole step, because
// it keeps everything that is needed to repeat the run.
#include "sim/experiment/session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/experiment/judge.hpp"
#include "sim/scenario/build_world.hpp"

namespace trimhorizon {

namespace {

// An expectation that does not hold yet may hold at the end; a broken invariant stays broken.
void leave_open(Judgement& judgement, Verdict invariants) {
  judgement.verdict = invariants;
  for (JudgedExpectation& each : judgement.expectations) {
    if (each.verdict == Verdict::violated) {
      each.verdict = Verdict::undecided;
      each.why = "the run has not ended";
    }
    judgement.verdict = worse(judgement.verdict, each.verdict);
  }
}

}  // namespace

FunctionId function_named(const Scenario& scenario, const std::string& name) {
  std::vector<std::string_view> names;
  for (const FunctionEntry& each : scenario.functions) names.push_back(each.name);
  std::uint32_t index = 0;
  while (index < names.size() && names[index] != name) ++index;
  if (index < names.size()) return {index};
  const std::string near = did_you_mean(name, names);
  throw SessionError(fmt::format("there is no function `{}` in {}{}{}", name, scenario.file,
                                 near.empty() ? "" : "; ", near));
}

Session::Session(std::shared_ptr<const Scenario> scenario, std::optional<std::uint64_t> seed,
                 const std::vector<OwnFunction>& functions)
    : scenario_(std::move(scenario)),
      plan_(make_plan(*scenario_, {seed, true})),
      simulation_(std::make_unique<Simulation>(plan_, handlers_)) {
  place_functions(*scenario_, functions, handlers_);
}

Session::Session(const Session& other, const std::vector<OwnFunction>& functions)
    : scenario_(other.scenario_),
      plan_(other.plan_),
      handlers_(other.handlers_),
      injections_(other.injections_),
      simulation_(new Simulation(other.simulation_->fork(
          handlers_))) {  // constructed in place: a Simulation cannot be moved
  place_functions(*scenario_, functions, handlers_, world().last_call.value);
}

void Session::check_whole() const {
  if (simulation_->torn()) {
    throw SessionError(
        "an error in the middle of an event left this simulation broken, and it "
        "could not be restored: create it again");
  }
}

// The world is made again from the recipe. This costs as much as the run so far, but only if a step
// fails; keeping a copy of every step would cost time in every run.
void Session::restore_at(std::uint64_t steps, Instant now) {
  handlers_.undo_step(world().steps);
  auto again = std::make_unique<Simulation>(plan_, handlers_);
  drive(*again, {injections_, Stop{steps, Instant{0}}});
  if (again->world().now < now) again->stand_at(now);
  simulation_ = std::move(again);
}

template <class Go>
void Session::whole_steps(Go go) {
  check_whole();
  const Instant time_before = world().now;
  try {
    go();
  } catch (...) {
    if (simulation_->torn()) restore_at(world().steps - 1, time_before);
    throw;
  }
}

bool Session::step() {
  bool stepped = false;
  whole_steps([&] { stepped = simulation_->step(); });
  return stepped;
}

void Session::run_until(Instant t, const Progress& progress) {
  whole_steps([&] { simulation_->run_until(t, progress); });
  simulation_->wait_until(t);
}

void Session::run(const Progress& progress) {
  whole_steps([&] { simulation_->run(progress); });
}

std::unique_ptr<Session> Session::fork(const std::vector<OwnFunction>& functions) const {
  check_whole();
  return std::unique_ptr<Session>(new Session(*this, functions));
}

void Session::inject(TimelineAction action) {
  check_whole();
  if (ended() == RunEnd::duration) {
    throw SessionError("the run has reached its `duration`: nothing can be injected any more");
  }
  action.at = world().now;
  injections_.push_back({world().steps, action});
  const std::uint64_t steps = world().steps;
  try {
    simulation_->inject(action);
  } catch (...) {
    injections_.pop_back();
    restore_at(steps, action.at);
    throw;
  }
}

Recipe Session::recipe() const { return {injections_, Stop{world().steps, world().now}}; }

ScenarioRun Session::result(const Progress& progress) const {
  check_whole();
  RecordedHandlers replay(handlers_.record());
  const Recipe how = recipe();
  RunOptions options;
  options.seed = world().plan->seed;
  options.progress = progress;
  options.handlers = &replay;
  options.recipe = &how;
  ScenarioRun run = run_scenario(scenario_, options);
  TH_CHECK(run.result.trace_digest == trace_digest());
  if (ended() == RunEnd::running) leave_open(run.judgement, judge_invariants(run.result).verdict);
  return run;
}

TimelineAction read_action(const Scenario& scenario, std::vector<Override> overrides,
                           const std::string& entry) {
  overrides.push_back({"timeline", "[" + entry + "]"});
  const Scenario read = read_again(scenario, overrides);
  TH_CHECK(read.timeline.size() == 1);
  return read.timeline.front();
}

std::vector<std::string> functions_with_ignored_rules(const Scenario& scenario,
                                                      const HandlerRecord& record) {
  std::vector<std::string> names;
  for (std::size_t f = 0; f < scenario.functions.size() && f < record.own.size(); ++f) {
    const FunctionSettings& settings = scenario.functions[f].settings;
    const bool for_records =
        std::any_of(settings.fail.begin(), settings.fail.end(),
                    [](const FailRule& rule) { return rule.asks_each_record(); });
    if (record.own[f] && (for_records || settings.respond != Respond::raise)) {
      names.push_back(scenario.functions[f].name);
    }
  }
  return names;
}

}  // namespace trimhorizon
