#include "sim/report/sweep_table.hpp"

#include "tests/report/sweep_sample.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

// The kind of an axis with these values.
ColumnKind kind_of(std::vector<std::string> values) {
  Sweep sweep = samples::sweep();
  sweep.head.axes = {{"axis", std::move(values)}};
  sweep.runs.resize(3);
  return sweep_table(sweep)->find("axis")->kind;
}

}  // namespace

TEST_CASE("an axis is numbers or booleans only when all its values are") {
  CHECK(kind_of({"1", "-20"}) == ColumnKind::integer);
  CHECK(kind_of({"1", "2.5"}) == ColumnKind::real);
  CHECK(kind_of({"1e3", "1"}) == ColumnKind::real);
  CHECK(kind_of({"true", "false"}) == ColumnKind::boolean);
  CHECK(kind_of({"007", "1"}) != ColumnKind::integer);
  CHECK(kind_of({"true", "1"}) == ColumnKind::text);
  CHECK(kind_of({"10s", "1"}) == ColumnKind::text);
  CHECK(kind_of({"inf", "1"}) == ColumnKind::text);
  CHECK(kind_of({"0", "-1"}) == ColumnKind::integer);
}

TEST_CASE("a table of a sweep has a row for each run, with its point, seed, verdict and end") {
  const auto table = sweep_table(samples::sweep());
  REQUIRE(table->rows == 6);
  CHECK(table->columns.size() == 5 + sweep_columns({"m"}).size());
  CHECK(table->find("point")->numbers == std::vector<std::int64_t>{0, 0, 0, 1, 1, 1});
  CHECK(table->find("seed")->numbers == std::vector<std::int64_t>{0, 1, 7, 0, 1, 7});
  CHECK(table->find("BatchSize")->text_at(3) == "[2, 3]");
  CHECK(table->find("verdict")->text_at(4) == "violated");
  CHECK(table->find("verdict")->text_at(5) == "holds");
  CHECK(table->find("ended")->text_at(2) == "duration");
  CHECK(table->find("ended")->text_at(3) == "drained");
  const std::vector<SweepColumn> columns = sweep_columns({"m"});
  CHECK(table->find(columns[0].name)->nulls == 6);
  CHECK(table->find(columns[1].name)->numbers[5] == 5);
  CHECK(table->find("metrics.m.IteratorAge.max")->kind == ColumnKind::duration);
  CHECK(table->find("lost")->kind == ColumnKind::integer);
}

TEST_CASE("a summary has a row for each point and column, null where it knows nothing") {
  Sweep sweep = samples::sweep();
  sweep.runs.resize(4);  // three of the first point, one of the second
  const std::size_t age = samples::column("metrics.m.IteratorAge.max");
  const auto table = summary_table(sweep, {0, 1, age});
  REQUIRE(table->rows == 6);
  CHECK(table->find("point")->numbers == std::vector<std::int64_t>{0, 0, 0, 1, 1, 1});
  CHECK(table->find("unit")->text_at(1) == "count");
  CHECK(table->find("unit")->text_at(2) == "us");
  CHECK(table->find("column")->text_at(2) == "metrics.m.IteratorAge.max");
  CHECK(table->find("n")->numbers == std::vector<std::int64_t>{0, 3, 3, 0, 1, 1});
  const Column& mean = *table->find("mean");
  CHECK(mean.is_null(0));
  CHECK(mean.reals[1] == 1);
  CHECK(mean.reals[4] == 3);
  CHECK_FALSE(table->find("half_width")->is_null(1));
  CHECK(table->find("half_width")->is_null(4));
}
