#include "sim/base/format.hpp"

#include <chrono>

#include <fmt/format.h>

namespace trimhorizon {
namespace {

// The absolute value. That of INT64_MIN fits only into an unsigned number.
std::uint64_t magnitude(Duration d) {
  const auto us = static_cast<std::uint64_t>(d.us);
  return d.us < 0 ? 0 - us : us;
}

const char* sign(Duration d) { return d.us < 0 ? "-" : ""; }

}  // namespace

std::string decimal_text(std::uint64_t value, int digits) {
  std::uint64_t unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  std::string text = fmt::format("{}.{:0{}}", value / unit, value % unit, digits);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string duration_text(Duration duration) {
  return fmt::format("{}{}s", sign(duration), decimal_text(magnitude(duration), 6));
}

std::string friendly_duration(Duration duration) {
  const std::uint64_t us = magnitude(duration);
  if (us == 0) return "0s";
  if (us < 1'000) return fmt::format("{}{}us", sign(duration), us);
  if (us < 1'000'000) return fmt::format("{}{}ms", sign(duration), decimal_text(us, 3));

  std::uint64_t ms = us / 1'000 + (us % 1'000 >= 500 ? 1 : 0);
  constexpr std::uint64_t hour_ms = 3'600'000;
  constexpr std::uint64_t day_ms = 24 * hour_ms;
  std::string text;
  const auto take = [&](std::uint64_t unit_ms, char name) {
    if (ms >= unit_ms) text += fmt::format("{}{}{}", text.empty() ? "" : " ", ms / unit_ms, name);
    ms %= unit_ms;
  };
  if (ms >= 2 * day_ms) take(day_ms, 'd');
  take(hour_ms, 'h');
  take(60'000, 'm');
  if (ms > 0) text += fmt::format("{}{}s", text.empty() ? "" : " ", decimal_text(ms, 3));
  return sign(duration) + text;
}

std::string count_text(std::uint64_t count) {
  std::string text = fmt::format("{}", count);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string wall_time_iso(Instant instant, std::int64_t epoch_ms) {
  namespace chrono = std::chrono;
  const auto since_epoch = chrono::floor<chrono::milliseconds>(chrono::microseconds(instant.us));
  const chrono::sys_time<chrono::milliseconds> wall{chrono::milliseconds(epoch_ms) + since_epoch};
  const auto day = chrono::floor<chrono::days>(wall);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss time(wall - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

}  // namespace trimhorizon
