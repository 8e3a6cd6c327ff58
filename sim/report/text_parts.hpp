// The sections of the text report, each on its own; text.cpp puts them in order.
#pragma once

#include <string>
#include <string_view>

#include "sim/report/layout.hpp"
#include "sim/report/report.hpp"

namespace trimhorizon {

// A report while it is written.
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

// Two or three sentences: what was put, what the mappings did with it, how it ended.
std::string story_of(const ReportRun& run);

void add_mapping(Page& page, const Result& result, const ConsumerResult& mapping);
void add_pictures(Page& page, const Result& result);
void add_destinations(Page& page, const ReportRun& run);
void add_expectations(Page& page, const Judgement& judgement);
// Of these, only what does not hold; for variants.
void add_failures(Page& page, const ReportRun& run);
void add_invariants(Page& page, const Result& result);
void add_assumptions(Page& page, const ReportRun& run);
void add_variants(Page& page, const Report& report);

}  // namespace trimhorizon
