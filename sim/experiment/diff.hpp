// Two settings on the same traffic: makes each side a scenario to run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/base/diagnostic.hpp"
#include "sim/experiment/run_scenario.hpp"

namespace trimhorizon {

struct DiffSides {
  std::shared_ptr<const Scenario> a;
  std::shared_ptr<const Scenario> b;
  bool same_traffic = true;  // false only for two files that put different records
};

// A side is neither settings nor a variant, or it changes the traffic or the seed.
class DiffError : public HintedError {
 public:
  using HintedError::HintedError;
};

// `side` is "PATH=VALUE[,PATH=VALUE…]", the name of a variant, or "base". A comma inside brackets,
// braces or quotes belongs to the value. Throws DiffError, ScenarioError.
std::shared_ptr<const Scenario> diff_side(const std::shared_ptr<const Scenario>& base,
                                          const std::string& side);

// Two sides of `base`, or two files if `base` is null. Throws DiffError, ScenarioError.
DiffSides diff_sides(const std::shared_ptr<const Scenario>& base, const std::string& a,
                     const std::string& b);

// "A=1,B=[2,3]" is "A=1" and "B=[2,3]".
std::vector<std::string> split_settings(const std::string& side);

// Do both put the same records at the same times with the same seed?
bool same_traffic(const Scenario& a, const Scenario& b);

// Runs one side. Its expectations are not judged: they were written for other settings.
ScenarioRun run_side(std::shared_ptr<const Scenario> scenario, std::string name,
                     const RunOptions& options);

}  // namespace trimhorizon
