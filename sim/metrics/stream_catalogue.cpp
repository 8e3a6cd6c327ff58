#include "sim/metrics/stream_catalogue.hpp"

#include "sim/metrics/naming.hpp"

namespace trimhorizon {

const std::array<StreamMetricInfo, count_of<StreamMetricId>>& stream_metric_table() {
  static constexpr std::array<StreamMetricInfo, count_of<StreamMetricId>> table = {{
#define TH_ROW(member, name, shape, unit, rule, sentence) \
  {StreamMetricId::member, name, MetricShape::shape, MetricUnit::unit, rule, sentence},
      TH_STREAM_METRICS(TH_ROW)
#undef TH_ROW
  }};
  return table;
}

const StreamMetricInfo& info(StreamMetricId id) { return stream_metric_table()[index_of(id)]; }

std::optional<AskedMetric<StreamMetricId>> stream_metric_named(std::string_view whole) {
  return metric_in_table<StreamMetricId>(stream_metric_table(), whole);
}

const std::vector<std::string_view>& stream_metric_names() {
  static const std::vector<std::string> texts = names_in_table(stream_metric_table());
  static const std::vector<std::string_view> names(texts.begin(), texts.end());
  return names;
}

}  // namespace trimhorizon
