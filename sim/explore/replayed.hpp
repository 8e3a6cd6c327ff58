// `replay`: a run with exactly these decisions, and whether it asked the questions that were
// recorded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/explore/witness.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

struct Replayed {
  bool matches = false;
  std::string drift;    // what was expected and what came, if it does not match
  std::string differs;  // then: the file, the settings or the version
  std::uint64_t questions = 0;
  std::uint64_t rolling = 0;  // hash of all questions and answers
  bool at_rest = false;
  std::vector<std::string> decisions;  // in words
  std::vector<std::string> story;      // all lines
  std::vector<std::string> broken;     // "no_loss: r0, r1"
};

// REQUIRES: `scenario.decisions` is set. Throws TokenError. `handlers` replace the modelled
// functions unless null.
Replayed replay_decisions(const Scenario& scenario, std::optional<std::uint64_t> seed,
                          Handlers* handlers = nullptr);

std::string replayed_text(const Replayed& replayed);

}  // namespace trimhorizon
