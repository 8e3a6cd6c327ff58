// A sweep as a table for people, in 80 columns: one line per point, with the mean of each column
// and half of its confidence interval.
#pragma once

#include <string>
#include <vector>

#include "sim/base/diagnostic.hpp"
#include "sim/run/sweep.hpp"

namespace trimhorizon {

struct SweepTextOptions {
  bool colour = false;
  std::vector<std::string>
      show;                 // names of columns, or "all"; empty: the most interesting that vary
  std::string replay = {};  // the last line; empty: that of the sweep
};

// There is no such column; the hint names a similar one.
class NoSuchColumn : public HintedError {
 public:
  using HintedError::HintedError;
};

// Indices of the columns these names mean, in their order, each once; throws NoSuchColumn.
std::vector<std::size_t> columns_shown(const Sweep& sweep, const std::vector<std::string>& show);

// The same table as cells, its head first, for callers with a layout of their own. Throws
// NoSuchColumn.
std::vector<std::vector<std::string>> sweep_cells(const Sweep& sweep,
                                                  const std::vector<std::string>& show);

// Throws NoSuchColumn.
std::string sweep_text(const Sweep& sweep, const SweepTextOptions& options = {});

}  // namespace trimhorizon
