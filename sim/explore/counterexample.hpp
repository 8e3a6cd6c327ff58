// A violation that was found, made into something to read and to replay: the decisions in words, a
// story per violated record, what each fault is needed for, and the line after which no luck helps.
//
// Always:
//  1. Everything said here was run again: the violation, each counterfactual, the continuations
//     behind the point of no return.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/explore/explorer.hpp"
#include "sim/explore/witness.hpp"

namespace trimhorizon {

// What happened to one record, told from the witness.
struct RecordStory {
  std::string record;
  std::vector<std::string> lines;  // "1.1s  fault 1: invocation 1 on shard 0 fails at r0"
  std::vector<bool> is_decision;   // by line
  // The line, from 1, after which no continuation without further faults saves the record. 0: it
  // was not found within the budget of that search.
  std::uint32_t point_of_no_return = 0;
};

// The same run but for one fault.
struct Counterfactual {
  std::string fault;                       // in words
  Standing judged = Standing::not_judged;  // of the property, without it
  std::string instead;                     // "r0 has one effect"
};

struct FoundViolation {
  std::string property;
  std::string sentence;
  std::uint32_t faults = 0;
  bool minimum = true;                  // false: only 1-minimal, found at random
  std::string token;                    // th1:…
  std::vector<std::string> decisions;   // in words, in order
  std::vector<bool> is_fault;           // by decision; others were free
  std::vector<std::string> records;     // that are violated
  std::vector<RecordStory> stories;     // of the first violated records, at least one
  std::vector<Counterfactual> without;  // one per fault
  std::string near_miss;                // with the last fault left out; empty without faults
  // Quiescence only: the turn that repeats for ever; the story is its stem.
  std::vector<std::string> loop;
};

// Of an answer list of a search with these options. A violation that does not show when it is run
// again is a bug of ours.
FoundViolation tell_violation(std::shared_ptr<const Plan> plan, const ExploreOptions& options,
                              const RecordIndex& index, const ExploredViolation& found);

// Of decisions that break `property`; `minimum`: no fewer faults can.
FoundViolation tell_decisions(std::shared_ptr<const Plan> plan, const ExploreOptions& options,
                              const RecordIndex& index, const std::string& property,
                              const std::vector<Decision>& decisions, bool minimum);

// Of a loop: the stem, and the turn without effect counts.
FoundViolation tell_loop(std::shared_ptr<const Plan> plan, const ExploreOptions& options,
                         const RecordIndex& index, const ExploredLoop& loop);

std::string_view sentence_of(std::string_view property_or_invariant);

}  // namespace trimhorizon
