#include "sim/scenario/values.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "sim/base/utf8.hpp"
#include "sim/kinesis/sequence_number.hpp"

namespace trimhorizon::reader {
namespace {

bool is_aws(std::string_view name) { return !name.empty() && name[0] >= 'A' && name[0] <= 'Z'; }

template <class T>
std::optional<T> report(Mistakes& mistakes, const Node& node, std::string_view name,
                        const Reading<T>& reading) {
  if (!reading.value) {
    mistakes.error(node.at, fmt::format("{} {}", name, reading.problem), reading.suggestion);
  }
  return reading.value;
}

bool within(Mistakes& mistakes, const Node& node, std::string_view name, const Form& form,
            std::int64_t value, std::string_view shown) {
  if (value >= form.min && value <= form.max) return true;
  if (form.min == form.max) {
    mistakes.error(node.at, fmt::format("{} must be {}, not {}", name, form.min, shown));
    return false;
  }
  for (const std::string_view word : form.words) {
    if (word == shown) return true;
  }
  const bool open = form.max == std::numeric_limits<std::int64_t>::max();
  std::string bounds;
  for (const std::string_view word : form.words) bounds += fmt::format("{} or ", word);
  bounds += open ? fmt::format("at least {}", form.min)
                 : fmt::format("from {} to {}", form.min, form.max);
  mistakes.error(node.at, fmt::format("{} must be {}, not {}", name, bounds, shown));
  return false;
}

// "30s" for a number of seconds: 30. Sizes for KiB and MiB likewise.
std::optional<std::int64_t> meant_in_unit(std::string_view text, std::string_view unit) {
  if (unit == "seconds" || unit == "hours") {
    const Reading<Duration> duration = read_duration(text, "s");
    const std::int64_t one = unit == "hours" ? hours(1).us : seconds(1).us;
    if (duration.value && duration.value->us % one == 0) return duration.value->us / one;
  } else if (unit == "KiB" || unit == "MiB") {
    std::string size_text(text);
    for (const std::string_view loose : {"KB", "MB", "kB"}) {
      if (text.ends_with(loose)) size_text.insert(size_text.size() - 1, 1, 'i');
    }
    const Reading<std::int64_t> size = read_size(size_text);
    const std::int64_t one = unit == "KiB" ? 1 << 10 : 1 << 20;
    if (size.value && *size.value % one == 0) return *size.value / one;
  }
  return std::nullopt;
}

bool in_quotes_for_no_reason(Mistakes& mistakes, const Node& node, std::string_view name,
                             std::string_view wanted) {
  if (!node.in_quotes || is_aws(name)) return false;
  mistakes.error(node.at, fmt::format("{} must be {}, not a text in quotes", name, wanted),
                 fmt::format("write {} without quotes", quoted(node.text)));
  return true;
}

// Of a block with required keys, what is missing is said anyway.
bool has_only_optional_keys(const Form& item) {
  if (!item.block) return false;
  const std::vector<Key>& keys = item.block().keys;
  return std::none_of(keys.begin(), keys.end(), [](const Key& key) { return key.need.required; });
}

}  // namespace

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::nothing: return "nothing";
    case Node::Kind::list: return "a list";
    case Node::Kind::mapping: return "a mapping";
    case Node::Kind::scalar: break;
  }
  return node.text.empty() ? "an empty text" : quoted(node.text);
}

const std::string* scalar_text(Mistakes& mistakes, const Node& node, std::string_view name,
                               std::string_view wanted) {
  if (!node.is_scalar()) {
    mistakes.error(node.at, fmt::format("{} must be {}, not {}", name, wanted, describe(node)));
    return nullptr;
  }
  if (!node.tag.empty()) {
    mistakes.error(node.at, fmt::format("the tag `{}` is not read here", node.tag),
                   fmt::format("write {} itself", wanted));
    return nullptr;
  }
  return &node.text;
}

std::optional<std::string> text_value(Mistakes& mistakes, const Node& node, const Form& form,
                                      std::string_view name) {
  // `null` and `~` are texts where a text is wanted; only what is not there is nothing.
  if (node.is_nothing() && !node.text.empty()) return node.text;
  const std::string* text = scalar_text(mistakes, node, name, "a text");
  if (!text) return std::nullopt;
  const auto length = static_cast<std::int64_t>(count_code_points(*text));
  if (length < form.min) {
    mistakes.error(node.at, fmt::format("{} is empty", name));
    return std::nullopt;
  }
  if (length > form.max) {
    mistakes.error(node.at, fmt::format("{} has {} characters: at most {} are allowed", name,
                                        length, form.max));
    return std::nullopt;
  }
  return *text;
}

std::optional<std::uint32_t> word_value(Mistakes& mistakes, const Node& node, const Form& form,
                                        std::string_view name) {
  constexpr std::size_t told_at_once = 5;
  const bool few = form.words.size() <= told_at_once;
  const std::string* text =
      scalar_text(mistakes, node, name, few ? listed(form.words) : "a word that is known here");
  if (!text) return std::nullopt;
  for (std::size_t i = 0; i < form.words.size(); ++i) {
    if (form.words[i] == *text) return static_cast<std::uint32_t>(i);
  }
  std::string suggestion;
  if (mistakes.worth_a_suggestion()) suggestion = did_you_mean(*text, form.words);
  if (!few && suggestion.empty()) suggestion = "write one of " + listed(form.words);
  mistakes.error(
      node.at,
      few ? fmt::format("{} must be {}, not {}", name, listed(form.words), describe(node))
          : fmt::format("{} cannot be {}", name, describe(node)),
      suggestion);
  return std::nullopt;
}

std::optional<std::int64_t> integer_value(Mistakes& mistakes, const Node& node, const Form& form,
                                          std::string_view name) {
  const std::string* text = scalar_text(mistakes, node, name, "a whole number");
  if (!text || in_quotes_for_no_reason(mistakes, node, name, "a whole number")) {
    return std::nullopt;
  }
  const Reading<std::int64_t> reading = read_integer(*text);
  if (!reading.value && !form.unit.empty()) {
    if (const auto meant = meant_in_unit(*text, form.unit)) {
      mistakes.error(node.at, fmt::format("{} is in {}, as in CloudFormation: write {}", name,
                                          form.unit, *meant));
      return std::nullopt;
    }
    mistakes.error(node.at, fmt::format("{} {}", name, reading.problem),
                   reading.suggestion.empty()
                       ? fmt::format("it is in {}, as in CloudFormation", form.unit)
                       : reading.suggestion);
    return std::nullopt;
  }
  const std::optional<std::int64_t> value = report(mistakes, node, name, reading);
  if (!value || !within(mistakes, node, name, form, *value, *text)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> decimal_value(Mistakes& mistakes, const Node& node, const Form& form,
                                          std::string_view name, int digits) {
  const std::string* text = scalar_text(mistakes, node, name, "a number");
  if (!text || in_quotes_for_no_reason(mistakes, node, name, "a number")) return std::nullopt;
  const auto value = report(mistakes, node, name, read_decimal(*text, digits));
  if (!value) return std::nullopt;
  std::int64_t one = 1;
  for (int i = 0; i < digits; ++i) one *= 10;
  Form whole = form;
  whole.min = form.min / 1'000'000;
  whole.max = form.max / 1'000'000;
  const bool inside = *value >= whole.min * one && *value <= whole.max * one;
  if (inside) return value;
  mistakes.error(
      node.at, fmt::format("{} must be from {} to {}, not {}", name, whole.min, whole.max, *text));
  return std::nullopt;
}

std::optional<bool> boolean_value(Mistakes& mistakes, const Node& node, std::string_view name) {
  const std::string* text = scalar_text(mistakes, node, name, "true or false");
  if (!text || in_quotes_for_no_reason(mistakes, node, name, "true or false")) return std::nullopt;
  for (const std::string_view yes : {"true", "True", "TRUE"}) {
    if (*text == yes) return true;
  }
  for (const std::string_view no : {"false", "False", "FALSE"}) {
    if (*text == no) return false;
  }
  std::string suggestion;
  for (const std::string_view yes : {"yes", "Yes", "on", "On", "1", "y"}) {
    if (*text == yes) suggestion = "write true";
  }
  for (const std::string_view no : {"no", "No", "off", "Off", "0", "n"}) {
    if (*text == no) suggestion = "write false";
  }
  mistakes.error(node.at, fmt::format("{} must be true or false, not {}", name, describe(node)),
                 suggestion);
  return std::nullopt;
}

std::optional<Duration> duration_value(Mistakes& mistakes, const Node& node, const Form& form,
                                       std::string_view name) {
  const std::string* text = scalar_text(mistakes, node, name, "a duration");
  if (!text) return std::nullopt;
  const auto value = report(mistakes, node, name, read_duration(*text, form.unit));
  if (value && value->us < form.min) {
    mistakes.error(node.at, fmt::format("{} must be longer than 0s", name));
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> size_value(Mistakes& mistakes, const Node& node, const Form& form,
                                       std::string_view name) {
  const std::string* text = scalar_text(mistakes, node, name, "a size");
  if (!text) return std::nullopt;
  const auto value = report(mistakes, node, name, read_size(*text));
  if (value && *value < form.min) {
    mistakes.error(node.at, fmt::format("{} must be at least {}B", name, form.min));
    return std::nullopt;
  }
  return value;
}

std::optional<RateStep> rate_value(Mistakes& mistakes, const Node& node, std::string_view name) {
  const std::string* text = scalar_text(mistakes, node, name, "a rate");
  if (!text) return std::nullopt;
  return report(mistakes, node, name, read_rate(*text));
}

std::optional<Probability> percent_value(Mistakes& mistakes, const Node& node,
                                         std::string_view name) {
  const std::string* text = scalar_text(mistakes, node, name, "a percentage");
  if (!text) return std::nullopt;
  return report(mistakes, node, name, read_percent(*text));
}

std::optional<std::int64_t> wall_time_value(Mistakes& mistakes, const Node& node,
                                            std::string_view name) {
  const std::string* text = scalar_text(mistakes, node, name, "a time");
  if (!text) return std::nullopt;
  return report(mistakes, node, name, read_wall_time(*text));
}

std::optional<std::uint32_t> shard_value(Mistakes& mistakes, const Node& node,
                                         std::string_view name) {
  const std::string* text = scalar_text(mistakes, node, name, "the id of a shard");
  if (!text) return std::nullopt;
  if (const auto number = parse_shard_id(*text)) return number;
  const Reading<std::int64_t> plain = read_integer(*text);
  const bool a_number = plain.value && *plain.value >= 0 && *plain.value < 1'000'000;
  const std::int64_t example = a_number ? *plain.value : 0;
  mistakes.error(node.at, fmt::format("{} must be the id of a shard, not {}", name, quoted(*text)),
                 fmt::format("ids of shards look like shardId-{:012}", example));
  return std::nullopt;
}

bool is_list_of(Mistakes& mistakes, const Node& node, const Form& form, std::string_view name) {
  if (!node.is_list() && !node.is_nothing()) {
    const bool short_text = node.is_scalar() && node.text.size() < 40 && node.tag.empty();
    mistakes.error(node.at, fmt::format("{} must be a list, not {}", name, describe(node)),
                   short_text ? fmt::format("write [{}]", node.text) : "");
    return false;
  }
  if (has_only_optional_keys(form.items.front())) {
    for (const Node& item : node.items) {
      if (!item.is_nothing()) continue;
      mistakes.error(item.at, fmt::format("an entry of {} is empty", name),
                     "write {} for an entry of defaults, or take it away");
    }
  }
  const auto size = static_cast<std::int64_t>(node.items.size());
  if (size < form.min) {
    mistakes.error(node.at, fmt::format("{} is an empty list", name));
    return false;
  }
  if (size > form.max) {
    mistakes.error(node.at,
                   fmt::format("{} has {} items: at most {} are allowed", name, size, form.max));
    return false;
  }
  return true;
}

}  // namespace trimhorizon::reader
