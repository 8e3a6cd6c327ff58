// Event source mappings. ESM-PAR-01..18.
#include <limits>
#include <set>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/scenario/context.hpp"
#include "sim/scenario/forms.hpp"

namespace trimhorizon::reader {
namespace {

// Where the mapping starts, and for AT_TIMESTAMP when (ESM-PAR-04).
void read_position(Context& context, const Fields& fields, MappingSettings& settings) {
  static constexpr StartingPosition positions[] = {
      StartingPosition::trim_horizon, StartingPosition::latest, StartingPosition::at_timestamp};
  const auto word = fields.word("StartingPosition");
  settings.starting_position = positions[word.value_or(0)];
  const bool wanted = settings.starting_position == StartingPosition::at_timestamp;
  const Node* node = fields.find("StartingPositionTimestamp");
  if (!node) {
    if (wanted && !fields.misspelt("StartingPositionTimestamp")) {
      context.mistakes.error(fields.place_of("StartingPosition"),
                             "AT_TIMESTAMP needs a StartingPositionTimestamp",
                             "write it in Unix seconds, or as 2026-01-01T00:00:00Z");
    }
    return;
  }
  if (!wanted && word) {
    context.mistakes.error(node->at, "StartingPositionTimestamp goes with AT_TIMESTAMP only",
                           "leave it out, or write StartingPosition: AT_TIMESTAMP");
    return;
  }
  const bool a_date = node->text.find('-') != std::string::npos && !node->text.starts_with('-');
  std::optional<std::int64_t> ms;
  if (a_date) {
    ms = wall_time_value(context.mistakes, *node, "StartingPositionTimestamp");
  } else {
    const Form any_time = decimal(0, std::numeric_limits<std::int64_t>::max() / 1'000'000);
    ms = decimal_value(context.mistakes, *node, any_time, "StartingPositionTimestamp", 3);
  }
  if (!ms) return;
  const std::int64_t created_ms = context.out.epoch_ms + (settings.created - Instant{}).us / 1'000;
  if (*ms > created_ms) {
    context.mistakes.error(
        node->at, "StartingPositionTimestamp is in the future when the mapping is created",
        fmt::format("that is {} in Unix seconds; write that or less", created_ms / 1'000));
    return;
  }
  settings.starting_timestamp_ms = ms;
}

DestinationId read_destination(Context& context, const Fields& mapping) {
  const Node* config = mapping.find("DestinationConfig");
  if (!config) return {};
  const Fields fields = context.fields(*config, destination_config_block());
  const Node* on_failure = fields.find("OnFailure");
  if (!on_failure) return {};
  const Fields target = context.fields(*on_failure, on_failure_block());
  const Node* destination = target.find("Destination");
  if (!destination) return {};
  const bool removed = destination->is_scalar() && destination->text.empty();  // ESM-PAR-10
  if (removed) return {};
  const auto number = context.thing(*destination, Thing::destination, "Destination");
  return number ? DestinationId{*number} : DestinationId{};
}

void read_report(Context& context, const Fields& fields, MappingSettings& settings) {
  const std::vector<Node>* types = fields.list("FunctionResponseTypes");
  if (!types) return;
  const Form& item = fields.form("FunctionResponseTypes", Kind::list).items.front();
  for (const Node& type : *types) {
    if (word_value(context.mistakes, type, item, "FunctionResponseTypes")) {
      settings.report_batch_item_failures = true;
    }
  }
}

// ESM-POL-07: base64 makes a third more of it, and the event holds 6 MB.
void warn_of_large_records(Context& context, const Fields& fields, StreamId stream) {
  constexpr std::uint32_t delivered_kib_max = 4'400;
  const std::uint32_t kib = context.out.streams[stream.value].settings.max_record_kib;
  if (kib <= delivered_kib_max) return;
  context.warn(fields.place_of("EventSourceArn"),
               fmt::format("{} may hold records of {} KiB: above some {} KiB Lambda cannot be "
                           "given one",
                           quoted(context.out.streams[stream.value].name), kib, delivered_kib_max));
}

void check_not_modelled(Context& context, const Fields& fields) {
  fields.integer("ParallelizationFactor");
  fields.integer("TumblingWindowInSeconds");
  const Node* criteria = fields.find("FilterCriteria");
  if (!criteria) return;
  const Fields filter = context.fields(*criteria, filter_criteria_block());
  const std::vector<Node>* filters = filter.list("Filters");
  if (!filters || filters->empty()) return;
  context.mistakes.error(filter.place_of("Filters"), "Filters are not modelled yet",
                         "leave FilterCriteria out");
}

MappingSettings read_settings(Context& context, const Fields& fields) {
  MappingSettings settings;
  settings.created = Instant{} + fields.duration("created").value_or(Duration{});
  settings.create_delay = fields.duration("create_delay").value_or(Duration{});
  settings.update_delay = fields.duration("update_delay").value_or(Duration{});
  const Instant end = Instant{} + context.out.duration;
  context.warn_if_never(settings.created, fields.place_of("created"));
  if (settings.created <= end && settings.created + settings.create_delay > end) {
    context.warn(fields.place_of("create_delay"),
                 fmt::format("this mapping never polls: the run ends at {}",
                             friendly_duration(context.out.duration)));
  }
  read_position(context, fields, settings);
  settings.batch_size = fields.integer("BatchSize").value_or(batch_size_default);
  settings.batching_window_s = fields.integer("MaximumBatchingWindowInSeconds").value_or(0);
  settings.maximum_retry_attempts = fields.integer("MaximumRetryAttempts").value_or(-1);
  settings.maximum_record_age_s = fields.integer("MaximumRecordAgeInSeconds").value_or(-1);
  settings.bisect_batch_on_function_error =
      fields.boolean("BisectBatchOnFunctionError").value_or(false);
  settings.enabled = fields.boolean("Enabled").value_or(true);
  read_report(context, fields, settings);
  check_not_modelled(context, fields);
  return settings;
}

}  // namespace

void read_mappings(Context& context, const Fields& root) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const auto& [name, value] : named_nodes(context, root, "event_source_mappings")) {
    const Fields fields = context.fields(*value, mapping_block());
    context.mappings.add(name->text);
    const auto stream = context.thing(fields, "EventSourceArn", Thing::stream);
    const auto function = context.thing(fields, "FunctionName", Thing::function);
    MappingEntry entry{name->text, {}, {}, {}, {}};
    if (stream) {
      entry.stream = StreamId{*stream};
      warn_of_large_records(context, fields, entry.stream);
    }
    if (function) entry.function = FunctionId{*function};
    entry.settings = read_settings(context, fields);
    entry.on_failure = read_destination(context, fields);
    if (stream && function && !pairs.emplace(*stream, *function).second) {  // ESM-PAR-15
      context.mistakes.error(name->at,
                             fmt::format("another mapping connects {} and {} already: AWS answers "
                                         "ResourceConflictException",
                                         quoted(context.out.streams[*stream].name),
                                         quoted(context.out.functions[*function].name)),
                             "one mapping for each pair of stream and function");
    }
    context.out.mappings.push_back(std::move(entry));
  }
}

}  // namespace trimhorizon::reader
