#include "sim/report/sweep_summary.hpp"

#include <cmath>

#include "tests/report/sweep_sample.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

using Indices = std::vector<std::size_t>;

}  // namespace

TEST_CASE("means and half-widths of a point") {
  const std::vector<SweepPoint> points = summarize(samples::sweep());
  REQUIRE(points.size() == 2);
  CHECK(points[1].runs == 3);
  CHECK(points[1].violated == 1);
  CHECK(points[0].columns[0].n == 0);
  const SweepStatistic& second = points[1].columns[1];  // 3, 4, 5
  CHECK(second.n == 3);
  CHECK(second.mean == 4);
  CHECK(std::fabs(*second.half_width - 4.3026527297 / std::sqrt(3.0)) < 1e-8);
}

TEST_CASE("a point without runs, and a single run, say how little they know") {
  Sweep sweep = samples::sweep();
  sweep.runs.erase(sweep.runs.begin(), sweep.runs.begin() + 3);
  sweep.runs.resize(1);
  const std::vector<SweepPoint> points = summarize(sweep);
  REQUIRE(points.size() == 2);
  CHECK(points[0].runs == 0);
  CHECK(points[1].point == 1);
  CHECK(points[1].columns[1].n == 1);
  CHECK(points[1].columns[1].mean == 3);
  CHECK_FALSE(points[1].columns[1].half_width.has_value());
}

TEST_CASE("the mean of numbers near the largest is exact") {
  Sweep sweep = samples::sweep();
  for (SweepRun& run : sweep.runs) run.values[1] = INT64_MAX;
  CHECK(summarize(sweep)[0].columns[1].mean == static_cast<double>(INT64_MAX));
  CHECK(*summarize(sweep)[0].columns[1].half_width == 0);
}

TEST_CASE("a column is named in full, without its mapping, or by the end of its name") {
  const std::vector<SweepColumn> two = sweep_columns({"a", "b"});
  CHECK(columns_named(two, "fates.a.processed").size() == 1);
  const Indices both = columns_named(two, "fates.processed");
  REQUIRE(both.size() == 2);
  CHECK(two[both[0]].mapping == "a");
  CHECK(two[both[1]].mapping == "b");
  CHECK(columns_named(two, "processed") == both);
  CHECK(columns_named(two, "rocessed").empty());  // an end begins after a dot
  CHECK(columns_named(two, "never_accepted").size() == 1);
  CHECK(columns_named(two, "").empty());
}

TEST_CASE("a mistyped column gets the nearest one, anything else some examples") {
  const std::vector<SweepColumn> columns = sweep_columns({"m"});
  CHECK(column_hint(columns, "losst").find("`lost`") != std::string::npos);
  CHECK(column_hint(columns, "processd").find("`processed`") != std::string::npos);
  CHECK(column_hint(columns, "nothing at all like it").find('`') == std::string::npos);
}

TEST_CASE("only columns with two values among the runs vary; none is a value") {
  Sweep sweep = samples::sweep();
  for (SweepRun& run : sweep.runs) run.values.assign(run.values.size(), 4);
  CHECK(columns_that_vary(sweep).empty());
  sweep.runs[5].values[2] = 5;
  sweep.runs[3].values[7].reset();
  CHECK(columns_that_vary(sweep) == Indices{2, 7});
  sweep.runs.clear();
  CHECK(columns_that_vary(sweep).empty());
}
