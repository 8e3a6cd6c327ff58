// The lines of the position-time picture, and the faults that shaped it, as tables for drawing.
#pragma once

#include <memory>

#include "sim/report/table.hpp"
#include "sim/run/recipe.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

// One row per moment at which a shard of a mapping changed: `mapping, shard, at, tip,
// trim_horizon, checkpoint`, positions as counts. At most PictureCollector::points_max rows each.
std::shared_ptr<const Table> positions_table(const Result& result);

// One row per disturbance, by its start: `at, until, action, target`. Those of `timeline:`, those
// injected by hand, and entries of `fail:` that are limited in time. `until` is null for what lasts
// to the end, and equal to `at` for what happens at once.
std::shared_ptr<const Table> disturbances_table(const Scenario& scenario, const Recipe& recipe);

}  // namespace trimhorizon
