// A run that never ends: the way into its loop, and one turn of the loop.
#include <fmt/format.h>

#include <map>
#include <optional>

#include "sim/base/check.hpp"
#include "sim/base/format.hpp"
#include "sim/explore/counterexample.hpp"
#include "sim/explore/expander.hpp"

namespace trimhorizon {
namespace {

// Between these steps the run came back to the same state; only effect counts may differ.
struct Turn {
  std::uint64_t from_step = 0;
  std::uint64_t to_step = 0;
};

}  // namespace

FoundViolation describe_loop(std::shared_ptr<const Plan> plan, const ExploreOptions& options,
                             const RecordIndex& index, const ExploredLoop& loop) {
  StateCodec codec({*plan, options.open(), options.handlers != nullptr});
  std::vector<std::uint32_t> answers = loop.stem;
  answers.insert(answers.end(), loop.turn.begin(), loop.turn.end());
  ListedChoices choices(answers, options.open());
  // A turn costs no fault: it cannot begin before the last answer of the stem that is not 0.
  std::size_t stem_ends = loop.stem.size();
  while (stem_ends > 0 && loop.stem[stem_ends - 1] == 0) --stem_ends;
  std::map<Key, std::uint64_t> seen;
  std::optional<Turn> turn;
  OutcomeMonitor nothing(index, plan->consumers(), false);
  WitnessOptions watching;
  watching.handlers = options.handlers;
  watching.after_step = [&](const Simulation& run, OutcomeMonitor&) {
    const World& world = run.world();
    if (choices.asked() < stem_ends || world.events.empty() ||
        !is_state_point(world.events.earliest(), options.open())) {
      return true;
    }
    Key key;
    codec.encode(world, nothing, key);
    const auto [it, added] = seen.try_emplace(key, world.steps);
    if (added) return true;
    turn = Turn{it->second, world.steps};
    return false;
  };
  const Witness witness = run_witness(plan, index, choices, watching);
  TH_CHECK(turn.has_value());
  FoundViolation found;
  found.property = std::string(name(Property::quiescence));
  found.sentence = std::string(sentence(Property::quiescence));
  found.faults = loop.minimum_faults;
  found.token = to_token(witness.list);
  for (const DecisionInWords& said : witness.decisions_in_words) {
    found.decisions.push_back(said.text);
    found.is_fault.push_back(said.is_fault);
    if (said.is_fault) found.sites.push_back(static_cast<Site>(said.decision.site));
  }
  RecordStory stem;
  std::vector<std::uint32_t> stuck;
  for (const StoryLine& line : witness.story) {
    if (line.step <= turn->from_step) {
      stem.lines.push_back(line.with_time());
      stem.is_decision.push_back(line.is_decision);
    } else if (line.step <= turn->to_step) {
      found.loop.push_back(line.with_time());
      if (stuck.empty()) stuck = line.about;
    }
  }
  if (!stuck.empty()) stem.record = plan->record_id(index.record(stuck.front()));
  found.stories.push_back(std::move(stem));
  return found;
}

}  // namespace trimhorizon
