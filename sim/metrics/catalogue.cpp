#include "sim/metrics/catalogue.hpp"

#include "sim/metrics/naming.hpp"

namespace trimhorizon {

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
  return metric_in_table<MetricId>(metric_table(), whole);
}

const std::vector<std::string_view>& metric_names() {
  static const std::vector<std::string> texts = names_in_table(metric_table());
  static const std::vector<std::string_view> names(texts.begin(), texts.end());
  return names;
}

}  // namespace trimhorizon
