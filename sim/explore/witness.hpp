// One run of the explored scenario with given decisions, watched closely: its story line by line,
// how it ended, and the decisions as a list that replays it.
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
  bool is_decision = false;          // something that was decided, not its consequence
  std::uint32_t fault = 0;           // of a decision that is a fault: its number, from 1

  std::string with_time() const;  // "1s  fault 1: …"
};

// A decision and what it was, said when it was made.
struct SaidDecision {
  Decision decision;
  std::string text;
  bool is_fault = true;
};

// What a run says of a property. Most are judged at rest; what cannot be mended is broken as soon
// as it shows.
enum class Standing : std::uint8_t { holds, broken, not_judged };

struct Witness {
  bool at_rest = false;
  EndOfRun end;  // of the last moment, at rest or not
  std::vector<StoryLine> story;
  std::vector<SaidDecision> said;
  DecisionList list;                             // what replays it
  std::uint32_t broken = 0;                      // bit set of Property, at rest only
  std::uint32_t broken_invariants = 0;           // bit set of Invariant
  std::vector<std::uint32_t> invariant_records;  // where the first broken one showed
  std::shared_ptr<const OutcomeMonitor> monitor;
  EnumSet<Situation> situations;
  AssumptionsMet met;

  bool breaks(std::string_view property) const;
  Standing judge(std::string_view property) const;
};

struct WitnessOptions {
  std::uint64_t steps = 10'000'000;  // at most; beyond, it counts as a run without rest
  bool story = true;
  Handlers* handlers = nullptr;  // instead of the modelled functions
  // Told before the first step; false ends the run there.
  std::function<bool(const Simulation&, OutcomeMonitor&)> before_first;
  // Told after every step; false ends the run there.
  std::function<bool(const Simulation&, OutcomeMonitor&)> after_step;
};

// Runs with `choices` (of the plan's first world) to rest, whatever `duration` says. A run that
// comes to the same state again and again, its effects aside, is left there.
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
