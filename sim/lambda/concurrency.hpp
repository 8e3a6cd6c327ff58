// The execution environments of a function: how many work, how many are idle, whether one more
// invocation can run, and who waits for it. LAM-CON-03, LAM-CON-05, LAM-CON-09, LAM-CON-13.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"
#include "sim/lambda/function.hpp"

namespace trimhorizon {

// A lane whose batch was refused because all slots of the function were taken.
struct Waiter {
  ReaderId reader;
  LaneId lane;

  friend bool operator==(const Waiter&, const Waiter&) = default;
};

struct FunctionState {
  std::uint32_t in_flight = 0;         // state: invocations that run now
  std::uint32_t idle = 0;              // state: warm environments that do nothing (LAM-CON-09)
  Instant throttled_until{INT64_MIN};  // time: of the timeline; excluded
  Instant outage_until{INT64_MIN};     // time: of the timeline; excluded
  // state: the lanes that wait for a slot, in the order of their first refusal (LAM-CON-13)
  std::vector<Waiter> line;

  friend bool operator==(const FunctionState&, const FunctionState&) = default;
};

// Why AWS refuses an invocation (LAM-CON-05).
//   throttle   an entry of the timeline throttles the function
//   slots      all slots of its reserved concurrency are taken
//   fault      the explorer throttles this invocation
#define TH_REFUSALS(X) X(none) X(throttle) X(slots) X(fault)
TH_NAMED_ENUM(Refusal, TH_REFUSALS)

// Would AWS throttle one more invocation at `now`?
Refusal throttled_by(const FunctionSettings& settings, const FunctionState& state, Instant now);

// Can one more invocation run beside those that run now? Looks at ReservedConcurrentExecutions
// only; unset means no limit.
bool has_room(const FunctionSettings& settings, const FunctionState& state);

// Lanes that were refused stand in a line. A lane joins at its end, once; it leaves when it is
// invoked, or has nothing to send any more (LAM-CON-13).
void join_line(FunctionState& state, Waiter waiter);
void leave_line(FunctionState& state, Waiter waiter);

// Starts an invocation in an idle environment, or in a new one when none is idle. True when it is
// new: a cold start.
bool take_environment(FunctionState& state);
// Ends an invocation. Its environment becomes idle, or disappears when it crashed. REQUIRES:
// in_flight > 0.
void give_environment_back(FunctionState& state, bool crashed);

}  // namespace trimhorizon
