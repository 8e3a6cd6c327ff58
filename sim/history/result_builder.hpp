// Reads the history of a run and writes down what it came to.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/history/history.hpp"
#include "sim/history/result.hpp"

namespace trimhorizon {

struct ResultOptions {
  bool rows = false;                 // fill Result::rows
  std::vector<std::string> watched;  // ids to look up for Result::watched
  // Called every few thousand rows; may stop the work by throwing.
  std::function<void()> breathe = {};
};

// What a run came to, at the moment at which it stands.
struct RunSoFar {
  const World& world;
  const History& history;
  RunEnd end = RunEnd::running;
  AssumptionsMet met;
  std::string trace_digest;
};
Result build_result(const RunSoFar& run, const ResultOptions& options);

}  // namespace trimhorizon
