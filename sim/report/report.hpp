// What every report prints: a scenario, its result and its judgement, for the base and its
// variants. These are pointers only: the caller must keep the results alive.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/history/result.hpp"
#include "sim/run/judgement.hpp"
#include "sim/run/ranges.hpp"
#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

struct ReportRun {
  std::string name;  // empty for the base, else the variant, or a side of a diff
  const Scenario* scenario = nullptr;
  const Result* result = nullptr;
  const Judgement* judgement = nullptr;
  std::string digest;  // of the scenario as it was run: scenario_digest()
  std::string replay;  // the command line that repeats this run
  Ranges ranges = {};  // what other values of the switches change; empty if nobody asked
};

struct Report {
  ReportRun base;
  std::vector<ReportRun> variants;

  // The worst of base and variants: what the exit code says.
  Verdict verdict() const;
};

// Digest of the text of the file and of everything set on the command line (`--set`, the variant).
std::string scenario_digest(const Scenario& scenario, const std::vector<std::string>& settings);

// Totals of a run over its mappings.
struct RunSums {
  std::uint64_t invocations = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t effects = 0;
  std::uint64_t processed = 0;
  std::uint64_t given_up = 0;  // discarded and dropped
  std::uint64_t expired = 0;
  std::uint64_t pending = 0;
  std::optional<Duration> max_iterator_age;
};
RunSums run_sums(const Result& result);

}  // namespace trimhorizon
