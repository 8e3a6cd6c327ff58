// Quantities as users write them: whole numbers, fractions, durations, sizes, rates, percentages,
// times. Each is read from the whole text, or it is said what is wrong and what to write.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/draws.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon::reader {

// What is wrong with a text: reads on from "`name` …". The suggestion may be empty.
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

// "4000/s", "0.5/m".
struct Rate {
  std::int64_t events_millionths = 0;  // 4000/s is 4000 * 10^6 a second
  Duration per = seconds(1);

  friend bool operator==(const Rate&, const Rate&) = default;
};
Reading<Rate> read_rate(std::string_view text);
inline constexpr std::int64_t rate_per_second_max = 1'000'000'000;

// "1%", "0.05%".
Reading<Probability> read_percent(std::string_view text);

// "2026-01-01T00:00:00Z" as milliseconds since 1970.
Reading<std::int64_t> read_wall_time(std::string_view text);

// As the readers above take them, without zeros at the end: "1h30m", "0.5%", "2".
std::string written(Duration duration);
std::string written(Probability probability);
std::string written_wall_time(std::int64_t ms);

}  // namespace trimhorizon::reader
