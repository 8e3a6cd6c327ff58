// The metrics of one consumer in one run. MET-06..09.
#pragma once

#include <array>
#include <cstdint>

#include "sim/base/histogram.hpp"
#include "sim/base/time.hpp"
#include "sim/metrics/catalogue.hpp"

namespace trimhorizon {

struct ConsumerMetrics {
  std::array<std::uint64_t, count_of<MetricId>> values{};  // of counters, by MetricId
  Histogram duration_us;
  Histogram iterator_age_us;

  void add(MetricId metric, std::uint64_t n = 1) { values[static_cast<std::size_t>(metric)] += n; }
  std::uint64_t value(MetricId metric) const { return values[static_cast<std::size_t>(metric)]; }
  // The samples of a metric, in microseconds; null when the metric has none.
  const Histogram* samples(MetricId metric) const {
    if (metric == MetricId::Duration) return &duration_us;
    return metric == MetricId::IteratorAge ? &iterator_age_us : nullptr;
  }

  friend bool operator==(const ConsumerMetrics&, const ConsumerMetrics&) = default;
};

// A statistic of samples. REQUIRES: samples is not empty.
std::int64_t value_of(const Histogram& samples, Statistic statistic);
// The same in thousandths, because a mean may have a fraction. REQUIRES: samples is not empty.
__int128 thousandths_of(const Histogram& samples, Statistic statistic);

}  // namespace trimhorizon
