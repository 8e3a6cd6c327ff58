#include "sim/scenario/context.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/format.hpp"
#include "sim/scenario/forms.hpp"

namespace trimhorizon::reader {
namespace {

std::string_view noun_of(Thing kind) {
  switch (kind) {
    case Thing::stream: return "stream";
    case Thing::function: return "function";
    case Thing::producer: return "producer";
    case Thing::mapping: return "event source mapping";
    case Thing::destination: return "destination";
    default: return "record";
  }
}

std::string_view place_of(Thing kind) {
  switch (kind) {
    case Thing::stream: return "streams";
    case Thing::function: return "functions";
    case Thing::producer: return "producers";
    case Thing::mapping: return "event_source_mappings";
    default: return "destinations";
  }
}

// arn:aws:kinesis:eu-west-1:123456789012:stream/orders
struct Arn {
  std::string_view service;    // kinesis
  std::string_view name;       // orders
  std::string_view qualifier;  // of a function, behind its name: an alias or a version
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

// The services whose ARNs name such a thing; a destination is of one of them by its type.
std::vector<std::string_view> services_of(Thing kind) {
  switch (kind) {
    case Thing::stream: return {"kinesis"};
    case Thing::function: return {"lambda"};
    case Thing::destination: return {"sqs", "sns", "s3"};
    default: return {};
  }
}

// The name in `!Ref name`, `!GetAtt name.Arn`, an ARN, or the text itself.
std::optional<std::string_view> name_in(Context& context, const Node& node, Thing kind,
                                        std::string_view key) {
  const std::string_view text = node.text;
  if (node.tag == "!GetAtt") {
    if (text.ends_with(".Arn")) return text.substr(0, text.size() - 4);
    const std::string_view name = text.substr(0, text.rfind('.'));
    context.mistakes.error(node.at, fmt::format("{} must be an ARN, not {}", key, quoted(text)),
                           fmt::format("write !GetAtt {}.Arn", name));
    return std::nullopt;
  }
  const std::vector<std::string_view> services = services_of(kind);
  if (!node.tag.empty() || !text.starts_with("arn:") || services.empty()) return text;
  const Arn arn = read_arn(text);
  if (std::find(services.begin(), services.end(), arn.service) == services.end()) {
    context.mistakes.error(node.at, fmt::format("{} must be an ARN of {}, not {}", key,
                                                listed(services), quoted(text)));
    return std::nullopt;
  }
  if (kind == Thing::function && !arn.qualifier.empty() && arn.qualifier != "$LATEST") {
    context.not_modelled(fmt::format("the qualifier {} of {}", quoted(arn.qualifier), key));
  }
  return arn.name;
}

// Does the ARN of a destination fit its type?
bool fits_type(Context& context, const Node& node, std::uint32_t destination) {
  static constexpr std::array<std::string_view, 3> types = {"sqs", "sns", "s3"};
  const DestinationEntry& entry = context.out.destinations[destination];
  const std::string_view type = types[static_cast<std::size_t>(entry.type)];
  if (!node.tag.empty() || !node.text.starts_with("arn:") || read_arn(node.text).service == type) {
    return true;
  }
  context.mistakes.error(
      node.at, fmt::format("destination {} is of type {}, not {}", quoted(entry.name), type,
                           read_arn(node.text).service));
  return false;
}

bool check_name(Context& context, const Node& name, std::string_view key, const Form& form) {
  const bool any_text = form.unit != aws_name_pattern;
  const auto fits = [&](char c) {
    if (any_text) return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  };
  if (name.text.empty()) {
    context.mistakes.error(name.at, fmt::format("a name in {} is empty", key));
    return false;
  }
  if (name.text.size() > static_cast<std::size_t>(form.max)) {
    context.mistakes.error(name.at,
                           fmt::format("a name in {} has at most {} characters", key, form.max));
    return false;
  }
  if (!std::all_of(name.text.begin(), name.text.end(), fits)) {
    context.mistakes.error(
        name.at,
        fmt::format("the name {} has a character that AWS does not allow", quoted(name.text)),
        "use letters, digits, `_`, `-` and `.`");
    return false;
  }
  return true;
}

}  // namespace

std::optional<std::uint32_t> Directory::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string_view> Directory::names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, number] : numbers_) names.push_back(name);
  return names;
}

const Directory& Context::directory(Thing kind) const {
  switch (kind) {
    case Thing::stream: return streams;
    case Thing::function: return functions;
    case Thing::producer: return producers;
    case Thing::mapping: return mappings;
    case Thing::destination: return destinations;
    default: TH_CHECK(!"not a thing with a name"); return streams;
  }
}

std::optional<std::uint32_t> Context::thing(const Node& node, Thing kind, std::string_view key) {
  const std::string wanted = fmt::format("the name of a {}", noun_of(kind));
  const bool reference = node.tag == "!Ref" || node.tag == "!GetAtt";
  if (!node.is_scalar() || !reference) {
    if (!scalar_text(mistakes, node, key, wanted)) return std::nullopt;
  }
  if (kind == Thing::stream && node.text.find("/consumer/") != std::string::npos) {
    mistakes.error(node.at, "consumers with enhanced fan-out are not modelled yet",
                   "name the stream itself");
    return std::nullopt;
  }
  const std::optional<std::string_view> named = name_in(*this, node, kind, key);
  if (!named) return std::nullopt;
  const std::string_view name = *named;
  const Directory& known = directory(kind);
  if (const auto number = known.find(name)) {
    if (kind == Thing::destination && !fits_type(*this, node, *number)) return std::nullopt;
    return number;
  }
  std::string suggestion;
  if (mistakes.worth_a_suggestion()) suggestion = did_you_mean(name, known.names());
  if (suggestion.empty() && known.size() == 0) {
    suggestion = fmt::format("name it under `{}:`", place_of(kind));
  } else if (suggestion.empty() && known.size() <= 5) {
    suggestion = fmt::format("there is {}", listed(known.names()));
  }
  mistakes.error(node.at, fmt::format("no {} is called {}", noun_of(kind), quoted(name)),
                 suggestion);
  return std::nullopt;
}

std::optional<std::uint32_t> Context::thing(const Fields& fields, std::string_view key,
                                            Thing kind) {
  const Node* node = fields.find(key);
  return node ? thing(*node, kind, key) : std::nullopt;
}

std::optional<std::string> Context::record(const Node& node, std::string_view key, bool must_fit) {
  static const Form any_text = text(1);
  const std::optional<std::string> id = text_value(mistakes, node, any_text, key);
  if (!id || ids.can_be_made(*id)) return id;
  const std::string message = fmt::format("no producer makes a record {}", quoted(*id));
  const std::string suggestion =
      mistakes.worth_a_suggestion() ? ids.suggestion_for(*id) : std::string();
  if (!must_fit || ids.fits_a_numbering(*id)) {
    out.warnings.push_back(mistakes.warning(
        node.at, suggestion.empty() ? message : fmt::format("{}: {}", message, suggestion)));
    return id;
  }
  mistakes.error(node.at, message, suggestion);
  return std::nullopt;
}

void Context::not_modelled(std::string what) {
  std::vector<std::string>& all = out.not_modelled;
  if (std::find(all.begin(), all.end(), what) == all.end()) all.push_back(std::move(what));
}

void Context::warn(Mark place, std::string_view message) {
  out.warnings.push_back(mistakes.warning(place, message));
}

void Context::warn_if_never(Instant at, Mark place) {
  if (at <= Instant{} + out.duration) return;
  warn(place,
       fmt::format("this never happens: the run ends at {}", friendly_duration(out.duration)));
}

void check_own_name(Context& context, const Fields& fields, std::string_view key,
                    std::string_view name) {
  const std::optional<std::string> given = fields.text(key);
  if (!given || *given == name) return;
  context.mistakes.error(
      fields.place_of(key),
      fmt::format("{} is {}, but the scenario calls it {}", key, quoted(*given), quoted(name)),
      fmt::format("leave {} out: the key is the name", key));
}

std::vector<NamedNode> named_nodes(Context& context, const Fields& fields, std::string_view key) {
  std::vector<NamedNode> out;
  const Node* node = fields.find(key);
  if (!node) return out;
  if (!node->is_mapping() && !node->is_nothing()) {
    context.mistakes.error(
        node->at, fmt::format("{} must be a mapping from names, not {}", key, describe(*node)));
    return out;
  }
  const Form& form = fields.form(key, Kind::named);
  const bool too_few = static_cast<std::int64_t>(node->items.size()) < form.min;
  if (too_few && !node->merged) {
    context.mistakes.error(node->at, fmt::format("{} is empty", key));
  }
  std::map<std::string_view, Mark> seen;
  for (std::size_t i = 0; i < node->keys.size(); ++i) {
    const Node& name = node->keys[i];
    const auto [first, is_new] = seen.emplace(name.text, name.at);
    if (!is_new) {
      const LineColumn place = context.mistakes.line_column(first->second);
      context.mistakes.error(
          name.at, fmt::format("{} stands here a second time", quoted(name.text)),
          fmt::format("the first is in line {}: rename one of them", place.line));
      continue;
    }
    if (check_name(context, name, key, form.items[0])) out.push_back({&name, &node->items[i]});
  }
  return out;
}

}  // namespace trimhorizon::reader
