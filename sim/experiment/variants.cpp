#include "sim/experiment/variants.hpp"

namespace trimhorizon {

std::vector<ScenarioRun> run_with_variants(std::shared_ptr<const Scenario> scenario,
                                           const RunOptions& options) {
  std::vector<ScenarioRun> runs;
  const double all = static_cast<double>(scenario->variants.size() + 1);
  const auto run_one = [&](std::shared_ptr<const Scenario> one, const std::string& name) {
    RunOptions here = options;
    if (!name.empty()) here.trace = nullptr;
    if (options.progress) {
      const double before = static_cast<double>(runs.size());
      here.progress = [&, before](double part) { options.progress((before + part) / all); };
    }
    ScenarioRun run = run_scenario(std::move(one), here);
    run.name = name;
    runs.push_back(std::move(run));
  };
  run_one(scenario, "");
  for (const VariantEntry& variant : scenario->variants) run_one(variant.scenario, variant.name);
  return runs;
}

std::shared_ptr<const Scenario> variant_named(const Scenario& scenario, std::string_view name) {
  for (const VariantEntry& variant : scenario.variants) {
    if (variant.name == name) return variant.scenario;
  }
  return nullptr;
}

}  // namespace trimhorizon
