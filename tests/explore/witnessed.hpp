// One run of a told scenario under given answers, with all that is needed to look at its end.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "sim/explore/witness.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/explore/explored.hpp"

namespace trimhorizon::testing {

struct Witnessed {
  std::shared_ptr<const Plan> plan;
  std::unique_ptr<RecordIndex> index;  // the monitor of the witness looks at it
  Witness witness;

  const OutcomeMonitor& monitor() const { return *witness.monitor; }
};

inline std::shared_ptr<const Plan> exploring_plan(const Story& story, SiteSet open = {}) {
  PlanOptions options;
  options.exploring = true;
  options.open_sites = open;
  return make_plan(story.scenario(), options);
}

// `answers` to the questions of the run in turn; then 0.
inline Witnessed witnessed(const Story& story, SiteSet open = {},
                           std::vector<std::uint32_t> answers = {},
                           const WitnessOptions& options = {}) {
  Witnessed run;
  run.plan = exploring_plan(story, open);
  run.index = std::make_unique<RecordIndex>(*run.plan);
  ListedChoices choices(std::move(answers), open);
  run.witness = run_witness(run.plan, *run.index, choices, options);
  return run;
}

}  // namespace trimhorizon::testing
