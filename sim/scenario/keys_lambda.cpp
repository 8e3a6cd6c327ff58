// The table of keys: functions and event source mappings.
#include "sim/lambda/function.hpp"
#include "sim/lambda/mapping.hpp"
#include "sim/scenario/forms.hpp"

// Tables, one row for each key.
// clang-format off
namespace trimhorizon::reader {
namespace {

constexpr std::int64_t sigma_max = 5;
constexpr std::int64_t concurrency_max = 1'000'000;

Form never_or(std::int64_t min, std::int64_t max, std::string_view unit) {
  Form form = integer(min, max, unit);
  form.words = {"-1"};
  return form;
}

}  // namespace

const Block& function_block() {
  static const Block table{
      "function",
      {
          {"FunctionName", {text(1, 64)}, optional, "Must be the name it has here."},
          {"Timeout", {integer(1, timeout_schema_max_s, "seconds")}, or_else("3"),
           "An invocation is ended after this long.", "LAM-CON-07"},
          {"MemorySize", {integer(128, 32'768, "MiB")}, or_else("128"),
           "Of no influence on `duration`; handlers in Python see it in their context."},
          {"ReservedConcurrentExecutions", {integer(0, concurrency_max)}, optional,
           "At most this many invocations at once; 0 stops the function.", "LAM-CON-03"},
          {"duration", {duration("ms"), block(duration_block)}, or_else("100ms"),
           "How long an invocation works."},
          {"cold_start", {duration("ms")}, or_else("0s"),
           "Comes before the first invocation of an environment.", "LAM-CON-09"},
          {"respond",
           {word({"raise", "report_first_failure", "report_failures", "swallow"}),
            block(respond_block)},
           or_else("raise"), "What the handler does about a record that fails."},
          {"fail", {list(block(fail_block))}, optional,
           "When it fails; the first entry that holds decides."},
          {"Tags", {simple(Kind::ignored)}},
          {"KmsKeyArn", {simple(Kind::ignored)}},
          {"Runtime", {simple(Kind::ignored)}},
          {"Handler", {simple(Kind::ignored)}},
          {"Role", {simple(Kind::ignored)}},
          {"Code", {simple(Kind::ignored)}},
          {"Environment", {simple(Kind::ignored)}},
          {"Architectures", {simple(Kind::not_modelled)}},
          {"CapacityProviderConfig", {simple(Kind::not_modelled)}},
          {"DeadLetterConfig", {simple(Kind::not_for_kinesis)}},
          {"CodeSigningConfigArn", {simple(Kind::not_modelled)}},
          {"Description", {simple(Kind::not_modelled)}},
          {"DurableConfig", {simple(Kind::not_modelled)}},
          {"EphemeralStorage", {simple(Kind::not_modelled)}},
          {"EventInvokeConfig", {simple(Kind::not_for_kinesis)}},
          {"FileSystemConfigs", {simple(Kind::not_modelled)}},
          {"ImageConfig", {simple(Kind::not_modelled)}},
          {"Layers", {simple(Kind::not_modelled)}},
          {"LoggingConfig", {simple(Kind::not_modelled)}},
          {"PackageType", {simple(Kind::not_modelled)}},
          {"ProvisionedConcurrencyConfig", {simple(Kind::not_modelled)}},
          {"RecursiveLoop", {simple(Kind::not_modelled)}},
          {"RuntimeManagementConfig", {simple(Kind::not_modelled)}},
          {"SnapStart", {simple(Kind::not_modelled)}},
          {"TracingConfig", {simple(Kind::not_modelled)}},
          {"VpcConfig", {simple(Kind::not_modelled)}},
      }};
  return table;
}

const Block& duration_block() {
  static const Block table{
      "`duration`",
      {
          {"batch", {duration("ms")}, optional, "Once for each invocation."},
          {"record", {duration("ms")}, optional, "For each record of the batch."},
          {"lognormal", {block(lognormal_block)}, optional, "Drawn once for each invocation."},
      }};
  return table;
}

const Block& lognormal_block() {
  static const Block table{
      "`lognormal`",
      {
          {"mean", {duration("ms", microseconds(1))}, required, "The mean, not the median."},
          {"sigma", {decimal(0, sigma_max)}, required, "Of the normal distribution beneath."},
      }};
  return table;
}

const Block& respond_block() {
  static const Block table{
      "`respond`",
      {{"return", {simple(Kind::any)}, required,
        "Always this answer; `$sequence[i]` in it is the i-th sequence number of the batch."}}};
  return table;
}

const Block& fail_block() {
  static const Block table{
      "`fail` entry",
      {
          {"records", {list(thing(Thing::record), 1)}, optional, "Ids of records that fail."},
          {"keys", {list(text(1, 256), 1)}, optional, "Partition keys whose records fail."},
          {"from", {duration("s")}, optional, "Since when, included."},
          {"until", {duration("s")}, optional, "Until when, excluded."},
          {"probability", {simple(Kind::percent)}, optional,
           "For each record and invocation, or for each invocation."},
          {"attempts", {list(integer(1, 1'000'000), 1)}, optional,
           "Of the current batch, from 1; progress, a split or a new batch begins again."},
          {"as", {word({"error", "timeout", "crash"})}, or_else("error"), "How it fails."},
          {"after", {word({"none", "some", "all"})}, or_else("none"),
           "Which effects there have been before."},
      }};
  return table;
}

const Block& mapping_block() {
  static const Block table{
      "event source mapping",
      {
          {"EventSourceArn", {thing(Thing::stream)}, required, "The stream.", "ESM-PAR-15"},
          {"FunctionName", {thing(Thing::function)}, required, "The function.", "ESM-PAR-15"},
          {"StartingPosition", {word({"TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"})}, required,
           "Where the first poll of a shard begins.", "ESM-PAR-04"},
          {"StartingPositionTimestamp", {simple(Kind::unix_time), simple(Kind::time)}, optional,
           "With AT_TIMESTAMP, not in the future.", "ESM-PAR-04"},
          {"BatchSize", {integer(1, batch_size_max)}, or_else("100"),
           "At most this many records in a batch.", "ESM-PAR-01"},
          {"MaximumBatchingWindowInSeconds", {integer(0, batching_window_max_s, "seconds")},
           or_else("0"), "How long a batch may wait to be full.", "ESM-PAR-02"},
          {"MaximumRetryAttempts", {integer(-1, retry_attempts_max)}, or_else("-1"),
           "Retries, not tries; -1 is until the record expires.", "ESM-PAR-05"},
          {"MaximumRecordAgeInSeconds", {never_or(record_age_min_s, record_age_max_s, "seconds")},
           or_else("-1"),
           "Older records are discarded: -1 for never, or 60 to 604800.", "ESM-PAR-06"},
          {"BisectBatchOnFunctionError", {simple(Kind::boolean)}, or_else("false"),
           "Split a batch that failed.", "ESM-PAR-07"},
          {"FunctionResponseTypes", {list(word({"ReportBatchItemFailures"}), 0, 1)}, optional,
           "Whether the function's answer is read.", "ESM-PAR-08"},
          {"DestinationConfig", {block(destination_config_block)}, optional,
           "Where batches go that are given up.", "ESM-PAR-10"},
          {"Enabled", {simple(Kind::boolean)}, or_else("true"), "Whether it polls.", "ESM-PAR-14"},
          {"ParallelizationFactor", {integer(1, 10)}, or_else("1"),
           "Batches of one shard at once.", "ESM-PAR-03", "1"},
          {"TumblingWindowInSeconds", {integer(0, 900, "seconds")}, or_else("0"),
           "State over a window.", "ESM-PAR-09", "0"},
          {"FilterCriteria", {block(filter_criteria_block)}, optional,
           "Which records reach the function.", "ESM-PAR-11"},
          {"MetricsConfig", {simple(Kind::ignored)}},
          {"Tags", {simple(Kind::ignored)}},
          {"KmsKeyArn", {simple(Kind::ignored)}},
          {"created", {duration("s")}, or_else("0s"), "When it is created."},
          {"create_delay", {duration("s")}, or_else("0s"),
           "From `created` to the first poll; minutes on AWS.", "ESM-POL-12"},
          {"update_delay", {duration("s")}, or_else("0s"),
           "How long an update stops polling; up to 90 s on AWS.", "ESM-POL-12"},
          {"AmazonManagedKafkaEventSourceConfig", {simple(Kind::not_for_kinesis)}},
          {"DocumentDBEventSourceConfig", {simple(Kind::not_for_kinesis)}},
          {"LoggingConfig", {simple(Kind::not_for_kinesis)}},
          {"ProvisionedPollerConfig", {simple(Kind::not_for_kinesis)}},
          {"Queues", {simple(Kind::not_for_kinesis)}},
          {"ScalingConfig", {simple(Kind::not_for_kinesis)}},
          {"SelfManagedEventSource", {simple(Kind::not_for_kinesis)}},
          {"SelfManagedKafkaEventSourceConfig", {simple(Kind::not_for_kinesis)}},
          {"SourceAccessConfigurations", {simple(Kind::not_for_kinesis)}},
          {"Topics", {simple(Kind::not_for_kinesis)}},
      },
      {},
      Companion{"StartingPositionTimestamp", "StartingPosition", "AT_TIMESTAMP"}};
  return table;
}

const Block& destination_config_block() {
  static const Block table{
      "`DestinationConfig`",
      {
          {"OnFailure", {block(on_failure_block)}, optional, "For batches that are given up."},
          {"OnSuccess", {simple(Kind::not_for_kinesis)}},
      }};
  return table;
}

const Block& on_failure_block() {
  static const Block table{
      "`OnFailure`",
      {
          {"Destination", {thing(Thing::destination)}, optional, "One of `destinations`.",
           "ESM-PAR-10"},
          {"Type", {simple(Kind::ignored)}},
      }};
  return table;
}

const Block& filter_criteria_block() {
  static const Block table{"`FilterCriteria`",
                           {{"Filters", {list(simple(Kind::any))}, optional,
                             "Patterns over the records.", "ESM-PAR-11", "[]"}}};
  return table;
}

}  // namespace trimhorizon::reader
