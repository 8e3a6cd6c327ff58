// The table of keys: timeline, assumptions, exploration, expectations, variants.
#include <algorithm>

#include "sim/faults/assumptions.hpp"
#include "sim/faults/site.hpp"
#include "sim/metrics/catalogue.hpp"
#include "sim/scenario/forms.hpp"
#include "sim/scenario/names.hpp"

// Tables, one row for each key.
// clang-format off
namespace trimhorizon::reader {
namespace {

using Words = std::vector<std::string_view>;

Form count() { return simple(Kind::count); }

// Empty only where a variant empties what the base expects.
// {name: count}, or for each mapping such a map, or both.
Form counted(const Words& names) {
  std::vector<Form> items(names.size(), count());
  const Form of_mapping = map(items, names, 1);
  items.push_back(of_mapping);
  return map(items, names);
}

Form measured() {
  std::vector<Form> items;
  for (const std::string_view name : metric_names()) {
    const bool lasts = metric_named(name)->metric().unit == MetricUnit::time;
    items.push_back(simple(lasts ? Kind::time_span : Kind::count));
  }
  const Form of_mapping = map(items, metric_names(), 1);
  items.push_back(of_mapping);
  return map(items, metric_names());
}

// Of any names, or for each mapping such a map, or both.
Form by_mapping(std::vector<Form> items) {
  const Form of_mapping = map(items, {}, 1);
  items.push_back(of_mapping);
  return map(items);
}

// What the explorer may do: the sites whose answers cost a fault.
Words fault_sites() {
  Words names;
  for (std::uint32_t i = 0; i < count_of<Site>; ++i) {
    const SiteInfo& site = info(static_cast<Site>(i));
    if (site.cost > 0) names.push_back(site.name);
  }
  return names;
}

}  // namespace

const Block& timeline_block() {
  static const Block table{
      "timeline entry",
      {
          {"at", {duration("s")}, required, "When."},
          {"for", {duration("s", microseconds(1))}, optional,
           "How long; without it to the end of the run."},
          {"throttle", {block(function_action_block)}, optional,
           "Every invocation of the function is throttled.", "LAM-CON-05"},
          {"outage", {block(function_action_block)}, optional,
           "Invocations of the function end in error, without effects."},
          {"crash_poller", {block(crash_poller_block)}, optional,
           "The poller of a shard dies; another begins at the checkpoint.", "ESM-POL-17"},
          {"lose_acknowledgements", {block(lose_acknowledgements_block)}, optional,
           "Puts are stored, but the producer does not hear of it.", "KDS-PRD-07"},
          {"fail_destination", {block(fail_destination_block)}, optional,
           "The destination takes no message.", "ESM-DST-07"},
          {"UpdateEventSourceMapping", {block(update_mapping_block)}, optional,
           "Disables or enables a mapping.", "ESM-PAR-14"},
          {"redrive", {simple(Kind::not_modelled)}},
          {"CreateEventSourceMapping", {simple(Kind::not_modelled)}},
          {"DecreaseStreamRetentionPeriod", {simple(Kind::not_modelled)}},
          {"DeleteEventSourceMapping", {simple(Kind::not_modelled)}},
          {"DeleteFunctionConcurrency", {simple(Kind::not_modelled)}},
          {"IncreaseStreamRetentionPeriod", {simple(Kind::not_modelled)}},
          {"MergeShards", {simple(Kind::not_modelled)}},
          {"PutFunctionConcurrency", {simple(Kind::not_modelled)}},
          {"SplitShard", {simple(Kind::not_modelled)}},
          {"UpdateFunctionConfiguration", {simple(Kind::not_modelled)}},
          {"UpdateMaxRecordSize", {simple(Kind::not_modelled)}},
          {"UpdateShardCount", {simple(Kind::not_modelled)}},
          {"UpdateStreamMode", {simple(Kind::not_modelled)}},
      },
      {"throttle", "outage", "crash_poller", "lose_acknowledgements", "fail_destination",
       "UpdateEventSourceMapping"}};
  return table;
}

const Block& function_action_block() {
  static const Block table{"action",
                           {{"function", {thing(Thing::function)}, required, "Which function."}}};
  return table;
}

const Block& crash_poller_block() {
  static const Block table{
      "`crash_poller`",
      {
          {"mapping", {thing(Thing::mapping)}, required, "Which mapping."},
          {"shard", {simple(Kind::shard)}, required, "Which shard: shardId-000000000000."},
      }};
  return table;
}

const Block& lose_acknowledgements_block() {
  static const Block table{
      "`lose_acknowledgements`",
      {
          {"producer", {thing(Thing::producer)}, required, "Whose puts."},
          {"probability", {simple(Kind::percent)}, or_else("100%"), "For each put."},
      }};
  return table;
}

const Block& fail_destination_block() {
  static const Block table{
      "`fail_destination`",
      {{"destination", {thing(Thing::destination)}, required, "Which destination."}}};
  return table;
}

const Block& update_mapping_block() {
  static const Block table = [] {
    Block made{"`UpdateEventSourceMapping`",
               {
                   {"name", {thing(Thing::mapping)}, required, "Which mapping."},
                   {"Enabled", {simple(Kind::boolean)}, required, "Whether it polls.",
                    "ESM-PAR-14"},
               }};
    for (const Key& key : mapping_block().keys) {
      if (key.is_aws() && !made.find(key.name)) {
        made.keys.push_back(
            {key.name, {simple(Kind::not_modelled)}, optional, "only Enabled can be updated yet"});
      }
    }
    return made;
  }();
  return table;
}

const Block& assumptions_block() {
  static const Block table = [] {
    Block made{"`assumptions`", {}};
    for (const AssumptionInfo& info : assumption_table()) {
      std::vector<Form> forms = {word(info.values)};
      Need need = or_else(info.values.empty() ? "" : info.values.front());
      if (info.which == Assumption::poller_failover) {
        forms = {duration("s")};
        need = or_else("0s");
      } else if (info.values.empty()) {
        forms = {block(backoff_block), word({"none"})};
        need = optional;
      }
      made.keys.push_back({info.name, forms, need, "", info.rule});
    }
    return made;
  }();
  return table;
}

const Block& backoff_block() {
  static const Block table{
      "back-off",
      {
          {"first", {duration("ms")}, or_else("500ms"), "The first wait."},
          {"factor", {bounded(Kind::decimal, 1'000'000, 1'000'000'000)}, or_else("2"),
           "Each wait is this many times the one before."},
          {"cap", {duration("s")}, or_else("15s"), "The longest wait."},
          {"jitter", {word({"none", "full"})}, or_else("none"), "Whether waits are drawn."},
      }};
  return table;
}

const Block& explore_block() {
  static const Block table{
      "`explore`",
      {
          {"faults", {integer(0, 100)}, or_else("1"), "At most this many faults in one run."},
          {"sites", {list(word(fault_sites()))}, optional,
           "Where they may happen; otherwise the five of the reference model."},
          {"batch_sizes", {word({"full", "any"})}, or_else("full"),
           "Whether a batch may be smaller than it could be."},
          {"properties", {list(word(explorer_property_names()))}, optional,
           "What must hold; otherwise no_loss and every invariant."},
      }};
  return table;
}

const Block& expect_block() {
  static const Block table{
      "`expect`",
      {
          {"lost", {count(), map({count()})}, optional, "Records lost: in all, or by mapping."},
          {"duplicates", {count(), map({count()})}, optional,
           "Effects beyond the first: in all, or by mapping."},
          {"never_accepted", {count()}, optional, "Records their producer gave up knowingly."},
          {"deliveries", {by_mapping({count()})}, optional,
           "How often each record was handed to the function."},
          {"fates", {counted(known_fates())}, optional, "How the checkpoint passed the records."},
          {"lost_by_cause", {counted(known_loss_causes())}, optional, "Records lost, by cause."},
          {"duplicates_by_cause", {counted(known_duplicate_causes())}, optional,
           "Duplicates, by cause."},
          {"invocations", {count(), map({count()})}, optional,
           "Invocations that ran: in all, or by mapping."},
          {"checkpoint",
           {thing(Thing::record), by_mapping({thing(Thing::record), simple(Kind::nothing)})},
           optional, "The last record behind each shard's checkpoint; null for none."},
          {"destinations", {map({list(block(message_block))})}, optional,
           "The messages a destination got, in order; of each, the fields that are named."},
          {"metrics",
           {measured()},
           optional, "CloudWatch's metrics and ours, by mapping or function.", "MET-06 MET-07"},
          {"always", {list(word(invariant_names()))}, optional, "Invariants; all run anyway."},
          {"sometimes", {list(word(known_situations()))}, optional,
           "Situations that must have occurred."},
      }};
  return table;
}

const Block& message_block() {
  static const Block table{
      "message",
      {
          {"condition", {word(condition_names())}, optional, "Why it was given up.", "ESM-DST-03"},
          {"approximateInvokeCount", {integer(0, 1'000'000)}, optional, "Tries.", "ESM-DST-02"},
          {"batchSize", {integer(0, 10'000)}, optional, "Records given up.", "ESM-DST-02"},
          {"shardId", {simple(Kind::shard)}, optional, "Their shard.", "ESM-DST-02"},
          {"functionError", {word({"Unhandled"}), simple(Kind::nothing)}, optional,
           "`Unhandled`, or null.", "ESM-DST-04"},
          {"records", {list(thing(Thing::record))}, optional, "Their ids, in order."},
      }};
  return table;
}

const Block& evidence_block() {
  static const Block table{
      "evidence entry",
      {
          {"kind", {word({"aws-recorded", "aws-documented", "source", "model"})}, required,
           "How sure it is."},
          {"rule", {text(1, 1'000)}, required, "The rule it is about."},
      }};
  return table;
}

const Block& decisions_block() {
  static const Block table{
      "`decisions`",
      {
          {"token", {text(1)}, required, "What `replay --decisions` takes: th1:…"},
          {"sites", {list(text())}, optional, "The sites where something was decided."},
      }};
  return table;
}

const Block& variant_block() {
  static const Block table{
      "variant",
      {
          {"title", {text(0, 10'000)}, optional, "What is different."},
          {"set", {map({simple(Kind::any)})}, optional,
           "Other values: a path, or any end of one that is unique, and the value."},
          {"expect", {block(expect_block)}, optional,
           "Replaces the keys of the base that it names; `always` and `sometimes` are added."},
      }};
  return table;
}

}  // namespace trimhorizon::reader
