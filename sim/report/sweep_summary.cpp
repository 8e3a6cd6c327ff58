// Sums up the runs of each point of a sweep, and finds the columns that a user names.
#include "sim/report/sweep_summary.hpp"

#include <cmath>

#include "sim/base/diagnostic.hpp"
#include "sim/base/text.hpp"
#include "sim/report/student_t.hpp"

namespace trimhorizon {
namespace {

// One column over the runs [first, last). They are in the order of tasks, so the bits of the result
// do not depend on which thread or shard made them. The sum is exact.
SweepStatistic statistic(const std::vector<SweepRun>& runs, std::size_t first, std::size_t last,
                         std::size_t column) {
  std::vector<std::int64_t> values;
  for (std::size_t i = first; i < last; ++i) {
    if (const auto& value = runs[i].values[column]) values.push_back(*value);
  }
  SweepStatistic out;
  out.n = values.size();
  if (out.n == 0) return out;
  __int128 sum = 0;
  for (const std::int64_t each : values) sum += each;
  const double n = static_cast<double>(out.n);
  out.mean = static_cast<double>(sum) / n;
  if (out.n < 2) return out;
  double squares = 0;
  for (const std::int64_t each : values) {
    const double off = static_cast<double>(each) - out.mean;
    squares += off * off;
  }
  out.half_width = student_t_95(out.n - 1) * std::sqrt(squares / (n - 1) / n);
  return out;
}

}  // namespace

std::vector<SweepPoint> summarize(const Sweep& sweep) {
  const std::size_t columns = sweep_columns(sweep.head.mappings).size();
  std::vector<SweepPoint> points;
  std::size_t first = 0;
  for (std::uint64_t number = 0; number < sweep.head.points(); ++number) {
    SweepPoint point;
    point.point = number;
    std::size_t last = first;
    for (; last < sweep.runs.size() && sweep.head.point_of(sweep.runs[last].task) == number;
         ++last) {
      const Verdict verdict = sweep.runs[last].verdict;
      point.runs += 1;
      point.holds += verdict == Verdict::holds ? 1 : 0;
      point.violated += verdict == Verdict::violated ? 1 : 0;
      point.undecided += verdict == Verdict::undecided ? 1 : 0;
    }
    for (std::size_t c = 0; c < columns; ++c) {
      point.columns.push_back(statistic(sweep.runs, first, last, c));
    }
    points.push_back(std::move(point));
    first = last;
  }
  return points;
}

std::vector<std::size_t> columns_named(const std::vector<SweepColumn>& columns,
                                       std::string_view name) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return {i};
  }
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (is_end_of_path(name, columns[i].words)) found.push_back(i);
  }
  return found;
}

std::string column_hint(const std::vector<SweepColumn>& columns, std::string_view name) {
  std::vector<std::string_view> names;
  for (const SweepColumn& each : columns) {
    names.push_back(each.words);
    names.push_back(each.name);
    const std::size_t dot = each.words.find('.');
    if (each.words.starts_with("fates."))
      names.push_back(std::string_view(each.words).substr(dot + 1));
  }
  const std::string near = did_you_mean(name, names);
  if (!near.empty()) return near;
  return "for example: lost, duplicates, fates.discarded, Invocations, IteratorAge.p99; or all";
}

std::vector<std::size_t> columns_that_vary(const Sweep& sweep) {
  std::vector<std::size_t> varying;
  const std::size_t columns = sweep_columns(sweep.head.mappings).size();
  for (std::size_t c = 0; c < columns; ++c) {
    for (const SweepRun& run : sweep.runs) {
      if (run.values[c] == sweep.runs.front().values[c]) continue;
      varying.push_back(c);
      break;
    }
  }
  return varying;
}

}  // namespace trimhorizon
