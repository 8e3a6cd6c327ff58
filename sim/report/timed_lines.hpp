// Lines of a story with their times in a column.
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

// Of a line as reports carry it, "1.1s  what happened".
TimedLine timed_line(std::string before, std::string_view line);

// The column of times is as wide as its widest, `width` at least.
void add_timed_lines(Page& page, const std::vector<TimedLine>& lines, std::size_t width = 0);

}  // namespace trimhorizon
