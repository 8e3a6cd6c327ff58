// Prints an exploration for people: verdict, violations with their stories, and what was looked at.
#include <fmt/format.h>

#include <algorithm>

#include "sim/base/format.hpp"
#include "sim/base/version.hpp"
#include "sim/explore/explore_report.hpp"
#include "sim/faults/assumption_words.hpp"
#include "sim/report/page.hpp"
#include "sim/report/replay.hpp"
#include "sim/report/timed_lines.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t outcomes_shown = 40;  // the text shows so many; JSON has all
constexpr std::size_t stories_shown = 3;

void add_head(Page& page, const ExploreReport& report) {
  page.line(
      page.paint(paint_of(report.verdict), sign_of(report.verdict) + " " + report.verdict_words));
  const std::string title = report.title.empty() ? report.file : report.title;
  page.text += page.paint(Paint::strong, paragraph(clean(title), 2));
  std::string how;
  if (report.random_runs > 0) {
    how = fmt::format("{}, at most {} in each", counted(report.random_runs, "random run"),
                      counted(report.faults, "fault"));
  } else {
    how = fmt::format(
        "{}, {}, complete through {} of {}",
        counted(report.states, report.whole_runs ? "run" : "state"),
        counted(report.transitions, "step"),
        report.complete_through < 0 ? "no layer" : fmt::format("layer {}", report.complete_through),
        report.faults);
    if (!report.outcomes.empty()) {
      how += fmt::format(", {} ways to end", count_text(report.outcomes.size()));
    }
  }
  how += fmt::format(", rules of {}", edition());
  page.text += page.paint(Paint::faint, paragraph(clean(report.file) + ": " + how, 2));
  if (!report.first_records.empty()) {
    page.item("  " + page.paint(Paint::doubt, "Note") + ": ", report.first_records + ".");
  }
}

// What no schedule broke, with the number of faults that were tried.
void add_held(Page& page, const ExploreReport& report) {
  const std::vector<std::string> held = held_properties(report);
  if (held.empty()) return;
  const int through = report.complete_through;
  const std::string most = counted(static_cast<std::uint64_t>(std::max(through, 0)), "fault");
  if (report.random_runs > 0) {
    page.heading(fmt::format("Not broken in {} with at most {} each",
                             counted(report.random_runs, "random run"),
                             counted(report.faults, "fault")));
  } else if (through < 0) {
    page.heading("Not broken in any schedule that was tried; not all were");
  } else {
    page.heading("These hold with at most " + most);
  }
  std::vector<std::string> searched;
  std::vector<std::string> sampled;
  for (const std::string& property : held) {
    const bool by_sample = report.ledger_runs > 0 && is_ledger_promise(property);
    (by_sample ? sampled : searched).push_back(property);
  }
  page.text += paragraph(fmt::format("{}", fmt::join(searched, ", ")), 2);
  if (sampled.empty()) return;
  page.text += paragraph(fmt::format("{} in {} with the ledger, which the search leaves out",
                                     listed(sampled), counted(report.ledger_runs, "run")),
                         2);
}

// Records whose story is told once.
struct Told {
  const RecordStory* story = nullptr;
  std::vector<std::string> records;  // the same lines
  std::vector<std::string> alike;    // the same steps at other times
};

void add_story(Page& page, const Told& told) {
  const RecordStory& story = *told.story;
  const std::string who = clean(listed(told.records));
  page.line();
  std::string head = "What happens" + (who.empty() ? who : " to " + who);
  if (!told.alike.empty()) {
    head += fmt::format(", and in the same steps to {}", clean(listed(told.alike)));
  }
  for (const std::string& line : wrap(head, page_width - 2)) {
    page.line("  " + page.paint(Paint::strong, line));
  }
  std::vector<TimedLine> lines;
  for (std::size_t i = 0; i < story.lines.size(); ++i) {
    const bool last_chance = story.point_of_no_return == i + 1;
    const std::string before = (last_chance ? " ▶" : "  ") + pad_left(std::to_string(i + 1), 3);
    lines.push_back(timed_line(before + "  ", story.lines[i]));
  }
  add_timed_lines(page, lines);
  if (story.point_of_no_return == 0) return;
  page.text +=
      paragraph(fmt::format("After line {} no continuation without a further fault saves {}.",
                            story.point_of_no_return, who.empty() ? "it" : who),
                2);
}

void add_loop(Page& page, const FoundViolation& found) {
  if (found.loop.empty()) return;
  page.line();
  page.line("  " + page.paint(Paint::strong, "Then this repeats for ever"));
  std::vector<TimedLine> turn;
  for (const std::string& line : found.loop) turn.push_back(timed_line("    ↻  ", line));
  add_timed_lines(page, turn);
}

std::string_view standing_words(Standing judged) {
  switch (judged) {
    case Standing::holds: return "holds";
    case Standing::broken: return "is still broken";
    default: return "cannot be judged";
  }
}

void add_counterfactuals(Page& page, const FoundViolation& found) {
  if (found.without.empty()) return;
  page.line();
  for (std::size_t i = 0; i < found.without.size(); ++i) {
    const Counterfactual& each = found.without[i];
    page.text += paragraph(fmt::format("Without fault {}: {} {}; {}.", i + 1, found.property,
                                       standing_words(each.judged), each.instead),
                           2);
  }
  if (found.without.size() < 2) return;
  if (found.near_miss.empty()) {
    page.line("  No near miss: a run without one of the faults does not end.");
  } else {
    page.text += paragraph("Near miss: " + found.near_miss + ".", 2);
  }
}

std::string fewest_words(const FoundViolation& found) {
  if (found.faults == 0) return "no fault is needed";
  return fmt::format(
      "{}, {}", counted(found.faults, "fault"),
      found.minimum ? "fewer are not enough" : "none of them can be left out (1-minimal)");
}

// The steps of a story: its lines without numbers and without the name of its record.
std::vector<std::string> steps_of(const RecordStory& story) {
  std::vector<std::string> steps;
  for (std::string line : story.lines) {
    for (std::size_t at = line.find("  "); !story.record.empty();) {
      at = line.find(story.record, at);
      if (at == std::string::npos) break;
      line.replace(at, story.record.size(), "#");
    }
    std::string plain;
    for (const char c : line) {
      const bool digit = c >= '0' && c <= '9';
      if (!digit) plain += c;
      if (digit && !plain.ends_with('#')) plain += '#';
    }
    // The time before the first gap differs in its form too: 1s, 1.5s, 1m 2s.
    steps.push_back(plain.substr(std::min(plain.find("  "), plain.size())));
  }
  return steps;
}

// Records that went the same way share a story.
std::vector<Told> different_stories(const FoundViolation& found) {
  std::vector<Told> different;
  for (const RecordStory& story : found.stories) {
    const auto same = std::find_if(different.begin(), different.end(), [&](const Told& each) {
      return each.story->point_of_no_return == story.point_of_no_return &&
             (each.story->lines == story.lines || steps_of(*each.story) == steps_of(story));
    });
    if (same == different.end()) {
      different.push_back({&story, {story.record}, {}});
    } else {
      const bool equal = same->story->lines == story.lines;
      (equal ? same->records : same->alike).push_back(story.record);
    }
  }
  return different;
}

void add_stories(Page& page, const FoundViolation& found) {
  const std::vector<Told> different = different_stories(found);
  for (std::size_t i = 0; i < std::min(different.size(), stories_shown); ++i) {
    add_story(page, different[i]);
  }
  const std::size_t without_story =
      found.records.size() - std::min(found.records.size(), found.stories.size());
  if (different.size() <= stories_shown && without_story == 0) return;
  std::vector<std::string> others;
  for (std::size_t i = stories_shown; i < different.size(); ++i) {
    for (const auto* list : {&different[i].records, &different[i].alike}) {
      others.insert(others.end(), list->begin(), list->end());
    }
  }
  if (without_story > 0) others.push_back(fmt::format("{} more", count_text(without_story)));
  page.line();
  page.text += paragraph("Also broken for " + listed(others) + ".", 2);
}

// Does an earlier violation tell the same run, and all these stories?
const FoundViolation* told_before(const std::vector<FoundViolation>& violations,
                                  const FoundViolation& found) {
  for (const FoundViolation& earlier : violations) {
    if (&earlier == &found) return nullptr;
    const bool all =
        std::all_of(found.stories.begin(), found.stories.end(), [&](const RecordStory& story) {
          return std::any_of(earlier.stories.begin(), earlier.stories.end(),
                             [&](const RecordStory& each) {
                               return each.record == story.record && each.lines == story.lines;
                             });
        });
    if (all && earlier.token == found.token && found.loop.empty()) return &earlier;
  }
  return nullptr;
}

void add_violation(Page& page, const FoundViolation& found, const std::string& replay,
                   const FoundViolation* told) {
  page.heading(fmt::format("{} is broken: {}", found.property, fewest_words(found)));
  page.text += paragraph("It says: " + found.sentence + ".", 2);
  if (told != nullptr) {
    page.text += paragraph(fmt::format("The run is that of {}, told above: {}.", told->property,
                                       listed(found.records)),
                           2);
    add_counterfactuals(page, found);
    return;
  }
  std::uint32_t faults = 0;
  for (std::size_t i = 0; i < found.decisions.size(); ++i) {
    page.item(found.is_fault[i] ? fmt::format("  {}. ", ++faults) : "  -  ",
              clean(found.decisions[i]));
  }
  add_stories(page, found);
  add_loop(page, found);
  add_counterfactuals(page, found);
  page.line();
  page.line("  " + replay);
}

void add_outcomes(Page& page, const ExploreReport& report) {
  page.heading("How it can end");
  page.line(page.paint(Paint::faint, "  faults  stored  effects of each record in turn"));
  std::size_t shown = 0;
  for (const OutcomeRow& row : report.outcomes) {
    if (++shown > outcomes_shown) break;
    std::string effects;
    for (const auto& [id, count] : row.effects) {
      effects += (effects.empty() ? "" : " ") +
                 (count >= effects_saturated ? fmt::format(">={}", count) : std::to_string(count));
    }
    if (!row.discarded.empty()) effects += "   in a destination: " + listed(row.discarded);
    if (!row.lost.empty()) effects += "   no effect and in no destination: " + listed(row.lost);
    page.item("  " + pad_left(std::to_string(row.minimum_faults), 6) +
                  pad_left(std::to_string(row.stored), 8) + "  ",
              clean(effects));
  }
  if (report.outcomes.size() > outcomes_shown) {
    page.text += paragraph(fmt::format("… and {} more; --format json has them all",
                                       report.outcomes.size() - outcomes_shown),
                           2);
  }
}

void add_swept(Page& page, const ExploreReport& report) {
  page.heading("Does the verdict depend on what is not known about AWS?");
  std::vector<std::string> same;  // "retry_backoff: none, cap 5s"
  std::string_view last;
  bool none_matters = true;
  for (const SweptAssumption& each : report.swept) {
    if (each.matters()) {
      none_matters = false;
      page.item("  " + each.name + ": " + each.value + "  ", listed(each.differences));
    } else if (each.name == last) {
      same.back() += ", " + each.value;
    } else {
      same.push_back(each.name + ": " + each.value);
      last = each.name;
    }
  }
  if (none_matters) page.line("  no: it is the same under every alternative that was tried");
  if (!same.empty()) page.item("  the same under  ", fmt::format("{}", fmt::join(same, "; ")));
}

void add_row(Page& page, std::string_view name, const std::vector<std::string>& words) {
  if (words.empty()) return;
  page.item("  " + pad_right(name, 14), clean(fmt::format("{}", fmt::join(words, ", "))));
}

std::vector<std::string> assumptions_met(const ExploreReport& report) {
  std::vector<std::string> met;
  for (const AssumptionInfo& each : assumption_table()) {
    if (!report.met.has(each.which)) continue;
    met.push_back(std::string(each.name) + " = " +
                  assumption_value(report.assumptions, each.which));
  }
  return met;
}

// In at most five lines, but for the notes that belong to this scenario alone.
void add_brief_coverage(Page& page, const ExploreReport& report) {
  page.heading("What was looked at");
  const auto row = [&](std::string_view name, std::vector<std::string> words, std::size_t all) {
    const std::string part =
        all > 0 ? fmt::format("{} of {}{}", words.size(), all, words.empty() ? "" : ": ") : "";
    const std::string text = part + fmt::format("{}", fmt::join(words, ", "));
    page.line("  " + pad_right(name, 13) + cut(clean(text), page_width - 15));
  };
  row("faults", fault_names(report.taken), fault_names(SiteSet::all()).size());
  row("situations", names_in(report.situations), count_of<Situation>);
  row("assumptions", assumptions_met(report), 0);
  page.line("  not varied   what is random, and the order of events at one instant");
  for (const std::string& note : report.notes) page.item("  - ", note);
  page.line("  --details lists all of it, and what was left out");
}

void add_coverage(Page& page, const ExploreReport& report) {
  page.heading("What was looked at");
  add_row(page, "properties", report.properties);
  add_row(page, "sites", fault_names(report.sites));
  add_row(page, "never taken", fault_names(report.sites.without(report.taken)));
  add_row(page, "switched off", fault_names(SiteSet::all().without(report.sites)));
  add_row(page, "batch sizes", {report.any_batch_size ? "any" : "full"});
  add_row(page, "situations", names_in(report.situations));
  add_row(page, "not reached", names_in(EnumSet<Situation>::all().without(report.situations)));
  add_row(page, "assumptions", assumptions_met(report));
  for (const auto* notes : {&report.common_notes, &report.notes}) {
    for (const std::string& note : *notes) page.item("  - ", note);
  }
}

}  // namespace

std::vector<std::string> held_properties(const ExploreReport& report) {
  std::vector<std::string> held;
  for (const std::string& property : report.properties) {
    const bool broken =
        std::any_of(report.violations.begin(), report.violations.end(),
                    [&](const FoundViolation& found) { return found.property == property; });
    if (!broken) held.push_back(property);
  }
  return held;
}

std::string explore_line(const ExploreRequest& request, const std::string& file,
                         const std::vector<std::string>& set, const std::string& variant) {
  std::string line = command_line("explore", file, set, request.seed, variant);
  if (request.faults) line += " --faults " + std::to_string(*request.faults);
  if (request.seconds > 0) line += fmt::format(" --seconds {}", request.seconds);
  if (request.states > 0) line += " --states " + std::to_string(request.states);
  if (request.random > 0) line += " --random " + std::to_string(request.random);
  if (request.assumptions) line += " --assumptions";
  return line;
}

std::string explore_text(const ExploreReport& report, const ExploreText& options) {
  Page page{"", Painter(options.colour)};
  add_head(page, report);
  for (std::size_t i = 0; i < report.violations.size(); ++i) {
    const FoundViolation& each = report.violations[i];
    add_violation(page, each,
                  report.own_handlers ? fmt::format(fmt::runtime(options.replay_found), i)
                                      : options.replay_found + " --decisions " + each.token,
                  told_before(report.violations, each));
  }
  for (const FoundViolation& each : report.loops) {
    page.heading("Some runs never end: what must hold at the end is not judged for them");
    add_story(page, {&each.stories.front(), {each.stories.front().record}, {}});
    add_loop(page, each);
  }
  add_held(page, report);
  if (options.outcomes) add_outcomes(page, report);
  if (report.was_swept) add_swept(page, report);
  (options.details ? add_coverage : add_brief_coverage)(page, report);
  page.line();
  page.line("replay: " + options.replay);
  return page.text;
}

}  // namespace trimhorizon
