// How long a batch waits before it is handed over again. ESM-RTY-01, ESM-RTY-06; CON-19.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"
#include "sim/faults/assumptions.hpp"

namespace trimhorizon {

// The wait before attempt `step` + 1, without jitter; step counts from 0.
Duration backoff_delay(const Backoff& backoff, std::uint32_t step);

// The same with full jitter: uniform from nothing to the whole of it, as these bits draw it.
Duration jittered(Duration delay, std::uint64_t bits);

// Between two attempts of which the first took no time at all, a throttled one for instance: with
// `none` as back-off time would stand still for ever.
inline constexpr Duration shortest_wait = milliseconds(1);

}  // namespace trimhorizon
