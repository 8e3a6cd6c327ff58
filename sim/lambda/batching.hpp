// How many records make a batch, and when it is sent. ESM-PAR-01, ESM-PAR-02, ESM-POL-01..07.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"
#include "sim/lambda/mapping.hpp"

namespace trimhorizon {

inline constexpr Duration poll_interval = seconds(1);               // ESM-POL-01
inline constexpr std::int64_t payload_bytes_max = 6 * 1024 * 1024;  // ESM-POL-03
inline constexpr std::int64_t record_overhead_bytes = 400;          // ESM-POL-06

// Size of a record in the event: base64 data and metadata (ESM-POL-06).
constexpr std::int64_t payload_size(std::int64_t data_bytes) {
  return 4 * ((data_bytes + 2) / 3) + record_overhead_bytes;
}

// The next point of the once-a-second rhythm that starts at `last_poll`, at or after `t`.
constexpr Instant next_rhythm_point(Instant last_poll, Instant t) {
  if (t <= last_poll) return last_poll;
  const std::int64_t steps = ((t - last_poll).us + poll_interval.us - 1) / poll_interval.us;
  return last_poll + poll_interval * steps;
}

// ESM-POL-04: the window starts when the previous invocation completes.
constexpr bool window_is_over(const MappingSettings& settings, Instant window_started,
                              Instant now) {
  return now >= window_started + seconds(settings.batching_window_s);
}

}  // namespace trimhorizon
