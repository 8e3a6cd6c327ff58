// A sweep: one scenario under a grid of settings, every point of it with the same seeds, and of
// every run one row of numbers. Plain values: experiment/sweep makes them, reports print them.
//
// Always:
//  1. A task is one run: task = point * seeds + place of the seed. The last axis turns fastest.
//  2. `runs` is sorted by task, so it is the same however the tasks were spread.
//  3. A row has one value per column; the columns follow from `mappings` alone.
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

// More would not fit into memory as one table.
inline constexpr std::uint64_t sweep_runs_max = 1'000'000;

// Tables have signed numbers.
inline constexpr std::uint64_t seed_max = INT64_MAX;

struct SweepAxis {
  std::string path;                 // as for --set: a full path or any unique end of one
  std::vector<std::string> values;  // YAML, each without blanks around it

  friend bool operator==(const SweepAxis&, const SweepAxis&) = default;
};

// Shard `index` (from 1) has every task with task % of == index - 1: of each point nearly as many.
struct SweepShard {
  std::uint64_t index = 1;
  std::uint64_t of = 1;

  friend bool operator==(const SweepShard&, const SweepShard&) = default;
};

struct SweepColumn {
  std::string name;      // "lost", "fates.billing-orders.processed", "metrics.m.IteratorAge.p99"
  std::string words;     // without the mapping: "lost", "fates.processed", "IteratorAge.p99"
  std::string mapping;   // empty: of the whole run
  bool is_time = false;  // microseconds
};

struct SweepRun {
  std::uint64_t task = 0;
  Verdict verdict = Verdict::holds;
  bool drained = true;                              // else it reached `duration:`
  std::vector<std::optional<std::int64_t>> values;  // none: no samples, or no such mapping

  friend bool operator==(const SweepRun&, const SweepRun&) = default;
};

// What a sweep is, before any run.
struct SweepHead {
  std::string version;
  std::string title;
  std::string file;
  std::vector<std::string> set;       // PATH=VALUE
  std::string variant;                // empty: the base
  std::string digest;                 // of the text, `set` and the variant
  std::vector<std::string> handlers;  // functions that were answered by the user's own
  std::vector<SweepAxis> axes;
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> mappings;  // of all points
  std::optional<SweepShard> shard;

  std::uint64_t points() const;
  std::uint64_t tasks() const { return points() * seeds.size(); }
  std::uint64_t point_of(std::uint64_t task) const { return task / seeds.size(); }
  std::uint64_t seed_of(std::uint64_t task) const { return seeds[task % seeds.size()]; }
  // The value of each axis at a point, and its place among the values of the axis.
  std::vector<std::size_t> places_at(std::uint64_t point) const;
  std::vector<const std::string*> values_at(std::uint64_t point) const;
  // The same as "PATH=VALUE".
  std::vector<std::string> settings_at(std::uint64_t point) const;
  // Those of the shard, or all.
  std::vector<std::uint64_t> own_tasks() const;

  friend bool operator==(const SweepHead&, const SweepHead&) = default;
};

struct Sweep {
  SweepHead head;
  std::vector<SweepRun> runs;

  Verdict verdict() const;        // the worst
  std::uint64_t missing() const;  // own tasks without a run: those that failed
};

// "PATH=V1,V2" as a command line would have it.
std::string grid_text(const SweepAxis& axis);

std::vector<SweepColumn> sweep_columns(const std::vector<std::string>& mappings);

// The row of a run; mappings that are not in the list are left out.
SweepRun sweep_run(std::uint64_t task, const std::vector<std::string>& mappings,
                   const Result& result, Verdict verdict);

// "0..99,200" and back; both ends are included. A text that says none is an error in words.
std::string seeds_text(const std::vector<std::uint64_t>& seeds);
std::variant<std::vector<std::uint64_t>, std::string> read_seeds(std::string_view text);

}  // namespace trimhorizon
