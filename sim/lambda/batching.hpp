// How many records form a batch, and when the batch is sent. ESM-PAR-01, ESM-PAR-02,
// ESM-POL-01..07.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

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

// How many of the `available` records make one batch: BatchSize or 6 MB end it, whichever comes
// first (ESM-POL-03). At least one, since a record that fits into no event is given up later
// (ESM-POL-07). `sizes.matter()` says whether the records can exceed 6 MB at all, and
// `sizes.data_bytes(i)` is the size of the i-th. REQUIRES: available > 0.
template <class Sizes>
std::uint64_t batch_records(const MappingSettings& settings, std::uint64_t available,
                            const Sizes& sizes) {
  const auto most = std::min(available, static_cast<std::uint64_t>(settings.batch_size));
  if (!sizes.matter()) return most;
  Payload payload;
  std::uint64_t n = 0;
  while (n < most && payload.takes(sizes.data_bytes(n))) ++n;
  return std::max<std::uint64_t>(n, 1);
}

// Does a batch of the `available` records have no room for one more? REQUIRES: available > 0.
template <class Sizes>
bool batch_is_full(const MappingSettings& settings, std::uint64_t available, const Sizes& sizes) {
  return available >= static_cast<std::uint64_t>(settings.batch_size) ||
         batch_records(settings, available, sizes) < available;
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

// When the reader looks again, because the batch waits for more records; nothing when it is sent
// now. An open window waits for a full batch, and the reader looks once a second (ESM-POL-04).
// Without a window the batch takes what is there, whatever BatchSize is (ESM-POL-05, CON-05).
std::optional<Instant> waits_until(const MappingSettings& settings, Instant window_ends, bool full,
                                   Instant now);

}  // namespace trimhorizon
