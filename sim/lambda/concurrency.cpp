#include "sim/lambda/concurrency.hpp"

#include <algorithm>

#include "sim/base/rule.hpp"

namespace trimhorizon {

Refusal throttled_by(const FunctionSettings& settings, const FunctionState& state, Instant now) {
  // An interval of the timeline excludes its end: at `throttled_until` itself the throttle is over.
  const Duration more_time = TH_RULE(an_interval_excludes_its_end, Duration{0}, microseconds(1));
  if (now < state.throttled_until + more_time) return Refusal::throttle;
  // LAM-CON-03: reserved concurrency is also an upper bound, so one invocation more is refused.
  const std::uint32_t more = TH_RULE(reserved_concurrency_is_a_cap, 0u, 1u);
  const bool full =
      settings.reserved_concurrency && state.in_flight >= *settings.reserved_concurrency + more;
  return full ? Refusal::slots : Refusal::none;
}

bool has_room(const FunctionSettings& settings, const FunctionState& state) {
  return !settings.reserved_concurrency || state.in_flight < *settings.reserved_concurrency;
}

void join_line(FunctionState& state, Waiter waiter) {
  if (std::find(state.line.begin(), state.line.end(), waiter) != state.line.end()) return;
  state.line.push_back(waiter);
}

void leave_line(FunctionState& state, Waiter waiter) { std::erase(state.line, waiter); }

bool take_environment(FunctionState& state) {
  state.in_flight += 1;
  // LAM-CON-09: a warm environment is used again; a new one needs a cold start first.
  if (state.idle == 0) return true;
  state.idle -= 1;
  return false;
}

void give_environment_back(FunctionState& state, bool crashed) {
  state.in_flight -= 1;
  // After a crash the environment is gone, so the next invocation may be a cold start.
  if (!TH_RULE(a_crash_leaves_no_warm_environment, crashed, false)) state.idle += 1;
}

}  // namespace trimhorizon
