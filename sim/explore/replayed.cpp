// Repeats a run from its decisions, and prints whether it asked the same questions.
#include "sim/explore/replayed.hpp"

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/base/medium.hpp"
#include "sim/report/timed_lines.hpp"
#include "sim/report/words.hpp"
#include "sim/scenario/build_world.hpp"

namespace trimhorizon {
namespace {

std::vector<std::string> broken_properties(const Plan& plan, const RecordIndex& index,
                                           const Witness& witness) {
  std::vector<std::string> lines;
  for (const Property property : all_of<Property>) {
    if (!witness.at_rest || !witness.breaks(name(property))) continue;
    std::vector<std::string> records;
    for (const std::uint32_t r : records_breaking(property, *witness.monitor)) {
      records.push_back(plan.record_id(index.record(r)));
    }
    lines.push_back(std::string(name(property)) + " (" + listed(records) + ")");
  }
  for (const std::string& each : names_in(witness.broken_invariants)) lines.push_back(each);
  return lines;
}

// Does the run come back to the same state for ever, after `duration` too? A handler of the user's
// own would have to be called again, so that is not asked of it.
bool never_ends(const std::shared_ptr<const Plan>& plan, const RecordIndex& index) {
  ReplayChoices choices(*plan->decisions);
  WitnessOptions silent;
  silent.story = false;
  return run_witness(plan, index, choices, silent).repeats;
}

// A run without an end would print the same lines for ever.
constexpr std::size_t story_lines_shown = 200;

}  // namespace

Replayed replay_decisions(const Scenario& scenario, std::optional<std::uint64_t> seed,
                          Handlers* handlers) {
  PlanOptions options;
  options.seed = seed;
  const std::shared_ptr<const Plan> plan = make_plan(scenario, options);
  const RecordIndex index(*plan);
  ReplayChoices choices(*plan->decisions);
  Replayed replayed;
  WitnessOptions watching;
  watching.handlers = handlers;
  // A run that was recorded without its end is followed to `duration`.
  watching.after_step = [&](const Simulation& run, OutcomeMonitor&) {
    const World& world = run.world();
    return choices.list().to_rest || !choices.used_up() || world.now <= Instant{0} + plan->duration;
  };
  try {
    const Witness witness = run_witness(plan, index, choices, watching);
    choices.check_end(witness.at_rest);
    replayed.matches = true;
    replayed.at_rest = witness.at_rest;
    for (const DecisionInWords& said : witness.decisions_in_words)
      replayed.decisions.push_back(said.text);
    for (const StoryLine& line : witness.story) {
      if (replayed.story.size() == story_lines_shown) break;
      replayed.story.push_back(friendly_duration(line.at - Instant{0}) + "  " + line.text);
    }
    if (replayed.story.size() < witness.story.size()) {
      replayed.story.push_back(
          fmt::format("… {} more", counted(witness.story.size() - story_lines_shown, "line")));
    }
    replayed.broken = broken_properties(*plan, index, witness);
    const bool asked = !witness.at_rest && handlers == nullptr;
    if (witness.repeats || (asked && never_ends(plan, index))) {
      replayed.broken.insert(replayed.broken.begin(),
                             "quiescence (it repeats itself and never ends)");
    }
  } catch (const DriftError& drift) {
    replayed.drift = drift.what();
    const std::optional<Origin>& recorded = choices.list().origin;
    replayed.differs = recorded ? what_differs(*recorded, *plan->origin)
                                : "The token does not say of which file and settings it is.";
  }
  replayed.questions = choices.asked();
  replayed.rolling = choices.rolling();
  return replayed;
}

std::string replayed_text(const Replayed& replayed) {
  Page page{"", Painter(false)};
  if (!replayed.matches) {
    page.text += for_terminal_lines("DRIFT: " + replayed.drift) + "\n";
    page.text += paragraph(replayed.differs, 2);
    return page.text;
  }
  page.line(fmt::format("MATCH: {} at {}, hash {:016x}",
                        counted(replayed.decisions.size(), "decision"),
                        counted(replayed.questions, "question"), replayed.rolling));
  for (std::size_t i = 0; i < replayed.decisions.size(); ++i) {
    page.item(fmt::format("  {}. ", i + 1), clean(replayed.decisions[i]));
  }
  page.line();
  std::vector<TimedLine> lines;
  for (const std::string& line : replayed.story) lines.push_back(timed_line("  ", line));
  add_timed_lines(page, lines);
  page.line();
  if (!replayed.at_rest) page.line("  when the replay stopped, something was still left to happen");
  if (!replayed.broken.empty()) {
    page.text += paragraph(
        (replayed.at_rest ? "broken at its end: " : "broken: ") + listed(replayed.broken), 2);
  } else if (replayed.at_rest) {
    page.line("  no property of the explorer is broken");
  }
  return page.text;
}

}  // namespace trimhorizon
