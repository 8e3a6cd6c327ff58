// Prints the lines of a story with their times in one column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/page.hpp"

namespace trimhorizon {

struct TimedLine {
  std::string before;  // "  ", "  1  "
  std::string time;    // "1.1s"; right-aligned
  std::string after;   // "✓ "
  std::string words;
};

// Splits a line of a report, "1.1s  what happened".
TimedLine timed_line(std::string before, std::string_view line);

// The column of times is as wide as the widest time, at least `width`.
void add_timed_lines(Page& page, const std::vector<TimedLine>& lines, std::size_t width = 0);

}  // namespace trimhorizon
