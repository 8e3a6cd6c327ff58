// What the searches have in common: their time limit, and how they list outcomes.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include "sim/explore/explorer.hpp"

namespace trimhorizon {

class TimeLimit {
 public:
  explicit TimeLimit(double seconds) : seconds_(seconds) {}  // 0: none
  bool is_over() const {
    if (seconds_ <= 0) return false;
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - started_;
    return spent.count() >= seconds_;
  }

 private:
  double seconds_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

// The outcomes of complete layers, those with the fewest faults first. A `Sighting` has the layer
// in which its outcome was seen first.
template <class Sighting>
std::vector<ExploredOutcome> complete_outcomes(const std::map<EndOfRun, Sighting>& seen,
                                               int complete_through) {
  std::vector<ExploredOutcome> outcomes;
  for (const auto& [end, first] : seen) {
    if (static_cast<int>(first.layer) <= complete_through) outcomes.push_back({end, first.layer});
  }
  std::stable_sort(outcomes.begin(), outcomes.end(),
                   [](const ExploredOutcome& a, const ExploredOutcome& b) {
                     return a.minimum_faults < b.minimum_faults;
                   });
  return outcomes;
}

}  // namespace trimhorizon
