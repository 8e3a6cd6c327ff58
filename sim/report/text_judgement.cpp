// The sections of the text report that judge: expectations, invariants and assumptions.
#include "sim/report/text_judgement.hpp"

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/faults/assumption_words.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t wanted_width_max = 22;
constexpr std::size_t found_width_max = 16;

bool is_of(const JudgedExpectation& each, std::string_view group) {
  return each.name.compare(0, group.size(), group) == 0 &&
         (each.name.size() == group.size() || each.name[group.size()] == '.' ||
          each.name[group.size()] == '[');
}

// `always` and `sometimes` take one line each when all of them hold.
bool is_folded(const JudgedExpectation& each) {
  return each.verdict == Verdict::holds && (is_of(each, "always") || is_of(each, "sometimes"));
}

void add_folded(Page& page, const Judgement& judgement, std::string_view group,
                std::string_view verb) {
  std::vector<std::string> names;
  for (const JudgedExpectation& each : judgement.expectations) {
    if (is_folded(each) && is_of(each, group)) names.push_back(clean(last_part(each.name)));
  }
  if (names.empty()) return;
  page.item("  " + mark(Verdict::holds, page.paint) + " ",
            std::string(group) + " " + std::string(verb) + ": " + listed(names));
}

std::string found_text(const JudgedExpectation& each) {
  return each.verdict == Verdict::undecided ? "never occurred" : clean(each.actual);
}

// On one line if it fits, on two if only the name is long; else one below the other.
void add_expectation(Page& page, const JudgedExpectation& each, std::size_t name_width,
                     std::size_t wanted_width) {
  const std::string name = clean(each.name);
  const std::string wanted = clean(each.wanted);
  const std::string found = found_text(each);
  const std::string start = "  " + mark(each.verdict, page.paint) + " ";
  const std::string values = "  " + pad_right(wanted, wanted_width) + "  " + found;
  const bool values_fit =
      display_width(wanted) <= wanted_width && 4 + name_width + display_width(values) <= page_width;
  if (values_fit && display_width(name) <= name_width) {
    page.line(start + pad_right(name, name_width) + values);
  } else if (values_fit) {
    page.item(start, name);
    page.line(std::string(4 + name_width, ' ') + values);
  } else if (each.verdict == Verdict::holds) {
    const std::string all = name + "  " + wanted + "  " + found;
    const bool all_fit = display_width(all) + 4 <= page_width;
    page.line(start + (all_fit ? all : cut(name + "  " + wanted, page_width - 4)));
  } else {
    page.item(start, name);
    page.item("      wanted  ", wanted);
    page.item("      found   ", found);
  }
  if (each.verdict != Verdict::holds && !each.why.empty()) page.item("      ", clean(each.why));
}

struct Widths {
  std::size_t name = 8;
  std::size_t wanted = 6;
};

// The names get the width that the two columns of values leave.
Widths widths_of(const Judgement& judgement) {
  Widths widths;
  std::size_t found_width = 0;
  std::vector<std::size_t> names;
  for (const JudgedExpectation& each : judgement.expectations) {
    if (is_folded(each)) continue;
    const std::size_t wanted = display_width(clean(each.wanted));
    const std::size_t found = display_width(found_text(each));
    if (wanted > wanted_width_max || found > found_width_max) continue;
    widths.wanted = std::max(widths.wanted, wanted);
    found_width = std::max(found_width, found);
    names.push_back(display_width(clean(each.name)));
  }
  const std::size_t name_width_max = page_width - 8 - widths.wanted - found_width;
  for (const std::size_t name : names) {
    if (name <= name_width_max) widths.name = std::max(widths.name, name);
  }
  return widths;
}

void add_violation(Page& page, const InvariantResult& each) {
  page.item("  " + mark(Verdict::violated, page.paint) + " ",
            std::string(name(each.invariant)) + ": " + std::string(sentence(each.invariant)));
  page.item("      first broken: ", violation_text(each));
}

}  // namespace

void add_expectations(Page& page, const Judgement& judgement) {
  if (judgement.expectations.empty()) return;
  const Widths widths = widths_of(judgement);
  const bool any_row = std::any_of(judgement.expectations.begin(), judgement.expectations.end(),
                                   [](const JudgedExpectation& each) { return !is_folded(each); });
  page.line();
  const std::string heads = pad_right("wanted", widths.wanted) + "  found";
  page.line(page.paint(Paint::strong, pad_right("Expected", widths.name + 4)) +
            (any_row ? "  " + page.paint(Paint::faint, heads) : ""));
  for (const JudgedExpectation& each : judgement.expectations) {
    if (!is_folded(each)) add_expectation(page, each, widths.name, widths.wanted);
  }
  add_folded(page, judgement, "always", "held");
  add_folded(page, judgement, "sometimes", "occurred");
}

void add_failures(Page& page, const ReportRun& run) {
  Judgement failed;
  for (const JudgedExpectation& each : run.judgement->expectations) {
    if (each.verdict != Verdict::holds) failed.expectations.push_back(each);
  }
  const Widths widths = widths_of(failed);
  for (const JudgedExpectation& each : failed.expectations) {
    add_expectation(page, each, widths.name, widths.wanted);
  }
  for (const InvariantResult& each : run.result->invariants) {
    if (!each.holds()) add_violation(page, each);
  }
}

void add_invariants(Page& page, const Result& result) {
  if (result.invariants.empty()) return;
  std::uint64_t checks = 0;
  std::uint64_t broken = 0;
  for (const InvariantResult& each : result.invariants) {
    checks += each.checks;
    broken += each.holds() ? 0 : 1;
  }
  if (broken == 0) {
    page.line();
    page.line(page.paint(Paint::strong, "Invariants") + "  all " +
              std::to_string(result.invariants.size()) + " held in " + counted(checks, "check") +
              ".");
    return;
  }
  page.heading("Invariants: " + std::to_string(broken) + " of " +
               std::to_string(result.invariants.size()) + " broken");
  for (const InvariantResult& each : result.invariants) {
    if (!each.holds()) add_violation(page, each);
  }
}

namespace {

constexpr std::string_view iterator_age = "iterator_age_ms";

std::string number_text(std::string_view name, std::uint64_t value) {
  if (name != iterator_age) return count_text(value);
  return friendly_duration(milliseconds(static_cast<std::int64_t>(value)));
}

std::string number_words(std::string_view name) {
  if (name == "given_up") return "given up";
  if (name == "duplicates") return "work done twice";
  if (name == iterator_age) return "largest iterator age";
  return std::string(name);
}

void add_stopped(Page& page, const Ranges& ranges) {
  if (ranges.stopped.empty()) return;
  const bool one = ranges.stopped.size() == 1;
  page.text += paragraph("It is not known what " + listed(ranges.stopped) +
                             (one ? " changes: that run grew" : " change: those runs grew") +
                             " too long and " + (one ? "was" : "were") + " stopped.",
                         2);
}

// What the other values of these switches would make of the numbers.
void add_ranges(Page& page, const Ranges& ranges) {
  if (!ranges.tried) {
    page.text += page.paint(
        Paint::faint,
        paragraph("Their other values were not tried: the run is too long, or cannot be repeated.",
                  2));
    return;
  }
  const std::string runs =
      ranges.runs > 0 ? " that were tried (" + counted(ranges.runs, "run") + ")" : "";
  if (ranges.numbers.empty()) {
    page.text += paragraph("Their other values" + runs +
                               " change none of these: lost, work done twice, given up, expired, "
                               "invocations, largest iterator age.",
                           2);
  } else {
    page.text += paragraph("Under their other values" + runs + ":", 2);
  }
  for (const NumberRange& each : ranges.numbers) {
    page.item("    " + number_words(each.name) + " ",
              number_text(each.name, each.least) + " to " + number_text(each.name, each.most) +
                  " instead of " + number_text(each.name, each.value) + ": " +
                  listed(each.switches));
  }
  add_stopped(page, ranges);
}

}  // namespace

void add_assumptions(Page& page, const ReportRun& run) {
  const Assumptions& assumptions = run.scenario->assumptions;
  std::size_t width = 0;
  std::vector<std::pair<std::string, std::string_view>> rows;
  for (const AssumptionInfo& each : assumption_table()) {
    if (!run.result->assumptions_met.has(each.which)) continue;
    std::string text = std::string(each.name) + " = " + assumption_value(assumptions, each.which);
    if (!is_default(assumptions, each.which)) text += " (set)";
    width = std::max(width, display_width(text));
    rows.emplace_back(std::move(text), assumption_words(each.which));
  }
  if (rows.empty()) return;
  width = std::min<std::size_t>(width, 46);
  page.heading("Assumptions: what AWS does not document and this run met");
  for (const auto& [text, words] : rows) page.item("  " + pad_right(text, width) + "  ", words);
  add_ranges(page, run.ranges);
}

}  // namespace trimhorizon
