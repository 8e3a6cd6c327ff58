// Turns a violation into something to read. Each statement comes from a run that is made for it, so
// nothing is claimed that was not seen.
#include "sim/explore/counterexample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/base/check.hpp"
#include "sim/base/format.hpp"
#include "sim/explore/fresh_search.hpp"
#include "sim/explore/saving_continuation.hpp"
#include "sim/report/words.hpp"

namespace trimhorizon {
namespace {

constexpr std::size_t stories_max = 8;  // of one violation

// What all runs about one violation have in common.
struct WitnessRunner {
  std::shared_ptr<const Plan> plan;
  const ExploreOptions& options;
  const RecordIndex& index;

  std::string record_name(std::uint32_t record) const {
    return plan->record_id(index.record(record));
  }
  Witness run(Choices& choices, WitnessOptions watching = {}) const {
    if (options.poll_progress) options.poll_progress();
    watching.handlers = options.handlers;
    return run_witness(plan, index, choices, watching);
  }
};

// How a record ended: "r0 has 2 effects", "r0 has no effect and nothing has it".
std::string ending(const WitnessRunner& runner, const Witness& witness, std::uint32_t record) {
  const std::uint32_t effects = witness.end.effects[record];
  const bool discarded =
      std::binary_search(witness.end.discarded.begin(), witness.end.discarded.end(), record);
  const std::string count = effects >= effects_saturated
                                ? fmt::format("{} or more effects", effects_saturated)
                                : counted(effects, "effect");
  std::string text = runner.record_name(record) + " has " + (effects == 0 ? "no effect" : count);
  if (discarded)
    return text + (effects == 0 ? " but is in a destination" : " and is in a destination");
  if (effects > 0 || !witness.at_rest) return text;
  for (std::uint32_t m = 0; m < witness.monitor->consumers(); ++m) {
    if (witness.monitor->pending(m, record)) return text + " and has not been read yet";
  }
  return text + " and nothing has it";
}

std::vector<std::uint32_t> violated_records(const Witness& witness, const std::string& property) {
  if (const auto known = member_named<Property>(property)) {
    return records_breaking(*known, *witness.monitor);
  }
  return witness.invariant_records;
}

// Where a line of a story belongs: its step and, for a decision, its number from 1.
struct Place {
  std::uint64_t step = 0;
  std::size_t decision = 0;
};
// The lines about a record, and every decision, since any of them may be the cause. `places` gets
// the place of each line.
RecordStory story_of(const WitnessRunner& runner, const Witness& witness, std::uint32_t record,
                     std::vector<Place>& places) {
  RecordStory story;
  story.record = runner.record_name(record);
  std::size_t decisions = 0;
  for (const StoryLine& line : witness.story) {
    const bool about = std::find(line.about.begin(), line.about.end(), record) != line.about.end();
    if (line.is_decision) ++decisions;
    if (!about && !line.is_decision) continue;
    story.lines.push_back(line.with_time());
    story.is_decision.push_back(line.is_decision);
    places.push_back({line.step, line.is_decision ? decisions : 0});
  }
  return story;
}

// Finds the moment after which the record is lost for good, unless further faults happen to save
// it.
class PointOfNoReturn {
 public:
  PointOfNoReturn(const WitnessRunner& runner, const Witness& witness, const std::string& property,
                  std::uint32_t record)
      : runner_(runner),
        witness_(witness),
        invariant_(member_named<Invariant>(property)),
        saving_(runner.plan, runner.index, runner.options, saved(property, record), invariant_) {}

  // Step 0: from the start. None: it was not found within the limit of states.
  std::optional<Place> find() {
    std::optional<Place> found;
    ReplayChoices choices(witness_.list);
    std::optional<World> before;
    std::optional<OutcomeMonitor> monitor_before;
    std::uint64_t asked = 0;
    WitnessOptions watching;
    watching.story = false;
    watching.before_first = [&](const Simulation& run, OutcomeMonitor& monitor) {
      const World& world = run.world();
      const std::optional<bool> possible = saving_.exists(world, monitor);
      if (possible && !*possible) found = Place{};
      before = world;
      monitor_before = monitor;
      return possible && *possible;
    };
    watching.after_step = [&](const Simulation& run, OutcomeMonitor& monitor) {
      const World& world = run.world();
      // A step without a question has only one continuation, which was already searched.
      if (choices.asked() != asked || is_broken(run)) {
        const std::optional<bool> possible =
            is_broken(run) ? false : saving_.exists(world, monitor);
        if (!possible) return false;
        if (!*possible) {
          found = Place{world.steps,
                        decision_of_step(*before, *monitor_before, asked, choices.asked())};
          return false;
        }
      }
      asked = choices.asked();
      before = world;
      monitor_before = monitor;
      return true;
    };
    runner_.run(choices, watching);
    return found;
  }

 private:
  static SavingContinuation::Saved saved(const std::string& property, std::uint32_t record) {
    const auto known = member_named<Property>(property);
    return [known, record](const OutcomeMonitor& monitor) {
      return known ? holds_for(*known, monitor, record) : true;
    };
  }
  bool is_broken(const Simulation& run) const {
    return invariant_ && run.history().invariants.of(*invariant_).violations > 0;
  }

  // Which decision of the step it was: the first after which nothing saves the record, even if the
  // rest of the step has no fault. 0: no single decision.
  std::size_t decision_of_step(const World& before, const OutcomeMonitor& monitor,
                               std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint32_t> answers;
    for (std::size_t i = 0; i < witness_.list.decisions.size(); ++i) {
      const Decision& decision = witness_.list.decisions[i];
      if (decision.index < from || decision.index >= to) continue;
      answers.resize(decision.index - from, 0);
      answers.push_back(decision.answer);
      const auto possible = saving_.exists_after(before, monitor, answers, witness_.list.open);
      if (possible && !*possible) return i + 1;
    }
    return 0;
  }

  const WitnessRunner& runner_;
  const Witness& witness_;
  std::optional<Invariant> invariant_;
  SavingContinuation saving_;
};

// The same for functions that remember, where no moment can be restored: the first decision after
// which the run without another fault is broken. None with free choices: one run would not show
// what the other choices do.
std::optional<Place> point_of_no_return_by_running(const WitnessRunner& runner,
                                                   const Witness& witness,
                                                   const std::string& property,
                                                   std::uint32_t record) {
  if (runner.options.any_batch_size) return std::nullopt;
  const auto known = member_named<Property>(property);
  WitnessOptions quiet;
  quiet.story = false;
  for (std::size_t made = 0; made <= witness.list.decisions.size(); ++made) {
    const auto first = witness.list.decisions.begin();
    LooseChoices choices({first, first + static_cast<std::ptrdiff_t>(made)}, witness.list.open);
    const Witness run = runner.run(choices, quiet);
    const bool saved =
        run.at_rest && (known ? holds_for(*known, *run.monitor, record) : !run.breaks(property));
    if (!saved) return Place{0, made};
  }
  return std::nullopt;
}

// The number of the line of that decision, else of the first line of that step or a later one.
std::uint32_t line_of(const std::vector<Place>& places, const Place& place) {
  std::uint32_t first = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(i + 1);
    if (place.decision > 0 && places[i].decision == place.decision) return number;
    if (first == 0 && places[i].step >= place.step) first = number;
  }
  return first == 0 ? static_cast<std::uint32_t>(places.size()) : first;
}

void add_stories(const WitnessRunner& runner, const Witness& witness, FoundViolation& found) {
  for (const std::uint32_t record : violated_records(witness, found.property)) {
    if (found.stories.size() == stories_max) break;
    std::vector<Place> places;
    RecordStory story = story_of(runner, witness, record, places);
    const auto place = runner.options.fresh != nullptr
                           ? point_of_no_return_by_running(runner, witness, found.property, record)
                           : PointOfNoReturn(runner, witness, found.property, record).find();
    if (place) story.point_of_no_return = line_of(places, *place);
    found.stories.push_back(std::move(story));
  }
}

Witness run_without(const WitnessRunner& runner, const Witness& witness, std::size_t left_out) {
  std::vector<Decision> decisions = witness.list.decisions;
  decisions.erase(decisions.begin() + static_cast<std::ptrdiff_t>(left_out));
  LooseChoices choices(std::move(decisions), witness.list.open);
  return runner.run(choices);
}

// What the run without the fault does from where it first differs from the witness.
std::string near_miss_words(const WitnessRunner& runner, const Witness& witness,
                            const Witness& near, std::uint32_t fault, std::uint32_t record) {
  std::size_t same = 0;
  while (same < near.story.size() && same < witness.story.size() &&
         near.story[same].text == witness.story[same].text) {
    ++same;
  }
  std::string then;
  for (std::size_t i = same; i < near.story.size() && then.empty(); ++i) {
    const std::vector<std::uint32_t>& about = near.story[i].about;
    if (std::find(about.begin(), about.end(), record) != about.end()) then = near.story[i].text;
  }
  std::string text = fmt::format("without fault {} everything is the same until", fault);
  text += then.empty() ? " the end" : " " + then;
  return text + "; " + ending(runner, near, record);
}

void add_counterfactuals(const WitnessRunner& runner, const Witness& witness,
                         FoundViolation& found) {
  const std::vector<std::uint32_t> records = violated_records(witness, found.property);
  std::uint32_t fault = 0;
  for (std::size_t i = 0; i < witness.decisions_in_words.size(); ++i) {
    if (!witness.decisions_in_words[i].is_fault) continue;
    ++fault;
    const Witness without = run_without(runner, witness, i);
    Counterfactual each{witness.decisions_in_words[i].text, without.judge(found.property), ""};
    if (!records.empty()) each.instead = ending(runner, without, records.front());
    if (!without.at_rest) {
      each.instead += (each.instead.empty() ? "" : ", and ") + std::string("that run does not end");
    }
    found.without.push_back(std::move(each));
    if (!records.empty() && without.at_rest) {
      found.near_miss = near_miss_words(runner, witness, without, fault, records.front());
    }
  }
}

FoundViolation describe(const WitnessRunner& runner, const Witness& witness,
                        const std::string& property, bool minimum) {
  if (runner.options.fresh != nullptr && !witness.breaks(property)) {
    throw MemoryNotFresh("a run that broke " + property + " did not break it the second time");
  }
  TH_CHECK(witness.breaks(property));
  FoundViolation found;
  found.property = property;
  found.sentence = std::string(sentence_of(property));
  found.minimum = minimum;
  found.token = to_token(witness.list);
  for (const DecisionInWords& said : witness.decisions_in_words) {
    found.decisions.push_back(said.text);
    found.is_fault.push_back(said.is_fault);
    if (said.is_fault) found.sites.push_back(static_cast<Site>(said.decision.site));
    found.faults += said.is_fault ? 1 : 0;
  }
  for (const std::uint32_t record : violated_records(witness, property)) {
    found.records.push_back(runner.record_name(record));
  }
  add_stories(runner, witness, found);
  add_counterfactuals(runner, witness, found);
  return found;
}

}  // namespace

std::string_view sentence_of(std::string_view wanted) {
  if (const auto property = member_named<Property>(wanted)) return sentence(*property);
  if (const auto invariant = member_named<Invariant>(wanted)) return sentence(*invariant);
  return "";
}

FoundViolation describe_violation(std::shared_ptr<const Plan> plan, const ExploreOptions& options,
                                  const RecordIndex& index, const ExploredViolation& found) {
  ListedChoices choices(found.answers, options.open());
  const WitnessRunner runner{std::move(plan), options, index};
  return describe(runner, runner.run(choices), found.property, true);
}

FoundViolation describe_decisions(std::shared_ptr<const Plan> plan, const ExploreOptions& options,
                                  const RecordIndex& index, const std::string& property,
                                  const std::vector<Decision>& decisions, bool minimum) {
  LooseChoices choices(decisions, options.open());
  const WitnessRunner runner{std::move(plan), options, index};
  return describe(runner, runner.run(choices), property, minimum);
}

}  // namespace trimhorizon
