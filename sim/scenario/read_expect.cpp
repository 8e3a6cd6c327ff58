// Expectations: numbers, comparisons and lists of them, for the run or for one mapping.
#include <algorithm>

#include <fmt/format.h>

#include "sim/kinesis/sequence_number.hpp"
#include "sim/metrics/catalogue.hpp"
#include "sim/scenario/context.hpp"
#include "sim/scenario/forms.hpp"
#include "sim/scenario/names.hpp"
#include "sim/scenario/yaml_json.hpp"

namespace trimhorizon::reader {
namespace {

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

std::optional<Comparison> read_one(Context& context, const Node& node, bool durations,
                                   std::string_view name) {
  const std::string_view wanted =
      durations ? "a comparison with a duration" : "a number or a comparison";
  const std::string* text = scalar_text(context.mistakes, node, name, wanted);
  if (!text) return std::nullopt;
  const Reading<Comparison> comparison = read_comparison(*text, durations);
  if (comparison.value) return comparison.value;
  context.mistakes.error(node.at, fmt::format("{} {}", name, comparison.problem),
                         comparison.suggestion);
  return std::nullopt;
}

// `3`, "<= 10", [">= 1", "<= 16"].
std::vector<Comparison> read_wanted(Context& context, const Node& node, bool durations,
                                    std::string_view name) {
  std::vector<Comparison> wanted;
  if (!node.is_list()) {
    if (auto one = read_one(context, node, durations, name)) wanted.push_back(*std::move(one));
    return wanted;
  }
  if (node.items.empty()) {
    context.mistakes.error(node.at, fmt::format("{} is an empty list", name));
  }
  for (const Node& item : node.items) {
    if (auto one = read_one(context, item, durations, name)) wanted.push_back(*std::move(one));
  }
  return wanted;
}

std::string text_of(const std::vector<Comparison>& wanted) {
  std::string text;
  for (const Comparison& each : wanted) text += (text.empty() ? "" : ", ") + each.text;
  return text;
}

// Reads one value for a subject ("processed", "r5", "Errors") of a scope.
using ReadSubject = void (*)(Context&, const Node& key, const Node& value, Expectation);

// One key of `expect:` that holds {subject: value}, or {mapping: {subject: value}}.
struct Table {
  std::string_view key;
  ExpectKind kind;
  ReadSubject read;
  bool whole_run;  // the short form is about the whole run, not about the only mapping
};

void count_of(Context& context, const Node& key, const Node& value, Expectation out) {
  out.subject = key.text;
  out.wanted = read_wanted(context, value, false, key.text);
  out.wanted_text = text_of(out.wanted);
  context.out.expect.push_back(std::move(out));
}

bool known(Context& context, const Node& key, std::string_view what,
           const std::vector<std::string_view>& names) {
  if (std::find(names.begin(), names.end(), key.text) != names.end()) return true;
  std::string suggestion;
  if (context.mistakes.worth_a_suggestion()) suggestion = did_you_mean(key.text, names);
  if (suggestion.empty() && names.size() <= 12) {
    suggestion = fmt::format("a {} is {}", what, listed(names));
  }
  context.mistakes.error(key.at, fmt::format("{} is not a {}", quoted(key.text), what), suggestion);
  return false;
}

void read_fate(Context& context, const Node& key, const Node& value, Expectation out) {
  if (known(context, key, "fate", known_fates())) {
    count_of(context, key, value, std::move(out));
  }
}
void read_loss(Context& context, const Node& key, const Node& value, Expectation out) {
  if (known(context, key, "cause of loss", known_loss_causes())) {
    count_of(context, key, value, std::move(out));
  }
}
void read_duplicate(Context& context, const Node& key, const Node& value, Expectation out) {
  if (known(context, key, "cause of duplicates", known_duplicate_causes())) {
    count_of(context, key, value, std::move(out));
  }
}
void read_delivery(Context& context, const Node& key, const Node& value, Expectation out) {
  if (context.record(key, "deliveries", false)) count_of(context, key, value, std::move(out));
}

void read_metric(Context& context, const Node& key, const Node& value, Expectation out) {
  const std::optional<MetricName> asked = metric_named(key.text);
  if (!asked) {
    const std::string_view name = std::string_view(key.text).substr(0, key.text.find('.'));
    const std::optional<MetricId> called = trimhorizon::named<MetricId>(name);
    if (!called || info(*called).shape == MetricShape::counter) {
      known(context, key, "metric", metric_names());
      return;
    }
    const bool maximum = info(*called).shape == MetricShape::maximum;
    context.mistakes.error(
        key.at,
        fmt::format("{} needs a statistic: {}", name,
                    maximum ? "`.max`" : listed({".max", ".min", ".avg", ".p50", ".p90", ".p99"})),
        fmt::format("write {}.max", name));
    return;
  }
  const MetricInfo& metric = asked->metric();
  const bool of_function = context.functions.find(out.scope) && !context.mappings.find(out.scope);
  if (of_function && metric.scope == MetricScope::mapping) {
    context.mistakes.error(key.at, fmt::format("{} is a metric of event source mappings, not of "
                                               "functions",
                                               metric.name));
    return;
  }
  out.subject = key.text;
  const bool durations = metric.unit == MetricUnit::time;
  out.wanted = read_wanted(context, value, durations, key.text);
  out.wanted_text = text_of(out.wanted);
  context.out.expect.push_back(std::move(out));
}

void read_checkpoint(Context& context, const Node& key, const Node& value, Expectation out) {
  const auto shard = shard_value(context.mistakes, key, "a key of checkpoint");
  if (!shard) return;
  const auto mapping = context.mappings.find(out.scope);
  if (mapping) check_shard(context, context.out.mappings[*mapping].stream, *shard, key);
  out.subject = shard_id_text(*shard);
  if (!value.is_nothing()) {
    const auto id = context.record(value, "checkpoint", false);
    if (!id) return;
    out.wanted_text = *id;
  }
  context.out.expect.push_back(std::move(out));
}

// The scope that a key names: a mapping, for metrics a function too.
bool is_scope(Context& context, const Node& key, std::string_view table) {
  if (context.mappings.find(key.text)) return true;
  const bool metrics = table == "metrics";
  if (metrics && context.functions.find(key.text)) return true;
  std::vector<std::string_view> names = context.mappings.names();
  if (metrics) {
    for (const std::string_view name : context.functions.names()) names.push_back(name);
  }
  std::string suggestion = did_you_mean(key.text, names);
  if (suggestion.empty() && !names.empty() && names.size() <= 5) {
    suggestion = fmt::format("there is {}", listed(names));
  }
  context.mistakes.error(key.at,
                         fmt::format("no event source mapping{} is called {}",
                                     metrics ? " or function" : "", quoted(key.text)),
                         suggestion);
  return false;
}

// The mapping of the short form: there must be just one.
std::optional<std::string> only_mapping(Context& context, const Node& key, std::string_view table) {
  if (context.mappings.size() == 1) return context.out.mappings.front().name;
  if (context.mappings.size() == 0) {
    context.mistakes.error(key.at,
                           fmt::format("{} is about event source mappings: there is none", table));
  } else {
    context.mistakes.error(
        key.at,
        fmt::format("there are {} event source mappings: say which", context.mappings.size()),
        fmt::format("write {}: {{{}: {{{}: …}}}}", table, context.out.mappings.front().name,
                    key.text));
  }
  return std::nullopt;
}

// A table without an entry would hold whatever happens.
bool checks_something(Context& context, const Node& table, std::string_view name) {
  if (!table.is_nothing() && (!table.is_mapping() || !table.items.empty())) return true;
  if (!table.merged) {
    context.mistakes.error(table.at, fmt::format("{} checks nothing", name),
                           "say what must come out, or leave it out");
  }
  return false;
}

// Duplicate keys: the later one is a mistake.
bool is_first(Context& context, const Node& table, std::size_t index) {
  if (table.find(table.keys[index].text) == &table.items[index]) return true;
  const Node& key = table.keys[index];
  context.mistakes.error(key.at, fmt::format("{} stands here a second time", quoted(key.text)),
                         "take one of them away");
  return false;
}

void read_table(Context& context, const Table& table, const Node& node) {
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Node& key = node.keys[i];
    const Node& value = node.items[i];
    if (!is_first(context, node, i)) continue;
    const std::string name = fmt::format("{}.{}", table.key, key.text);
    if (!value.is_mapping()) {
      Expectation out = expectation(context, table.kind, name, key);
      if (!table.whole_run) {
        if (context.mappings.find(key.text) && !value.is_nothing()) {
          context.mistakes.error(
              value.at, fmt::format("{} must be a mapping, not {}", name, describe(value)));
          continue;
        }
        const auto scope = only_mapping(context, key, table.key);
        if (!scope) return;
        out.scope = *scope;
      }
      table.read(context, key, value, std::move(out));
      continue;
    }
    if (!is_scope(context, key, table.key) || !checks_something(context, value, name)) continue;
    for (std::size_t j = 0; j < value.keys.size(); ++j) {
      if (!is_first(context, value, j)) continue;
      Expectation out = expectation(context, table.kind,
                                    fmt::format("{}.{}", name, value.keys[j].text), value.keys[j]);
      out.scope = key.text;
      table.read(context, value.keys[j], value.items[j], std::move(out));
    }
  }
}

constexpr Table tables[] = {
    {"deliveries", ExpectKind::deliveries, read_delivery, false},
    {"fates", ExpectKind::fates, read_fate, false},
    {"lost_by_cause", ExpectKind::lost_by_cause, read_loss, true},
    {"duplicates_by_cause", ExpectKind::duplicates_by_cause, read_duplicate, true},
    {"checkpoint", ExpectKind::checkpoint, read_checkpoint, false},
    {"metrics", ExpectKind::metrics, read_metric, false},
};

struct Total {
  std::string_view key;
  ExpectKind kind;
  bool by_mapping;
};
constexpr Total totals[] = {
    {"lost", ExpectKind::lost, true},
    {"duplicates", ExpectKind::duplicates, true},
    {"never_accepted", ExpectKind::never_accepted, false},
    {"invocations", ExpectKind::invocations, true},
};

// `lost: 0`, or {billing-orders: 0}.
void read_total(Context& context, const Total& total, const Node& key, const Node& node) {
  if (!node.is_mapping() || !total.by_mapping) {
    Expectation out = expectation(context, total.kind, std::string(total.key), key);
    out.wanted = read_wanted(context, node, false, total.key);
    out.wanted_text = text_of(out.wanted);
    context.out.expect.push_back(std::move(out));
    return;
  }
  if (!checks_something(context, node, total.key)) return;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    if (!is_first(context, node, i) || !is_scope(context, node.keys[i], total.key)) continue;
    Expectation out = expectation(context, total.kind,
                                  fmt::format("{}.{}", total.key, node.keys[i].text), node.keys[i]);
    out.scope = node.keys[i].text;
    out.wanted = read_wanted(context, node.items[i], false, out.name);
    out.wanted_text = text_of(out.wanted);
    context.out.expect.push_back(std::move(out));
  }
}

WantedMessage read_message(Context& context, const Node& node) {
  const Fields fields = context.fields(node, message_block());
  WantedMessage out;
  out.text = on_one_line(node);
  if (const auto word = fields.word("condition")) {
    out.condition = std::string(fields.form("condition", Kind::word).words[*word]);
  }
  out.approximate_invoke_count = fields.integer("approximateInvokeCount");
  out.batch_size = fields.integer("batchSize");
  if (const auto shard = fields.shard("shardId")) out.shard_id = shard_id_text(*shard);
  if (const Node* error = fields.find("functionError")) {
    out.function_error.emplace();
    if (!error->is_nothing() && fields.word("functionError")) *out.function_error = error->text;
  }
  if (const std::vector<Node>* records = fields.list("records")) {
    out.records.emplace();
    for (const Node& record : *records) {
      if (const auto id = context.record(record, "records", false)) out.records->push_back(*id);
    }
  }
  return out;
}

// Can a message to this destination be about that shard?
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

void read_messages(Context& context, const Node& node) {
  static const Form messages = list(block(message_block));
  if (!node.is_mapping() && !node.is_nothing()) {
    context.mistakes.error(node.at,
                           fmt::format("destinations must be a mapping, not {}", describe(node)),
                           "write {dlq: [{condition: RetryAttemptsExhausted}]}");
    return;
  }
  if (!checks_something(context, node, "destinations")) return;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    if (!is_first(context, node, i)) continue;
    const Node& key = node.keys[i];
    const Node& value = node.items[i];
    if (!context.thing(key, Thing::destination, "destinations")) continue;
    Expectation out = expectation(context, ExpectKind::destinations,
                                  fmt::format("destinations.{}", key.text), key);
    out.scope = key.text;
    out.wanted_text = on_one_line(value);
    if (!value.is_list()) {
      context.mistakes.error(
          value.at, fmt::format("{} must be a list of messages, not {}", out.name, describe(value)),
          "write [] for none, or [{condition: RetryAttemptsExhausted}]");
      continue;
    }
    if (!is_list_of(context.mistakes, value, messages, out.name)) continue;
    for (const Node& message : value.items) {
      out.messages.push_back(read_message(context, message));
      check_shard_of(context, key, message);
    }
    context.out.expect.push_back(std::move(out));
  }
}

void read_names(Context& context, const Fields& fields, std::string_view key, ExpectKind kind) {
  const std::vector<Node>* names = fields.list(key);
  if (!names) return;
  const Form& item = fields.form(key, Kind::list).items.front();
  for (const Node& name : *names) {
    const auto word = word_value(context.mistakes, name, item, key);
    if (!word) continue;
    Expectation out = expectation(context, kind, fmt::format("{}.{}", key, name.text), name);
    out.subject = name.text;
    context.out.expect.push_back(std::move(out));
  }
}

// `checkpoint: r5`: one mapping, one shard.
void read_only_checkpoint(Context& context, const Node& key, const Node& node) {
  const auto scope = only_mapping(context, key, "checkpoint");
  if (!scope) return;
  const StreamId stream = context.out.mappings.front().stream;
  if (!stream.valid()) return;
  if (context.out.streams[stream.value].settings.shard_count != 1) {
    context.mistakes.error(
        node.at, "checkpoint must be a mapping from shards to records",
        fmt::format("write checkpoint: {{{}: {}}}", shard_id_text(0), describe(node)));
    return;
  }
  Expectation out = expectation(context, ExpectKind::checkpoint, "checkpoint", key);
  out.scope = *scope;
  out.subject = shard_id_text(0);
  const auto id = context.record(node, "checkpoint", false);
  if (!id) return;
  out.wanted_text = *id;
  context.out.expect.push_back(std::move(out));
}

void read_key(Context& context, const Fields& fields, const Node& key, const Node& value) {
  for (const Total& total : totals) {
    if (total.key == key.text) return read_total(context, total, key, value);
  }
  if (key.text == "destinations") return read_messages(context, value);
  if (key.text == "always") return read_names(context, fields, "always", ExpectKind::always);
  if (key.text == "sometimes") {
    return read_names(context, fields, "sometimes", ExpectKind::sometimes);
  }
  for (const Table& table : tables) {
    if (table.key != key.text) continue;
    if (!checks_something(context, value, table.key)) return;
    if (value.is_mapping()) return read_table(context, table, value);
    if (table.key == "checkpoint") return read_only_checkpoint(context, key, value);
    context.mistakes.error(value.at,
                           fmt::format("{} must be a mapping, not {}", table.key, describe(value)));
  }
}

}  // namespace

void read_expect(Context& context, const Fields& root) {
  const Node* node = root.find("expect");
  if (!node) return;
  const Fields fields = context.fields(*node, expect_block());
  if (!node->is_mapping()) return;
  for (std::size_t i = 0; i < node->keys.size(); ++i) {
    const Node& key = node->keys[i];
    if (node->find(key.text) != &node->items[i]) continue;  // a second one was reported
    read_key(context, fields, key, node->items[i]);
  }
}

}  // namespace trimhorizon::reader
