#include "sim/format/comparison.hpp"

#include <array>

#include <fmt/format.h>

#include "sim/base/text.hpp"
#include "sim/yaml/mistakes.hpp"

namespace trimhorizon::reader {

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
  value = trimmed(value);
  out.is_duration = durations;
  out.text = fmt::format("{} {}", sign_text, value);
  if (durations) {
    const Reading<Duration> duration = read_duration(value, "ms");
    if (!duration.value) {
      Problem problem = duration.problem;
      const bool lacks_unit = problem.message.starts_with("needs a unit");
      if (lacks_unit) problem.suggestion = "CloudWatch counts this in milliseconds";
      return problem;
    }
    out.value_thousandths = duration.value->us * 1'000;
    return out;
  }
  if (value.starts_with('-')) return Problem{"cannot be negative"};
  const Reading<std::int64_t> number = read_decimal(value, 3);
  if (!number.value) {
    if (!number.problem.message.starts_with("must be")) return number.problem;
    return Problem{fmt::format("must be a number or a comparison, not {}", quoted(text)),
                   "write 3, \"<= 10\" or [\">= 1\", \"<= 16\"]"};
  }
  out.value_thousandths = *number.value;
  if (out.op == Op::equal && *number.value % 1'000 != 0) {
    return Problem{fmt::format("is a whole number, so it can never be {}", value)};
  }
  return out;
}

}  // namespace trimhorizon::reader
