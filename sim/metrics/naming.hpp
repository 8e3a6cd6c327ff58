// The names by which metrics are asked for, from the table of a catalogue. Names of metrics may
// have dots: GetRecords.IteratorAgeMilliseconds.max is a metric and a statistic.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/metrics/catalogue.hpp"

namespace trimhorizon {

// Can this statistic of a metric with this shape be asked for?
constexpr bool has_statistic(MetricShape shape, Statistic statistic) {
  return shape == MetricShape::samples ||
         (shape == MetricShape::maximum && statistic == Statistic::max);
}

// All names, in the order of the table.
template <class Table>
std::vector<std::string> names_in_table(const Table& table) {
  std::vector<std::string> all;
  for (const auto& metric : table) {
    if (metric.shape == MetricShape::counter) all.emplace_back(metric.name);
    for (const Statistic each : all_of<Statistic>) {
      if (!has_statistic(metric.shape, each)) continue;
      all.push_back(std::string(metric.name) + "." + std::string(name(each)));
    }
  }
  return all;
}

// nullopt when the table has no such metric, or it has no such statistic.
template <class MetricEnum, class Table>
std::optional<AskedMetric<MetricEnum>> metric_in_table(const Table& table, std::string_view whole) {
  for (const auto& metric : table) {
    if (!whole.starts_with(metric.name)) continue;
    const std::string_view rest = whole.substr(metric.name.size());
    if (metric.shape == MetricShape::counter && rest.empty()) {
      return AskedMetric<MetricEnum>{metric.id, std::nullopt};
    }
    if (!rest.starts_with('.')) continue;
    const std::optional<Statistic> statistic = member_named<Statistic>(rest.substr(1));
    if (statistic && has_statistic(metric.shape, *statistic)) {
      return AskedMetric<MetricEnum>{metric.id, statistic};
    }
  }
  return std::nullopt;
}

}  // namespace trimhorizon
