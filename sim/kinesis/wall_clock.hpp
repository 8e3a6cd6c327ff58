// Wall time, as AWS writes it on records and shards. A run begins at `epoch_ms`.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"

namespace trimhorizon {

struct WallClock {
  std::int64_t epoch_ms = 0;  // milliseconds since 1970 at the beginning of the run

  // Milliseconds since 1970, rounded down, also for instants before the epoch.
  constexpr std::int64_t ms(Instant t) const {
    return epoch_ms + t.us / 1000 - (t.us % 1000 < 0 ? 1 : 0);
  }
  // Seconds since 1970.
  constexpr std::int64_t s(Instant t) const { return ms(t) / 1000; }
  // The first instant of this millisecond.
  constexpr Instant at(std::int64_t wall_ms) const { return {(wall_ms - epoch_ms) * 1000}; }
};

}  // namespace trimhorizon
