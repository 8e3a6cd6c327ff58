// Parts of the function as the scenario describes it, that a function of the user's own shares.
#pragma once

#include "sim/world/handlers.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// How long the modelled function works on this request, at most its Timeout.
Duration modelled_duration(const InvocationRequest& request, const World& world);

// The entry of `fail:` for whole invocations that holds now, or none: what of `fail:` applies to a
// handler of the user's own.
const FailRule* failing_invocation(const InvocationRequest& request, const World& world,
                                   Choices& choices);
// j of `after: some`: the first j records have their effect; j is drawn from 0 to n-1.
std::uint32_t effects_before_failure(const InvocationRequest& request, const World& world);
InvocationEnd end_of(FailAs as);

}  // namespace trimhorizon
