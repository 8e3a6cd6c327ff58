// Reads the settings of the Kinesis Producer Library: its own names, units and bounds. KDS-PRD-12,
// KDS-PRD-16.
#include "sim/format/given.hpp"
#include "sim/producer/kpl_settings.hpp"
#include "sim/scenario/tables.hpp"

namespace trimhorizon::reader {
namespace {

using Kpl = KplSettings;

// The keys that say how user records are packed and collected.
Rows packing_rows() {
  return std::vector<Key>{
      key("AggregationEnabled", simple(Kind::boolean), into(&Kpl::aggregation_enabled),
          "Whether several user records are packed into one record of the stream.", "KDS-PRD-12"),
      key("AggregationMaxCount", integer_of_kpl(1, Kpl::no_bound),
          into(&Kpl::aggregation_max_count), "At most so many user records in an aggregate.",
          "KDS-PRD-12")
          .such_as("100"),
      key("AggregationMaxSize",
          integer_of_kpl(Kpl::aggregation_size_min, Kpl::aggregation_size_max, "bytes"),
          into(&Kpl::aggregation_max_size),
          "At most so many bytes in an aggregate; a larger user record goes alone.", "KDS-PRD-12")
          .such_as("20_000"),
      key("CollectionMaxCount", integer_of_kpl(1, Kpl::collection_count_max),
          into(&Kpl::collection_max_count), "At most so many records in a PutRecords call.",
          "KDS-PRD-12")
          .such_as("100"),
      key("CollectionMaxSize", integer_of_kpl(Kpl::collection_size_min, Kpl::no_bound, "bytes"),
          into(&Kpl::collection_max_size),
          "At most so many bytes in a PutRecords call, with partition keys.", "KDS-PRD-12")
          .such_as("1_000_000"),
      key("MaxUserRecordSize", integer_of_kpl(1, Kpl::user_record_max, "bytes"),
          into(&Kpl::max_user_record_size), "KPL refuses a user record with more data.",
          "KDS-PRD-12")
          .such_as("100_000"),
  };
}

// The keys that say when records leave, and when they are given up.
Rows sending_rows() {
  return std::vector<Key>{
      key("RecordMaxBufferedTime", integer_of_kpl(0, Kpl::no_bound, "ms"),
          into(&Kpl::record_max_buffered_time_ms),
          "How long a user record waits for others. Two records are reordered by at most twice "
          "this time, if nothing fails.",
          "KDS-PRD-12 KDS-PRD-14")
          .such_as("200"),
      key("RecordTtl", integer_of_kpl(Kpl::ttl_ms_min, Kpl::no_bound, "ms"),
          into(&Kpl::record_ttl_ms),
          "How long KPL tries. A user record that is not stored by then is lost.", "KDS-PRD-13")
          .such_as("60_000"),
      key("RequestTimeout", integer_of_kpl(Kpl::timeout_ms_min, Kpl::request_timeout_ms_max, "ms"),
          into(&Kpl::request_timeout_ms),
          "How long a call may take. After it KPL sends the records again, though they may be "
          "stored.",
          "KDS-PRD-15")
          .such_as("1000"),
      key("ConnectTimeout", integer_of_kpl(Kpl::timeout_ms_min, Kpl::connect_timeout_ms_max, "ms"),
          into(&Kpl::connect_timeout_ms),
          "How long a connection may take. Connections are always there, so it changes nothing.",
          "KDS-PRD-12")
          .such_as("1000"),
      key("RateLimit", integer_of_kpl(1, Kpl::no_bound, "%"), into(&Kpl::rate_limit),
          "How much KPL sends to a shard, in per cent of the shard's limits.", "CON-14")
          .such_as("100"),
      key("MaxConnections", integer_of_kpl(1, Kpl::connections_max), into(&Kpl::max_connections),
          "At most so many calls at the same time.", "KDS-PRD-12")
          .such_as("4"),
      key("FailIfThrottled", simple(Kind::boolean), into(&Kpl::fail_if_throttled),
          "Whether a throttled user record is given up at once.", "KDS-PRD-12"),
      key("wrong_shard", word({"outside_range", "any_other_shard"}), into(&Kpl::wrong_shard),
          "Which records are sent again because they were stored in a shard that KPL did not "
          "expect; any_other_shard: KPL before 0.15.11.",
          "KDS-PRD-16"),
  };
}

void read_kpl(Notes& notes, const Given& given, KplSettings& settings) {
  given.fill(settings);
  if (settings.record_ttl_ms > settings.record_max_buffered_time_ms) return;
  // KPL accepts that.
  notes.warn(given.place_of(given.has("RecordTtl") ? "RecordTtl" : "RecordMaxBufferedTime"),
             "a user record expires while KPL waits for others: RecordTtl is not longer than "
             "RecordMaxBufferedTime");
}

}  // namespace

const Block& kpl_block() {
  static const Block table{
      "`kpl`",
      {
          packing_rows(),
          sending_rows(),
          ignored({"Region", "LogLevel", "MetricsLevel", "MetricsGranularity", "MetricsNamespace",
                   "MetricsUploadDelay", "MinConnections", "ThreadingModel", "ThreadPoolSize",
                   "VerifyCertificate", "CredentialsRefreshDelay", "KinesisEndpoint", "KinesisPort",
                   "CloudwatchEndpoint", "CloudwatchPort", "EnableCoreDumps",
                   "DescribeStreamSummaryIntervalMs"}),
          not_modelled({"UserRecordTimeoutInMillis"}, "RecordTtl says how long KPL tries"),
          not_modelled({"RecordDistributionStrategyDefault"},
                       "KPL aggregates unless AggregationEnabled is false"),
      },
      read_kpl};
  return table;
}

}  // namespace trimhorizon::reader
