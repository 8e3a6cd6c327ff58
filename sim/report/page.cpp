#include "sim/report/page.hpp"

#include <algorithm>
#include <vector>

namespace trimhorizon {

void Page::item(std::string_view first, std::string_view words, Paint const* paint_first) {
  std::size_t indent = 0;  // the visible width of `first`, which may be painted
  for (std::size_t at = 0; at < first.size();) {
    if (first[at] == '\x1b') {
      at = first.find('m', at) + 1;
      continue;
    }
    const std::size_t end = std::min(first.find('\x1b', at), first.size());
    indent += display_width(first.substr(at, end - at));
    at = end;
  }
  const std::string start = paint_first ? paint(*paint_first, first) : std::string(first);
  constexpr std::size_t least = 24;  // if fewer columns are left, the words begin on a new line
  if (indent + least > page_width) {
    line(start);
    text += paragraph(words, 6);
    return;
  }
  const std::vector<std::string> lines = wrap(clean(words), page_width - indent);
  line(start + (lines.empty() ? "" : lines.front()));
  for (std::size_t i = 1; i < lines.size(); ++i) line(std::string(indent, ' ') + lines[i]);
}

namespace {

struct Shown {
  Paint paint;
  std::string_view sign, word;
};
Shown shown(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds: return {Paint::good, "✓", "HOLDS"};
    case Verdict::violated: return {Paint::bad, "✗", "VIOLATED"};
    case Verdict::undecided: break;
  }
  return {Paint::doubt, "?", "UNDECIDED"};
}

}  // namespace

Paint paint_of(Verdict verdict) { return shown(verdict).paint; }
std::string sign_of(Verdict verdict) { return std::string(shown(verdict).sign); }
std::string word_of(Verdict verdict) { return std::string(shown(verdict).word); }

std::string mark(Verdict verdict, const Painter& paint) {
  return paint(paint_of(verdict), sign_of(verdict));
}

}  // namespace trimhorizon
