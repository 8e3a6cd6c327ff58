// The text report of `trimhorizon run`: puts its sections in order, and prints the verdict and the
// table of variants.
#include "sim/report/text.hpp"

#include <algorithm>
#include <array>

#include "sim/base/format.hpp"
#include "sim/base/version.hpp"
#include "sim/report/notes.hpp"
#include "sim/report/text_judgement.hpp"
#include "sim/report/text_records.hpp"
#include "sim/report/text_streams.hpp"
#include "sim/report/timeline.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

// "All 12 expectations and 6 invariants held.", or the first things that do not hold.
std::string verdict_reason(const ReportRun& run) {
  const Judgement& judgement = *run.judgement;
  const std::string invariants = counted(run.result->invariants.size(), "invariant");
  if (judgement.verdict == Verdict::holds) {
    if (judgement.expectations.empty()) {
      return "The file has no `expect:`, so there is no verdict; " + invariants + " held.";
    }
    return counted(judgement.expectations.size(), "expectation") + " and " + invariants + " held.";
  }
  constexpr std::size_t shown_max = 3;
  constexpr std::size_t long_text = 24;
  std::vector<std::string> failed;
  for (const JudgedExpectation& each : judgement.expectations) {
    if (each.verdict != judgement.verdict) continue;
    std::string text = clean(each.name);
    if (each.verdict == Verdict::undecided)
      text += " never occurred";
    else if (each.actual.size() > long_text)
      text += " differs";
    else
      text += " is " + clean(each.actual) + ", wanted " + cut(clean(each.wanted), long_text);
    failed.push_back(std::move(text));
  }
  for (const InvariantResult& each : run.result->invariants) {
    if (each.holds()) continue;
    failed.push_back("the invariant " + std::string(name(each.invariant)) + " is broken");
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(failed.size(), shown_max); ++i) {
    text += (text.empty() ? "" : "; ") + failed[i];
  }
  if (failed.size() <= shown_max) return text + ".";
  return text + "; and " + std::to_string(failed.size() - shown_max) + " more.";
}

bool expects_nothing(const Report& report) {
  return report.base.judgement->expectations.empty() &&
         std::all_of(report.variants.begin(), report.variants.end(),
                     [](const ReportRun& each) { return each.judgement->expectations.empty(); });
}

// What happened, for a run of which nothing is expected: nobody said what would be right.
std::string what_happened(const Result& result) {
  const RunSums sum = run_sums(result);
  if (result.lost > 0) return "LOST " + count_text(result.lost);
  if (sum.expired > 0) return "EXPIRED " + count_text(sum.expired);
  if (sum.given_up > 0) return "GAVE UP " + count_text(sum.given_up);
  if (result.never_accepted > 0) return "NEVER ACCEPTED " + count_text(result.never_accepted);
  if (result.duplicates > 0) return "REPEATED " + count_text(result.duplicates);
  if (sum.pending > 0) return "WAITING " + count_text(sum.pending);
  return result.stored > 0 && sum.processed > 0 ? "ALL PROCESSED" : "RAN";
}

void add_notes(Page& page, const Report& report) {
  const auto add = [&](const ReportRun& run, const std::string& which) {
    for (const std::string& note : notes_of(run)) {
      page.item("  " + page.paint(Paint::doubt, "Note") + which + ": ", note + ".");
    }
  };
  add(report.base, "");
  for (const ReportRun& variant : report.variants) {
    if (notes_of(variant) == notes_of(report.base)) continue;
    add(variant, ", variant " + cut_middle(clean(variant.name), 24));
  }
}

void add_head(Page& page, const Report& report) {
  const ReportRun& base = report.base;
  const Verdict verdict = report.verdict();
  std::string title = clean(base.scenario->title);
  if (title.empty()) title = clean(base.scenario->file);
  const bool judged = verdict != Verdict::holds || !expects_nothing(report);
  const std::string word = judged ? word_of(verdict) : what_happened(*base.result);
  const Paint colour = judged ? paint_of(verdict) : Paint::strong;
  const std::vector<std::string> lines = wrap(title, page_width - word.size() - 4);
  page.line((judged ? mark(verdict, page.paint) : "•") + " " + page.paint(colour, word) + "  " +
            page.paint(Paint::strong, lines.empty() ? "" : lines.front()));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    page.line(std::string(word.size() + 4, ' ') + page.paint(Paint::strong, lines[i]));
  }
  const std::size_t variants_held = std::count_if(
      report.variants.begin(), report.variants.end(),
      [](const ReportRun& each) { return each.judgement->verdict == Verdict::holds; });
  std::string reason = (report.variants.empty() ? "" : "Base: ") + verdict_reason(base);
  const std::string all_held = std::to_string(variants_held);
  if (variants_held > 0 && variants_held == report.variants.size()) {
    reason += variants_held == 1   ? " Its variant holds too."
              : variants_held == 2 ? " Both variants hold too."
                                   : " All " + all_held + " variants hold too.";
  }
  page.text += paragraph(reason, 2);
  for (const ReportRun& variant : report.variants) {
    if (variant.judgement->verdict == Verdict::holds) continue;
    page.text += paragraph(
        "Variant " + cut_middle(clean(variant.name), 40) + ": " + verdict_reason(variant), 2);
  }
  std::string where = clean(base.scenario->file);
  if (!base.name.empty()) where += ", variant " + clean(base.name);
  page.text +=
      page.paint(Paint::faint, paragraph(where + ", seed " + std::to_string(base.result->seed) +
                                             ", rules of " + base.result->edition,
                                         2));
  add_notes(page, report);
}

// ---- variants -----------------------------------------------------------------------------------

struct VariantColumn : TextColumn {
  bool optional = false;  // left out when every cell is "0" or "-"

  bool empty() const {
    return std::all_of(cells.begin(), cells.end(),
                       [](const std::string& cell) { return cell == "0" || cell == "-"; });
  }
};

std::vector<VariantColumn> variant_columns(const std::vector<const ReportRun*>& runs) {
  std::vector<VariantColumn> columns = {
      {{"calls"}},         {{"delivered"}},     {{"twice"}},
      {{"lost"}},          {{"processed"}},     {{"given up"}, true},
      {{"expired"}, true}, {{"waiting"}, true}, {{"oldest"}, true}};
  for (const ReportRun* run : runs) {
    const RunSums sum = run_sums(*run->result);
    const std::array<std::uint64_t, 8> numbers = {
        sum.invocations,   sum.deliveries, run->result->duplicates,
        run->result->lost, sum.processed,  sum.given_up,
        sum.expired,       sum.pending};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      columns[i].cells.push_back(count_text(numbers[i]));
    }
    columns.back().cells.push_back(sum.max_iterator_age ? duration_text(*sum.max_iterator_age)
                                                        : "-");
  }
  return columns;
}

void add_variants(Page& page, const Report& report) {
  if (report.variants.empty()) return;
  std::vector<const ReportRun*> runs = {&report.base};
  for (const ReportRun& variant : report.variants) runs.push_back(&variant);
  std::size_t name_width = 6;
  const auto name_of = [](const ReportRun& run) {
    return run.name.empty() ? std::string("(base)") : cut_middle(clean(run.name), 24);
  };
  for (const ReportRun* run : runs) {
    name_width = std::max(name_width, display_width(name_of(*run)));
  }
  std::vector<VariantColumn> columns = variant_columns(runs);
  std::size_t used = 2 + 2 + name_width;
  std::vector<const VariantColumn*> shown;
  for (const VariantColumn& column : columns) {
    if (column.optional && column.empty()) continue;
    if (used + column.width() + 2 > page_width) break;
    used += column.width() + 2;
    shown.push_back(&column);
  }
  page.line();
  std::string head = page.paint(Paint::strong, pad_right("Variants", name_width + 4));
  for (const VariantColumn* column : shown) head += "  " + pad_left(column->head, column->width());
  page.line(head);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::string row = "  " + mark(runs[i]->judgement->verdict, page.paint) + " " +
                      pad_right(name_of(*runs[i]), name_width);
    for (const VariantColumn* column : shown) {
      row += "  " + pad_left(column->cells[i], column->width());
    }
    page.line(row);
  }
  for (const ReportRun& variant : report.variants) {
    if (variant.judgement->verdict == Verdict::holds) continue;
    page.heading("In variant " + cut_middle(clean(variant.name), 60));
    add_failures(page, variant);
    page.line("  replay: " + variant.replay);  // one line, to be pasted
  }
}

}  // namespace

std::string report_text(const Report& report, const TextOptions& options) {
  Page page{"", Painter(options.colour)};
  const ReportRun& base = report.base;
  add_head(page, report);
  if (!base.scenario->lesson.empty()) {
    page.line();
    page.text += paragraph(base.scenario->lesson, 0);
  }
  page.heading("What happened");
  page.text += paragraph(story_of(base), 2);
  for (const ConsumerResult& mapping : base.result->consumers) {
    add_mapping(page, *base.result, mapping);
  }
  add_streams(page, base);
  const std::vector<TimelineMark> marks = timeline_of(*base.scenario, *base.result);
  add_timeline(page, marks, Instant{0} + base.result->simulated);
  add_pictures(page, *base.result, picture_marks(marks, Instant{0} + base.result->simulated));
  add_destinations(page, base);
  add_expectations(page, *base.judgement);
  add_invariants(page, *base.result);
  add_assumptions(page, base);
  add_variants(page, report);
  page.line();
  page.line("replay: " + base.replay);
  return page.text;
}

}  // namespace trimhorizon
