// A comparison with a number or a duration: `3`, "<= 10", "< 30s".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/format/quantity.hpp"

namespace trimhorizon {

struct Comparison {
  enum class Op : std::uint8_t { equal, not_equal, less, at_most, greater, at_least };

  Op op = Op::equal;
  // In thousandths of a count or of a microsecond, so that "0.5" and "1.25s" compare exactly.
  std::int64_t value_thousandths = 0;
  bool is_duration = false;
  std::string text;  // for reports: "<= 10"; for a plain 3, "== 3"
};

namespace reader {

// `durations`: true for a comparison with a duration, false for one with a number.
Reading<Comparison> read_comparison(std::string_view text, bool durations);

}  // namespace reader
}  // namespace trimhorizon
