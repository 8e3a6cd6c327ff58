// Makes the Result of a run from its history.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/history/history.hpp"
#include "sim/history/result.hpp"

namespace trimhorizon {

struct ResultOptions {
  bool rows = false;                 // fill Result::rows
  bool each_row = false;             // fill Result::each_row
  std::vector<std::string> watched;  // ids of the records of Result::watched
  bool user_records = false;         // fill ListedShard::user_records
  // Called every few thousand rows. It may throw to stop the work.
  std::function<void()> poll_progress = {};
};

// What the builder reads of a run that may still go on.
struct RunSoFar {
  const World& world;
  const History& history;
  RunEnd end = RunEnd::running;
  AssumptionsMet met;
  std::string trace_digest;
};
Result build_result(const RunSoFar& run, const ResultOptions& options);

}  // namespace trimhorizon
