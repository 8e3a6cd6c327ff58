#include "sim/metrics/stream_catalogue.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("each metric of a stream stands in its own row, with its rule and a sentence [MET-02]") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < count_of<StreamMetricId>; ++i) {
    const StreamMetricInfo& metric = stream_metric_table()[i];
    CHECK(index_of(metric.id) == i);
    CHECK(names.insert(metric.name).second);
    CHECK(name(metric.id) == metric.name);
    CHECK(metric.rule.starts_with("MET-0"));
    CHECK_FALSE(metric.sentence.empty());
  }
}

TEST_CASE("names of stream metrics have dots, and a statistic after them where there are samples") {
  CHECK(stream_metric_names().size() == 18 + 2 * 6);
  for (const std::string_view name : stream_metric_names()) CHECK(stream_metric_named(name));
  const auto age = stream_metric_named("GetRecords.IteratorAgeMilliseconds.max");
  REQUIRE(age);
  CHECK(age->id == StreamMetricId::IteratorAge);
  CHECK(age->statistic == Statistic::max);
  CHECK_FALSE(stream_metric_named("PutRecords.Success")->statistic);
  for (const char* wrong : {"PutRecords.Success.max", "PutRecords", "GetRecords.Records.", "",
                            "GetRecords.IteratorAgeMilliseconds", "IteratorAge.max"}) {
    INFO(wrong);
    CHECK_FALSE(stream_metric_named(wrong));
  }
}

TEST_CASE("the metrics of a stream keep counters by metric, and samples of two of them") {
  StreamMetrics metrics;
  metrics.add(StreamMetricId::WriteThrottled, 4);
  metrics.add(StreamMetricId::WriteThrottled);
  metrics.millis_behind_us.add(7);
  CHECK(metrics.value(StreamMetricId::WriteThrottled) == 5);
  CHECK(metrics.value(StreamMetricId::ReadThrottled) == 0);
  CHECK(metrics.samples(StreamMetricId::MillisBehindLatest)->count() == 1);
  CHECK(metrics.samples(StreamMetricId::IteratorAge)->count() == 0);
  CHECK(metrics.samples(StreamMetricId::GetRecordsBytes) == nullptr);
}
