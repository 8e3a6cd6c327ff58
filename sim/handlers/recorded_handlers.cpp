#include "sim/handlers/recorded_handlers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/world/world.hpp"

namespace trimhorizon {

const Outcome* HandlerRecord::find(std::uint64_t number) const {
  const auto at = std::lower_bound(
      outcomes.begin(), outcomes.end(), number,
      [](const RecordedOutcome& each, std::uint64_t wanted) { return each.number < wanted; });
  return at != outcomes.end() && at->number == number ? &at->outcome : nullptr;
}

void RecordedHandlers::answer_with(FunctionId function, Call call, std::uint64_t after) {
  if (!is_own(function) && after > 0) {
    std::vector<std::uint64_t>& until = record_.modelled_until;
    if (until.size() <= function.value) until.resize(function.value + 1);
    until[function.value] = after;
  }
  if (record_.own.size() <= function.value) record_.own.resize(function.value + 1);
  if (calls_.size() <= function.value) calls_.resize(function.value + 1);
  record_.own[function.value] = true;
  calls_[function.value] = std::move(call);
}

bool RecordedHandlers::is_own(FunctionId function) const {
  return function.value < record_.own.size() && record_.own[function.value];
}

bool RecordedHandlers::was_modelled(FunctionId function, std::uint64_t number) const {
  if (!is_own(function)) return true;
  const std::vector<std::uint64_t>& until = record_.modelled_until;
  return function.value < until.size() && number <= until[function.value];
}

RecordedHandlers::Environment& RecordedHandlers::environment_for(FunctionId function,
                                                                 const World& world, bool& cold) {
  Environment* best = nullptr;
  for (Environment& each : environments_) {
    if (cold || each.function != function || each.free_at > world.now) continue;
    if (best == nullptr || each.free_at > best->free_at) best = &each;
  }
  if (best != nullptr) return *best;
  cold = true;  // an outage may have warmed an environment that no handler has seen
  return environments_.emplace_back(Environment{environments_made_++, function, {}});
}

// The seed of the random numbers of one call. It depends only on the reader and its count of calls,
// so other mappings and other shards cannot change it.
static std::uint64_t chance_of(const InvocationRequest& request, const World& world) {
  const std::uint64_t who = world.draws_as(request.mapping, request.batch.shard);
  return (who << 32) + request.call;
}

Outcome RecordedHandlers::decide(const InvocationRequest& request, const World& world,
                                 const OwnInvocation& own) {
  const FunctionId function = world.plan->mapping(request.mapping).function;
  const FunctionSettings& settings = world.plan->function(function).settings;
  bool cold = request.cold;
  Environment& environment = environment_for(function, world, cold);
  const HandlerCall call{world,
                         function,
                         own.given,
                         request.number,
                         request.request,
                         chance_of(request, world),
                         world.now + (cold ? settings.cold_start : Duration{0}),
                         settings.timeout(),
                         environment.number,
                         cold};
  HandlerReply reply;
  if (!own.given.empty()) reply = read_reply(call, calls_[function.value](call));
  Outcome outcome = judge_reply(request, world, own, reply);
  environment.free_at = call.starts + outcome.duration;
  if (outcome.end == InvocationEnd::crash) {
    std::erase_if(environments_,
                  [&](const Environment& each) { return each.number == call.environment; });
  }
  return outcome;
}

void RecordedHandlers::undo_step(std::uint64_t steps) {
  if (before_.steps != steps) return;
  record_.outcomes.resize(before_.outcomes);
  environments_ = before_.environments;
  environments_made_ = before_.environments_made;
  before_ = {};
}

Outcome RecordedHandlers::invoke(const InvocationRequest& request, const World& world,
                                 Choices& choices) {
  const FunctionId function = world.plan->mapping(request.mapping).function;
  if (was_modelled(function, request.number.value))
    return modelled_.invoke(request, world, choices);
  // It is asked in a replay too, so that both runs ask the same questions.
  const OwnInvocation own = ask_own_invocation(request, world, choices);
  if (const Outcome* known = record_.find(request.number.value)) return *known;
  if (function.value >= calls_.size() || !calls_[function.value]) {
    throw ReplayError(
        fmt::format("invocation {} of {} is not in the recording: this is another run",
                    request.number.value, world.plan->function(function).name));
  }
  if (before_.steps != world.steps) {
    before_.steps = world.steps;
    before_.outcomes = record_.outcomes.size();
    before_.environments = environments_;
    before_.environments_made = environments_made_;
  }
  record_.outcomes.push_back({request.number.value, decide(request, world, own)});
  return record_.outcomes.back().outcome;
}

}  // namespace trimhorizon
