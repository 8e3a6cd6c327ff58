// The one catalogue of the metrics of consumers: those that CloudWatch shows for a mapping and its
// function, and those that only the simulator can know. MET-06..09, CON-09. Results, expectations,
// sweeps, tables and Python read it. Those of streams are in stream_catalogue.hpp.
//
// Always:
//  1. To add a metric, add a row here, and count it in history/run_metrics.cpp.
//  2. The order of the rows is the order of results.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/named_enum.hpp"

namespace trimhorizon {

// What is stored of a metric, and therefore what can be asked.
enum class MetricShape : std::uint8_t {
  counter,  // a sum; it has no statistic
  maximum,  // .max only: the largest value at any instant
  samples,  // .max .min .avg .p50 .p90 .p99
};

enum class MetricUnit : std::uint8_t { count, time };  // time: microseconds

// Who has the metric: only a mapping, or also the function that it calls.
enum class MetricScope : std::uint8_t { mapping, function };

// X(name, shape, unit, scope, rule, sentence)
#define TH_METRICS(X)                                                                              \
  X(Invocations, counter, count, function, "MET-06",                                               \
    "invocations that ran, with success or with a function error")                                 \
  X(Errors, counter, count, function, "MET-06", "function errors, timeouts included")              \
  X(Throttles, counter, count, function, "MET-06", "invocations that were throttled")              \
  X(DroppedEventCount, counter, count, mapping, "MET-08",                                          \
    "records given up, without a message at a destination")                                        \
  X(PolledEventCount, counter, count, mapping, "MET-07", "records read for a new batch")           \
  X(FilteredOutEventCount, counter, count, mapping, "MET-07", "records that a filter removed")     \
  X(InvokedEventCount, counter, count, mapping, "MET-07",                                          \
    "records sent to the function, repeats included")                                              \
  X(FailedInvokeEventCount, counter, count, mapping, "CON-24",                                     \
    "records of throttled attempts and of answers that report failures")                           \
  X(OnFailureDestinationDeliveredEventCount, counter, count, mapping, "MET-07",                    \
    "records in messages that a destination accepted")                                             \
  X(DestinationDeliveryFailures, counter, count, function, "MET-06",                               \
    "messages that a destination refused")                                                         \
  X(LostToRetention, counter, count, mapping, "MET-09", "ours: records lost because they expired") \
  X(LatestGap, counter, count, mapping, "MET-09",                                                  \
    "ours: records stored after the creation of the mapping, before reading began")                \
  X(Swallowed, counter, count, mapping, "MET-09", "ours: records processed without an effect")     \
  X(ConcurrentExecutions, maximum, count, function, "MET-06",                                      \
    "concurrent invocations of the function, for all its mappings")                                \
  X(Duration, samples, time, function, "MET-06", "how long an invocation works")                   \
  X(IteratorAge, samples, time, function, "MET-06", "age of the last record of a batch")

TH_NAMED_ENUM(MetricId, TH_METRICS)

struct MetricInfo {
  MetricId id;
  std::string_view name;  // as CloudWatch calls it, for those that CloudWatch has
  MetricShape shape;
  MetricUnit unit;
  MetricScope scope;
  std::string_view rule;
  std::string_view sentence;
};

// Is it a sum that grows with the events of a run, so that a part of the run has its own? Those of
// MET-09 are found out at the end.
constexpr bool is_sum_of_events(const MetricInfo& metric) {
  return metric.shape == MetricShape::counter && metric.rule != "MET-09";
}

// All metrics, in the order of results.
const std::array<MetricInfo, count_of<MetricId>>& metric_table();
const MetricInfo& info(MetricId id);

// The statistics of samples, in the order of reports.
#define TH_STATISTICS(X) X(max) X(min) X(avg) X(p50) X(p90) X(p99)
TH_NAMED_ENUM(Statistic, TH_STATISTICS)

// A metric and a statistic: "IteratorAge.max", "ConcurrentExecutions.max", "Invocations".
template <class MetricEnum>
struct AskedMetric {
  MetricEnum id;
  std::optional<Statistic> statistic;  // of samples, and .max of a maximum; nullopt for a counter

  const auto& metric() const { return info(id); }
};
using MetricName = AskedMetric<MetricId>;
// nullopt when there is no such metric, or it has no such statistic.
std::optional<MetricName> metric_named(std::string_view name);
// All names that metric_named() knows, in the order of the table.
const std::vector<std::string_view>& metric_names();

}  // namespace trimhorizon
