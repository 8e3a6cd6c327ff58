// What other tools call our keys: CloudFormation, the CDK, SAM, Terraform, the Serverless
// Framework, AWS's own API, k6. Spellings that differ in case, `_` and `-` only need no entry.
#include "sim/scenario/tables.hpp"

namespace trimhorizon::reader {
namespace {

constexpr std::string_view on_failure_written =
    "DestinationConfig: {OnFailure: {Destination: dlq}}, and dlq under `destinations`";

constexpr std::string_view consumers_advice =
    "a mapping of a Lambda function is one of `event_source_mappings`; KCL applications and "
    "consumers with enhanced fan-out are not modelled yet";
constexpr std::string_view events_advice =
    "what a function reads stands under `event_source_mappings`: {m: {EventSourceArn: orders, "
    "FunctionName: billing, StartingPosition: LATEST}}";
constexpr std::string_view poison_advice =
    "a record that fails is named by its function: functions: {billing: {fail: [{records: "
    "[r5]}]}}";

// A word in one block only; `advice` may be empty.
OtherWords inside(std::string_view block, std::string_view ours,
                  std::vector<std::string_view> theirs, std::string_view advice = {}) {
  return {ours, std::move(theirs), "", "", block, advice};
}

std::vector<OtherWords> words_for_the_file() {
  return {
      {"expect", {"thresholds", "assert", "assertions", "expectations", "checks"}},
      {"variants", {"scenarios"}},
      {"event_source_mappings", {"esm", "mappings", "triggers", "subscriptions", "event_sources"}},
      inside("scenario", "event_source_mappings", {"consumers"}, consumers_advice),
      inside("function", "event_source_mappings", {"events", "event_sources", "triggers"},
             events_advice),
      {"streams", {"kinesis", "kinesis_streams", "data_streams"}},
      {"producers", {"publishers", "writers"}},
      {"functions", {"lambdas", "lambda", "lambda_functions"}},
      {"destinations", {"queues", "topics", "dlqs"}},
      {"timeline", {"events", "actions", "chaos", "faults"}},
      {"title", {"name"}},
      {"lesson", {"description"}},
      {"kcl_applications", {"kcl", "kcl_application", "applications", "workers", "lease_table"}},
      {"stream_consumers",
       {"consumer", "consumers", "stream_consumer", "enhanced_fan_out", "fan_out", "efo",
        "SubscribeToShard"}},
  };
}

std::vector<OtherWords> words_for_traffic() {
  return {
      {"rate", {"stages", "rps", "tps", "records_per_second", "throughput"}, "producer"},
      {"retry",
       {"retries", "retry_attempts", "max_retries", "MaxRetryAttempts", "MaximumRetryAttempts",
        "max_attempts"},
       "",
       "retry: {attempts: 3}",
       "producer"},
      inside("`retry`", "attempts", {"max", "retries", "count", "max_attempts", "max_retries"}),
      inside("`retry`", "backoff", {"delay", "wait", "interval"}),
      {"keys",
       {"partition_key", "partition_keys"},
       "",
       "keys: {round_robin: 1} for one partition key",
       "producer"},
      inside("`rate` entry", "from", {"at", "start", "time"}),
      inside("`rate` entry", "rate", {"target", "value"}),
      {"kpl", {"aggregation", "aggregate", "KinesisProducer"}},
      {"key", {"PartitionKey"}},
      {"data", {"payload", "body", "value"}},
      {"stream", {"StreamName", "StreamARN", "topic"}},
      {"records", {"count", "number"}},
      {"ShardCount", {"shards", "OpenShardCount"}},
      {"StreamModeDetails",
       {"OnDemand", "CapacityMode", "mode"},
       "",
       "StreamModeDetails: {StreamMode: PROVISIONED}"},
  };
}

std::vector<OtherWords> words_for_functions() {
  return {
      {"Timeout", {"timeout_seconds"}},
      {"duration", {"latency", "processing_time", "runtime_ms"}},
      {"fail", {"errors", "failures", "error_rate"}},
      inside("`fail` entry", "from", {"at", "start", "since"},
             "write from when to when it fails: from: 5m, until: 10m"),
      inside("`fail` entry", "until", {"for", "duration", "lasts", "end", "to"},
             "write when it ends, counted from the beginning of the run: until: 10m"),
      inside("`lognormal`", "mean", {"median"},
             "write mean: 80ms; it is above the median, by the factor e^(sigma*sigma/2)"),
      inside("`fail` entry", "records", {"poison", "poison_pill", "poison_pills", "ids"}),
      {"ReservedConcurrentExecutions", {"reserved_concurrency", "concurrency", "MaxConcurrency"}},
      {"ProvisionedConcurrencyConfig",
       {"provisioned_concurrency", "ProvisionedConcurrentExecutions"}},
      {"DeadLetterConfig", {"dead_letter_queue", "DeadLetterQueueEnabled", "dead_letter", "dlq"}},
  };
}

std::vector<OtherWords> words_for_mappings() {
  return {
      {"EventSourceArn", {"Stream", "event_source", "arn", "KinesisStream", "StreamArn"}},
      {"FunctionName", {"function", "lambda", "FunctionArn", "target"}},
      {"StartingPosition", {"initial_position", "position", "iterator_type", "ShardIteratorType"}},
      {"StartingPositionTimestamp", {"timestamp"}},
      {"BatchSize", {"batch", "max_records"}},
      {"MaximumBatchingWindowInSeconds", {"BatchWindow", "MaxBatchingWindow", "BatchingWindow"}},
      {"MaximumRetryAttempts",
       {"retries", "retry_attempts", "MaxRetryAttempts", "max_retries", "MaximumRetries"}},
      {"MaximumRecordAgeInSeconds", {"MaxRecordAge", "max_age", "RecordAge"}},
      {"BisectBatchOnFunctionError", {"Bisect", "BisectBatchOnError", "BisectOnError"}},
      {"FunctionResponseTypes",
       {"ReportBatchItemFailures", "FunctionResponseType", "PartialBatchResponse"},
       "",
       "FunctionResponseTypes: [ReportBatchItemFailures]"},
      {"DestinationConfig",
       {"OnFailure", "OnFailureDestination", "DestinationOnFailure", "dlq", "dead_letter_queue",
        "DeadLetterConfig", "destinations", "destination"},
       "event source mapping",
       on_failure_written},
      {"Destination", {"DestinationArn", "TargetArn"}},
      {"FilterCriteria", {"filters", "filter", "FilterPatterns", "patterns"}},
      {"ParallelizationFactor", {"parallelism", "ConcurrentBatchesPerShard"}},
      {"Enabled", {"state", "active"}},
  };
}

// In calls of the API, which take the names of AWS only.
std::vector<OtherWords> words_for_calls() {
  return {
      inside("`SplitShard`", "StreamName", {"stream", "name"}),
      inside("`SplitShard`", "ShardToSplit", {"shard", "ShardId"}),
      inside("`MergeShards`", "StreamName", {"stream", "name"}),
      inside("`MergeShards`", "ShardToMerge", {"shard", "ShardId"}),
      inside("`UpdateShardCount`", "StreamName", {"stream", "name"}),
      inside("`UpdateShardCount`", "TargetShardCount", {"ShardCount", "shards", "target"}),
      inside("`UpdateStreamMode`", "StreamARN", {"StreamName", "stream"}),
      inside("`UpdateStreamMode`", "StreamModeDetails", {"StreamMode", "mode"},
             "write StreamModeDetails: {StreamMode: ON_DEMAND}"),
      inside("`IncreaseStreamRetentionPeriod`", "StreamName", {"stream", "name"}),
      inside("`DecreaseStreamRetentionPeriod`", "StreamName", {"stream", "name"}),
      inside("`RegisterStreamConsumer`", "StreamARN", {"StreamName", "stream"}),
      inside("`DeregisterStreamConsumer`", "StreamARN", {"StreamName", "stream"}),
      inside("stream consumer", "StreamARN", {"StreamName", "stream"}),
  };
}

std::vector<OtherWords> words_for_actions() {
  return {
      {"for", {"duration", "lasts", "length"}},
      inside("timeline entry", "for", {"until", "end", "to"}, "write how long it lasts: for: 5m"),
      inside("timeline entry", "fail", {"poison", "poison_pill", "poison_record", "bad_record"},
             poison_advice),
      {"at", {"time", "when", "start"}},
      {"from", {"start", "since"}},
      {"until", {"end", "to"}},
      {"function", {"FunctionName"}},
      {"mapping", {"EventSourceMapping", "UUID"}},
      {"name", {"UUID", "mapping"}},
      {"destination", {"queue", "topic"}},
  };
}

}  // namespace

const Format& scenario_format() {
  static const Format format = [] {
    std::vector<OtherWords> all;
    for (const auto& some : {words_for_the_file(), words_for_traffic(), words_for_mappings(),
                             words_for_functions(), words_for_calls(), words_for_actions()}) {
      all.insert(all.end(), some.begin(), some.end());
    }
    return Format(scenario_block(), std::move(all));
  }();
  return format;
}

}  // namespace trimhorizon::reader
