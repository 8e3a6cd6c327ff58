// From what stands on a command line to a scenario, and back to the line that repeats it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/cli/console.hpp"
#include "sim/experiment/run_scenario.hpp"
#include "sim/report/replay.hpp"
#include "sim/report/report.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

struct LoadedScenario {
  std::shared_ptr<const Scenario> scenario;
  std::string file;              // as on the command line; empty: the built-in one
  std::vector<std::string> set;  // PATH=VALUE as on the command line
};

// An empty `file` is the built-in scenario. Throws ScenarioError.
LoadedScenario load(const std::string& file, const std::vector<std::string>& set);

// The variant of that name; throws CommandError with the nearest name, or all names.
std::shared_ptr<const Scenario> require_variant(const Scenario& scenario, const std::string& name);

// Warnings, and the properties that are accepted but not modelled, once each; those that only a
// variant has say so.
void note_oddities(const Scenario& scenario, Console& console);
void note_oddities(const std::vector<const Scenario*>& scenarios, Console& console);

// "trimhorizon run FILE --seed 1 --set … --variant …"
std::string replay_line(const LoadedScenario& loaded, std::uint64_t seed,
                        const std::string& variant);

// Views on `runs`, with digest and replay line of each.
Report report_of(const LoadedScenario& loaded, const std::vector<ScenarioRun>& runs);

}  // namespace trimhorizon
