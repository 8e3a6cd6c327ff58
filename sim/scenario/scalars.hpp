// The small languages inside of scalars: whole numbers, durations, sizes, rates, percentages,
// comparisons. Each reads the whole text or says what is wrong with it and what to write.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/draws.hpp"
#include "sim/base/time.hpp"
#include "sim/producer/producer.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon::reader {

// A value, or a problem that reads on from "`name` …", with a suggestion that may be empty.
template <class T>
struct Reading {
  std::optional<T> value;
  std::string problem;
  std::string suggestion;
};

// "1_000_000", "-1"; no fraction, exponent, leading zero or sign `+`.
Reading<std::int64_t> read_integer(std::string_view text);

// A decimal fraction as an integer: with `digits` 6, "0.5" is 500,000. Not negative.
Reading<std::int64_t> read_decimal(std::string_view text, int digits);

// "1h30m", "50ms", "1.5s"; `unit` is what to suggest when there is none.
Reading<Duration> read_duration(std::string_view text, std::string_view unit);
inline constexpr Duration duration_max = hours(24 * 36'500);  // a century

// "200B", "1.5KiB".
Reading<std::int64_t> read_size(std::string_view text);
inline constexpr std::int64_t size_max = std::int64_t{1} << 40;

// "4000/s", "0.5/m"; `from` stays 0.
Reading<RateStep> read_rate(std::string_view text);
inline constexpr std::int64_t rate_per_second_max = 1'000'000'000;

// "1%", "0.05%".
Reading<Probability> read_percent(std::string_view text);

// "2026-01-01T00:00:00Z" as milliseconds since 1970.
Reading<std::int64_t> read_wall_time(std::string_view text);

// "<= 10", "3", "< 30s"; `durations` says which of the two it must be about.
Reading<Comparison> read_comparison(std::string_view text, bool durations);

// Is this text a number of JSON ("-1.5e3")?
bool is_json_number(std::string_view text);

}  // namespace trimhorizon::reader
