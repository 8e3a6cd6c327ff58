#include "sim/experiment/session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/scenario/build_world.hpp"

namespace trimhorizon {

FunctionId function_named(const Scenario& scenario, const std::string& name) {
  std::vector<std::string_view> names;
  for (const FunctionEntry& each : scenario.functions) names.push_back(each.name);
  std::uint32_t index = 0;
  while (index < names.size() && names[index] != name) ++index;
  if (index < names.size()) return {index};
  const std::string_view near = nearest(name, names);
  throw SessionError(fmt::format("there is no function `{}` in {}{}", name, scenario.file,
                                 near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
}

void place_functions(const Scenario& scenario, const std::vector<OwnFunction>& functions,
                     RecordedHandlers& handlers) {
  for (const OwnFunction& own : functions) {
    handlers.answer_with(function_named(scenario, own.name), own.call);
  }
}

Session::Session(std::shared_ptr<const Scenario> scenario, std::optional<std::uint64_t> seed,
                 const std::vector<OwnFunction>& functions)
    : scenario_(std::move(scenario)), simulation_(make_plan(*scenario_, {seed, true}), handlers_) {
  place_functions(*scenario_, functions, handlers_);
}

Session::Session(const Session& other, const std::vector<OwnFunction>& functions)
    : scenario_(other.scenario_),
      handlers_(other.handlers_),
      injections_(other.injections_),
      simulation_(other.simulation_.fork(handlers_)) {
  place_functions(*scenario_, functions, handlers_);
}

bool Session::step() { return simulation_.step(); }

void Session::run_until(Instant t, const Progress& progress) {
  simulation_.run_until(t, progress);
}

void Session::run(const Progress& progress) { simulation_.run(progress); }

std::unique_ptr<Session> Session::fork(const std::vector<OwnFunction>& functions) const {
  return std::unique_ptr<Session>(new Session(*this, functions));
}

void Session::inject(TimelineAction action) {
  if (ended() == Ended::duration) {
    throw SessionError("the run has reached its `duration`: nothing can be injected any more");
  }
  action.at = world().now;
  injections_.push_back({world().history.steps, action});
  simulation_.inject(action);
}

Recipe Session::recipe() const {
  return {injections_, Stop{world().history.steps, world().now}};
}

ScenarioRun Session::result(const Progress& progress) const {
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
