// The parts of a function's description that also apply to a user's own function: `duration:` and
// some entries of `fail:`.
#pragma once

#include "sim/world/handlers.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// How long the modelled function works on this request. The caller applies Timeout.
Duration modelled_duration(const InvocationRequest& request, const World& world);

// The entry of `fail:` for whole invocations that holds now; null if none. For a user's own
// function, `fail:` applies only in this way.
const FailRule* failing_invocation(const InvocationRequest& request, const World& world,
                                   Choices& choices);
// j of `after: some`: the first j records have their effect. j is drawn from 0 to n-1; the explorer
// takes 0. REQUIRES: the batch is not empty.
std::uint32_t effects_before_failure(const InvocationRequest& request, const World& world);
// How an invocation ends when an entry fails it in this way.
InvocationEnd end_of(FailAs as);

}  // namespace trimhorizon
