// The one narrator: says in a sentence what happened. The explorer tells of whole batches, while
// the world stands at that moment; `explain` tells of one record, from the entries of its life.
//
// Always:
//  1. Whoever tells of a run takes the words from here: one thing that can happen has one wording.
//  2. A new happening does not compile before it has a sentence, or the word that it needs none.
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

// REQUIRES: `world` stands at the moment of the event, as an Observer sees it.
Sentence say(const World& world, const Happening& event);

// "invocation 2 on shard 0 times out after its effects". REQUIRES: `world` stands where the
// question is asked; `answer` is not 0, the answer of a run without faults.
Sentence say_decision(const World& world, const Question& question, std::uint32_t answer);

// Of a throttled invocation, as the decision it was: the question itself names only the function.
Sentence say_throttle(const World& world, const Throttled& throttled);

// About the one record whose life it is: "retention takes it, unsettled".
std::string say(const LifeEntry& entry);

}  // namespace trimhorizon
