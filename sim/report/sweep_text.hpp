// A sweep as a table for people, in 80 columns: a line per point, of each column the mean and half
// of its confidence interval.
#pragma once

#include <string>
#include <vector>

#include "sim/base/diagnostic.hpp"
#include "sim/run/sweep.hpp"

namespace trimhorizon {

struct SweepTextOptions {
  bool colour = false;
  std::vector<std::string> show;  // names of columns, or "all"; empty: the telling ones that vary
};

// A column that does not exist.
class NoSuchColumn : public HintedError {
 public:
  using HintedError::HintedError;
};

// Indices of the columns these names mean, in their order, each once; throws NoSuchColumn.
std::vector<std::size_t> columns_shown(const Sweep& sweep, const std::vector<std::string>& show);

// The same table as cells, its head first: for pages that set their own columns.
std::vector<std::vector<std::string>> sweep_cells(const Sweep& sweep,
                                                  const std::vector<std::string>& show);

std::string sweep_text(const Sweep& sweep, const SweepTextOptions& options = {});

}  // namespace trimhorizon
