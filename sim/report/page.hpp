// A report while it is written: lines, headings, items, and the marks of verdicts.
#pragma once

#include <string>
#include <string_view>

#include "sim/report/layout.hpp"
#include "sim/run/judgement.hpp"

namespace trimhorizon {

struct Page {
  std::string text;
  Painter paint;

  void line(std::string_view one = "") { text.append(one).append("\n"); }
  void heading(std::string_view words) { line(), line(paint(Paint::strong, words)); }
  // `first`, then `words` beside it, wrapped; following lines stand under the words.
  void item(std::string_view first, std::string_view words, Paint const* paint_first = nullptr);
};

Paint paint_of(Verdict verdict);
std::string sign_of(Verdict verdict);                     // ✓ ✗ ?
std::string mark(Verdict verdict, const Painter& paint);  // the sign, painted

}  // namespace trimhorizon
