// AWS::Lambda::EventSourceMapping on a Kinesis stream: its parameters and their bounds.
// ESM-PAR-01..18. MetricsConfig (ESM-PAR-12) changes nothing here. Parameters that Kinesis does not
// have (ESM-PAR-13) have no member.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/base/time.hpp"

namespace trimhorizon {

inline constexpr std::int64_t batch_size_default = 100;  // records (ESM-PAR-01)
inline constexpr std::int64_t batch_size_max = 10'000;
inline constexpr std::int64_t batching_window_max_s = 300;  // seconds; the least is 0 (ESM-PAR-02)
inline constexpr std::int64_t retry_attempts_max = 10'000;  // the least is -1 (ESM-PAR-05)
inline constexpr std::int64_t record_age_min_s = 60;        // seconds; or -1 (ESM-PAR-06)
inline constexpr std::int64_t record_age_max_s = 604'800;

enum class StartingPosition : std::uint8_t { trim_horizon, latest, at_timestamp };

struct MappingSettings {
  StartingPosition starting_position = StartingPosition::trim_horizon;
  std::optional<std::int64_t> starting_timestamp_ms;  // ms since 1970; at_timestamp only
  std::int64_t batch_size = batch_size_default;       // records, 1 .. batch_size_max
  std::int64_t batching_window_s = 0;                 // seconds; 0: no window
  std::int64_t maximum_retry_attempts = -1;           // -1: retries until the record expires
  std::int64_t maximum_record_age_s = -1;             // seconds; -1: no limit (ESM-AGE-08)
  bool bisect_batch_on_function_error = false;        // ESM-PAR-07
  bool report_batch_item_failures = false;            // ESM-PAR-08
  bool enabled = true;                                // ESM-PAR-14
  Instant created{0};                                 // when the mapping exists; readers open then
  Duration create_delay{0};   // from `created` to the first poll (ESM-POL-12)
  Duration update_delay{0};   // an update stops polling for this long (ESM-POL-12)
  Duration disable_delay{0};  // polling goes on for this long after it is disabled (ESM-CHK-05)

  bool retries_are_limited() const { return maximum_retry_attempts >= 0; }
  bool age_is_limited() const { return maximum_record_age_s >= 0; }
  // REQUIRES: age_is_limited().
  Duration maximum_record_age() const { return seconds(maximum_record_age_s); }
  friend bool operator==(const MappingSettings&, const MappingSettings&) = default;
};

enum class DestinationType : std::uint8_t { sqs, sns, s3 };  // ESM-PAR-10

}  // namespace trimhorizon
