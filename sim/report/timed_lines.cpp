#include "sim/report/timed_lines.hpp"

#include <algorithm>

namespace trimhorizon {

TimedLine timed_line(std::string before, std::string_view line) {
  const std::size_t gap = line.find("  ");
  if (gap == line.npos) return {std::move(before), "", "", clean(line)};
  return {std::move(before), std::string(line.substr(0, gap)), "", clean(line.substr(gap + 2))};
}

void add_timed_lines(Page& page, const std::vector<TimedLine>& lines, std::size_t width) {
  for (const TimedLine& line : lines) width = std::max(width, line.time.size());
  for (const TimedLine& line : lines) {
    page.item(line.before + pad_left(line.time, width) + "  " + line.after, line.words);
  }
}

}  // namespace trimhorizon
