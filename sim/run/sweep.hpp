// A sweep: one scenario under a grid of settings. Each point of the grid runs with the same seeds,
// and each run gives one row of numbers. Plain values: experiment/sweep makes them, reports print
// them.
//
// Always:
//  1. A task is one run: task = point * seeds + index of the seed. The last axis changes fastest.
//  2. `runs` is sorted by task, so it does not depend on who ran which task.
//  3. A row has one value for each column. The columns depend only on `mappings`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/history/result.hpp"
#include "sim/run/judgement.hpp"

namespace trimhorizon {

// A table of more runs would not fit into memory.
inline constexpr std::uint64_t sweep_runs_max = 1'000'000;

// The numbers of tables are signed.
inline constexpr std::uint64_t seed_max = INT64_MAX;

struct SweepAxis {
  std::string path;                 // as for --set: a full path, or an end of one that is unique
  std::vector<std::string> values;  // YAML; each without blanks around it

  friend bool operator==(const SweepAxis&, const SweepAxis&) = default;
};

// A part of a sweep. Part `index` (from 1) has every task with task % of == index - 1, so each part
// has nearly the same number of tasks of each point.
struct SweepShard {
  std::uint64_t index = 1;
  std::uint64_t of = 1;

  friend bool operator==(const SweepShard&, const SweepShard&) = default;
};

struct SweepColumn {
  std::string name;      // "lost", "fates.billing-orders.processed", "metrics.m.IteratorAge.p99"
  std::string words;     // without the mapping: "lost", "fates.processed", "IteratorAge.p99"
  std::string mapping;   // empty: the column is about the whole run
  bool is_time = false;  // true: its values are microseconds
};

struct SweepRun {
  std::uint64_t task = 0;
  Verdict verdict = Verdict::holds;
  bool drained = true;  // false: it reached the end of `duration:`
  // Nullopt: there are no samples, or no such mapping.
  std::vector<std::optional<std::int64_t>> values;
  std::vector<std::string> broken = {};  // the expectations and invariants that did not hold

  friend bool operator==(const SweepRun&, const SweepRun&) = default;
};

// The description of a sweep, before any run.
struct SweepHead {
  std::string version;
  std::string edition;  // of the rules of AWS: "2026-11"
  std::string title;
  std::string file;
  std::vector<std::string> set;       // PATH=VALUE
  std::string variant;                // empty: the base
  std::string digest;                 // of the text, `set` and the variant
  std::vector<std::string> handlers;  // functions that are the user's own
  std::vector<SweepAxis> axes;
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> mappings;  // the mappings of all points
  std::optional<SweepShard> shard;

  // The number of points: the product of the numbers of values of all axes.
  std::uint64_t points() const;
  std::uint64_t tasks() const { return points() * seeds.size(); }
  // REQUIRES for both: there are seeds.
  std::uint64_t point_of(std::uint64_t task) const { return task / seeds.size(); }
  std::uint64_t seed_of(std::uint64_t task) const { return seeds[task % seeds.size()]; }
  // The value of each axis at this point, and its place among the values of the axis. REQUIRES:
  // point < points().
  std::vector<std::size_t> places_at(std::uint64_t point) const;
  std::vector<const std::string*> values_at(std::uint64_t point) const;
  // The same as texts "PATH=VALUE".
  std::vector<std::string> settings_at(std::uint64_t point) const;
  // The tasks of `shard`; all tasks when there is none.
  std::vector<std::uint64_t> own_tasks() const;

  friend bool operator==(const SweepHead&, const SweepHead&) = default;
};

struct Sweep {
  SweepHead head;
  std::vector<SweepRun> runs;

  Verdict verdict() const;        // the worst of all runs
  std::uint64_t missing() const;  // how many of its own tasks have no run, because they failed
};

// The text "PATH=V1,V2", as on a command line.
std::string grid_text(const SweepAxis& axis);

// The columns of a table with these mappings.
std::vector<SweepColumn> sweep_columns(const std::vector<std::string>& mappings);

// The row of a run. Mappings that are not in the list are left out.
SweepRun sweep_run(std::uint64_t task, const std::vector<std::string>& mappings,
                   const Result& result, const Judgement& judgement);

// Seeds as text, and back: "0..99,200". Both ends belong to a range. A wrong text gives a message.
std::string seeds_text(const std::vector<std::uint64_t>& seeds);
std::variant<std::vector<std::uint64_t>, std::string> read_seeds(std::string_view text);

}  // namespace trimhorizon
