// Texts of durations, counts and wall times. They never depend on the locale.
#pragma once

#include <cstdint>
#include <string>

#include "sim/base/time.hpp"

namespace trimhorizon {

// value / 10^digits as a decimal, without trailing zeros: (12'400'000, 6) gives "12.4".
std::string decimal_text(std::uint64_t value, int digits);

// In seconds, without trailing zeros, exact to the microsecond: "12.4s", "0s", "0.05s", "-1s".
std::string duration_text(Duration duration);

// For reports: "80ms", "12.4s", "1h 2m 3s", "23h 59m 50s"; from two days on "7d 2h". Exact below
// one second, otherwise to the millisecond.
std::string friendly_duration(Duration duration);

// With a comma after each three digits: "1,000,000".
std::string count_text(std::uint64_t count);

// For example "2026-01-01T00:00:00.000Z". `epoch_ms` is the wall time of Instant 0, in milliseconds
// since 1970.
std::string wall_time_iso(Instant instant, std::int64_t epoch_ms);

}  // namespace trimhorizon
