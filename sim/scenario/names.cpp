#include "sim/scenario/names.hpp"

#include <algorithm>
#include <string>

#include "sim/faults/cause.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/world/properties.hpp"

namespace trimhorizon {
namespace {

using Names = std::vector<std::string_view>;

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const Names& invariant_names() {
  static const Names names = [] {
    Names all;
    for (std::size_t i = 0; i < invariant_count; ++i) {
      all.push_back(name(static_cast<Invariant>(i)));
    }
    return all;
  }();
  return names;
}

const Names& known_situations() {
  static const Names names(situation_names.begin(), situation_names.end());
  return names;
}

const Names& known_fates() {
  static const Names names(fate_names.begin(), fate_names.end());
  return names;
}

// The first of both lists is no cause.
const Names& known_loss_causes() {
  static const Names names(loss_cause_names.begin() + 1, loss_cause_names.end());
  return names;
}

const Names& known_duplicate_causes() {
  static const Names names(delivery_reason_names.begin() + 1, delivery_reason_names.end());
  return names;
}

const Names& explorer_property_names() {
  static const Names names = [] {
    Names all = {"no_loss",       "all_processed",         "at_most_once", "order_first",
                 "order_regress", "destination_exclusive", "quiescence"};
    all.insert(all.end(), invariant_names().begin(), invariant_names().end());
    return all;
  }();
  return names;
}

const Names& condition_names() {
  static const Names names = {"RetryAttemptsExhausted", "RecordAgeExceeded"};
  return names;
}

const std::vector<MetricInfo>& metric_table() {
  using enum MetricShape;
  static const std::vector<MetricInfo> table = {
      {"Invocations", counter, true},
      {"Errors", counter, true},
      {"Throttles", counter, true},
      {"Duration", duration, true},
      {"ConcurrentExecutions", maximum_only, true},
      {"IteratorAge", duration, true},
      {"DestinationDeliveryFailures", counter, true},
      {"PolledEventCount", counter, false},
      {"FilteredOutEventCount", counter, false},
      {"InvokedEventCount", counter, false},
      {"FailedInvokeEventCount", counter, false},
      {"DroppedEventCount", counter, false},
      {"OnFailureDestinationDeliveredEventCount", counter, false},
      {"LostToRetention", counter, false},
      {"LatestGap", counter, false},
      {"Swallowed", counter, false},
  };
  return table;
}

const Names& metric_statistics() {
  static const Names names = {"max", "min", "avg", "p50", "p90", "p99"};
  return names;
}

const Names& metric_names() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> all;
    for (const MetricInfo& metric : metric_table()) {
      const std::string name(metric.name);
      if (metric.shape == MetricShape::counter) all.push_back(name);
      if (metric.shape == MetricShape::maximum_only) all.push_back(name + ".max");
      if (metric.shape != MetricShape::duration) continue;
      for (const std::string_view statistic : metric_statistics()) {
        all.push_back(name + "." + std::string(statistic));
      }
    }
    return all;
  }();
  static const Names names(texts.begin(), texts.end());
  return names;
}

std::optional<MetricInfo> metric_named(std::string_view name) {
  if (!contains(metric_names(), name)) return std::nullopt;
  const std::string_view metric = name.substr(0, name.find('.'));
  for (const MetricInfo& info : metric_table()) {
    if (info.name == metric) return info;
  }
  return std::nullopt;
}

bool is_invariant(std::string_view name) { return contains(invariant_names(), name); }
bool is_situation(std::string_view name) { return contains(known_situations(), name); }

}  // namespace trimhorizon
