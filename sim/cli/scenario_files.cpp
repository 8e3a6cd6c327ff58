// Reads the scenario that a command line names, and makes reports with the line that repeats them.
#include "sim/cli/scenario_files.hpp"

#include <fmt/format.h>

#include <set>

#include "sim/base/diagnostic.hpp"
#include "sim/cli/default_scenario.hpp"
#include "sim/cli/program.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {

LoadedScenario load(const std::string& file, const std::vector<std::string>& set) {
  const std::vector<Override> overrides = parse_overrides(set);
  Scenario scenario = file.empty()
                          ? read_scenario(default_scenario_text, default_scenario_name, overrides)
                          : load_scenario(file, overrides);
  return {std::make_shared<const Scenario>(std::move(scenario)), file, set};
}

LoadedScenario load_and_note(const std::string& file, const std::vector<std::string>& set,
                             Console& console) {
  LoadedScenario loaded = load(file, set);
  note_oddities({loaded.scenario.get()}, console);
  return loaded;
}

std::shared_ptr<const Scenario> chosen(const LoadedScenario& loaded, const std::string& variant) {
  const Scenario& scenario = *loaded.scenario;
  if (variant.empty()) return loaded.scenario;
  if (auto found = variant_named(scenario, variant)) return found;
  std::vector<std::string_view> names;
  for (const VariantEntry& each : scenario.variants) names.push_back(each.name);
  std::string hint = did_you_mean(variant, names);
  if (names.empty()) hint = "this scenario has no variants";
  if (hint.empty()) hint = fmt::format("its variants: {}", fmt::join(names, ", "));
  throw CommandError("no variant `" + variant + "` in " + scenario.file, hint);
}

void note_oddities(const std::vector<const Scenario*>& scenarios, Console& console) {
  std::set<std::string> printed;
  const auto note_of = [&](const Scenario& scenario, const std::string& variant) {
    for (const std::string& warning : scenario.warnings) {
      if (printed.insert(warning).second) console.err(warning + variant + "\n");
    }
    const std::string head = scenario.file + ": note: ";
    std::vector<std::string> names;
    for (const std::string& each : scenario.not_modelled) {
      if (!printed.insert(head + each).second) continue;
      if (each.starts_with("assumptions.")) {
        console.err(head + each + ": nothing in the simulator uses it yet" + variant + "\n");
      } else {
        names.push_back(each);
      }
    }
    if (!names.empty()) {
      console.err(fmt::format("{}accepted, but not modelled: {}{}\n", head, fmt::join(names, ", "),
                              variant));
    }
  };
  for (const Scenario* scenario : scenarios) {
    note_of(*scenario, "");
    for (const VariantEntry& each : scenario->variants) {
      note_of(*each.scenario, " (in variant `" + each.name + "`)");
    }
  }
}

std::vector<ScenarioRun> run_chosen(const LoadedScenario& loaded, const std::string& variant,
                                    bool no_variants, const RunOptions& options) {
  if (variant.empty() && !no_variants) return run_with_variants(loaded.scenario, options);
  std::vector<ScenarioRun> runs;
  runs.push_back(run_scenario(chosen(loaded, variant), options));
  runs.back().name = variant;
  return runs;
}

ReportRun view_of(const ScenarioRun& run, std::string digest, std::string replay) {
  return {run.name,       run.scenario.get(), &run.result,
          &run.judgement, std::move(digest),  std::move(replay)};
}

Report report_of(const LoadedScenario& loaded, const std::vector<ScenarioRun>& runs) {
  Report report;
  for (const ScenarioRun& run : runs) {
    std::vector<std::string> settings = loaded.set;
    if (!run.name.empty()) settings.push_back("variant " + run.name);
    ReportRun view = view_of(run, scenario_digest(*loaded.scenario, settings),
                             replay_line(loaded.file, loaded.set, run.result.seed, run.name));
    if (&run == &runs.front())
      report.base = std::move(view);
    else
      report.variants.push_back(std::move(view));
  }
  return report;
}

void note_verdict(Verdict verdict, std::string_view words, const std::string& replay,
                  Console& console) {
  if (verdict == Verdict::holds) return;
  console.err(fmt::format("{}; replay: {}\n", words, replay));
}

}  // namespace trimhorizon
