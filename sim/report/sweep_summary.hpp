// A sweep point by point: for each column the mean over the seeds and its confidence interval.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/run/sweep.hpp"

namespace trimhorizon {

struct SweepStatistic {
  std::uint64_t n = 0;  // runs that have a value
  double mean = 0;      // n > 0
  // Half of the 95 % confidence interval of the mean, by Student's t; none for a single run.
  std::optional<double> half_width;
};

struct SweepPoint {
  std::uint64_t point = 0;
  std::uint64_t runs = 0;
  std::uint64_t holds = 0;
  std::uint64_t violated = 0;
  std::uint64_t undecided = 0;
  std::vector<SweepStatistic> columns;  // as sweep_columns()
};

// All points, in their order; those without runs too.
std::vector<SweepPoint> summarize(const Sweep& sweep);

// Indices of the columns of that name. It is a full name (one column), or a name or its end without
// the mapping (`lost`, `fates.processed`, `IteratorAge.p99`): then the column of every mapping.
std::vector<std::size_t> columns_named(const std::vector<SweepColumn>& columns,
                                       std::string_view name);

// The nearest column name: "did you mean …", or some examples.
std::string column_hint(const std::vector<SweepColumn>& columns, std::string_view name);

// Indices of the columns that have more than one value among the runs.
std::vector<std::size_t> columns_that_vary(const Sweep& sweep);

}  // namespace trimhorizon
