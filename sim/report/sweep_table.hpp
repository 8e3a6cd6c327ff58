// A sweep as tables of columns: all its runs, and its points.
#pragma once

#include <memory>
#include <vector>

#include "sim/report/sweep_summary.hpp"
#include "sim/report/table.hpp"

namespace trimhorizon {

// One row per run: `point`, a column per axis named by its path (whole numbers, numbers or booleans
// when all its values are, else text), `seed`, `verdict`, `ended`, and every column of the sweep.
std::shared_ptr<const Table> sweep_table(const Sweep& sweep);

// One row per point and column: `point`, the axes, `column`, `unit`, `n`, `mean`, `half_width`
// (null for a single run). `columns` are indices of sweep_columns().
std::shared_ptr<const Table> summary_table(const Sweep& sweep,
                                           const std::vector<std::size_t>& columns);

}  // namespace trimhorizon
