// Reads expectations that are numbers, comparisons and lists of them: for the whole run, for one
// consumer, or for one subject of it, such as a fate or a metric.
#include <algorithm>

#include <fmt/format.h>

#include "sim/faults/cause.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/metrics/catalogue.hpp"
#include "sim/metrics/stream_catalogue.hpp"
#include "sim/scenario/coming.hpp"
#include "sim/scenario/expect.hpp"
#include "sim/scenario/names.hpp"

namespace trimhorizon::reader {
namespace {

using Names = std::vector<std::string_view>;

// A map with these names; or such a map for each mapping; or both.
Form by_mapping(std::vector<Form> items, const Names& names = {}) {
  items.push_back(map(items, names, 1));
  return map(items, names);
}

Form counted(const Names& names) {
  return by_mapping(std::vector<Form>(names.size(), count()), names);
}

// Are metrics of streams still to come? Then they are refused, and the schema has none.
std::string_view streams_to_come() { return coming_advice("`expect`", "metrics of streams"); }

Form measured_by(MetricUnit unit) {
  return simple(unit == MetricUnit::time ? Kind::time_span : Kind::count);
}

bool is_counter(std::string_view name) {
  if (const auto of_stream = stream_metric_named(name)) {
    return of_stream->metric().shape == MetricShape::counter;
  }
  return is_sum_of_events(metric_named(name)->metric());
}

// Metrics of the only mapping; or of each mapping, function or stream. `counters`: only sums.
Form measured(bool counters) {
  Names names;
  std::vector<Form> items;
  const auto add = [&](std::string_view name, MetricUnit unit) {
    if (counters && !is_counter(name)) return;
    names.push_back(name);
    items.push_back(measured_by(unit));
  };
  for (const std::string_view name : metric_names()) add(name, metric_named(name)->metric().unit);
  if (!streams_to_come().empty()) return by_mapping(items, names);
  const Names of_mappings = names;
  std::vector<Form> outer = items;
  for (const std::string_view name : stream_metric_names()) {
    add(name, stream_metric_named(name)->metric().unit);
  }
  outer.push_back(map(items, names, 1));
  return map(outer, of_mappings);
}

// The form of the value with this name in a map.
Form item_of(const Form& map, std::string_view name) {
  if (const auto of_stream = stream_metric_named(name)) {
    return measured_by(of_stream->metric().unit);
  }
  if (const auto asked = metric_named(name)) return measured_by(asked->metric().unit);
  const auto found = std::find(map.words.begin(), map.words.end(), name);
  return map.items[static_cast<std::size_t>(found - map.words.begin())];
}

// ---- scopes

// Does the key name a mapping, or for metrics also a function or a stream?
bool is_scope(Context& context, const Node& key, bool metrics) {
  if (context.mappings.find(key.text)) return true;
  if (metrics && context.functions.find(key.text)) return true;
  if (metrics && context.streams.find(key.text)) {
    if (streams_to_come().empty() || context.with_coming) return true;
    context.error(key.at, "metrics of streams are not modelled yet",
                  std::string(streams_to_come()));
    return false;
  }
  report_unknown(context, context.mappings, key, key.text, metrics);
  return false;
}

// The mapping of the short form. There must be exactly one.
std::optional<std::string> only_mapping(Context& context, const Node& key, std::string_view table) {
  const std::size_t count = context.mappings.size();
  if (count == 1) return context.out.mappings.front().name;
  if (count == 0 && !were_reported(context, context.mappings)) {
    context.mistakes.error_of_word(
        key.at, fmt::format("{} is about event source mappings, but there is none", table), "",
        word_of_none(context.mappings.noun));
  } else if (count > 0) {
    context.error(key.at,
                  fmt::format("there are {} event source mappings: name one of them", count),
                  fmt::format("write {}: {{{}: {{{}: …}}}}", table,
                              context.out.mappings.front().name, key.text));
  }
  return std::nullopt;
}

// ---- one subject: a fate, a record, a metric, a shard

bool is_known(Context& context, const Node& key, std::string_view what, const Names& names) {
  if (std::find(names.begin(), names.end(), key.text) != names.end()) return true;
  std::string suggestion;
  if (context.mistakes.worth_a_suggestion()) suggestion = did_you_mean(key.text, names);
  if (suggestion.empty() && names.size() <= 12) {
    suggestion = fmt::format("write {}", listed(names));
  }
  context.error(key.at, fmt::format("{} is not a {}", quoted(key.text), what), suggestion);
  return false;
}

void report_missing_statistic(Context& context, const Node& key, MetricShape shape,
                              std::string_view name) {
  const bool maximum = shape == MetricShape::maximum;
  context.error(
      key.at,
      fmt::format("{} needs a statistic: {}", name,
                  maximum ? "`.max`" : listed({".max", ".min", ".avg", ".p50", ".p90", ".p99"})),
      fmt::format("write {}.max", name));
}

// Metrics of mappings and functions, by their names, and of streams, which have other names.
bool is_metric_of(Context& context, const Node& key, const std::string& scope) {
  const bool of_mapping = context.mappings.find(scope).has_value();
  const bool of_function = context.functions.find(scope).has_value();
  const bool of_stream = context.streams.find(scope).has_value();
  const auto refuse = [&](std::string_view name, std::string_view owners, std::string_view other) {
    context.error(key.at, fmt::format("{} is a metric of {}, not of {}", name, owners, other));
    return false;
  };
  if (const std::optional<MetricName> asked = metric_named(key.text)) {
    const MetricInfo& metric = asked->metric();
    if (of_mapping || (of_function && metric.scope == MetricScope::function)) return true;
    return refuse(metric.name, "event source mappings", of_function ? "functions" : "streams");
  }
  if (const auto asked = stream_metric_named(key.text)) {
    if (of_stream) return true;
    return refuse(asked->metric().name, "streams",
                  of_mapping ? "event source mappings" : "functions");
  }
  const std::string_view name = std::string_view(key.text).substr(0, key.text.find('.'));
  const std::optional<MetricId> metric = member_named<MetricId>(name);
  if (metric && info(*metric).shape != MetricShape::counter) {
    report_missing_statistic(context, key, info(*metric).shape, name);
    return false;
  }
  const auto samples = member_named<StreamMetricId>(key.text);
  if (samples && info(*samples).shape != MetricShape::counter) {
    report_missing_statistic(context, key, info(*samples).shape, key.text);
    return false;
  }
  return is_known(
      context, key, "metric",
      of_stream && !of_mapping && !of_function ? stream_metric_names() : metric_names());
}

bool is_subject(Context& context, const Node& key, const Expectation& out) {
  switch (out.kind) {
    case ExpectKind::deliveries: return context.record(key, "deliveries", false).has_value();
    case ExpectKind::first_delivery:
      return context.record(key, "first_delivery", false).has_value();
    case ExpectKind::fates: return is_known(context, key, "fate", names_list<Fate>());
    case ExpectKind::lost_by_cause:
      return is_known(context, key, "cause of loss", causes_list<LossCause>());
    case ExpectKind::duplicates_by_cause:
      return is_known(context, key, "cause of duplicates", causes_list<DeliveryReason>());
    default: return is_metric_of(context, key, out.scope);
  }
}

// The last settled record of a shard: the one just before its checkpoint.
void add_checkpoint(Context& context, const Node& node, Expectation out) {
  if (!node.is_nothing()) {
    const auto id = context.record(node, "checkpoint", false);
    if (!id) return;
    out.wanted_text = *id;
  }
  context.out.expect.push_back(std::move(out));
}

void read_shard_of_checkpoint(Context& context, const Node& key, const Node& node,
                              Expectation out) {
  static const Form form = simple(Kind::shard);
  std::uint32_t shard = 0;
  if (!read_value(context, {key, form, "a key of checkpoint"}, shard)) return;
  if (const auto mapping = context.mappings.find(out.scope)) {
    check_shard(context, context.out.mappings[*mapping].stream, shard, key);
  }
  out.subject = key.text;
  add_checkpoint(context, node, std::move(out));
}

void read_subject(Context& context, const Node& key, const Node& node, const Form& table,
                  Expectation out) {
  if (out.kind == ExpectKind::checkpoint) {
    return read_shard_of_checkpoint(context, key, node, std::move(out));
  }
  if (!is_subject(context, key, out)) return;
  out.subject = key.text;
  add_wanted(context, {node, item_of(table, key.text), key.text}, std::move(out));
}

// ---- keys of `expect:`

// `lost: 0`, or {billing-orders: 0}.
template <ExpectKind kind>
void read_total(Context& context, const Value& value, Scenario&) {
  const Node& node = value.node;
  if (value.form.kind != Kind::map) {
    Expectation out = expectation(context, kind, std::string(value.name), *value.key);
    return add_wanted(context, value, std::move(out));
  }
  if (!is_mapping_of(context, node, value.name, value.example)) return;
  if (!checks_something(context, node, value.name)) return;
  for (const auto& [key, item] : entries_of(context.mistakes, node)) {
    if (!is_scope(context, key, false)) continue;
    const std::string name = fmt::format("{}.{}", value.name, key.text);
    Expectation out = expectation(context, kind, name, key);
    out.scope = key.text;
    add_wanted(context, {item, value.form.items.front(), name}, std::move(out));
  }
}

// Reads {subject: value} for the mapping that a key names.
void read_scope(Context& context, const Value& value, ExpectKind kind, const Node& scope) {
  for (const auto& [key, item] : entries_of(context.mistakes, value.node)) {
    Expectation out = expectation(context, kind, fmt::format("{}.{}", value.name, key.text), key);
    out.scope = scope.text;
    read_subject(context, key, item, value.form, std::move(out));
  }
}

// Reads {subject: value}, or {mapping: {subject: value}}. The short form is about the only mapping,
// or about the whole run.
template <ExpectKind kind>
void read_table(Context& context, const Value& value, Scenario&) {
  constexpr bool whole_run =
      kind == ExpectKind::lost_by_cause || kind == ExpectKind::duplicates_by_cause;
  if (!checks_something(context, value.node, value.name)) return;
  if (!value.node.is_mapping()) {
    return context.error(value.node.at, fmt::format("{} must be a mapping, not {}", value.name,
                                                    describe(value.node)));
  }
  for (const auto& [key, item] : entries_of(context.mistakes, value.node)) {
    const std::string name = fmt::format("{}.{}", value.name, key.text);
    if (item.is_mapping()) {
      if (!is_scope(context, key, kind == ExpectKind::metrics)) continue;
      if (checks_something(context, item, name)) {
        read_scope(context, {item, value.form, name}, kind, key);
      }
      continue;
    }
    Expectation out = expectation(context, kind, name, key);
    if (!whole_run) {
      if (context.mappings.find(key.text) && !item.is_nothing()) {
        context.error(item.at, fmt::format("{} must be a mapping, not {}", name, describe(item)));
        continue;
      }
      const auto scope = only_mapping(context, key, value.name);
      if (!scope) return;
      out.scope = *scope;
    }
    read_subject(context, key, item, value.form, std::move(out));
  }
}

// `checkpoint: r5`: one mapping, one shard.
void read_checkpoint(Context& context, const Value& value, Scenario& scenario) {
  const Node& node = value.node;
  if (node.is_mapping() || node.is_nothing()) {
    return read_table<ExpectKind::checkpoint>(context, value, scenario);
  }
  const auto scope = only_mapping(context, *value.key, "checkpoint");
  if (!scope) return;
  const StreamId stream = scenario.mappings.front().stream;
  if (!stream.valid()) return;
  const StreamEntry& read = scenario.streams[stream.value];
  if (are_shards_unknown(context, read)) return;
  if (read.settings.shard_count != 1) {
    return context.error(
        node.at, "checkpoint must be a mapping from shards to records",
        fmt::format("write checkpoint: {{{}: {}}}", shard_id_text(0), describe(node)));
  }
  Expectation out = expectation(context, ExpectKind::checkpoint, "checkpoint", *value.key);
  out.scope = *scope;
  out.subject = shard_id_text(0);
  add_checkpoint(context, node, std::move(out));
}

}  // namespace

Rows expected_totals() {
  using enum ExpectKind;
  return std::vector<Key>{
      key("lost", {count(), map({count()})}, read_by(read_total<lost>),
          "Records lost: in total, or by mapping.")
          .such_as("0"),
      key("duplicates", {count(), map({count()})}, read_by(read_total<duplicates>),
          "Effects beyond the first: in total, or by mapping.")
          .such_as(R"("<= 10")"),
      key("never_accepted", count(), read_by(read_total<never_accepted>),
          "Records that their producer gave up.")
          .such_as("0"),
      key("invocations", {count(), map({count()})}, read_by(read_total<invocations>),
          "Invocations that ran: in total, or by mapping.")
          .such_as(R"({billing-orders: "> 0"})"),
      key("caught_up", map({moment()}), read_by(read_total<caught_up>),
          "When, by mapping: the first instant after which no record that is not settled is older "
          "than 2 s.")
          .such_as(R"({billing-orders: "<= 30m"})"),
  };
}

Rows expected_tables() {
  using enum ExpectKind;
  return std::vector<Key>{
      key("deliveries", by_mapping({count()}), read_by(read_table<deliveries>),
          "How often each record was handed to the function.")
          .such_as(R"({billing-orders: {r1: ">= 4"}})"),
      key("first_delivery", by_mapping({moment()}), read_by(read_table<first_delivery>),
          "When each record was handed to the function for the first time.")
          .such_as(R"({billing-orders: {r1: "< 1m"}})"),
      key("fates", counted(names_list<Fate>()), read_by(read_table<fates>),
          "Records, by fate: what happened to them.")
          .such_as("{billing-orders: {pending: 0}}"),
      key("lost_by_cause", counted(causes_list<LossCause>()), read_by(read_table<lost_by_cause>),
          "Records lost, by cause.")
          .such_as("{retention: 0}"),
      key("duplicates_by_cause", counted(causes_list<DeliveryReason>()),
          read_by(read_table<duplicates_by_cause>), "Duplicates, by cause.")
          .such_as(R"({retry_after_error: ">= 1"})"),
      key("checkpoint", {record_id(), by_mapping({record_id(), simple(Kind::nothing)})},
          read_by(read_checkpoint), "The last settled record of each shard; null for none.")
          .such_as("{billing-orders: {shardId-000000000000: r0}}"),
  };
}

Key expected_metrics() {
  return key("metrics", measured(false), read_by(read_table<ExpectKind::metrics>),
             "CloudWatch's metrics and ours, by mapping, function or stream: of a stream "
             "`IncomingRecords`, `WriteProvisionedThroughputExceeded`, `GetRecords.Records`, "
             "`SubscribeToShardEvent.Records` and others. `LostToRetention`, "
             "`LatestGap` "
             "and `Swallowed` count lost records, as `lost_by_cause` does; `fates` counts every "
             "stored copy. A percentile is less than 0.1 % too high, since values are kept in "
             "buckets.",
             "MET-06 MET-07 MET-09")
      .such_as(R"({billing-orders: {IteratorAge.max: "< 10m"}})");
}

Key expected_counters() {
  return key("metrics", measured(true), read_by(read_table<ExpectKind::metrics>),
             "Metrics that are counted over this part of the run, by mapping, function or stream.",
             "MET-06 MET-07")
      .such_as("{billing-orders: {Errors: 0}}");
}

Key expected_then(ExpectKind kind) {
  if (kind == ExpectKind::backlog) {
    return key("backlog", map({count()}), read_by(read_total<ExpectKind::backlog>),
               "Records that are stored and not settled, by mapping.")
        .such_as(R"({billing-orders: "< 1000"})");
  }
  return key("iterator_age", map({moment()}), read_by(read_total<ExpectKind::iterator_age>),
             "The age of the oldest record that is not settled, by mapping; 0s when all are.")
      .such_as(R"({billing-orders: "< 1m"})");
}

}  // namespace trimhorizon::reader
