#include "sim/experiment/session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/experiment/judge.hpp"
#include "sim/scenario/build_world.hpp"

namespace trimhorizon {

namespace {

// What does not hold yet may hold in the end; what is broken stays broken.
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
      simulation_(new Simulation(other.simulation_->fork(handlers_))) {  // made there: not moved
  place_functions(*scenario_, functions, handlers_, world().last_call.value);
}

void Session::check_whole() const {
  if (simulation_->torn()) {
    throw SessionError(
        "an error in the middle of an event has broken this simulation, and it "
        "could not be brought back: start it again");
  }
}

// The world is made again from the recipe: as long as a run so far, and nothing unless it happens.
void Session::stand_again(std::uint64_t steps, Instant now) {
  handlers_.undo_step(world().steps);
  auto again = std::make_unique<Simulation>(plan_, handlers_);
  drive(*again, {injections_, Stop{steps, Instant{0}}});
  if (again->world().now < now) again->stand_at(now);
  simulation_ = std::move(again);
}

template <class Go>
void Session::whole_steps(Go go) {
  check_whole();
  const Instant stood_at = world().now;
  try {
    go();
  } catch (...) {
    if (simulation_->torn()) stand_again(world().steps - 1, stood_at);
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
    stand_again(steps, action.at);
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
  options.records = true;
  options.invocations = true;
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
  const Scenario read = read_scenario(scenario.source_text, scenario.file, overrides);
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
