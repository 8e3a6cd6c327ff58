#include "sim/format/quantity.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/base/parse_time.hpp"
#include "sim/base/text.hpp"
#include "sim/yaml/mistakes.hpp"

namespace trimhorizon::reader {
namespace {

using Wide = __int128;

// A number at the front of `text`, with an optional fraction, scaled by 10^9. It may have `_`
// between digits.
struct Number {
  Wide billionths = 0;
  std::size_t length = 0;  // 0: no number here
  bool too_large = false;  // more digits before the point than any quantity has
  bool too_fine = false;   // more than 9 digits after the point
};

Number number_at_front(std::string_view text, int digits_max = 18) {
  Number number;
  int digits = 0;
  std::size_t i = 0;
  const auto digit_here = [&] { return i < text.size() && is_digit(text[i]); };
  const auto separator_here = [&] {
    return i > 0 && i + 1 < text.size() && text[i] == '_' && is_digit(text[i + 1]);
  };
  while (digit_here() || separator_here()) {
    if (text[i] != '_') {
      number.billionths = number.billionths * 10 + (text[i] - '0');
      if (number.billionths != 0 && ++digits > digits_max) number.too_large = true;
      if (number.too_large) number.billionths = 0;
    }
    ++i;
  }
  if (i == 0) return number;
  number.billionths *= 1'000'000'000;
  if (i + 1 < text.size() && text[i] == '.' && is_digit(text[i + 1])) {
    Wide unit = 100'000'000;
    for (++i; digit_here(); ++i) {
      if (unit == 0 && text[i] != '0') number.too_fine = true;
      number.billionths += unit * (text[i] - '0');
      unit /= 10;
    }
  }
  number.length = i;
  return number;
}

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr Unit duration_units[] = {{"d", hours(24).us},        {"h", hours(1).us},
                                   {"m", minutes(1).us},       {"s", seconds(1).us},
                                   {"ms", milliseconds(1).us}, {"us", 1}};
constexpr Unit size_units[] = {{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};

const Unit* unit_named(std::span<const Unit> units, std::string_view name) {
  const auto it =
      std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; });
  return it == units.end() ? nullptr : &*it;
}

// Other words that people write for a unit of ours.
struct OtherNames {
  std::string_view unit;
  std::array<std::string_view, 5> names;
};
constexpr OtherNames other_durations[] = {{"s", {"sec", "secs", "second", "seconds", "S"}},
                                          {"m", {"min", "mins", "minute", "minutes", "M"}},
                                          {"h", {"hr", "hrs", "hour", "hours", "H"}},
                                          {"d", {"day", "days", "D"}},
                                          {"ms", {"msec", "millis", "MS", "milliseconds"}},
                                          {"us", {"usec", "micros", "µs", "microseconds"}}};
constexpr OtherNames other_rates[] = {
    {"s", {"rps", "tps", "qps", "Hz", "hz"}}, {"m", {"rpm"}}, {"h", {"rph"}}};
constexpr OtherNames other_sizes[] = {{"KiB", {"KB", "kB", "K", "k", "kb"}},
                                      {"MiB", {"MB", "M", "mb"}},
                                      {"GiB", {"GB", "G"}},
                                      {"B", {"b", "bytes", " B"}}};

std::string_view unit_meant(std::span<const OtherNames> table, std::string_view name) {
  for (const OtherNames& other : table) {
    for (const std::string_view each : other.names) {
      if (!name.empty() && each == name) return other.unit;
    }
  }
  return {};
}

std::string_view duration_unit_meant(std::string_view name) {
  while (name.starts_with(' ')) name.remove_prefix(1);
  const Unit* ours = unit_named(duration_units, name);
  return ours ? ours->name : unit_meant(other_durations, name);
}

// "/min", "rpm" -> "m"
std::string_view rate_unit_meant(std::string_view unit) {
  const std::string_view word = unit_meant(other_rates, unit);
  if (!word.empty()) return word;
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.starts_with('/')) unit.remove_prefix(1);
  return duration_unit_meant(unit);
}

constexpr std::string_view duration_form =
    "a duration is a number and a unit us, ms, s, m, h or d: 50ms, 1.5s, 1h30m";

// "must be a duration, not `soon`"
Problem not_a(std::string_view what, std::string_view text, std::string_view suggestion = {}) {
  return {fmt::format("must be a {}, not {}", what, quoted(text)), std::string(suggestion)};
}

Problem wrong_unit(std::string_view text, std::string_view number, std::string_view unit) {
  if (unit == "ns") return {"is finer than a microsecond", "the finest unit is 1us"};
  const std::string_view meant = duration_unit_meant(unit);
  const bool whole_text = number.size() + unit.size() == text.size();
  if (meant.empty() || !whole_text) return not_a("duration", text, duration_form);
  return not_a("duration", text, fmt::format("write {}{}", number, meant));
}

std::size_t letters_at_front(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && !is_digit(text[i]) && text[i] != '.') ++i;
  return i;
}

// "1e6" -> "write 1000000"
std::string without_exponent(std::string_view text) {
  constexpr std::int64_t exponent_max = 15;
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos) return {};
  const Reading<std::int64_t> digits = read_decimal(text.substr(0, e), 3);
  const Reading<std::int64_t> exponent = read_integer(text.substr(e + 1));
  if (!digits.value || *digits.value > 1'000'000 || !exponent.value) return {};
  if (*exponent.value < 0 || *exponent.value > exponent_max) return {};
  Wide value = *digits.value;
  for (std::int64_t i = 0; i < *exponent.value; ++i) value *= 10;
  if (value % 1'000 != 0 || value / 1'000 > std::numeric_limits<std::int64_t>::max()) return {};
  return fmt::format("write {}", static_cast<std::int64_t>(value / 1'000));
}

}  // namespace

Reading<std::int64_t> read_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string_view digits = text.substr(negative ? 1 : 0);
  const Number number = number_at_front(digits, 19);
  const bool whole = number.length == digits.size() && number.length > 0;
  if (!whole || digits.find('.') != std::string_view::npos) {
    return not_a("whole number", text, without_exponent(text));
  }
  const Wide wide = number.billionths / 1'000'000'000;
  if (number.too_large || wide > std::numeric_limits<std::int64_t>::max()) {
    return Problem{"is too large"};
  }
  const auto value = static_cast<std::int64_t>(negative ? -wide : wide);
  if (digits.size() == 1 || digits[0] != '0') return value;
  return Problem{fmt::format("has leading zeros: {}", quoted(text)),
                 fmt::format("write {}", value)};
}

Reading<std::int64_t> read_decimal(std::string_view text, int digits) {
  const bool negative = text.starts_with('-');
  const std::string_view without_sign = text.substr(negative ? 1 : 0);
  const Number number = number_at_front(without_sign);
  if (number.length != without_sign.size() || number.length == 0) {
    return not_a("number", text, without_exponent(text));
  }
  if (negative) return Problem{"cannot be negative"};
  if (number.too_large) return Problem{"is too large"};
  Wide divisor = 1'000'000'000;
  for (int i = 0; i < digits; ++i) divisor /= 10;
  if (number.too_fine || number.billionths % divisor != 0) {
    return Problem{fmt::format("has more than {} digits after the point", digits)};
  }
  const Wide value = number.billionths / divisor;
  if (value > std::numeric_limits<std::int64_t>::max()) return Problem{"is too large"};
  return static_cast<std::int64_t>(value);
}

Reading<Duration> read_duration(std::string_view text, std::string_view unit_wanted) {
  if (text.starts_with('-')) return Problem{"cannot be negative"};
  if (text.empty()) return Problem{"is empty", std::string(duration_form)};
  Wide total = 0;
  std::int64_t last_us = std::numeric_limits<std::int64_t>::max();
  for (std::string_view rest = text; !rest.empty();) {
    const Number number = number_at_front(rest);
    if (number.length == 0) return not_a("duration", text, duration_form);
    const std::string_view digits = rest.substr(0, number.length);
    rest.remove_prefix(number.length);
    std::string_view name = rest.substr(0, letters_at_front(rest));
    rest.remove_prefix(name.size());
    // Reports print a blank between two parts: 36h 5m.
    if (!rest.empty() && name.size() > 1 && name.ends_with(' ')) name.remove_suffix(1);
    if (name.empty() && rest.empty()) {
      return Problem{fmt::format("needs a unit: did you mean {}{}?", text, unit_wanted)};
    }
    const Unit* unit = unit_named(duration_units, name);
    if (!unit) return wrong_unit(text, digits, name);
    if (unit->factor >= last_us) {
      return not_a("duration", text, "write units from large to small, each only once: 1h30m");
    }
    last_us = unit->factor;
    const Wide part = number.billionths * unit->factor;
    if (number.too_large) return Problem{"is longer than a century"};
    if (number.too_fine || part % 1'000'000'000 != 0) {
      return Problem{"is finer than a microsecond", "the finest unit is 1us"};
    }
    total += part / 1'000'000'000;
    if (total > duration_max.us) return Problem{"is longer than a century"};
  }
  return Duration{static_cast<std::int64_t>(total)};
}

Reading<std::int64_t> read_size(std::string_view text) {
  constexpr std::string_view form = "a size is a number and a unit B, KiB, MiB or GiB: 200B, 1KiB";
  if (text.starts_with('-')) return Problem{"cannot be negative"};
  const Number number = number_at_front(text);
  if (number.length == 0) return not_a("size", text, form);
  const std::string_view digits = text.substr(0, number.length);
  const std::string_view name = text.substr(number.length);
  if (name.empty()) return Problem{fmt::format("needs a unit: did you mean {}B?", text)};
  const Unit* unit = unit_named(size_units, name);
  if (!unit) {
    const std::string_view meant = unit_meant(other_sizes, name);
    if (meant.empty()) return not_a("size", text, form);
    return not_a("size", text, fmt::format("write {}{} (1KiB is 1024 bytes)", digits, meant));
  }
  const Wide scaled = number.billionths * unit->factor;
  if (number.too_large || scaled > Wide{size_max} * 1'000'000'000) return Problem{"is too large"};
  if (number.too_fine || scaled % 1'000'000'000 != 0) {
    return Problem{"is not a whole number of bytes"};
  }
  return static_cast<std::int64_t>(scaled / 1'000'000'000);
}

Reading<Rate> read_rate(std::string_view text) {
  constexpr std::string_view form = "a rate is a number per s, m or h: 100/s, 30/m";
  const auto per = [](std::string_view unit) {
    return unit == "s" || unit == "m" || unit == "h" ? unit_named(duration_units, unit) : nullptr;
  };
  if (text.starts_with('-')) return Problem{"cannot be negative"};
  const Number number = number_at_front(text);
  if (number.length == 0) return not_a("rate", text, form);
  const std::string_view digits = text.substr(0, number.length);
  const std::string_view name = text.substr(number.length);
  if (name.empty()) return Problem{fmt::format("needs a unit: did you mean {}/s?", text)};
  const Unit* unit = name.starts_with('/') ? per(name.substr(1)) : nullptr;
  if (!unit) {
    const Unit* meant = per(rate_unit_meant(name));
    if (!meant) return not_a("rate", text, form);
    return not_a("rate", text, fmt::format("write {}/{}", digits, meant->name));
  }
  // A rate of 4000/m is 4000 * 10^6 millionths every 60 * 10^6 microseconds.
  const Wide most = Wide{rate_per_second_max} * unit->factor;
  if (number.too_large || number.billionths / 1'000 > most) {
    return Problem{"is more than 1000000000 records a second"};
  }
  if (number.too_fine || number.billionths % 1'000 != 0) {
    return Problem{"has more than 6 digits after the point"};
  }
  return Rate{static_cast<std::int64_t>(number.billionths / 1'000), Duration{unit->factor}};
}

Reading<Probability> read_percent(std::string_view text) {
  if (text.starts_with('-')) return Problem{"cannot be negative"};
  const Number number = number_at_front(text);
  const std::string_view unit = text.substr(number.length);
  if (number.length == 0 || (!unit.empty() && unit != "%")) {
    return not_a("percentage", text, "a percentage is written 1% or 0.5%");
  }
  const Wide hundred_percent = Wide{100} * 1'000'000'000;
  if (unit.empty()) {
    // In other tools, 0.01 means 1%.
    const Wide meant =
        number.billionths <= 1'000'000'000 ? number.billionths * 100 : number.billionths;
    if (number.too_large || meant > hundred_percent || meant % 1'000'000 != 0)
      return Problem{"needs a unit: for example 1%"};
    const auto thousandths = static_cast<std::uint64_t>(meant / 1'000'000);
    return Problem{fmt::format("needs a unit: did you mean {}%?", decimal_text(thousandths, 3))};
  }
  if (number.too_large || number.billionths > hundred_percent) return Problem{"is more than 100%"};
  if (number.too_fine || number.billionths % 100 != 0) {
    return Problem{"has more than 7 digits after the point"};
  }
  return Probability{static_cast<std::uint32_t>(number.billionths / 100)};
}

std::optional<std::int64_t> unix_time_meant(std::string_view text) {
  const std::optional<std::int64_t> number = number_in<std::int64_t>(text);
  if (!number || *number < 100'000'000 || *number >= 100'000'000'000'000) return std::nullopt;
  return *number < unix_seconds_end ? *number * 1'000 : *number;
}

Reading<std::int64_t> read_wall_time(std::string_view text) {
  if (const std::optional<std::int64_t> ms = parse_wall_time_ms(text)) return *ms;
  const bool without_zone = parse_wall_time_ms(fmt::format("{}Z", text)).has_value();
  if (without_zone) return not_a("time", text, fmt::format("write the zone too: {}Z", text));
  const std::optional<std::int64_t> unix_ms = unix_time_meant(text);
  return not_a("time", text,
               unix_ms ? fmt::format("write {}", written_wall_time(*unix_ms))
                       : "a time is written in UTC: 2026-01-01T00:00:00Z");
}

std::string written(Duration duration) {
  std::string text;
  for (const Unit& unit : duration_units) {
    const std::int64_t count = duration.us / unit.factor;
    if (count > 0) text += fmt::format("{}{}", count, unit.name);
    duration.us %= unit.factor;
  }
  return text.empty() ? "0s" : text;
}

std::string written(Probability probability) {
  return decimal_text(probability.parts_per_billion, 7) + "%";
}

std::string written_wall_time(std::int64_t ms) {
  std::string text = wall_time_iso(Instant{}, ms);
  if (text.ends_with(".000Z")) text.erase(text.size() - 5, 4);
  return text;
}

}  // namespace trimhorizon::reader
