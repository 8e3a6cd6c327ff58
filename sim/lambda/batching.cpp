#include "sim/lambda/batching.hpp"

#include "sim/base/rule.hpp"

namespace trimhorizon {

bool Payload::takes(std::int64_t data_bytes) {
  // ESM-POL-06: the limit applies to the JSON event, where base64 makes the data a third longer.
  bytes_ += TH_RULE(the_6_mb_are_counted_in_base64, payload_size(data_bytes), data_bytes);
  return bytes_ <= payload_bytes_max;
}

Instant window_end(const MappingSettings& settings, Instant previous_completed,
                   [[maybe_unused]] Instant first_arrival) {
  // ESM-POL-04: for Kinesis the window starts when the previous invocation ends. So records that
  // are already there may wait less than the window.
  const Instant started = TH_RULE(a_window_starts_at_the_end_of_the_invocation_before,
                                  previous_completed, first_arrival);
  return started + seconds(settings.batching_window_s);
}

std::optional<Instant> waits_until(const MappingSettings& settings, Instant window_ends, bool full,
                                   Instant now) {
  // ESM-POL-03: the batch is sent when the window ends, when it is full, or when the next record
  // would exceed 6 MB.
  if (settings.batching_window_s == 0 || now >= window_ends || full) return std::nullopt;
  return std::min(window_ends, now + poll_interval);
}

}  // namespace trimhorizon
