// From a scenario to a plan: names become ids, keys get their hashes, tables are made.
#pragma once

#include <memory>
#include <optional>

#include "sim/scenario/scenario.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

// Runs of at most this many records keep their whole history.
inline constexpr std::uint64_t full_history_records = 1'000'000;

struct PlanOptions {
  std::optional<std::uint64_t> seed;  // instead of the file's
  bool keep_records = false;          // keep the log however long (--records, --trace, Python)
  // For the explorer: draws have their nominal value, and `decisions:` of the file are left alone.
  bool exploring = false;
  SiteSet open_sites;  // while exploring: those that are asked
};

// A scenario with `decisions:` replays them: its plan is made for exploring. Retention is off while
// exploring, or an endless retry would be watched for a day before it ends; site `trim` stands for
// it. It stays on when `trim` is closed and the scenario itself lasts longer than the retention.
std::shared_ptr<const Plan> make_plan(const Scenario& scenario, const PlanOptions& options = {});

// Records the producers will make at most, as far as that is known beforehand.
std::uint64_t expected_records(const Scenario& scenario);

}  // namespace trimhorizon
