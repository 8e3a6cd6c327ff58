// Reads expectations: numbers, comparisons and lists of them, for the whole run or for one mapping.
#include <algorithm>

#include <fmt/format.h>

#include "sim/faults/cause.hpp"
#include "sim/history/invariants.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "sim/metrics/catalogue.hpp"
#include "sim/scenario/context.hpp"
#include "sim/scenario/names.hpp"
#include "sim/yaml/write.hpp"

namespace trimhorizon::reader {
namespace {

using Names = std::vector<std::string_view>;

Form count() { return simple(Kind::count); }

// A map with these names; or such a map for each mapping; or both.
Form by_mapping(std::vector<Form> items, const Names& names = {}) {
  items.push_back(map(items, names, 1));
  return map(items, names);
}

Form counted(const Names& names) {
  return by_mapping(std::vector<Form>(names.size(), count()), names);
}

Form measured() {
  std::vector<Form> items;
  for (const std::string_view name : metric_names()) {
    const bool lasts = metric_named(name)->metric().unit == MetricUnit::time;
    items.push_back(simple(lasts ? Kind::time_span : Kind::count));
  }
  return by_mapping(items, metric_names());
}

// The form of the value with this name in a map.
const Form& item_of(const Form& map, std::string_view name) {
  const auto found = std::find(map.words.begin(), map.words.end(), name);
  return map.items[static_cast<std::size_t>(found - map.words.begin())];
}

Expectation expectation(const Context& context, ExpectKind kind, std::string name,
                        const Node& key) {
  const LineColumn place = context.mistakes.line_column(key.at);
  Expectation out;
  out.kind = kind;
  out.name = std::move(name);
  out.line = place.line;
  out.column = place.column;
  return out;
}

// Adds what is wanted: `3`, "<= 10", or [">= 1", "<= 16"].
void add_wanted(Context& context, const Value& value, Expectation out) {
  read_value(context, value, out.wanted);
  for (const Comparison& each : out.wanted) {
    out.wanted_text += (out.wanted_text.empty() ? "" : ", ") + each.text;
  }
  context.out.expect.push_back(std::move(out));
}

// An expectation without an entry would always hold, so it is a mistake.
bool checks_something(Context& context, const Node& table, std::string_view name) {
  if (!table.is_nothing() && (!table.is_mapping() || !table.items.empty())) return true;
  if (!table.merged) {
    context.error(table.at, fmt::format("{} checks nothing", name),
                  "write what is expected, or remove the key");
  }
  return false;
}

// ---- scopes

// Does the key name a mapping, or for metrics also a function?
bool is_scope(Context& context, const Node& key, bool metrics) {
  if (context.mappings.find(key.text)) return true;
  if (metrics && context.functions.find(key.text)) return true;
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

bool is_metric_of(Context& context, const Node& key, const std::string& scope) {
  if (const std::optional<MetricName> asked = metric_named(key.text)) {
    const bool of_function = context.functions.find(scope) && !context.mappings.find(scope);
    if (!of_function || asked->metric().scope == MetricScope::function) return true;
    context.error(key.at, fmt::format("{} is a metric of event source mappings, not of functions",
                                      asked->metric().name));
    return false;
  }
  const std::string_view name = std::string_view(key.text).substr(0, key.text.find('.'));
  const std::optional<MetricId> metric = member_named<MetricId>(name);
  if (metric && info(*metric).shape != MetricShape::counter) {
    const bool maximum = info(*metric).shape == MetricShape::maximum;
    context.error(
        key.at,
        fmt::format("{} needs a statistic: {}", name,
                    maximum ? "`.max`" : listed({".max", ".min", ".avg", ".p50", ".p90", ".p99"})),
        fmt::format("write {}.max", name));
    return false;
  }
  return is_known(context, key, "metric", metric_names());
}

bool is_subject(Context& context, const Node& key, const Expectation& out) {
  switch (out.kind) {
    case ExpectKind::deliveries: return context.record(key, "deliveries", false).has_value();
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

template <ExpectKind kind>
void read_names(Context& context, const Value& value, Scenario& scenario) {
  if (!is_list_of(context, value)) return;
  for (const Node& name : value.node.items) {
    if (!word_value(context, {name, value.form.items.front(), value.name})) continue;
    Expectation out = expectation(context, kind, fmt::format("{}.{}", value.name, name.text), name);
    out.subject = name.text;
    scenario.expect.push_back(std::move(out));
  }
}

// ---- messages to destinations

void read_records_of_message(Context& context, const Value& value, WantedMessage& out) {
  out.records = context.records(value, false);
}

Block message_block() {
  return {"message",
          {
              key("condition", word({"RetryAttemptsExhausted", "RecordAgeExceeded"}),
                  into(&WantedMessage::condition), "Why the records were given up.", "ESM-DST-03"),
              key("approximateInvokeCount", integer(0, 1'000'000),
                  into(&WantedMessage::approximate_invoke_count), "Attempts.", "ESM-DST-02")
                  .such_as("4"),
              key("batchSize", integer(0, 10'000), into(&WantedMessage::batch_size),
                  "How many records were given up.", "ESM-DST-02")
                  .such_as("1"),
              key("shardId", simple(Kind::shard), into(&WantedMessage::shard_id),
                  "The shard of the records.", "ESM-DST-02")
                  .such_as("shardId-000000000000"),
              key("functionError", {word({"Unhandled"}), simple(Kind::nothing)},
                  into(&WantedMessage::function_error), "`Unhandled`, or null.", "ESM-DST-04"),
              key("records", list(record_id()), read_by(read_records_of_message),
                  "The ids of the records, in order.")
                  .such_as("[r1]"),
          }};
}

// Can a message to this destination be about this shard?
void check_shard_of(Context& context, const Node& destination, const Node& message) {
  const Node* shard = message.find("shardId");
  const auto number = shard ? parse_shard_id(shard->text) : std::nullopt;
  const auto target = context.destinations.find(destination.text);
  if (!number || !target || context.reshards) return;
  const MappingEntry* some = nullptr;
  for (const MappingEntry& mapping : context.out.mappings) {
    if (mapping.on_failure != DestinationId{*target} || !mapping.stream.valid()) continue;
    some = &mapping;
    if (*number < context.out.streams[mapping.stream.value].settings.shard_count) return;
  }
  if (some) check_shard(context, some->stream, *number, *shard);
}

void read_messages(Context& context, const Value& value, Scenario& scenario) {
  const Form& messages = value.form.items.front();
  const Node& node = value.node;
  if (!node.is_mapping() && !node.is_nothing()) {
    return context.error(node.at,
                         fmt::format("destinations must be a mapping, not {}", describe(node)),
                         "write {dlq: [{condition: RetryAttemptsExhausted}]}");
  }
  if (!checks_something(context, node, "destinations")) return;
  for (const auto& [key, item] : entries_of(context.mistakes, node)) {
    if (!context.number_of(context.destinations, key, "destinations")) continue;
    Expectation out = expectation(context, ExpectKind::destinations,
                                  fmt::format("destinations.{}", key.text), key);
    out.scope = key.text;
    out.wanted_text = on_one_line(item);
    if (!item.is_list()) {
      context.error(item.at,
                    fmt::format("{} must be a list of messages, not {}", out.name, describe(item)),
                    "write [] for none, or [{condition: RetryAttemptsExhausted}]");
      continue;
    }
    if (!is_list_of(context, {item, messages, out.name})) continue;
    for (const Node& each : item.items) {
      WantedMessage& message = out.messages.emplace_back();
      message.text = on_one_line(each);
      Given(context, each, *messages.items.front().block).read_into(message);
      check_shard_of(context, key, each);
    }
    scenario.expect.push_back(std::move(out));
  }
}

}  // namespace

const Block& expect_block() {
  using enum ExpectKind;
  static const Block table{
      "`expect`",
      {
          key("lost", {count(), map({count()})}, read_by(read_total<lost>),
              "Records lost: in total, or by mapping.")
              .such_as("0"),
          key("duplicates", {count(), map({count()})}, read_by(read_total<duplicates>),
              "Effects beyond the first: in total, or by mapping.")
              .such_as(R"("<= 10")"),
          key("never_accepted", count(), read_by(read_total<never_accepted>),
              "Records that their producer gave up.")
              .such_as("0"),
          key("deliveries", by_mapping({count()}), read_by(read_table<deliveries>),
              "How often each record was handed to the function.")
              .such_as(R"({billing-orders: {r1: ">= 4"}})"),
          key("fates", counted(names_list<Fate>()), read_by(read_table<fates>),
              "Records, by fate: what happened to them.")
              .such_as("{billing-orders: {pending: 0}}"),
          key("lost_by_cause", counted(causes_list<LossCause>()),
              read_by(read_table<lost_by_cause>), "Records lost, by cause.")
              .such_as("{retention: 0}"),
          key("duplicates_by_cause", counted(causes_list<DeliveryReason>()),
              read_by(read_table<duplicates_by_cause>), "Duplicates, by cause.")
              .such_as(R"({retry_after_error: ">= 1"})"),
          key("invocations", {count(), map({count()})}, read_by(read_total<invocations>),
              "Invocations that ran: in total, or by mapping.")
              .such_as(R"({billing-orders: "> 0"})"),
          key("checkpoint", {record_id(), by_mapping({record_id(), simple(Kind::nothing)})},
              read_by(read_checkpoint), "The last settled record of each shard; null for none.")
              .such_as("{billing-orders: {shardId-000000000000: r0}}"),
          key("destinations", map({list(block(message_block()))}), read_by(read_messages),
              "The messages that a destination received, in order; only the fields written here "
              "are checked.")
              .such_as("{dlq: [{condition: RetryAttemptsExhausted}]}"),
          key("metrics", measured(), read_by(read_table<metrics>),
              "CloudWatch's metrics and ours, by mapping or function. `LostToRetention`, "
              "`LatestGap` "
              "and `Swallowed` count lost records, as `lost_by_cause` does; `fates` counts every "
              "stored copy. A percentile is less than 0.1 % too high, since values are kept in "
              "buckets.",
              "MET-06 MET-07 MET-09")
              .such_as(R"({billing-orders: {IteratorAge.max: "< 10m"}})"),
          key("always", list(word(names_list<Invariant>())), read_by(read_names<always>),
              "Invariants that must hold; every run checks all of them anyway.")
              .such_as("[key_order]"),
          key("sometimes", list(word(names_list<Situation>())), read_by(read_names<sometimes>),
              "Situations that must have occurred.")
              .such_as("[retry, timeout]"),
          not_modelled({"shards"}, "the shards stay as ShardCount says"),
          not_modelled({"reads"}, "only event source mappings read; `checkpoint` says how far"),
          not_modelled({"across"}, "write `lost` for each mapping: {one: 0, other: 0}"),
          not_modelled({"api_errors"}, "only UpdateEventSourceMapping is called, and it works"),
          not_modelled({"first_delivery", "caught_up"},
                       "metrics: {IteratorAge.max: \"<= 1h\"} bounds how late records are read"),
          not_modelled({"checks"},
                       "an expectation is about the end of the run; a shorter "
                       "`duration` ends it earlier"),
          not_modelled({"alarms"}, "metrics: {IteratorAge.max: \"<= 1h\"} comes closest"),
          not_modelled({"cost"}, "`invocations` and metrics: {Duration.avg: …} are what costs"),
          not_modelled({"user_records"}, "no producer aggregates records yet: name the records"),
          not_modelled({"owners"}, "no KCL workers are modelled; a mapping reads every shard"),
      }};
  return table;
}

// Reads them in the order of the file, which is also the order of reports.
void read_expect(Context& context, const Value& value, Scenario& out) {
  const Given given(context, value.node, expect_block());
  const Node& node = value.node;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Key* key = expect_block().find(node.keys[i].text);
    if (!key || !key->is_ours_to_read()) continue;
    const bool is_first_one = node.find(key->name) == &node.items[i];
    if (is_first_one) given.read(key->name, out);
  }
}

}  // namespace trimhorizon::reader
