// Reads the scenario that a command line names, and makes the line that repeats a run.
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

// The same, and prints notes about it. Throws ScenarioError.
LoadedScenario load_and_note(const std::string& file, const std::vector<std::string>& set,
                             Console& console);

// The variant of that name, or the scenario itself for an empty one. Throws CommandError with the
// nearest name, or all names.
std::shared_ptr<const Scenario> chosen(const LoadedScenario& loaded, const std::string& variant);

// Warnings, and the properties that are accepted but not modelled, once each; a note
// says so if only a variant has it.
void note_oddities(const std::vector<const Scenario*>& scenarios, Console& console);

// Runs only `variant` if it is named, else the base, and its variants unless `no_variants`. Throws
// CommandError.
std::vector<ScenarioRun> run_chosen(const LoadedScenario& loaded, const std::string& variant,
                                    bool no_variants, const RunOptions& options = {});

// A view on `run`. REQUIRES: `run` outlives it.
ReportRun view_of(const ScenarioRun& run, std::string digest, std::string replay);
// Views on `runs`, each with its digest and replay line. REQUIRES: `runs` is not empty and outlives
// the report.
Report report_of(const LoadedScenario& loaded, const std::vector<ScenarioRun>& runs);

// JSON has no line for people: this tells them on stderr what does not hold, and how to see it.
void note_verdict(Verdict verdict, std::string_view words, const std::string& replay,
                  Console& console);

}  // namespace trimhorizon
