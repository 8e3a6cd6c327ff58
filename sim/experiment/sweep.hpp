// Sweeps: a grid of settings times seeds. First every point is read and checked, then each (point,
// seed) is run and leaves one row.
//
// Always:
//  1. No run begins before all points are valid; all mistakes are reported at once, each once, at
//     their place in `--grid PATH=VALUES`.
//  2. A run shares nothing that changes with any other: the rows do not depend on the number of
//     threads, nor on which tasks are run together.
//  3. A run that fails does not stop the others.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/experiment/run_scenario.hpp"
#include "sim/run/sweep.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {

// Called on the caller's thread with the fraction done, at least every 20 ms; may throw to stop.
using SweepProgress = std::function<void(double)>;

struct SweepOptions {
  std::uint32_t threads = 1;  // 0: all cores
  SweepProgress progress;
};

// The scenario that is swept, as it was read.
struct SweepBase {
  std::string text;
  std::string file;
  std::vector<std::string> set;  // PATH=VALUE
  std::string variant;           // empty: the base
  std::shared_ptr<const AttachedFiles> attached = nullptr;
};

struct SweepPlan {
  SweepHead head;
  // By point, without source text and variants, to save memory: there may be many.
  std::vector<std::shared_ptr<const Scenario>> scenarios;
};

struct SweepTask {
  std::uint64_t task = 0;
  std::size_t scenario = 0;  // index
  std::uint64_t seed = 1;
};

struct SweepFailure {
  std::uint64_t task = 0;
  std::string error;
  bool is_drift = false;  // the `decisions:` do not belong to this point: not a bug
};

struct SweepPart {
  std::vector<SweepRun> runs;  // by task
  std::vector<SweepFailure> failures;
};

// "PATH=V1,V2,…" of a command line; a list is one value: "FunctionResponseTypes=[],[…]". Throws
// ScenarioError.
SweepAxis parse_grid(std::string_view text);

// Reads every point. Without `seeds`, the seed of the file is used. Throws ScenarioError.
SweepPlan plan_sweep(const SweepBase& base, std::vector<SweepAxis> axes,
                     std::vector<std::uint64_t> seeds, const SweepOptions& options = {});

// One point alone, as plan_sweep reads it: `settings` are "PATH=VALUE".
std::shared_ptr<const Scenario> read_point(const SweepBase& base,
                                           const std::vector<std::string>& settings);

// Runs these tasks, once each.
SweepPart run_tasks(const std::vector<std::shared_ptr<const Scenario>>& scenarios,
                    const std::vector<std::string>& mappings, const std::vector<SweepTask>& tasks,
                    const SweepOptions& options);

// Runs what the plan's shard has to do; a run that fails is tried once more.
SweepPart run_sweep(const SweepPlan& plan, const SweepOptions& options);

}  // namespace trimhorizon
