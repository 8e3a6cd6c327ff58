// One run of the explored scenario with given decisions: its story line by line, how it ended, and
// the decisions as a list that replays it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/explore/end_of_run.hpp"
#include "sim/explore/state_key.hpp"
#include "sim/faults/decisions.hpp"
#include "sim/run/simulation.hpp"

namespace trimhorizon {

struct StoryLine {
  Instant at;
  std::uint64_t step = 0;  // in which it happened, from 1
  std::string text;
  std::vector<std::uint32_t> about;  // record indexes
  bool is_decision = false;          // it was decided, and is not a consequence
  std::uint32_t fault = 0;           // its number, from 1, if the decision is a fault

  std::string with_time() const;  // "1s  fault 1: …"
};

// A decision with its sentence, which needs the world at the moment of the decision.
struct DecisionInWords {
  Decision decision;
  std::string text;
  bool is_fault = true;
};

// What a run shows about a property. Most are judged when nothing is left to happen; one that
// cannot recover is broken as soon as it shows.
enum class Standing : std::uint8_t { holds, broken, not_judged };

struct Witness {
  bool at_rest = false;  // nothing was left to happen
  bool repeats = false;  // it was stopped, since it keeps coming back to the same state
  EndOfRun end;          // of the last moment, even if the run did not end
  std::vector<StoryLine> story;
  std::vector<DecisionInWords> decisions_in_words;
  DecisionList list;         // what replays it
  EnumSet<Property> broken;  // empty unless at_rest
  EnumSet<Invariant> broken_invariants;
  std::vector<std::uint32_t> invariant_records;  // where the first broken one showed
  std::shared_ptr<const OutcomeMonitor> monitor;
  EnumSet<Situation> situations;
  AssumptionsMet met;

  // `property` is the name of a property or of an invariant.
  bool breaks(std::string_view property) const;
  Standing judge(std::string_view property) const;
};

struct WitnessOptions {
  std::uint64_t steps = 10'000'000;  // at most; a longer run counts as one that does not end
  bool story = true;
  Handlers* handlers = nullptr;  // instead of the modelled functions
  // Called before the first step; false ends the run there.
  std::function<bool(const Simulation&, OutcomeMonitor&)> before_first;
  // Called after every step; false ends the run there.
  std::function<bool(const Simulation&, OutcomeMonitor&)> after_step;
};

// Runs from the first world of `plan` until nothing is left to happen, whatever `duration` says. A
// run that keeps coming back to the same state (effects not counted) is stopped. REQUIRES: `plan`
// is made for exploring.
Witness run_witness(std::shared_ptr<const Plan> plan, const RecordIndex& index, Choices& choices,
                    const WitnessOptions& options = {});

// Gives answers one after the other, then 0.
class ListedChoices : public Choices {
 public:
  ListedChoices(std::vector<std::uint32_t> answers, SiteSet open)
      : Choices(open.bits), answers_(std::move(answers)) {}
  bool used_up() const { return at_ >= answers_.size(); }

 protected:
  std::uint32_t answer(const Question&) override {
    return at_ < answers_.size() ? answers_[at_++] : 0;
  }

 private:
  std::vector<std::uint32_t> answers_;
  std::size_t at_ = 0;
};

}  // namespace trimhorizon
