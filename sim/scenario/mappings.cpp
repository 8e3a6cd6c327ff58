// Reads event source mappings. ESM-PAR-01..18.
#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/scenario/context.hpp"

namespace trimhorizon::reader {
namespace {

Form never_or(std::int64_t min, std::int64_t max, std::string_view unit) {
  Form form = integer(min, max, unit);
  form.words = {"-1"};
  return form;
}

void read_response_types(Notes& notes, const Value& value, MappingSettings& settings) {
  std::vector<std::string> types;
  read_value(notes, value, types);
  settings.report_batch_item_failures = !types.empty();
}

void read_on_failure(Context& context, const Value& value, MappingEntry& entry) {
  // An empty text removes the destination (ESM-PAR-10).
  const bool removed = value.node.is_scalar() && value.node.text.empty();
  if (removed) return;
  if (!value.node.is_scalar() || !value.node.text.starts_with("kafka://")) {
    read_value(context, value, entry.on_failure);
    return;
  }
  // CON-21: the API lists a Kafka topic for all streams; in practice it is for Kafka sources.
  context.warn(value.node.at,
               fmt::format("{} is taken as a destination: AWS lists Kafka topics for all streams, "
                           "but they are known from Kafka sources only (CON-21)",
                           quoted(value.node.text)));
  std::vector<DestinationEntry>& all = context.out.destinations;
  const auto known = std::find_if(all.begin(), all.end(),
                                  [&](const auto& each) { return each.name == value.node.text; });
  entry.on_failure = {static_cast<std::uint32_t>(known - all.begin())};
  if (known == all.end()) all.push_back({value.node.text, DestinationType::sqs});
}

Block on_failure_block() {
  return {"`OnFailure`",
          {
              key("Destination", thing(), read_by(read_on_failure),
                  "One of `destinations`; default: none.", "ESM-PAR-10")
                  .such_as("dlq"),
              ignored({"Type"}),
          }};
}

Block destination_config_block() {
  return {"`DestinationConfig`",
          {
              key("OnFailure", block(on_failure_block()), into_same<MappingEntry>(),
                  "The destination of batches that are given up; default: none.")
                  .such_as("{Destination: dlq}"),
              not_for_kinesis({"OnSuccess"}, "leave it out: batches that succeed are sent nowhere"),
          }};
}

Block filter_criteria_block() {
  return {"`FilterCriteria`",
          {key("Filters", list(simple(Kind::any)), {},
               "Patterns that select records; default: none.", "ESM-PAR-11")
               .only("[]",
                     "every record reaches the function; a producer that leaves out what the "
                     "filter would drop comes closest")}};
}

// ESM-POL-07: AWS sends no record whose event exceeds 6 MB. Base64 makes the data a third longer.
void warn_of_large_records(Context& context, const Given& given, const StreamEntry& stream) {
  constexpr std::uint32_t delivered_kib_max = 4'400;
  const std::uint32_t kib = stream.settings.max_record_kib;
  if (kib <= delivered_kib_max) return;
  context.warn(given.place_of("EventSourceArn"),
               fmt::format("{} may have records of {} KiB: Lambda cannot receive records above "
                           "about {} KiB",
                           quoted(stream.name), kib, delivered_kib_max));
}

// Warns when the run ends before the mapping polls.
void warn_of_creation(Context& context, const Given& given, const MappingSettings& settings) {
  const Instant end = Instant{} + context.out.duration;
  context.warn_if_never(settings.created, given.place_of("created"));
  if (settings.created > end || settings.created + settings.create_delay <= end) return;
  context.warn(given.place_of("create_delay"),
               fmt::format("this mapping never polls: the run ends at {}",
                           friendly_duration(context.out.duration)));
}

// Reads where the mapping starts, and for AT_TIMESTAMP the time (ESM-PAR-04).
void read_timestamp(Context& context, const Given& given, MappingSettings& settings) {
  const bool wanted = settings.starting_position == StartingPosition::at_timestamp;
  const Node* node = given.find("StartingPositionTimestamp");
  if (!node) {
    if (!wanted || !given.is_absent("StartingPositionTimestamp")) return;
    return context.error(given.place_of("StartingPosition"),
                         "AT_TIMESTAMP needs a StartingPositionTimestamp",
                         "write it in Unix seconds, or as 2026-01-01T00:00:00Z");
  }
  if (!wanted && given.is_right("StartingPosition")) {
    return context.error(node->at, "only AT_TIMESTAMP needs a StartingPositionTimestamp",
                         "leave it out, or write StartingPosition: AT_TIMESTAMP");
  }
  if (!given.read("StartingPositionTimestamp", settings)) return;
  const std::int64_t created_ms = context.out.epoch_ms + (settings.created - Instant{}).us / 1'000;
  const std::int64_t given_ms = *settings.starting_timestamp_ms;
  const bool in_ms = given_ms / 1'000 >= unix_seconds_end;  // then it is 1000 times what is meant
  const bool is_known = !context.is_wrong({"epoch"}) && !given.is_wrong("created");
  if (given_ms <= created_ms || (!is_known && !in_ms)) return;
  const std::int64_t latest = created_ms / 1'000;
  const std::int64_t meant = given_ms / 1'000'000;
  context.error(node->at, "StartingPositionTimestamp is in the future when the mapping is created",
                in_ms && meant <= latest
                    ? fmt::format("it looks like milliseconds: write {}, in Unix seconds", meant)
                    : fmt::format("{}that is {} in Unix seconds; write that or less",
                                  in_ms ? "it looks like milliseconds; " : "", latest));
}

void read_mapping(Context& context, const Given& given, MappingEntry& entry) {
  given.fill(entry);
  if (entry.stream.valid()) {
    warn_of_large_records(context, given, context.out.streams[entry.stream.value]);
  }
  given.fill(entry.settings);
  warn_of_creation(context, given, entry.settings);
  read_timestamp(context, given, entry.settings);
  given.read("DestinationConfig", entry);
}

Rows of_other_sources() {
  return not_for_kinesis({"AmazonManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig",
                          "LoggingConfig", "ProvisionedPollerConfig", "Queues", "ScalingConfig",
                          "SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig",
                          "SourceAccessConfigurations", "Topics"});
}

// Keys of ours: how long AWS takes to do what it is told.
Rows when_it_polls() {
  return std::vector<Key>{
      key("created", duration("s"), into(&MappingSettings::created), "When it is created.")
          .such_as("10m"),
      key("create_delay", duration("s"), into(&MappingSettings::create_delay),
          "From `created` to the first poll; minutes on AWS.", "ESM-POL-12")
          .such_as("2m"),
      key("update_delay", duration("s"), into(&MappingSettings::update_delay),
          "How long an update stops polling; up to 90 s on AWS.", "ESM-POL-12")
          .such_as("90s"),
      key("disable_delay", duration("s"), into(&MappingSettings::disable_delay),
          "How long polling and invoking go on after Enabled: false; about a minute on AWS.",
          "ESM-CHK-05")
          .such_as("1m"),
  };
}

}  // namespace

const Block& mapping_block() {
  static const Block table{
      "event source mapping",
      {
          required("EventSourceArn", thing(), read_by(read_event_source), "The stream.",
                   "ESM-PAR-15")
              .such_as("orders"),
          required("FunctionName", thing(), into(&MappingEntry::function), "The function.",
                   "ESM-PAR-15")
              .such_as("billing"),
          required("StartingPosition", word({"TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"}),
                   into(&MappingSettings::starting_position),
                   "Where the first poll of a shard begins.", "ESM-PAR-04")
              .such_as("TRIM_HORIZON"),
          key("StartingPositionTimestamp", {unix_time(), simple(Kind::time)},
              into(&MappingSettings::starting_timestamp_ms),
              "The time for AT_TIMESTAMP, which needs it; not in the future. No default.",
              "ESM-PAR-04")
              .such_as("2025-12-31T00:00:00Z")
              .needed_with("StartingPosition", "AT_TIMESTAMP"),
          key("BatchSize", integer(1, batch_size_max), into(&MappingSettings::batch_size),
              "At most this many records in a batch.", "ESM-PAR-01")
              .such_as("50"),
          key("MaximumBatchingWindowInSeconds", integer(0, batching_window_max_s, "seconds"),
              into(&MappingSettings::batching_window_s),
              "How long a batch may wait until it is full.", "ESM-PAR-02")
              .such_as("5"),
          key("MaximumRetryAttempts", integer(-1, retry_attempts_max),
              into(&MappingSettings::maximum_retry_attempts),
              "Retries after the first attempt; -1: until the record expires.", "ESM-PAR-05")
              .such_as("3"),
          key("MaximumRecordAgeInSeconds", never_or(record_age_min_s, record_age_max_s, "seconds"),
              into(&MappingSettings::maximum_record_age_s),
              "Older records are discarded: -1 for never, or 60 to 604800.", "ESM-PAR-06")
              .such_as("3600"),
          key("BisectBatchOnFunctionError", simple(Kind::boolean),
              into(&MappingSettings::bisect_batch_on_function_error),
              "Whether a failed batch is split in two.", "ESM-PAR-07"),
          key("FunctionResponseTypes", list(word({"ReportBatchItemFailures"}), 0, 1),
              read_by(read_response_types),
              "Whether the function's answer is read for failed records; default: it is not.",
              "ESM-PAR-08")
              .such_as("[ReportBatchItemFailures]"),
          key("DestinationConfig", block(destination_config_block()), into_same<MappingEntry>(),
              "Where the message about a batch that is given up is sent; default: nowhere.",
              "ESM-PAR-10")
              .such_as("{OnFailure: {Destination: dlq}}")
              .apart(),
          key("Enabled", simple(Kind::boolean), into(&MappingSettings::enabled),
              "Whether the mapping polls.", "ESM-PAR-14"),
          key("ParallelizationFactor", integer(1, 10), {},
              "How many batches of one shard are processed at once.", "ESM-PAR-03")
              .only("1", "one batch of a shard at a time; more shards come closest")
              .or_else("1"),
          key("TumblingWindowInSeconds", integer(0, 900, "seconds"), {},
              "A window over which the function keeps a state.", "ESM-PAR-09")
              .only("0", "the function gets no state; a batching window only fills batches")
              .or_else("0"),
          key("FilterCriteria", block(filter_criteria_block()), into_same<MappingSettings>(),
              "Which records reach the function; default: all.", "ESM-PAR-11")
              .such_as("{Filters: []}"),
          ignored({"MetricsConfig", "Tags", "KmsKeyArn"}),
          when_it_polls(),
          of_other_sources(),
      },
      read_mapping};
  return table;
}

void read_mappings(Context& context, const Value& value, Scenario& out) {
  // ESM-PAR-15: the source counts, which is a stream or one of its consumers.
  std::set<std::tuple<StreamId, StreamConsumerId, FunctionId>> pairs;
  for (const auto& [name, node] : named_nodes(context, value)) {
    MappingEntry entry{name->text};
    context.mappings.add(entry.name);
    Given(context, *node, mapping_block()).read_into(entry);
    const bool connects = entry.stream.valid() && entry.function.valid();
    if (connects && !pairs.emplace(entry.stream, entry.consumer, entry.function).second) {
      context.error(name->at,
                    fmt::format("another mapping already connects {} and {}: AWS answers "
                                "ResourceConflictException",
                                quoted(out.streams[entry.stream.value].name),
                                quoted(out.functions[entry.function.value].name)),
                    "write only one mapping for each pair of stream and function");
    }
    out.mappings.push_back(std::move(entry));
  }
}

}  // namespace trimhorizon::reader
