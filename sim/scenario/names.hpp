// The names that scenario, judge and result share: invariants, situations, fates, causes, metrics.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace trimhorizon {

const std::vector<std::string_view>& invariant_names();   // of `always:`
const std::vector<std::string_view>& known_situations();  // of `sometimes:`
const std::vector<std::string_view>& known_fates();
const std::vector<std::string_view>& known_loss_causes();       // of `lost_by_cause:`
const std::vector<std::string_view>& known_duplicate_causes();  // of `duplicates_by_cause:`
// Invariants and the properties of the explorer's reference model.
const std::vector<std::string_view>& explorer_property_names();
// Of a message to a destination (ESM-DST-03).
const std::vector<std::string_view>& condition_names();

// MET-06..MET-08 under CloudWatch's names, and ours. `IteratorAge.max`: metric and statistic.
enum class MetricShape : std::uint8_t {
  counter,       // a sum, without statistic
  duration,      // needs one of .max .min .avg .p50 .p90 .p99
  maximum_only,  // ConcurrentExecutions.max
};
struct MetricInfo {
  std::string_view name;
  MetricShape shape;
  bool of_functions;  // asked of a function as well as of a mapping
};
const std::vector<MetricInfo>& metric_table();
const std::vector<std::string_view>& metric_statistics();  // max min avg p50 p90 p99
// Every name that may stand in `expect.metrics`.
const std::vector<std::string_view>& metric_names();

// The metric before the dot, when the whole name is one that may be asked.
std::optional<MetricInfo> metric_named(std::string_view name);

}  // namespace trimhorizon
