// The execution environments of a function: how many work, how many are idle, and whether one more
// invocation can run. LAM-CON-03, LAM-CON-05, LAM-CON-09.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"
#include "sim/lambda/function.hpp"

namespace trimhorizon {

struct FunctionState {
  std::uint32_t in_flight = 0;         // state: invocations that run now
  std::uint32_t idle = 0;              // state: warm environments that do nothing (LAM-CON-09)
  Instant throttled_until{INT64_MIN};  // time: of the timeline; excluded
  Instant outage_until{INT64_MIN};     // time: of the timeline; excluded

  friend bool operator==(const FunctionState&, const FunctionState&) = default;
};

// Would AWS throttle one more invocation at `now`? (LAM-CON-05)
bool is_throttled(const FunctionSettings& settings, const FunctionState& state, Instant now);

// Can one more invocation run beside those that run now? Looks at ReservedConcurrentExecutions
// only; unset means no limit.
bool has_room(const FunctionSettings& settings, const FunctionState& state);

// Starts an invocation in an idle environment, or in a new one when none is idle. True when it is
// new: a cold start.
bool take_environment(FunctionState& state);
// Ends an invocation. Its environment becomes idle, or disappears when it crashed. REQUIRES:
// in_flight > 0.
void give_environment_back(FunctionState& state, bool crashed);

}  // namespace trimhorizon
