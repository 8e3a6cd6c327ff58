// Reads the timeline: what operators and the environment do. Each entry is one action.
#include <algorithm>

#include <fmt/format.h>

#include "sim/scenario/context.hpp"

namespace trimhorizon::reader {
namespace {

const Block& function_action_block() {
  static const Block table{
      "action",
      {required("function", thing(), into(&TimelineAction::function), "Which function.")
           .such_as("billing")}};
  return table;
}

void read_crash(Context& context, const Given& given, TimelineAction& action) {
  given.fill(action);
  if (!action.mapping.valid() || !given.is_right("shard")) return;
  check_shard(context, context.out.mappings[action.mapping.value].stream, action.shard_number,
              *given.find("shard"));
}

Block crash_poller_block() {
  return {"`crash_poller`",
          {
              required("mapping", thing(), into(&TimelineAction::mapping), "Which mapping.")
                  .such_as("billing-orders"),
              required("shard", simple(Kind::shard), into(&TimelineAction::shard_number),
                       "Which shard: shardId-000000000000.")
                  .such_as("shardId-000000000001"),
          },
          read_crash};
}

Block lose_acknowledgements_block() {
  return {"`lose_acknowledgements`",
          {
              required("producer", thing(), into(&TimelineAction::producer), "Which producer.")
                  .such_as("web"),
              key("probability", simple(Kind::percent), into(&TimelineAction::probability),
                  "The probability for each put.")
                  .such_as("5%"),
          }};
}

Block fail_destination_block() {
  return {
      "`fail_destination`",
      {required("destination", thing(), into(&TimelineAction::destination), "Which destination.")
           .such_as("dlq")}};
}

const Block& update_mapping_block() {
  static const Block table = [] {
    Block made{"`UpdateEventSourceMapping`",
               {
                   required("name", thing(), into(&TimelineAction::mapping), "Which mapping.")
                       .such_as("billing-orders"),
                   required("Enabled", simple(Kind::boolean), into(&TimelineAction::enabled),
                            "Whether the mapping polls.", "ESM-PAR-14"),
               }};
    for (const Key& each : mapping_block().keys) {
      if (!each.is_aws() || made.find(each.name)) continue;
      made.keys.push_back(
          key(each.name, simple(Kind::not_modelled), {},
              "only Enabled can be updated yet: a variant with another value comes closest")
              .not_missing("Enabled"));
    }
    return made;
  }();
  return table;
}

template <ActionKind kind>
void read_action(Context& context, const Value& value, TimelineAction& action) {
  action.kind = kind;
  read_value(context, value, action);
}

// The key of the entry's action. Reports a mistake unless there is exactly one.
const Key* action_of(Context& context, const Given& given) {
  const Key* action = nullptr;
  bool anything_else = false;
  std::vector<std::string_view> names;
  for (const Key& key : timeline_block().keys) {
    if (key.is_alternative) names.push_back(key.name);
    const Node* value = given.find(key.name);
    if (!value) continue;
    if (!key.is_ours_to_read()) {
      anything_else = true;
    } else if (key.is_alternative && action) {
      context.error(value->at, "a timeline entry can have only one action", "write two entries");
    } else if (key.is_alternative) {
      action = &key;
    }
  }
  const Node& node = given.node();
  for (const Node& key : node.keys) {
    if (!timeline_block().find(key.text)) anything_else = true;
  }
  // An entry without any key lacks `at` as well, which is reported.
  if (!action && !anything_else && node.is_mapping() && !node.keys.empty()) {
    context.error(given.place(), "this timeline entry has no action",
                  fmt::format("write one of {}", listed(names)));
  }
  return action;
}

void read_entry(Context& context, const Given& given, TimelineAction& action) {
  given.fill(action);
  if (const Key* key = action_of(context, given)) {
    given.read(key->name, action);
    const bool at_once = action.kind == ActionKind::crash_poller ||
                         action.kind == ActionKind::update_event_source_mapping;
    if (at_once && given.has("for")) {
      context.error(
          given.place_of("for"),
          fmt::format("`for` cannot be used with `{}`: that action happens at once", key->name));
    }
  }
  context.warn_if_never(action.at, given.place_of("at"));
}

}  // namespace

const Block& timeline_block() {
  static const Block table{
      "timeline entry",
      {
          required("at", duration("s"), into(&TimelineAction::at), "When.").such_as("10m"),
          key("for", duration("s", microseconds(1)), into(&TimelineAction::lasts),
              "How long; default: to the end of the run.")
              .such_as("5m"),
          key("throttle", block(function_action_block), read_by(read_action<ActionKind::throttle>),
              "Every invocation of the function is throttled.", "LAM-CON-05")
              .such_as("{function: billing}")
              .alternative(),
          key("outage", block(function_action_block), read_by(read_action<ActionKind::outage>),
              "Invocations of the function end in error, without effects.")
              .such_as("{function: billing}")
              .alternative(),
          key("crash_poller", block(crash_poller_block()),
              read_by(read_action<ActionKind::crash_poller>),
              "The poller of a shard crashes; another one begins at the checkpoint.", "ESM-POL-17")
              .such_as("{mapping: billing-orders, shard: shardId-000000000001}")
              .alternative(),
          key("lose_acknowledgements", block(lose_acknowledgements_block()),
              read_by(read_action<ActionKind::lose_acknowledgements>),
              "Puts are stored, but the producer gets no answer.", "KDS-PRD-07")
              .such_as("{producer: web, probability: 5%}")
              .alternative(),
          key("fail_destination", block(fail_destination_block()),
              read_by(read_action<ActionKind::fail_destination>),
              "The destination refuses every message.", "ESM-DST-07")
              .such_as("{destination: dlq}")
              .alternative(),
          key("UpdateEventSourceMapping", block(update_mapping_block),
              read_by(read_action<ActionKind::update_event_source_mapping>),
              "Disables or enables a mapping.", "ESM-PAR-14")
              .such_as("{name: billing-orders, Enabled: false}")
              .alternative(),
          not_modelled({"SplitShard", "MergeShards", "UpdateShardCount", "UpdateStreamMode"},
                       "shards stay as ShardCount says: a variant with another ShardCount comes "
                       "closest"),
          not_modelled({"DecreaseStreamRetentionPeriod", "IncreaseStreamRetentionPeriod",
                        "UpdateMaxRecordSize", "UpdateStreamWarmThroughput"},
                       "a stream keeps its settings: a variant with another value comes closest"),
          not_modelled({"RegisterStreamConsumer", "DeregisterStreamConsumer"},
                       "enhanced fan-out comes later: each mapping polls its stream"),
          not_modelled({"CreateEventSourceMapping"}, "write the mapping with `created: 5m`"),
          not_modelled({"DeleteEventSourceMapping"},
                       "UpdateEventSourceMapping: {name: …, Enabled: false} comes closest"),
          not_modelled({"PutFunctionConcurrency", "DeleteFunctionConcurrency"},
                       "ReservedConcurrentExecutions holds for the whole run; `throttle` stops a "
                       "function for a while"),
          not_modelled({"UpdateFunctionConfiguration", "deploy"},
                       "`fail` entries of the function begin and end: {from: 5m, until: 10m}"),
          not_modelled({"deny"}, "`outage` of the function comes closest"),
          not_modelled({"stream_failures"},
                       "`lose_acknowledgements` is about puts, `crash_poller` about reads"),
          not_modelled({"redrive"},
                       "what a destination got stays there: expect: {destinations: …}"),
          not_modelled({"start_worker", "stop_worker", "pause_worker", "throttle_lease_table"},
                       "no KCL workers are modelled; `crash_poller` is about a mapping"),
          not_modelled({"get_records"}, "only event source mappings read the stream"),
      },
      read_entry};
  return table;
}

void read_timeline(Context& context, const Value& value, Scenario& out) {
  for (const Node& entry : value.node.items) {
    for (const std::string_view name : {"SplitShard", "MergeShards", "UpdateShardCount"}) {
      if (entry.find(name)) context.reshards = true;
    }
  }
  read_value(context, value, out.timeline);
}

}  // namespace trimhorizon::reader
