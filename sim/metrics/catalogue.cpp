#include "sim/metrics/catalogue.hpp"

#include <algorithm>

namespace trimhorizon {
namespace {

std::string full_name(const MetricInfo& metric, Statistic statistic) {
  return std::string(metric.name) + "." + std::string(name(statistic));
}

std::vector<std::string> all_names() {
  std::vector<std::string> all;
  for (const MetricInfo& metric : metric_table()) {
    switch (metric.shape) {
      case MetricShape::counter: all.emplace_back(metric.name); break;
      case MetricShape::maximum: all.push_back(full_name(metric, Statistic::max)); break;
      case MetricShape::samples:
        for (const Statistic each : all_of<Statistic>) all.push_back(full_name(metric, each));
        break;
    }
  }
  return all;
}

}  // namespace

const std::array<MetricInfo, count_of<MetricId>>& metric_table() {
  static constexpr std::array<MetricInfo, count_of<MetricId>> table = {{
#define TH_ROW(name, shape, unit, scope, rule, sentence) \
  {MetricId::name, #name, MetricShape::shape, MetricUnit::unit, MetricScope::scope, rule, sentence},
      TH_METRICS(TH_ROW)
#undef TH_ROW
  }};
  return table;
}

const MetricInfo& info(MetricId id) { return metric_table()[index_of(id)]; }

std::optional<MetricName> metric_named(std::string_view whole) {
  const std::vector<std::string_view>& names = metric_names();
  if (std::find(names.begin(), names.end(), whole) == names.end()) return std::nullopt;
  const std::size_t dot = whole.find('.');
  MetricName found{*member_named<MetricId>(whole.substr(0, dot)), std::nullopt};
  if (dot != whole.npos) found.statistic = member_named<Statistic>(whole.substr(dot + 1));
  return found;
}

const std::vector<std::string_view>& metric_names() {
  static const std::vector<std::string> texts = all_names();
  static const std::vector<std::string_view> names(texts.begin(), texts.end());
  return names;
}

}  // namespace trimhorizon
