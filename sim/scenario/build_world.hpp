// Makes a plan from a scenario: names become ids, keys get their hashes, tables are built.
#pragma once

#include <memory>
#include <optional>

#include "sim/scenario/scenario.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

// A run with at most this many records keeps its whole log.
inline constexpr std::uint64_t full_history_records = 1'000'000;

struct PlanOptions {
  std::optional<std::uint64_t> seed;  // used instead of the seed in the file
  bool keep_records = false;  // keep the whole log, however long (--records, --trace, Python)
  // For the explorer: draws have their nominal value, and `decisions:` of the file is ignored.
  bool exploring = false;
  SiteSet open_sites;  // while exploring: the sites that are asked
};

// A scenario with `decisions:` replays them, so its plan is made as for exploring. Retention is off
// while exploring: otherwise the explorer would follow an endless retry through a whole day. Site
// `trim` takes its place. Retention stays on when `trim` is closed and the scenario itself lasts
// longer than the retention.
std::shared_ptr<const Plan> make_plan(const Scenario& scenario, const PlanOptions& options = {});

// The scenario as the explorer sees it: of generated traffic only the first records, `explore:
// records` in all, at least one of each producer.
Scenario shortened(Scenario scenario);
// How many records `shortened` leaves out.
std::uint64_t left_out_of_exploring(const Scenario& scenario);

// The number of records that the producers will make at most, as far as it is known before the run.
std::uint64_t expected_records(const Scenario& scenario);

}  // namespace trimhorizon
