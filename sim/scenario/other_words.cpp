// What other tools call our keys: CloudFormation, the CDK, SAM, Terraform, the Serverless
// Framework, AWS's own API, k6. Spellings that differ in case, `_` and `-` only need no entry.
#include "sim/scenario/tables.hpp"

namespace trimhorizon::reader {
namespace {

constexpr std::string_view on_failure_written =
    "DestinationConfig: {OnFailure: {Destination: dlq}}, and dlq under `destinations`";

std::vector<OtherWords> words_for_the_file() {
  return {
      {"expect", {"thresholds", "assert", "assertions", "expectations", "checks"}},
      {"variants", {"scenarios"}},
      {"event_source_mappings", {"esm", "mappings", "consumers", "triggers", "subscriptions"}},
      {"functions", {"lambdas"}},
      {"destinations", {"queues", "topics", "dlqs"}},
      {"timeline", {"events", "actions", "chaos", "faults"}},
      {"title", {"name"}},
      {"lesson", {"description"}},
      {"kcl_applications", {"kcl", "kcl_application", "applications", "workers", "lease_table"}},
      {"stream_consumers",
       {"consumer", "stream_consumer", "enhanced_fan_out", "fan_out", "efo", "SubscribeToShard"}},
  };
}

std::vector<OtherWords> words_for_traffic() {
  return {
      {"rate", {"stages", "rps", "tps", "records_per_second", "throughput"}, "producer"},
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

std::vector<OtherWords> words_for_actions() {
  return {
      {"for", {"duration", "lasts", "length"}},
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
                             words_for_functions(), words_for_actions()}) {
      all.insert(all.end(), some.begin(), some.end());
    }
    return Format(scenario_block(), std::move(all));
  }();
  return format;
}

}  // namespace trimhorizon::reader
