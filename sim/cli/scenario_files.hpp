// From what stands on a command line to a scenario, and back to the line that repeats it.
#pragma once

#include <fstream>
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

// The same, with its oddities noted.
LoadedScenario load_and_note(const std::string& file, const std::vector<std::string>& set,
                             Console& console);

// The variant of that name, or the scenario itself for an empty one. Throws CommandError with the
// nearest name, or all names.
std::shared_ptr<const Scenario> chosen(const LoadedScenario& loaded, const std::string& variant);

// Warnings, and the properties that are accepted but not modelled, once each; those that only a
// variant has say so.
void note_oddities(const std::vector<const Scenario*>& scenarios, Console& console);

// The base alone or all; of a `variant` only that.
std::vector<ScenarioRun> run_chosen(const LoadedScenario& loaded, const std::string& variant,
                                    bool no_variants, const RunOptions& options = {});

// A view on `run`, which must outlive it.
ReportRun view_of(const ScenarioRun& run, std::string digest, std::string replay);
// Views on `runs`, with digest and replay line of each.
Report report_of(const LoadedScenario& loaded, const std::vector<ScenarioRun>& runs);

// A file for a result, opened before anything runs, so that a mistyped folder costs nothing.
std::ofstream open_to_write(const std::string& path);
// All that was written must have got there.
void finish(std::ofstream& file, const std::string& path);

}  // namespace trimhorizon
