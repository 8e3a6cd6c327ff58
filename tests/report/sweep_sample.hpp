// A sweep built by hand, for the tests of everything that reports one.
#pragma once

#include <optional>

#include "sim/run/sweep.hpp"

namespace trimhorizon::samples {

// Two points, three seeds; every value is its task times its column, the first column's are none.
// Task 4 is violated by two expectations, task 2 did not drain.
inline Sweep sweep(std::optional<SweepShard> shard = {}) {
  Sweep sweep;
  sweep.head.version = "0.1.0";
  sweep.head.title = "A sweep";
  sweep.head.file = "a.yaml";
  sweep.head.digest = "0123";
  sweep.head.axes = {{"BatchSize", {"1", "[2, 3]"}}};
  sweep.head.seeds = {0, 1, 7};
  sweep.head.mappings = {"m"};
  sweep.head.shard = shard;
  const std::size_t columns = sweep_columns({"m"}).size();
  for (const std::uint64_t task : sweep.head.own_tasks()) {
    SweepRun run{task, task == 4 ? Verdict::violated : Verdict::holds, task != 2, {}};
    for (std::size_t c = 0; c < columns; ++c) {
      run.values.push_back(static_cast<std::int64_t>(task * c));
    }
    run.values.front().reset();
    if (task == 4) run.broken = {"lost", "fates.m.dropped"};
    sweep.runs.push_back(run);
  }
  return sweep;
}

// Which column that is.
inline std::size_t column(std::string_view name) {
  const std::vector<SweepColumn> columns = sweep_columns({"m"});
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].name == name) return c;
  }
  return columns.size();
}

}  // namespace trimhorizon::samples
