#include "sim/metrics/catalogue.hpp"

#include <algorithm>

namespace trimhorizon {
namespace {

constexpr std::array<std::string_view, statistic_count> statistic_names = {"max", "min", "avg",
                                                                           "p50", "p90", "p99"};

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
        for (std::size_t s = 0; s < statistic_count; ++s) {
          all.push_back(full_name(metric, static_cast<Statistic>(s)));
        }
        break;
    }
  }
  return all;
}

}  // namespace

const std::array<MetricInfo, metric_count>& metric_table() {
  static constexpr std::array<MetricInfo, metric_count> table = {{
#define TH_ROW(name, shape, unit, scope, rule, sentence) \
  {MetricId::name, #name, MetricShape::shape, MetricUnit::unit, MetricScope::scope, rule, sentence},
      TH_METRICS(TH_ROW)
#undef TH_ROW
  }};
  return table;
}

const MetricInfo& info(MetricId id) { return metric_table()[static_cast<std::size_t>(id)]; }

std::string_view name(Statistic statistic) {
  return statistic_names[static_cast<std::size_t>(statistic)];
}

std::optional<MetricId> metric_called(std::string_view name) {
  for (const MetricInfo& metric : metric_table()) {
    if (metric.name == name) return metric.id;
  }
  return std::nullopt;
}

std::optional<MetricName> metric_named(std::string_view whole) {
  const std::vector<std::string_view>& names = metric_names();
  if (std::find(names.begin(), names.end(), whole) == names.end()) return std::nullopt;
  const std::size_t dot = whole.find('.');
  MetricName found{*metric_called(whole.substr(0, dot)), std::nullopt};
  if (dot == whole.npos) return found;
  const std::string_view asked = whole.substr(dot + 1);
  const auto at = std::find(statistic_names.begin(), statistic_names.end(), asked);
  found.statistic = static_cast<Statistic>(at - statistic_names.begin());
  return found;
}

const std::vector<std::string_view>& metric_names() {
  static const std::vector<std::string> texts = all_names();
  static const std::vector<std::string_view> names(texts.begin(), texts.end());
  return names;
}

}  // namespace trimhorizon
