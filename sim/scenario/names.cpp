#include "sim/scenario/names.hpp"

#include <algorithm>
#include <string>

#include "sim/scenario/scenario.hpp"

namespace trimhorizon {
namespace {

using Names = std::vector<std::string_view>;

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const Names& invariant_names() {
  static const Names names = {"conservation",
                              "key_order",
                              "checkpoint_never_regresses",
                              "checkpoint_covers_only_settled",
                              "one_batch_per_lane",
                              "parent_before_child"};
  return names;
}

const Names& situation_names() {
  static const Names names = {
      "retry",      "timeout",      "partial_response", "malformed_response",  "bisect",
      "discard",    "age_discard",  "expire",           "throttle",            "poller_crash",
      "checkpoint_lost", "ack_lost", "producer_retry",  "filtered",            "latest_gap",
      "reshard",    "cold_start",   "swallow",          "destination_failure"};
  return names;
}

const Names& fate_names() {
  static const Names names = {"processed", "filtered", "discarded", "dropped",
                              "expired",   "unread",   "pending"};
  return names;
}

const Names& loss_cause_names() {
  static const Names names = {"retries",        "age",
                              "retention",      "latest_gap",
                              "swallowed",      "report_ignored",
                              "skipped_by_handler", "destination_failed",
                              "producer_ignored_failure", "oversized"};
  return names;
}

const Names& duplicate_cause_names() {
  static const Names names = {"retry_after_error",
                              "retry_after_timeout",
                              "retry_after_crash",
                              "retry_after_partial_response",
                              "bisect",
                              "poller_crash",
                              "overlapping_pollers",
                              "checkpoint_lost",
                              "re_enabled",
                              "recreated",
                              "producer_retry"};
  return names;
}

const Names& explorer_property_names() {
  static const Names names = [] {
    Names all = {"no_loss",     "all_processed", "at_most_once",
                 "order_first", "order_regress", "destination_exclusive",
                 "quiescence"};
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
bool is_situation(std::string_view name) { return contains(situation_names(), name); }

}  // namespace trimhorizon
