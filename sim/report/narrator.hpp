// Says in a sentence what happened. The explorer describes whole batches, at the moment of the
// event; `explain` describes one record, from the entries of its life.
//
// Always:
//  1. Every report takes its words from here: one thing that can happen has one wording.
//  2. A new happening does not compile before it has a sentence here, or is said to need none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/choices.hpp"
#include "sim/history/life.hpp"
#include "sim/world/happening.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// What happened, and to which records.
struct Sentence {
  std::string text;  // empty: not worth a line
  std::vector<RecordId> about;
};

// REQUIRES: `world` is as at the moment of the event, as an Observer sees it.
Sentence say(const World& world, const Happening& event);

// "invocation 2 on shard 0 times out after its effects". REQUIRES: `world` is as when the
// question is asked; `answer` is not 0 (0 is the answer of a run without faults).
Sentence say_decision(const World& world, const Question& question, std::uint32_t answer);

// The decision that throttled an invocation. say_decision() cannot name the batch, because the
// question names only the function.
Sentence say_throttle(const World& world, const Throttled& throttled);

// About the record whose life it is: "retention takes it before it is settled".
std::string say(const LifeEntry& entry);

}  // namespace trimhorizon
