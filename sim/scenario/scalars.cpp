#include "sim/scenario/scalars.hpp"

#include <array>
#include <limits>

#include <fmt/format.h>

#include "sim/base/parse_time.hpp"
#include "sim/scenario/mistakes.hpp"

namespace trimhorizon::reader {
namespace {

using Wide = __int128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class T>
Reading<T> wrong(std::string problem, std::string suggestion = {}) {
  return {std::nullopt, std::move(problem), std::move(suggestion)};
}

// Digits with an optional fraction at the front of `text`, scaled by 10^9; `_` between digits.
struct Number {
  Wide billionths = 0;
  std::size_t length = 0;  // 0: no number here
  bool too_long = false;
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
      if (number.billionths != 0 && ++digits > digits_max) number.too_long = true;
      if (number.too_long) number.billionths = 0;
    }
    ++i;
  }
  if (i == 0) return number;
  number.billionths *= 1'000'000'000;
  if (i + 1 < text.size() && text[i] == '.' && is_digit(text[i + 1])) {
    Wide unit = 100'000'000;
    for (++i; digit_here(); ++i) {
      if (unit == 0 && text[i] != '0') number.too_long = true;
      number.billionths += unit * (text[i] - '0');
      unit /= 10;
    }
  }
  number.length = i;
  return number;
}

struct Unit {
  std::string_view name;
  std::int64_t us;
};
constexpr std::array<Unit, 6> duration_units = {{{"d", 86'400'000'000},
                                                 {"h", 3'600'000'000},
                                                 {"m", 60'000'000},
                                                 {"s", 1'000'000},
                                                 {"ms", 1'000},
                                                 {"us", 1}}};

// What people write for the units; the second is ours.
constexpr std::array<std::array<std::string_view, 2>, 26> other_unit_names = {{
    {"sec", "s"},     {"secs", "s"},
    {"second", "s"},  {"seconds", "s"},
    {"S", "s"},       {"min", "m"},
    {"mins", "m"},    {"minute", "m"},
    {"minutes", "m"}, {"M", "m"},
    {"hr", "h"},      {"hrs", "h"},
    {"hour", "h"},    {"hours", "h"},
    {"H", "h"},       {"day", "d"},
    {"days", "d"},    {"D", "d"},
    {"msec", "ms"},   {"millis", "ms"},
    {"MS", "ms"},     {"milliseconds", "ms"},
    {"usec", "us"},   {"micros", "us"},
    {"µs", "us"},     {"microseconds", "us"},
}};

std::string_view unit_meant(std::string_view name) {
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  for (const Unit& unit : duration_units) {
    if (unit.name == name) return unit.name;
  }
  for (const auto& [other, ours] : other_unit_names) {
    if (other == name) return ours;
  }
  return {};
}

// "/min", "rpm" -> "m"
std::string_view rate_unit_meant(std::string_view unit) {
  static constexpr std::array<std::array<std::string_view, 2>, 7> words = {{
      {"rps", "s"},
      {"tps", "s"},
      {"qps", "s"},
      {"Hz", "s"},
      {"hz", "s"},
      {"rpm", "m"},
      {"rph", "h"},
  }};
  for (const auto& [word, meant] : words) {
    if (unit == word) return meant;
  }
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.starts_with('/')) unit.remove_prefix(1);
  return unit_meant(unit);
}

constexpr std::string_view duration_form =
    "a duration is a number and a unit us, ms, s, m, h or d: 50ms, 1.5s, 1h30m";

std::size_t letters_at_front(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && !is_digit(text[i]) && text[i] != '.') ++i;
  return i;
}

Reading<Duration> wrong_unit(std::string_view text, std::string_view number,
                             std::string_view unit) {
  if (unit == "ns") return wrong<Duration>("is finer than a microsecond", "the finest unit is 1us");
  const std::string_view meant = unit_meant(unit);
  if (!meant.empty() && number.size() + unit.size() == text.size()) {
    return wrong<Duration>(fmt::format("must be a duration, not {}", quoted(text)),
                           fmt::format("write {}{}", number, meant));
  }
  return wrong<Duration>(fmt::format("must be a duration, not {}", quoted(text)),
                         std::string(duration_form));
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
  std::string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  const Number number = number_at_front(digits, 19);
  const bool whole = number.length == digits.size() && number.length > 0;
  const std::string problem = fmt::format("must be a whole number, not {}", quoted(text));
  if (!whole || digits.find('.') != std::string_view::npos) {
    return wrong<std::int64_t>(problem, without_exponent(text));
  }
  const Wide whole_number = number.billionths / 1'000'000'000;
  if (number.too_long || whole_number > std::numeric_limits<std::int64_t>::max()) {
    return wrong<std::int64_t>("is too large a number");
  }
  const auto value = static_cast<std::int64_t>(whole_number);
  if (digits.size() > 1 && digits[0] == '0') {
    return wrong<std::int64_t>(fmt::format("has leading zeros: {}", quoted(text)),
                               fmt::format("write {}", negative ? -value : value));
  }
  return {negative ? -value : value, {}, {}};
}

Reading<std::int64_t> read_decimal(std::string_view text, int digits) {
  const Number number = number_at_front(text);
  if (number.length != text.size() || number.length == 0) {
    return wrong<std::int64_t>(fmt::format("must be a number, not {}", quoted(text)));
  }
  Wide divisor = 1'000'000'000;
  for (int i = 0; i < digits; ++i) divisor /= 10;
  if (number.too_long || number.billionths % divisor != 0) {
    return wrong<std::int64_t>(fmt::format("has more than {} digits after the point", digits));
  }
  const Wide value = number.billionths / divisor;
  if (value > std::numeric_limits<std::int64_t>::max()) {
    return wrong<std::int64_t>("is too large a number");
  }
  return {static_cast<std::int64_t>(value), {}, {}};
}

Reading<Duration> read_duration(std::string_view text, std::string_view unit_wanted) {
  if (text.starts_with('-')) return wrong<Duration>("cannot be negative");
  Wide total = 0;
  std::int64_t last_us = std::numeric_limits<std::int64_t>::max();
  if (text.empty()) return wrong<Duration>("is empty", std::string(duration_form));
  for (std::string_view rest = text; !rest.empty();) {
    const Number number = number_at_front(rest);
    if (number.length == 0) {
      return wrong<Duration>(fmt::format("must be a duration, not {}", quoted(text)),
                             std::string(duration_form));
    }
    const std::string_view digits = rest.substr(0, number.length);
    rest.remove_prefix(number.length);
    const std::string_view name = rest.substr(0, letters_at_front(rest));
    rest.remove_prefix(name.size());
    if (name.empty() && rest.empty()) {
      return wrong<Duration>(fmt::format("needs a unit: {}{}?", text, unit_wanted));
    }
    const Unit* unit = nullptr;
    for (const Unit& each : duration_units) {
      if (each.name == name) unit = &each;
    }
    if (!unit) return wrong_unit(text, digits, name);
    if (unit->us >= last_us) {
      return wrong<Duration>(fmt::format("must be a duration, not {}", quoted(text)),
                             "units go from large to small, each once: 1h30m");
    }
    last_us = unit->us;
    const Wide part = number.billionths * unit->us;
    if (number.too_long && digits.find('.') == std::string_view::npos) {
      return wrong<Duration>("is longer than a century");
    }
    if (number.too_long || part % 1'000'000'000 != 0) {
      return wrong<Duration>("is finer than a microsecond", "the finest unit is 1us");
    }
    total += part / 1'000'000'000;
    if (total > duration_max.us) return wrong<Duration>("is longer than a century");
  }
  return {Duration{static_cast<std::int64_t>(total)}, {}, {}};
}

Reading<std::int64_t> read_size(std::string_view text) {
  if (text.starts_with('-')) return wrong<std::int64_t>("cannot be negative");
  const std::string form = "a size is a number and a unit B, KiB, MiB or GiB: 200B, 1KiB";
  const Number number = number_at_front(text);
  const std::string_view digits = text.substr(0, number.length);
  const std::string_view unit = text.substr(number.length);
  if (number.length == 0) {
    return wrong<std::int64_t>(fmt::format("must be a size, not {}", quoted(text)), form);
  }
  if (unit.empty()) return wrong<std::int64_t>(fmt::format("needs a unit: {}B?", text));
  std::int64_t bytes = 0;
  if (unit == "B") bytes = 1;
  if (unit == "KiB") bytes = 1 << 10;
  if (unit == "MiB") bytes = 1 << 20;
  if (unit == "GiB") bytes = 1 << 30;
  if (bytes == 0) {
    for (const auto& [other, ours] :
         std::array<std::array<std::string_view, 2>, 13>{{{"KB", "KiB"},
                                                          {"kB", "KiB"},
                                                          {"K", "KiB"},
                                                          {"k", "KiB"},
                                                          {"kb", "KiB"},
                                                          {"MB", "MiB"},
                                                          {"M", "MiB"},
                                                          {"mb", "MiB"},
                                                          {"GB", "GiB"},
                                                          {"G", "GiB"},
                                                          {"b", "B"},
                                                          {"bytes", "B"},
                                                          {" B", "B"}}}) {
      if (unit == other) {
        return wrong<std::int64_t>(fmt::format("must be a size, not {}", quoted(text)),
                                   fmt::format("write {}{} (1KiB is 1024 bytes)", digits, ours));
      }
    }
    return wrong<std::int64_t>(fmt::format("must be a size, not {}", quoted(text)), form);
  }
  const Wide scaled = number.billionths * bytes;
  if (scaled > Wide{size_max} * 1'000'000'000) return wrong<std::int64_t>("is too large");
  if (number.too_long || scaled % 1'000'000'000 != 0) {
    return wrong<std::int64_t>("is not a whole number of bytes");
  }
  return {static_cast<std::int64_t>(scaled / 1'000'000'000), {}, {}};
}

Reading<RateStep> read_rate(std::string_view text) {
  if (text.starts_with('-')) return wrong<RateStep>("cannot be negative");
  const Number number = number_at_front(text);
  const std::string_view digits = text.substr(0, number.length);
  const std::string_view unit = text.substr(number.length);
  const std::string form = "a rate is a number per s, m or h: 100/s, 30/m";
  if (number.length == 0) {
    return wrong<RateStep>(fmt::format("must be a rate, not {}", quoted(text)), form);
  }
  if (unit.empty()) return wrong<RateStep>(fmt::format("needs a unit: {}/s?", text));
  RateStep step;
  if (unit == "/s") {
    step.per = seconds(1);
  } else if (unit == "/m") {
    step.per = minutes(1);
  } else if (unit == "/h") {
    step.per = hours(1);
  } else {
    const std::string_view meant = rate_unit_meant(unit);
    const bool known = meant == "s" || meant == "m" || meant == "h";
    return wrong<RateStep>(fmt::format("must be a rate, not {}", quoted(text)),
                           known ? fmt::format("write {}/{}", digits, meant) : form);
  }
  if (number.too_long || number.billionths % 1'000 != 0) {
    return wrong<RateStep>("has more than 6 digits after the point");
  }
  const Wide most = Wide{rate_per_second_max} * 1'000'000 * (step.per.us / 1'000'000);
  if (number.billionths / 1'000 > most) {
    return wrong<RateStep>("is more than 1000000000 records a second");
  }
  step.events_millionths = static_cast<std::int64_t>(number.billionths / 1'000);
  return {step, {}, {}};
}

Reading<Probability> read_percent(std::string_view text) {
  if (text.starts_with('-')) return wrong<Probability>("cannot be negative");
  const Number number = number_at_front(text);
  const std::string_view unit = text.substr(number.length);
  if (number.length == 0 || (!unit.empty() && unit != "%")) {
    return wrong<Probability>(fmt::format("must be a percentage, not {}", quoted(text)),
                              "a percentage is written 1% or 0.5%");
  }
  const Wide hundred_percent = Wide{100} * 1'000'000'000;
  if (unit.empty()) {
    // 0.01 is how others write 1%.
    const Wide meant =
        number.billionths <= 1'000'000'000 ? number.billionths * 100 : number.billionths;
    if (meant > hundred_percent || meant % 1'000'000 != 0) {
      return wrong<Probability>("needs a unit: 1%?");
    }
    std::string digits = fmt::format("{}.{:03}", static_cast<std::int64_t>(meant / 1'000'000'000),
                                     static_cast<std::int64_t>(meant % 1'000'000'000 / 1'000'000));
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
    return wrong<Probability>(fmt::format("needs a unit: {}%?", digits));
  }
  if (number.billionths > hundred_percent) return wrong<Probability>("is more than 100%");
  if (number.too_long || number.billionths % 100 != 0) {
    return wrong<Probability>("has more than 7 digits after the point");
  }
  return {Probability{static_cast<std::uint32_t>(number.billionths / 100)}, {}, {}};
}

Reading<std::int64_t> read_wall_time(std::string_view text) {
  if (const std::optional<std::int64_t> ms = parse_wall_time_ms(text)) return {ms, {}, {}};
  const std::string problem = fmt::format("must be a time, not {}", quoted(text));
  if (parse_wall_time_ms(fmt::format("{}Z", text))) {
    return wrong<std::int64_t>(problem, fmt::format("write the zone too: {}Z", text));
  }
  return wrong<std::int64_t>(problem, "a time is written in UTC: 2026-01-01T00:00:00Z");
}

Reading<Comparison> read_comparison(std::string_view text, bool durations) {
  struct Sign {
    std::string_view text;
    Comparison::Op op;
  };
  using Op = Comparison::Op;
  static constexpr std::array<Sign, 7> signs = {{{"<=", Op::at_most},
                                                 {">=", Op::at_least},
                                                 {"==", Op::equal},
                                                 {"!=", Op::not_equal},
                                                 {"<", Op::less},
                                                 {">", Op::greater},
                                                 {"=", Op::equal}}};
  Comparison out;
  std::string_view value = text;
  std::string_view sign_text = "==";
  for (const Sign& sign : signs) {
    if (!value.starts_with(sign.text)) continue;
    out.op = sign.op;
    sign_text = sign.text == "=" ? "==" : sign.text;
    value.remove_prefix(sign.text.size());
    break;
  }
  while (value.starts_with(' ')) value.remove_prefix(1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  out.is_duration = durations;
  out.text = fmt::format("{} {}", sign_text, value);
  if (durations) {
    const Reading<Duration> duration = read_duration(value, "s");
    if (!duration.value) return wrong<Comparison>(duration.problem, duration.suggestion);
    out.value_thousandths = duration.value->us * 1'000;
    return {out, {}, {}};
  }
  if (value.starts_with('-')) return wrong<Comparison>("cannot be negative");
  const Reading<std::int64_t> number = read_decimal(value, 3);
  if (!number.value) {
    const bool not_a_number = number.problem.starts_with("must be");
    return wrong<Comparison>(
        not_a_number ? fmt::format("must be a number or a comparison, not {}", quoted(text))
                     : number.problem,
        not_a_number ? "write 3, \"<= 10\" or [\">= 1\", \"<= 16\"]" : "");
  }
  out.value_thousandths = *number.value;
  if (out.op == Op::equal && *number.value % 1'000 != 0) {
    return wrong<Comparison>(fmt::format("is a whole number: it never is {}", value));
  }
  return {out, {}, {}};
}

bool is_json_number(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t first = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i - first;
  };
  if (i < text.size() && text[i] == '-') ++i;
  const std::size_t first = i;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

}  // namespace trimhorizon::reader
