// Quantities as users write them: whole numbers, fractions, durations, sizes, rates, percentages,
// times. Each function reads the whole text. For a wrong text it returns what is wrong and what to
// write instead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/draws.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon::reader {

// What is wrong with a text. The message continues the sentence that begins with "`name`". The
// suggestion may be empty.
struct Problem {
  std::string message;
  std::string suggestion = {};
};

template <class T>
struct Reading {
  Reading(T right) : value(std::move(right)) {}
  Reading(Problem wrong) : problem(std::move(wrong)) {}

  std::optional<T> value;
  Problem problem;
};

// For example "1_000_000" or "-1". No fraction, exponent, leading zero or sign `+`.
Reading<std::int64_t> read_integer(std::string_view text);

// A decimal fraction, scaled to an integer: with 6 `digits`, "0.5" is 500,000. It must not be
// negative.
Reading<std::int64_t> read_decimal(std::string_view text, int digits);

// For example "1h30m", "36h 5m", "50ms" or "1.5s". `unit` is the unit to suggest when it is
// missing.
Reading<Duration> read_duration(std::string_view text, std::string_view unit);
inline constexpr Duration duration_max = hours(24 * 36'500);  // a century

// In bytes: "200B", "1.5KiB".
Reading<std::int64_t> read_size(std::string_view text);
inline constexpr std::int64_t size_max = std::int64_t{1} << 40;

// "4000/s", "0.5/m".
struct Rate {
  std::int64_t events_millionths = 0;  // 4000/s is 4000 * 10^6 each second
  Duration per = seconds(1);

  friend bool operator==(const Rate&, const Rate&) = default;
};
Reading<Rate> read_rate(std::string_view text);
inline constexpr std::int64_t rate_per_second_max = 1'000'000'000;

// "1%", "0.05%".
Reading<Probability> read_percent(std::string_view text);

// Milliseconds since 1970 of "2026-01-01T00:00:00Z".
Reading<std::int64_t> read_wall_time(std::string_view text);

// Milliseconds since 1970 of a number that is probably a Unix time: in seconds below this end, the
// year 5138, and in milliseconds above it. nullopt for other texts.
std::optional<std::int64_t> unix_time_meant(std::string_view text);
inline constexpr std::int64_t unix_seconds_end = 100'000'000'000;

// The text that the functions above would read, without trailing zeros: "1h30m", "0.5%", "2".
std::string written(Duration duration);
std::string written(Probability probability);
std::string written_wall_time(std::int64_t ms);

}  // namespace trimhorizon::reader
