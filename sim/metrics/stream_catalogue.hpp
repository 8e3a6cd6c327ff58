// The catalogue of the metrics of streams, under the names of CloudWatch. MET-01..05. Results,
// expectations and tables read it.
//
// Always:
//  1. To add a metric, add a row here, and count it where calls of the service are answered.
//  2. The order of the rows is the order of results.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/base/histogram.hpp"
#include "sim/metrics/catalogue.hpp"

namespace trimhorizon {

// X(member, name, shape, unit, rule, sentence)
#define TH_STREAM_METRICS(X)                                                                       \
  X(IncomingRecords, "IncomingRecords", counter, count, "MET-02", "records stored")                \
  X(IncomingBytes, "IncomingBytes", counter, count, "MET-02",                                      \
    "their bytes, data and partition key")                                                         \
  X(WriteThrottled, "WriteProvisionedThroughputExceeded", counter, count, "MET-03",                \
    "records that a limit of their shard refused")                                                 \
  X(ReadThrottled, "ReadProvisionedThroughputExceeded", counter, count, "MET-04",                  \
    "calls of GetRecords that a limit of the shard refused")                                       \
  X(PutRecordSuccess, "PutRecord.Success", counter, count, "MET-03",                               \
    "calls of PutRecord that stored their record")                                                 \
  X(PutRecordsSuccess, "PutRecords.Success", counter, count, "MET-03",                             \
    "calls of PutRecords that stored at least one record")                                         \
  X(PutRecordsTotal, "PutRecords.TotalRecords", counter, count, "MET-03",                          \
    "records in calls of PutRecords")                                                              \
  X(PutRecordsSuccessful, "PutRecords.SuccessfulRecords", counter, count, "MET-03",                \
    "those that were stored")                                                                      \
  X(PutRecordsFailed, "PutRecords.FailedRecords", counter, count, "MET-03",                        \
    "those refused by an internal failure")                                                        \
  X(PutRecordsThrottled, "PutRecords.ThrottledRecords", counter, count, "MET-03",                  \
    "those refused by a limit of their shard")                                                     \
  X(GetRecordsSuccess, "GetRecords.Success", counter, count, "MET-04",                             \
    "calls of GetRecords that were answered, without the empty ones that change nothing")          \
  X(GetRecordsRecords, "GetRecords.Records", counter, count, "MET-04", "records in those answers") \
  X(GetRecordsBytes, "GetRecords.Bytes", counter, count, "MET-04", "their bytes")                  \
  X(IteratorAge, "GetRecords.IteratorAgeMilliseconds", samples, time, "MET-01",                    \
    "age of the last record of an answer; 0 when the reader has caught up")                        \
  X(SubscribeSuccess, "SubscribeToShard.Success", counter, count, "MET-05",                        \
    "subscriptions that began")                                                                    \
  X(SubscribeRateExceeded, "SubscribeToShard.RateExceeded", counter, count, "MET-05",              \
    "subscriptions refused because the last one was too recent")                                   \
  X(EventSuccess, "SubscribeToShardEvent.Success", counter, count, "MET-05",                       \
    "events of subscriptions that carry records, or end a shard")                                  \
  X(EventRecords, "SubscribeToShardEvent.Records", counter, count, "MET-05",                       \
    "records in those events")                                                                     \
  X(EventBytes, "SubscribeToShardEvent.Bytes", counter, count, "MET-05", "their bytes")            \
  X(MillisBehindLatest, "SubscribeToShardEvent.MillisBehindLatest", samples, time, "MET-05",       \
    "how far the last record of an event is behind the newest one")

enum class StreamMetricId : std::uint8_t {
#define TH_MEMBER(member, ...) member,
  TH_STREAM_METRICS(TH_MEMBER)
#undef TH_MEMBER
};
// As CloudWatch calls them.
template <>
inline constexpr auto names_of<StreamMetricId> = std::to_array<std::string_view>({
#define TH_NAME(member, its_name, ...) its_name,
    TH_STREAM_METRICS(TH_NAME)
#undef TH_NAME
});

struct StreamMetricInfo {
  StreamMetricId id;
  std::string_view name;
  MetricShape shape;
  MetricUnit unit;
  std::string_view rule;
  std::string_view sentence;
};

// All of them, in the order of results.
const std::array<StreamMetricInfo, count_of<StreamMetricId>>& stream_metric_table();
const StreamMetricInfo& info(StreamMetricId id);
// As metric_named() and metric_names() of the catalogue.
std::optional<AskedMetric<StreamMetricId>> stream_metric_named(std::string_view name);
const std::vector<std::string_view>& stream_metric_names();

// The metrics of one stream in one run.
struct StreamMetrics {
  std::array<std::uint64_t, count_of<StreamMetricId>> values{};  // of counters, by StreamMetricId
  Histogram iterator_age_us;
  Histogram millis_behind_us;  // in microseconds too

  void add(StreamMetricId metric, std::uint64_t n = 1) { values[index_of(metric)] += n; }
  std::uint64_t value(StreamMetricId metric) const { return values[index_of(metric)]; }
  // The samples of a metric, in microseconds; null when the metric has none.
  const Histogram* samples(StreamMetricId metric) const {
    if (metric == StreamMetricId::IteratorAge) return &iterator_age_us;
    return metric == StreamMetricId::MillisBehindLatest ? &millis_behind_us : nullptr;
  }
  friend bool operator==(const StreamMetrics&, const StreamMetrics&) = default;
};

}  // namespace trimhorizon
