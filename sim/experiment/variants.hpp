// A scenario and its variants: the same traffic under other settings, each run and judged.
#pragma once

#include <memory>
#include <vector>

#include "sim/experiment/run_scenario.hpp"

namespace trimhorizon {

// The base first, then its variants in the order of the file. Only the base is traced.
std::vector<ScenarioRun> run_with_variants(std::shared_ptr<const Scenario> scenario,
                                           const RunOptions& options = {});

// The variant of that name, or none.
std::shared_ptr<const Scenario> variant_named(const Scenario& scenario, std::string_view name);

}  // namespace trimhorizon
