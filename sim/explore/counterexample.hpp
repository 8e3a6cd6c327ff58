// A violation as something to read and to replay: the decisions in words, a story for each violated
// record, what happens without each fault, and the line after which the record cannot be saved.
//
// Always:
//  1. Every statement was checked by a run: the violation, each counterfactual, and the
//     continuations after the point of no return.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/explore/explorer.hpp"
#include "sim/explore/witness.hpp"

namespace trimhorizon {

// What happened to one record in the run that shows the violation.
struct RecordStory {
  std::string record;
  std::vector<std::string> lines;  // "1.1s  fault 1: invocation 1 on shard 0 fails at r0"
  std::vector<bool> is_decision;   // by line
  // The line, from 1, after which no continuation without further faults saves the record. 0: it
  // was not found within the budget of that search.
  std::uint32_t point_of_no_return = 0;
};

// The same run without one of its faults.
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
  std::vector<Site> sites;              // of the faults
  std::vector<std::string> records;     // that are violated
  std::vector<RecordStory> stories;     // of the first violated records, at least one
  std::vector<Counterfactual> without;  // one per fault
  std::string near_miss;                // with the last fault left out; empty without faults
  // Quiescence only: the part that repeats for ever; the story is the way into it.
  std::vector<std::string> loop;
};

// `found` comes from a search with these options. Throws InternalError if the run does not show the
// violation again, and MemoryNotFresh if it is a function of the user that answered differently.
FoundViolation describe_violation(std::shared_ptr<const Plan> plan, const ExploreOptions& options,
                                  const RecordIndex& index, const ExploredViolation& found);

// REQUIRES: `decisions` break `property`. `minimum`: fewer faults cannot break it.
FoundViolation describe_decisions(std::shared_ptr<const Plan> plan, const ExploreOptions& options,
                                  const RecordIndex& index, const std::string& property,
                                  const std::vector<Decision>& decisions, bool minimum);

// REQUIRES: `loop` comes from a search with these options.
FoundViolation describe_loop(std::shared_ptr<const Plan> plan, const ExploreOptions& options,
                             const RecordIndex& index, const ExploredLoop& loop);

// What it promises: "no record is lost". Empty for an unknown name.
std::string_view sentence_of(std::string_view property_or_invariant);

}  // namespace trimhorizon
