// Functions: how long they work, when they fail, what they answer. LAM-CON-03, LAM-CON-07.
#include <algorithm>

#include <fmt/format.h>

#include "sim/lambda/response.hpp"
#include "sim/scenario/context.hpp"
#include "sim/scenario/yaml_json.hpp"

namespace trimhorizon::reader {
namespace {

WorkDuration read_work(Context& context, const Fields& function) {
  WorkDuration work;
  const Node* node = function.find("duration");
  if (!node || !node->is_mapping()) {
    work.batch = function.duration("duration").value_or(work.batch);
    return work;
  }
  const Fields fields = context.fields(*node, duration_block());
  const Node* drawn = fields.find("lognormal");
  if (!drawn) {
    work.batch = fields.duration("batch").value_or(Duration{});
    work.record = fields.duration("record").value_or(Duration{});
    const bool empty = !fields.has("batch") && !fields.has("record") && !fields.misspelt("batch") &&
                       !fields.misspelt("record") && !fields.misspelt("lognormal");
    if (empty) {
      context.mistakes.error(node->at, "duration says nothing",
                             "write 80ms, {batch: 20ms, record: 1ms} or "
                             "{lognormal: {mean: 80ms, sigma: 0.5}}");
    }
    return work;
  }
  for (const std::string_view other : {"batch", "record"}) {
    if (!fields.has(other)) continue;
    context.mistakes.error(fields.place_of(other),
                           fmt::format("`{}` does not go with `lognormal`", other));
  }
  const Fields lognormal = context.fields(*drawn, lognormal_block());
  Lognormal distribution;
  distribution.mean = lognormal.duration("mean").value_or(work.batch);
  const std::int64_t sigma = lognormal.decimal("sigma", 6).value_or(0);
  distribution.sigma_millionths = static_cast<std::uint32_t>(sigma);
  work.lognormal = distribution;
  return work;
}

// A placeholder that is none would be answered as plain text.
void check_placeholders(Context& context, const Node& node) {
  if (node.is_scalar() && node.text.find("$sequence") != std::string::npos &&
      !parse_sequence_placeholder(node.text)) {
    context.mistakes.error(node.at,
                           fmt::format("{} names no record of the batch", quoted(node.text)),
                           "write $sequence[0] for the first record");
  }
  for (const Node& item : node.items) check_placeholders(context, item);
}

void read_respond(Context& context, const Fields& function, FunctionSettings& settings) {
  const Node* node = function.find("respond");
  if (!node || !node->is_mapping()) {
    settings.respond = static_cast<Respond>(function.word("respond").value_or(0));
    return;
  }
  const Fields fields = context.fields(*node, respond_block());
  settings.respond = Respond::fixed;
  if (const Node* answer = fields.find("return")) {
    settings.fixed_response = json_of(context.mistakes, *answer);
    check_placeholders(context, *answer);
  }
}

// Can a record of this key ever be put? A typing error here would go unnoticed.
bool key_is_used(const Context& context, std::string_view key) {
  if (context.keys.find(key) != context.keys.end()) return true;
  return std::any_of(context.generated_keys.begin(), context.generated_keys.end(),
                     [&](const KeySettings& keys) {
                       GeneratedIds names{"", keys.prefix, 0, keys.count};
                       return names.contains(key);
                     });
}

void read_conditions(Context& context, const Fields& fields, FailRule& rule) {
  if (const std::vector<Node>* records = fields.list("records")) {
    for (const Node& each : *records) {
      if (const auto id = context.record(each, "records", true)) rule.records.push_back(*id);
    }
  }
  if (const std::vector<Node>* keys = fields.list("keys")) {
    const Form& item = fields.form("keys", Kind::list).items.front();
    for (const Node& each : *keys) {
      const auto key = text_value(context.mistakes, each, item, "keys");
      if (!key) continue;
      rule.keys.push_back(*key);
      if (key_is_used(context, *key)) continue;
      context.out.warnings.push_back(context.mistakes.warning(
          each.at, fmt::format("no producer uses the partition key {}", quoted(*key))));
    }
  }
  if (const std::vector<Node>* attempts = fields.list("attempts")) {
    const Form& item = fields.form("attempts", Kind::list).items.front();
    for (const Node& each : *attempts) {
      const auto number = integer_value(context.mistakes, each, item, "attempts");
      if (number) rule.attempts.push_back(static_cast<std::uint32_t>(*number));
    }
  }
  if (const auto from = fields.duration("from")) {
    rule.from = Instant{} + *from;
    context.warn_if_never(*rule.from, fields.place_of("from"));
  }
  if (const auto until = fields.duration("until")) rule.until = Instant{} + *until;
  rule.probability = fields.percent("probability");
  if (rule.until && *rule.until <= rule.from.value_or(Instant{})) {
    context.mistakes.error(fields.place_of("until"), "until must be later than from");
  }
}

FailRule read_fail(Context& context, const Node& node) {
  const Fields fields = context.fields(node, fail_block());
  FailRule rule;
  read_conditions(context, fields, rule);
  rule.as = static_cast<FailAs>(fields.word("as").value_or(0));
  rule.after = static_cast<FailAfter>(fields.word("after").value_or(0));
  const bool of_records = fields.has("records") || fields.has("keys");
  if (of_records && rule.after == FailAfter::some) {
    context.mistakes.error(fields.place_of("after"),
                           "`after: some` does not go with `records` or `keys`: the records before "
                           "the one that fails keep their effects anyway",
                           "leave it out, or write after: all");
  }
  return rule;
}

void read_function(Context& context, const std::string& name, const Node& node) {
  const Fields fields = context.fields(node, function_block());
  FunctionSettings settings;
  settings.timeout_s = fields.integer("Timeout").value_or(timeout_default_s);
  settings.memory_mib = fields.integer("MemorySize").value_or(settings.memory_mib);
  if (const auto reserved = fields.integer("ReservedConcurrentExecutions")) {
    settings.reserved_concurrency = static_cast<std::uint32_t>(*reserved);
  }
  if (settings.timeout_s > timeout_max_s) {
    context.out.warnings.push_back(context.mistakes.warning(
        fields.place_of("Timeout"),
        fmt::format("Timeout {} is above the 900 seconds that AWS documents; only its API model of "
                    "2026 allows up to 5400 (LAM-CON-07)",
                    settings.timeout_s)));
  }
  settings.duration = read_work(context, fields);
  settings.cold_start = fields.duration("cold_start").value_or(Duration{});
  read_respond(context, fields, settings);
  if (const std::vector<Node>* rules = fields.list("fail")) {
    for (const Node& rule : *rules) settings.fail.push_back(read_fail(context, rule));
  }
  check_own_name(context, fields, "FunctionName", name);
  context.out.functions.push_back({name, std::move(settings)});
}

}  // namespace

void read_functions(Context& context, const Fields& root) {
  for (const auto& [name, value] : named_nodes(context, root, "functions")) {
    context.functions.add(name->text);
    read_function(context, name->text, *value);
  }
}

}  // namespace trimhorizon::reader
