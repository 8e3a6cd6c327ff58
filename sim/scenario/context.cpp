#include "sim/scenario/context.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/base/format.hpp"
#include "sim/kinesis/sequence_number.hpp"

namespace trimhorizon::reader {
namespace {

// The parts of an ARN such as arn:aws:kinesis:eu-west-1:123456789012:stream/orders.
struct Arn {
  std::string_view service;    // kinesis
  std::string_view name;       // orders
  std::string_view qualifier;  // of a function, after its name: an alias or a version
};

Arn read_arn(std::string_view text) {
  std::array<std::string_view, 5> parts;
  for (std::string_view& part : parts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return {};
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  for (const std::string_view kind : {"stream/", "function:"}) {
    if (text.starts_with(kind)) text.remove_prefix(kind.size());
  }
  const std::size_t end = std::min(text.find_first_of(":/"), text.size());
  return {parts[2], text.substr(0, end), text.substr(std::min(end + 1, text.size()))};
}

constexpr std::string_view no_fan_out = "consumers with enhanced fan-out are not modelled yet";
constexpr std::string_view instead_of_fan_out =
    "name the stream itself: the mapping then polls it, and shares the reads of each shard";

// The name and the qualifier in the partial forms of a function's ARN: `billing:prod`,
// `function:billing:prod`, `123456789012:function:billing`.
Arn function_in(std::string_view text) {
  constexpr std::string_view kind = "function:";
  if (const std::size_t at = text.find(kind); at != text.npos) text.remove_prefix(at + kind.size());
  const std::size_t end = std::min(text.find(':'), text.size());
  return {"lambda", text.substr(0, end), text.substr(std::min(end + 1, text.size()))};
}

// Is this the name of a consumer in a part of the file that is not modelled yet? That part is
// reported; its name is right.
bool is_of_another_time(const Context& context, std::string_view name) {
  for (const std::string_view key : {"stream_consumers", "kcl_applications"}) {
    if (is_read(context, *scenario_block().find(key))) continue;
    const Node* consumers = context.root.find(key);
    if (consumers && consumers->is_mapping() && consumers->find(name)) return true;
  }
  return false;
}

// The name in `!Ref name`, in `!GetAtt name.Arn` or in an ARN; otherwise the text itself.
std::optional<std::string_view> name_in(Context& context, const Node& node, const Directory& things,
                                        std::string_view key) {
  const std::string_view text = node.text;
  if (node.tag == "!GetAtt") {
    if (text.ends_with(".Arn")) return text.substr(0, text.size() - 4);
    if (text.ends_with(".ConsumerARN")) {
      context.error(node.at, std::string(no_fan_out), std::string(instead_of_fan_out));
      return std::nullopt;
    }
    context.error(node.at, fmt::format("{} must be an ARN, not {}", key, quoted(text)),
                  fmt::format("write !GetAtt {}.Arn", text.substr(0, text.rfind('.'))));
    return std::nullopt;
  }
  const bool is_function = &things == &context.functions;
  const bool is_arn = text.starts_with("arn:");
  const bool may_be_partial = is_function && text.find(':') != text.npos;
  if (!node.tag.empty() || things.services.empty() || !(is_arn || may_be_partial)) return text;
  const Arn arn = is_arn ? read_arn(text) : function_in(text);
  if (std::find(things.services.begin(), things.services.end(), arn.service) ==
      things.services.end()) {
    context.error(node.at, fmt::format("{} must be an ARN of {}, not {}", key,
                                       listed(things.services), quoted(text)));
    return std::nullopt;
  }
  if (is_function && !arn.qualifier.empty() && arn.qualifier != "$LATEST") {
    context.note_not_modelled(fmt::format("the qualifier {} of {}", quoted(arn.qualifier), key));
  }
  return arn.name;
}

// Does the ARN of a destination match its type?
bool fits_type(Context& context, const Node& node, std::uint32_t number) {
  const DestinationEntry& entry = context.out.destinations[number];
  const auto type = context.destinations.services[static_cast<std::size_t>(entry.type)];
  if (!node.tag.empty() || !node.text.starts_with("arn:")) return true;
  const std::string_view service = read_arn(node.text).service;
  if (service == type) return true;
  context.error(node.at, fmt::format("destination {} is of type {}, not {}", quoted(entry.name),
                                     type, service));
  return false;
}

void check_name(Context& context, const Node& name, std::string_view key, const Form& form) {
  const bool any_text = form.unit != aws_name_pattern;
  const auto fits = [&](char c) {
    if (any_text) return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  };
  if (name.text.empty()) {
    context.error(name.at, fmt::format("a name in {} is empty", key));
  } else if (name.text.size() > static_cast<std::size_t>(form.max)) {
    context.error(name.at, fmt::format("a name in {} has at most {} characters", key, form.max));
  } else if (!std::all_of(name.text.begin(), name.text.end(), fits)) {
    context.error(
        name.at,
        fmt::format("the name {} has a character that AWS does not allow", quoted(name.text)),
        "use letters, digits, `_`, `-` and `.`");
  }
}

// Does anything in the file, apart from this value, say this name, or a path that begins with it?
bool is_said(const Node& node, const Node& apart, const std::string& name) {
  const bool here = node.text == name || node.text.starts_with(name + ".");
  if (here && node.at != apart.at) return true;
  const auto says = [&](const Node& each) { return is_said(each, apart, name); };
  return std::any_of(node.keys.begin(), node.keys.end(), says) ||
         std::any_of(node.items.begin(), node.items.end(), says);
}

}  // namespace

// It may also be written {Ref: name}, {Fn::GetAtt: [name, Attribute]} or !GetAtt [name, Attribute].
Node reference_in(const Node& node) {
  const auto as_get_att = [&](const Node& value) -> std::optional<Node> {
    Node whole = scalar_node(value.text, node.at);
    whole.tag = "!GetAtt";
    if (value.is_scalar()) return whole;
    const bool is_pair = value.is_list() && value.items.size() == 2 && value.items[0].is_scalar() &&
                         value.items[1].is_scalar();
    if (!is_pair) return std::nullopt;
    whole.text = value.items[0].text + "." + value.items[1].text;
    return whole;
  };
  if (node.is_list() && node.tag == "!GetAtt") return as_get_att(node).value_or(node);
  if (!node.is_mapping() || node.keys.size() != 1) return node;
  const Node& value = node.items.front();
  if (node.keys.front().text == "Fn::GetAtt") return as_get_att(value).value_or(node);
  if (node.keys.front().text != "Ref" || !value.is_scalar()) return node;
  Node reference = scalar_node(value.text, node.at);
  reference.tag = "!Ref";
  return reference;
}

// arn:aws:kinesis:eu-west-1:123456789012:stream/orders/consumer/billing:1700000000
std::optional<ConsumerArn> consumer_arn(std::string_view text) {
  constexpr std::string_view middle = "/consumer/";
  const std::size_t at = text.find(middle);
  if (!text.starts_with("arn:") || at == text.npos) return std::nullopt;
  const std::string_view consumer = text.substr(at + middle.size());
  return ConsumerArn{read_arn(text).name, consumer.substr(0, consumer.find(':'))};
}

// Has it been reported that there are no such things, or that each of them is wrong? Then their
// names are right as far as anybody knows: a scenario has streams, and a list has no names.
bool were_reported(const Context& context, const Directory& things) {
  const Node* all = context.root.find(things.key);
  if (!all) return &things == &context.streams && context.mistakes.any();
  if (things.size() == 0) return context.mistakes.is_wrong(all->at);
  return std::all_of(all->items.begin(), all->items.end(),
                     [&](const Node& each) { return context.mistakes.is_wrong(each.at); });
}

// All uses of a name that nothing has are one mistake; so are all names when there is no such
// thing.
void report_unknown(Context& context, const Directory& things, const Node& node,
                    std::string_view name, bool metrics) {
  if (is_of_another_time(context, name) || were_reported(context, things)) return;
  Mistakes& mistakes = context.mistakes;
  const std::string of_things = word_of_unknown(things.noun, name);
  const std::string of_functions = word_of_unknown(context.functions.noun, name);
  std::vector<std::string> words = {things.size() == 0 ? word_of_none(things.noun) : of_things};
  if (metrics) words.push_back(of_functions);
  for (const std::string& word : words) {
    if (mistakes.has_word(node.at.source, word)) {
      return mistakes.error_of_word(node.at, of_things, "", word);
    }
  }
  std::vector<std::string_view> names = things.names();
  if (metrics) {
    for (const std::string_view each : context.functions.names()) names.push_back(each);
  }
  std::string suggestion;
  if (mistakes.worth_a_suggestion()) suggestion = did_you_mean(name, names);
  if (suggestion.empty() && names.empty()) {
    suggestion = fmt::format("define it under `{}:`", things.key);
  } else if (suggestion.empty() && names.size() <= 5) {
    suggestion = fmt::format("write {}", listed(names));
  }
  const std::string message =
      metrics ? fmt::format("no {} or function is called {}", things.noun, quoted(name))
              : of_things;
  mistakes.error_of_word(node.at, message, suggestion, words.front());
}

bool Context::is_wrong(std::initializer_list<std::string_view> path) const {
  if (!mistakes.any()) return false;
  const Node* node = &root;
  for (const std::string_view step : path) {
    node = node->is_mapping() ? node->find(step) : nullptr;
    if (!node) return false;
    if (mistakes.is_wrong(node->at)) return true;
  }
  return reader::is_wrong(mistakes, *node);
}

std::optional<std::uint32_t> Directory::find(std::string_view name) const {
  const auto found = numbers.find(name);
  return found == numbers.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string_view> Directory::names() const {
  std::vector<std::string_view> all;
  for (const auto& [name, number] : numbers) all.push_back(name);
  return all;
}

std::optional<std::uint32_t> Context::number_of(const Directory& things, const Node& given,
                                                std::string_view key) {
  static const Form form = reader::thing();
  const Node node = reference_in(given);
  const bool reference = node.tag == "!Ref" || node.tag == "!GetAtt";
  if (!node.is_scalar() || !reference) {
    const std::string wanted = fmt::format("the name of a {}", things.noun);
    if (!scalar_text(*this, {node, form, key}, wanted)) return std::nullopt;
  }
  if (&things == &streams && node.text.find("/consumer/") != std::string::npos) {
    error(node.at, std::string(no_fan_out), std::string(instead_of_fan_out));
    return std::nullopt;
  }
  const std::optional<std::string_view> name = name_in(*this, node, things, key);
  if (!name) return std::nullopt;
  if (const auto number = things.find(*name)) {
    if (&things == &destinations && !fits_type(*this, node, *number)) return std::nullopt;
    return number;
  }
  report_unknown(*this, things, node, *name);
  return std::nullopt;
}

std::optional<std::string> Context::record(const Node& node, std::string_view key, bool must_fit) {
  static const Form any_text = text(1);
  std::string id;
  if (!read_value(*this, {node, any_text, key}, id)) return std::nullopt;
  if (ids.can_be_made(id) || ids.are_unknown || were_reported(*this, producers)) return id;
  const std::string message = fmt::format("no producer puts a record {}", quoted(id));
  const std::string suggestion =
      mistakes.worth_a_suggestion() ? ids.suggestion_for(id) : std::string();
  if (!must_fit || ids.fits_a_numbering(id)) {
    warn(node.at, suggestion.empty() ? message : fmt::format("{}: {}", message, suggestion));
    return id;
  }
  // r5 and r9 are one mistake: where no producer numbers its records so, a prefix is wrong.
  const std::string stem = id.substr(0, id.find_last_not_of("0123456789") + 1);
  mistakes.error_of_word(node.at, message, suggestion,
                         producers.size() == 0 ? word_of_none(producers.noun)
                         : stem == id          ? message
                                               : fmt::format("no record {} and a number", stem));
  return std::nullopt;
}

std::vector<std::string> Context::records(const Value& value, bool must_fit) {
  std::vector<std::string> all;
  if (!is_list_of(*this, value)) return all;
  for (const Node& each : value.node.items) {
    if (auto id = record(each, value.name, must_fit)) all.push_back(*std::move(id));
  }
  return all;
}

void Context::warn_if_never(Instant at, Mark place) {
  if (at <= Instant{} + out.duration) return;
  // The explorer follows every run to its end, and its schedules are replayed so far.
  warn(place, fmt::format("a run ends at {} (`duration`), before this: only `explore`, and the "
                          "replay of what it found, come so far",
                          friendly_duration(out.duration)));
}

// Where the rest of the file says the given name, the key above it is what is misspelt. Then the
// places that say it have the same mistake.
void check_own_name(Context& context, const Value& value, const Directory& things,
                    const std::string& name) {
  std::string given;
  if (!read_value(context, value, given) || given == name) return;
  const bool key_is_wrong = is_said(context.root, value.node, given) && !things.find(given);
  context.mistakes.error_of_word(
      value.node.at,
      fmt::format("{} is {}, but the scenario calls it {}", value.name, quoted(given),
                  quoted(name)),
      key_is_wrong ? fmt::format("the name above it differs: write {} there", quoted(given))
                   : fmt::format("leave {} out: the key is the name", value.name),
      word_of_unknown(things.noun, given));
}

std::vector<NamedNode> named_nodes(Context& context, const Value& value) {
  std::vector<NamedNode> out;
  const Node& node = value.node;
  if (!node.is_mapping() && !node.is_nothing()) {
    std::string suggestion;
    if (node.is_list() && !node.flow) suggestion = "write `name:` instead of `- `";
    if (!value.example.empty()) {
      suggestion += fmt::format("{}for example {}: {}", suggestion.empty() ? "" : "; ", value.name,
                                value.example);
    }
    context.error(
        node.at, fmt::format("{} must be a mapping from names, not {}", value.name, describe(node)),
        suggestion);
    return out;
  }
  const bool too_few = static_cast<std::int64_t>(node.items.size()) < value.form.min;
  if (too_few && !node.merged && !context.mistakes.is_wrong(node.at)) {
    context.error(node.at, fmt::format("{} is empty", value.name));
  }
  std::map<std::string_view, Mark> seen;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Node& name = node.keys[i];
    const auto [first, is_new] = seen.emplace(name.text, name.at);
    if (!is_new) {
      const LineColumn place = context.mistakes.line_column(first->second);
      context.error(name.at, fmt::format("{} appears twice", quoted(name.text)),
                    fmt::format("the first one is in line {}: rename one of them", place.line));
    } else {
      check_name(context, name, value.name, value.form.items[0]);
      out.push_back({&name, &node.items[i]});
    }
  }
  return out;
}

bool are_shards_unknown(const Context& context, const StreamEntry& stream) {
  return context.is_wrong({"streams", stream.name, "ShardCount"}) ||
         context.is_wrong({"streams", stream.name, "StreamModeDetails"});
}

void check_shard(Context& context, StreamId stream, std::uint32_t shard, const Node& node) {
  if (!stream.valid()) return;  // its mapping has no stream; this was reported
  const StreamEntry& entry = context.out.streams[stream.value];
  if (shard < entry.settings.shard_count || context.reshards) return;
  if (are_shards_unknown(context, entry)) return;
  const std::uint32_t last = entry.settings.shard_count - 1;
  context.error(
      node.at,
      fmt::format("stream {} has no shard {}", quoted(entry.name), quoted(shard_id_text(shard))),
      last == 0 ? fmt::format("its only shard is {}", shard_id_text(0))
                : fmt::format("its shards are {} to {}", shard_id_text(0), shard_id_text(last)));
}

}  // namespace trimhorizon::reader
