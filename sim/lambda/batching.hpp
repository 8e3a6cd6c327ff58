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

// The event of an invocation while it is filled: records go in until one does not fit.
class Payload {
 public:
  // Takes one more record of that much data, if the event stays within 6 MB.
  bool takes(std::int64_t data_bytes);

 private:
  std::int64_t bytes_ = 0;
};

// A record that no event can hold, not even alone (ESM-POL-07).
constexpr bool is_oversized(std::int64_t data_bytes) {
  return payload_size(data_bytes) > payload_bytes_max;
}

// The next point of the once-a-second rhythm that starts at `last_poll`, at or after `t`.
constexpr Instant next_rhythm_point(Instant last_poll, Instant t) {
  if (t <= last_poll) return last_poll;
  const std::int64_t steps = ((t - last_poll).us + poll_interval.us - 1) / poll_interval.us;
  return last_poll + poll_interval * steps;
}

// When the batching window ends: it starts when the previous invocation completes, not with the
// first record, as for other sources (ESM-POL-04).
Instant window_end(const MappingSettings& settings, Instant previous_completed,
                   Instant first_arrival);

}  // namespace trimhorizon
