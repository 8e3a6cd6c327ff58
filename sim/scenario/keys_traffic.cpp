// The table of keys: the file itself, streams, producers, destinations.
#include "sim/kinesis/stream.hpp"
#include "sim/producer/producer.hpp"
#include "sim/scenario/forms.hpp"
#include "sim/scenario/scalars.hpp"

// Tables, one row for each key.
// clang-format off
namespace trimhorizon::reader {
namespace {

constexpr std::int64_t generated_max = 1'000'000'000'000;
constexpr std::int64_t shards_max = 20'000;
constexpr std::int64_t keys_max = 10'000'000;
constexpr std::int64_t text_max = 10'000;
constexpr std::int64_t name_max = 128;
constexpr std::int64_t function_name_max = 64;
constexpr std::string_view any_name = R"(^[^\x00-\x1f\x7f]*$)";
constexpr std::string_view variant_name = R"(^(?!base$)[^\x00-\x1f\x7f=]*$)";

}  // namespace

const Block& scenario_block() {
  static const Block table{
      "scenario",
      {
          {"trimhorizon", {integer(1, 1)}, required, "The version of this format."},
          {"title", {text(0, text_max)}, optional, "What the scenario shows, in a few words."},
          {"lesson", {text(0, text_max)}, optional, "The one sentence it teaches."},
          {"seed", {integer(0, std::numeric_limits<std::int64_t>::max())}, or_else("1"),
           "Of all draws: the same seed gives the same run."},
          {"epoch", {simple(Kind::time)}, or_else("2026-01-01T00:00:00Z"), "Wall time of 0s."},
          {"duration", {duration("s", microseconds(1))}, or_else("1h"),
           "Upper bound of the run, which ends earlier when nothing is left to happen."},
          {"streams", {named(stream_block, aws_name_pattern, name_max, 1)}, required,
           "AWS::Kinesis::Stream, by name."},
          {"producers", {named(producer_block, any_name)}, optional, "Who puts records, by name."},
          {"functions", {named(function_block, aws_name_pattern, function_name_max)}, optional,
           "AWS::Lambda::Function, by name."},
          {"event_source_mappings", {named(mapping_block, any_name)}, optional,
           "AWS::Lambda::EventSourceMapping, by name."},
          {"destinations", {named(destination_block, aws_name_pattern)}, optional,
           "Where discarded batches are sent, by name.", "ESM-PAR-10"},
          {"timeline", {list(block(timeline_block))}, optional,
           "What operators and the world do, one action an entry."},
          {"assumptions", {block(assumptions_block)}, optional,
           "The open points of the specification, each a named switch."},
          {"explore", {block(explore_block)}, optional,
           "What `trimhorizon explore` may do to this scenario."},
          {"expect", {block(expect_block)}, optional, "What must come out."},
          {"evidence", {list(block(evidence_block))}, optional,
           "Where the expectations come from."},
          {"decisions", {text(1), block(decisions_block)}, optional,
           "The choices of a found counterexample."},
          {"variants", {named(variant_block, variant_name)}, optional,
           "The same traffic under other settings, by name."},
      }};
  return table;
}

const Block& stream_block() {
  static const Block table{
      "stream",
      {
          {"Name", {text(1, name_max)}, optional, "Must be the name it has here."},
          {"ShardCount", {integer(1, shards_max)}, or_else("1"), "Shards at the beginning.",
           "KDS-SHD-04"},
          {"RetentionPeriodHours",
           {integer(retention_hours_min, retention_hours_max, "hours")},
           or_else("24"), "How long a record can be read.", "KDS-SHD-11"},
          {"MaxRecordSizeInKiB", {integer(record_kib_default, record_kib_max, "KiB")},
           or_else("1024"), "The largest record, with its key.", "KDS-SHD-17"},
          {"StreamModeDetails", {block(stream_mode_block)}, optional,
           "Only PROVISIONED is modelled yet.", "KDS-SHD-18"},
          {"Tags", {simple(Kind::ignored)}},
          {"KmsKeyArn", {simple(Kind::ignored)}},
          {"StreamEncryption", {simple(Kind::not_modelled)}},
          {"DesiredShardLevelMetrics", {simple(Kind::not_modelled)}},
          {"WarmThroughputMiBps", {simple(Kind::not_modelled)}},
      }};
  return table;
}

const Block& stream_mode_block() {
  static const Block table{
      "`StreamModeDetails`",
      {{"StreamMode", {word({"PROVISIONED", "ON_DEMAND"})}, required,
        "The capacity mode.", "KDS-SHD-18", "PROVISIONED"}}};
  return table;
}

const Block& producer_block() {
  static const Block table{
      "producer",
      {
          {"stream", {thing(Thing::stream)}, required, "Where it puts its records."},
          {"ids", {text(1, name_max)}, optional,
           "Records are called this and their number; without it the producer's name and `-`."},
          {"put", {list(block(put_block))}, optional, "Explicit traffic."},
          {"rate", {simple(Kind::rate), list(block(rate_block), 1)}, optional,
           "Generated traffic: records in a unit of time, or a list of rates."},
          {"records", {integer(1, generated_max)}, optional, "How many are generated."},
          {"for", {duration("s", microseconds(1))}, optional,
           "How long they are generated, instead of `records`."},
          {"arrivals", {word({"steady", "poisson"})}, or_else("steady"),
           "Even gaps or those of a Poisson process."},
          {"keys", {block(keys_block)}, optional, "Partition keys; otherwise k0 to k9 in turn."},
          {"size", {bounded(Kind::size, 1, size_max)}, or_else("100B"),
           "Of the data of a generated record."},
          {"batch", {integer(1, put_records_max)}, or_else("1"), "Records of one PutRecords call.",
           "KDS-PRD-03"},
          {"retry", {block(retry_block), word({"none", "ignore"})}, optional,
           "What it does when a put fails: by default up to 3 retries of what failed.",
           "KDS-PRD-09"},
      }};
  return table;
}

const Block& put_block() {
  static const Block table{
      "put",
      {
          {"at", {duration("s")}, required, "When."},
          {"record", {something(record_block)}, optional, "One record: PutRecord.", "KDS-PRD-01"},
          {"records", {list(block(record_block), 1, put_records_max)}, optional,
           "1 to 500 records: PutRecords.", "KDS-PRD-03"},
      },
      {"record", "records"}};
  return table;
}

const Block& record_block() {
  static const Block table{
      "record",
      {
          {"id", {text(1, name_max)}, optional, "Unique in the scenario; otherwise numbered."},
          {"key", {text(1, 256)}, optional, "The partition key; otherwise k0 to k9 in turn.",
           "KDS-SHD-01"},
          {"data", {text()}, optional, "Otherwise the id."},
          {"size", {bounded(Kind::size, 0, size_max)}, optional,
           "The data are padded with blanks up to this."},
          {"ExplicitHashKey", {simple(Kind::hash_key)}, optional, "Instead of the key's hash.",
           "KDS-SHD-02"},
      }};
  return table;
}

const Block& rate_block() {
  static const Block table{
      "`rate` entry",
      {
          {"from", {duration("s")}, required, "Since when this rate holds."},
          {"rate", {simple(Kind::rate)}, required, "Records in a unit of time."},
      }};
  return table;
}

const Block& keys_block() {
  static const Block table{
      "`keys`",
      {
          {"round_robin", {integer(1, keys_max)}, optional, "This many keys in turn."},
          {"count", {integer(1, keys_max)}, optional, "This many keys, drawn."},
          {"distribution", {word({"uniform", "zipf"})}, or_else("uniform"),
           "How keys are drawn; under `zipf` the key of rank r has weight 1/r^exponent."},
          {"exponent", {decimal(0, 10)}, or_else("1.0"), "Of `zipf`."},
          {"prefix", {text(0, name_max)}, or_else("k"), "Keys are called this and their number."},
      }};
  return table;
}

const Block& retry_block() {
  static const Block table{
      "`retry`",
      {
          {"attempts", {integer(0, 1'000'000)}, or_else("3"), "Retries, not tries.", "KDS-PRD-09"},
          {"scope", {word({"failed_only", "whole_request"})}, or_else("failed_only"),
           "What is put again: the entries that failed, or all.", "KDS-PRD-08"},
          {"backoff", {duration("ms")}, or_else("100ms"), "The wait before a retry."},
      }};
  return table;
}

const Block& destination_block() {
  static const Block table{"destination",
                           {{"type", {word({"sqs", "sns", "s3"})}, or_else("sqs"),
                             "An SQS queue, an SNS topic or an S3 bucket.", "ESM-PAR-10"}}};
  return table;
}

}  // namespace trimhorizon::reader
