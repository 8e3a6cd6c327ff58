// A report under construction: lines, headings, items, and the signs of verdicts.
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
  // `first`, then `words` to the right of it, wrapped; further lines start below the words.
  void item(std::string_view first, std::string_view words, Paint const* paint_first = nullptr);
};

Paint paint_of(Verdict verdict);
std::string sign_of(Verdict verdict);                     // ✓ ✗ ?
std::string word_of(Verdict verdict);                     // HOLDS VIOLATED UNDECIDED
std::string mark(Verdict verdict, const Painter& paint);  // the sign, painted

}  // namespace trimhorizon
