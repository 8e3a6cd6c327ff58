#include "sim/metrics/catalogue.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("each metric stands in its own row, with a name of its own and a sentence") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < count_of<MetricId>; ++i) {
    const MetricInfo& metric = metric_table()[i];
    CHECK(static_cast<std::size_t>(metric.id) == i);
    CHECK(names.insert(metric.name).second);
    CHECK(member_named<MetricId>(metric.name) == metric.id);
    CHECK_FALSE(metric.rule.empty());
    CHECK_FALSE(metric.sentence.empty());
  }
}

TEST_CASE("a metric is asked for with a statistic where it keeps samples, and only there") {
  const auto age = metric_named("IteratorAge.p99");
  REQUIRE(age);
  CHECK(age->id == MetricId::IteratorAge);
  CHECK(age->statistic == Statistic::p99);
  CHECK_FALSE(metric_named("LostToRetention")->statistic);
  CHECK(metric_named("ConcurrentExecutions.max")->statistic == Statistic::max);
  for (const char* wrong : {"IteratorAge", "Errors.max", "ConcurrentExecutions.min", "Invocation",
                            "invocations", "IteratorAge.", "IteratorAge.p98", "", "."}) {
    INFO(wrong);
    CHECK_FALSE(metric_named(wrong));
  }
}

TEST_CASE("every name that may be asked for is understood") {
  CHECK(metric_names().size() == 13 + 1 + 12);
  for (const std::string_view name : metric_names()) CHECK(metric_named(name));
}
