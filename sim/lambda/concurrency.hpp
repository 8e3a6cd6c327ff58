// Environments of a function: how many work, how many wait warm, and whether one more invocation
// finds room. LAM-CON-03, LAM-CON-05, LAM-CON-09.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"
#include "sim/lambda/function.hpp"

namespace trimhorizon {

struct FunctionState {
  std::uint32_t in_flight = 0;         // state
  std::uint32_t idle = 0;              // state: warm environments without work (LAM-CON-09)
  Instant throttled_until{INT64_MIN};  // time
  Instant outage_until{INT64_MIN};     // time

  friend bool operator==(const FunctionState&, const FunctionState&) = default;
};

// Would one more invocation be throttled now?
bool is_throttled(const FunctionSettings& settings, const FunctionState& state, Instant now);

// May one more invocation run beside those that do? (ReservedConcurrentExecutions)
bool has_room(const FunctionSettings& settings, const FunctionState& state);

// An environment that is free, or a new one: true, it is cold.
bool take_environment(FunctionState& state);
// Its work is done. One that crashed is gone.
void give_environment_back(FunctionState& state, bool crashed);

}  // namespace trimhorizon
