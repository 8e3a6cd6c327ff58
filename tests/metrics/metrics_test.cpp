#include "sim/metrics/metrics.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

Histogram one_to(std::int64_t last) {
  Histogram samples;
  for (std::int64_t i = 1; i <= last; ++i) samples.add(i);
  return samples;
}

}  // namespace

TEST_CASE("each statistic of samples is the one of its name [MET-06]") {
  const Histogram samples = one_to(100);
  CHECK(value_of(samples, Statistic::max) == 100);
  CHECK(value_of(samples, Statistic::min) == 1);
  CHECK(value_of(samples, Statistic::avg) == 50);
  CHECK(value_of(samples, Statistic::p50) == 50);
  CHECK(value_of(samples, Statistic::p90) == 90);
  CHECK(value_of(samples, Statistic::p99) == 99);
}

TEST_CASE("of one sample every statistic is that sample") {
  Histogram samples;
  samples.add(7);
  for (const Statistic each : all_of<Statistic>) {
    CHECK(value_of(samples, each) == 7);
    CHECK(thousandths_of(samples, each) == 7'000);
  }
}

TEST_CASE("only a mean has thousandths, and they are cut off") {
  const Histogram samples = one_to(100);
  CHECK(thousandths_of(samples, Statistic::avg) == 50'500);
  CHECK(thousandths_of(samples, Statistic::p50) == 50'000);
  Histogram thirds;
  thirds.add(1);
  thirds.add(1);
  thirds.add(0);
  CHECK(thousandths_of(thirds, Statistic::avg) == 666);
}

TEST_CASE("the thousandths of the largest samples do not overflow") {
  Histogram samples;
  samples.add(INT64_MAX);
  samples.add(INT64_MAX);
  const __int128 wanted = static_cast<__int128>(INT64_MAX) * 1'000;
  const bool max_is_right = thousandths_of(samples, Statistic::max) == wanted;
  const bool mean_is_right = thousandths_of(samples, Statistic::avg) == wanted;
  CHECK(max_is_right);
  CHECK(mean_is_right);
}

TEST_CASE("metrics keep apart what each counts, and samples of two of them [MET-07]") {
  ConsumerMetrics metrics;
  metrics.add(MetricId::Errors);
  metrics.add(MetricId::PolledEventCount, 5);
  metrics.add(MetricId::PolledEventCount, 2);
  CHECK(metrics.value(MetricId::Errors) == 1);
  CHECK(metrics.value(MetricId::PolledEventCount) == 7);
  CHECK(metrics.value(MetricId::Throttles) == 0);
  for (const MetricId id : all_of<MetricId>) {
    CHECK((metrics.samples(id) != nullptr) == (info(id).shape == MetricShape::samples));
  }
  CHECK(metrics.samples(MetricId::Duration) == &metrics.duration_us);
  CHECK(metrics.samples(MetricId::IteratorAge) == &metrics.iterator_age_us);
}
