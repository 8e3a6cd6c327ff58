// How long a batch waits before the next attempt. ESM-RTY-01, ESM-RTY-06; CON-19.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"
#include "sim/faults/assumptions.hpp"

namespace trimhorizon {

// The wait after failed attempt number `step`, counted from 0, without jitter: first * factor^step,
// at most `cap`; 0 when the back-off is off.
Duration backoff_delay(const Backoff& backoff, std::uint32_t step);

// The wait with full jitter: from above 0 to the whole delay, all values equally likely, chosen by
// these random bits.
Duration jittered(Duration delay, std::uint64_t bits);

// The shortest wait after an attempt that took no time, for example a throttled one. With the
// back-off `none`, simulated time would otherwise stand still for ever.
inline constexpr Duration shortest_wait = milliseconds(1);

}  // namespace trimhorizon
