// Simulated time: durations and instants in whole microseconds. They have different types, so that
// nobody mixes them up.
//
// Always:
//  1. Instant zero is the `epoch` of the scenario. Wall time is used only where text is made.
//  2. Instant + Duration is an Instant; Instant - Instant is a Duration. Nothing converts by
//     itself.
#pragma once

#include <compare>
#include <cstdint>

namespace trimhorizon {

struct Duration {
  std::int64_t us = 0;  // microseconds

  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.us + b.us}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.us - b.us}; }
  friend constexpr Duration operator*(Duration a, std::int64_t n) { return {a.us * n}; }
  constexpr Duration& operator+=(Duration b) {
    us += b.us;
    return *this;
  }
};

struct Instant {
  std::int64_t us = 0;  // microseconds since the scenario's epoch

  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
  friend constexpr Instant operator+(Instant t, Duration d) { return {t.us + d.us}; }
  friend constexpr Instant operator-(Instant t, Duration d) { return {t.us - d.us}; }
  friend constexpr Duration operator-(Instant a, Instant b) { return {a.us - b.us}; }
};

constexpr Duration microseconds(std::int64_t n) { return {n}; }
constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000}; }
constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
constexpr Duration hours(std::int64_t n) { return seconds(n * 3600); }

// Earlier and later than every instant of a scenario.
constexpr Instant start_of_time{INT64_MIN};
constexpr Instant end_of_time{INT64_MAX};

}  // namespace trimhorizon
