// How many records form a batch, and when the batch is sent. ESM-PAR-01, ESM-PAR-02,
// ESM-POL-01..07.
#pragma once

#include <cstdint>

#include "sim/base/time.hpp"
#include "sim/lambda/mapping.hpp"

namespace trimhorizon {

inline constexpr Duration poll_interval = seconds(1);               // ESM-POL-01
inline constexpr std::int64_t payload_bytes_max = 6 * 1024 * 1024;  // ESM-POL-03
inline constexpr std::int64_t record_overhead_bytes = 400;          // ESM-POL-06

// The size of a record in the event, in bytes: its data in base64, and its metadata (ESM-POL-06).
// `data_bytes` is the size before base64.
constexpr std::int64_t payload_size(std::int64_t data_bytes) {
  return 4 * ((data_bytes + 2) / 3) + record_overhead_bytes;
}

// Adds up the size of one event while records go in, until a record does not fit.
class Payload {
 public:
  // Adds one more record with this much data. True while the event stays within 6 MB (ESM-POL-03).
  bool takes(std::int64_t data_bytes);

 private:
  std::int64_t bytes_ = 0;
};

// A record that is too large for any event, even alone (ESM-POL-07).
constexpr bool is_oversized(std::int64_t data_bytes) {
  return payload_size(data_bytes) > payload_bytes_max;
}

// A reader reads once a second, counted from `last_poll` (ESM-POL-01). Returns the first of these
// instants that is at `t` or later.
constexpr Instant next_rhythm_point(Instant last_poll, Instant t) {
  if (t <= last_poll) return last_poll;
  const std::int64_t steps = ((t - last_poll).us + poll_interval.us - 1) / poll_interval.us;
  return last_poll + poll_interval * steps;
}

// When the batching window ends. It starts when the previous invocation completes (ESM-POL-04). For
// other sources it starts with the first record; `first_arrival` serves only that wrong rule.
Instant window_end(const MappingSettings& settings, Instant previous_completed,
                   Instant first_arrival);

}  // namespace trimhorizon
