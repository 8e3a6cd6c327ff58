// Lines of a story, "1.1s  what happened", with their times in a column.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sim/report/text_parts.hpp"

namespace trimhorizon {

// "1.1s" and the rest of a line.
inline std::pair<std::string, std::string> time_and_words(const std::string& line) {
  const std::size_t gap = line.find("  ");
  if (gap == std::string::npos) return {"", line};
  return {line.substr(0, gap), line.substr(gap + 2)};
}

// `mark(i)` is what stands before line i.
template <class Mark>
void add_timed_lines(Page& page, const std::vector<std::string>& lines, Mark mark) {
  std::size_t widest = 0;
  for (const std::string& line : lines) {
    widest = std::max(widest, time_and_words(line).first.size());
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto [time, words] = time_and_words(lines[i]);
    page.item(mark(i) + pad_left(time, widest) + "  ", clean(words));
  }
}

}  // namespace trimhorizon
