#include "sim/cli/scenario_files.hpp"

#include <set>

#include "sim/base/diagnostic.hpp"
#include "sim/cli/default_scenario.hpp"
#include "sim/cli/program.hpp"
#include "sim/experiment/variants.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {

LoadedScenario load(const std::string& file, const std::vector<std::string>& set) {
  std::vector<Override> overrides;
  for (const std::string& each : set) overrides.push_back(parse_override(each));
  Scenario scenario = file.empty()
                          ? read_scenario(default_scenario_text, default_scenario_name, overrides)
                          : load_scenario(file, overrides);
  return {std::make_shared<const Scenario>(std::move(scenario)), file, set};
}

std::shared_ptr<const Scenario> require_variant(const Scenario& scenario, const std::string& name) {
  std::shared_ptr<const Scenario> found = variant_named(scenario, name);
  if (found != nullptr) return found;
  std::vector<std::string_view> names;
  std::string all;
  for (const VariantEntry& each : scenario.variants) {
    names.push_back(each.name);
    all += (all.empty() ? "" : ", ") + each.name;
  }
  const std::string_view near = nearest(name, names);
  std::string hint = "its variants: " + all;
  if (names.empty()) hint = "this scenario has no variants";
  if (!near.empty()) hint = "did you mean `" + std::string(near) + "`?";
  throw CommandError("no variant `" + name + "` in " + scenario.file, hint);
}

void note_oddities(const std::vector<const Scenario*>& scenarios, Console& console) {
  std::set<std::string> said;
  const auto note_of = [&](const Scenario& scenario, const std::string& variant) {
    for (const std::string& warning : scenario.warnings) {
      if (said.insert(warning).second) console.err(warning + variant + "\n");
    }
    const std::string head = scenario.file + ": note: ";
    std::string names;
    for (const std::string& each : scenario.not_modelled) {
      if (!said.insert(head + each).second) continue;
      if (each.starts_with("assumptions.")) {
        console.err(head + each + ": nothing that is built yet asks for it" + variant + "\n");
      } else {
        names += (names.empty() ? "" : ", ") + each;
      }
    }
    if (!names.empty()) {
      console.err(head + "accepted, but not modelled: " + names + variant + "\n");
    }
  };
  for (const Scenario* scenario : scenarios) {
    note_of(*scenario, "");
    for (const VariantEntry& each : scenario->variants) {
      note_of(*each.scenario, " (in variant `" + each.name + "`)");
    }
  }
}

void note_oddities(const Scenario& scenario, Console& console) {
  note_oddities(std::vector<const Scenario*>{&scenario}, console);
}

std::string replay_line(const LoadedScenario& loaded, std::uint64_t seed,
                        const std::string& variant) {
  return replay_line(loaded.file, loaded.set, seed, variant);
}

Report report_of(const LoadedScenario& loaded, const std::vector<ScenarioRun>& runs) {
  Report report;
  for (const ScenarioRun& run : runs) {
    std::vector<std::string> settings = loaded.set;
    if (!run.name.empty()) settings.push_back("variant " + run.name);
    ReportRun view{run.name,
                   run.scenario.get(),
                   &run.result,
                   &run.judgement,
                   scenario_digest(*loaded.scenario, settings),
                   replay_line(loaded, run.result.seed, run.name)};
    if (&run == &runs.front())
      report.base = std::move(view);
    else
      report.variants.push_back(std::move(view));
  }
  return report;
}

}  // namespace trimhorizon
