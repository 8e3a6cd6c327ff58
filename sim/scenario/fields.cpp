#include "sim/scenario/fields.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/check.hpp"

namespace trimhorizon::reader {
namespace {

std::vector<std::string_view> names_of(const Block& block) {
  std::vector<std::string_view> names;
  for (const Key& key : block.keys) names.push_back(key.name);
  return names;
}

// "a stream", "an event source mapping"; a block that is called like its key, like that: `retry`.
std::string with_article(std::string_view noun) {
  if (noun[0] == '`') return noun.ends_with('`') ? std::string(noun) : fmt::format("a {}", noun);
  const bool vowel = std::string_view("aeiou").find(noun[0]) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

// A key of this name in another block: the user put it into the wrong place.
const Block* home_of(std::string_view name) {
  const Block* home = nullptr;
  for (const Block* block : all_blocks()) {
    const Key* key = block->find(name);
    if (!key || !key->is_ours_to_read()) continue;
    if (home) return nullptr;  // in several places
    home = block;
  }
  return home;
}

}  // namespace

Fields::Fields(Mistakes& mistakes, const Node& node, const Block& block,
               std::vector<std::string>& not_modelled)
    : mistakes_(mistakes), node_(node), block_(block) {
  if (!node.is_mapping() && !node.is_nothing()) {
    mistakes.error(node.at, fmt::format("{} must be a mapping `key: value`, not {}",
                                        with_article(block.noun), describe(node)));
    return;
  }
  if (!node.tag.empty()) {
    mistakes.error(node.at, fmt::format("the tag `{}` is not read here", node.tag));
    return;
  }
  check_keys(not_modelled);
  check_missing();
}

void Fields::check_keys(std::vector<std::string>& not_modelled) {
  std::vector<std::pair<std::string_view, std::size_t>> names;
  for (std::size_t i = 0; i < node_.keys.size(); ++i) names.emplace_back(node_.keys[i].text, i);
  std::sort(names.begin(), names.end());
  std::vector<bool> repeated(node_.keys.size(), false);
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (names[i].first != names[i - 1].first) continue;
    repeated[names[i].second] = true;
    const LineColumn first = mistakes_.line_column(node_.keys[names[i - 1].second].at);
    mistakes_.error(node_.keys[names[i].second].at,
                    fmt::format("{} stands here a second time", quoted(names[i].first)),
                    fmt::format("the first is in line {}: take one of them away", first.line));
  }
  for (std::size_t i = 0; i < node_.keys.size(); ++i) {
    if (!repeated[i]) check_key(node_.keys[i], not_modelled);
  }
}

void Fields::check_key(const Node& node, std::vector<std::string>& not_modelled) {
  const Key* key = block_.find(node.text);
  if (!key) return unknown_key(node);
  const std::string name(key->name);
  switch (key->forms.front().kind) {
    case Kind::not_modelled:
      mistakes_.error(node.at, fmt::format("`{}` is not modelled yet", name),
                      key->text.empty() ? "leave it out" : std::string(key->text));
      return;
    case Kind::not_for_kinesis:
      mistakes_.error(node.at, fmt::format("`{}` does not go with Kinesis", name), "leave it out");
      return;
    case Kind::ignored:
      if (std::find(not_modelled.begin(), not_modelled.end(), name) == not_modelled.end()) {
        not_modelled.push_back(name);
      }
      return;
    default: return;
  }
}

void Fields::unknown_key(const Node& node) {
  std::string suggestion;
  const std::string_view ours = our_word_for(node.text);
  if (mistakes_.worth_a_suggestion()) {
    suggestion = did_you_mean(node.text, names_of(block_));
    if (!suggestion.empty()) {
      near_misses_.push_back(nearest(node.text, names_of(block_)));
    } else if (!ours.empty() && block_.find(ours)) {
      suggestion = fmt::format("did you mean `{}`?", ours);
      near_misses_.push_back(ours);
    } else if (const Block* home = home_of(node.text)) {
      suggestion = fmt::format("`{}` is a key of {}", node.text, with_article(home->noun));
    } else if (!ours.empty()) {
      const Block* place = home_of(ours);
      if (ours == "rate") place = &producer_block();
      suggestion = fmt::format("did you mean `{}`?", ours);
      if (place) suggestion += fmt::format(" It is a key of {}", with_article(place->noun));
    }
  }
  const bool root = &block_ == &scenario_block();
  mistakes_.error(
      node.at,
      root ? fmt::format("unknown key {}", quoted(node.text))
           : fmt::format("unknown key {} in {}", quoted(node.text), with_article(block_.noun)),
      suggestion);
}

void Fields::check_missing() {
  if (node_.merged) return;
  for (const Key& key : block_.keys) {
    if (!key.need.required || node_.find(key.name)) continue;
    if (misspelt(key.name)) continue;
    const Mark end = end_of(node_, mistakes_.source(node_.at.source));
    mistakes_.error(end, fmt::format("`{}` is missing in this {}", key.name, block_.noun));
  }
}

const Node* Fields::find(std::string_view name) const {
  TH_CHECK(block_.find(name));
  return node_.is_mapping() ? node_.find(name) : nullptr;
}

bool Fields::misspelt(std::string_view name) const {
  return std::find(near_misses_.begin(), near_misses_.end(), name) != near_misses_.end();
}

const Form& Fields::form(std::string_view name, Kind kind) const {
  const Key* key = block_.find(name);
  TH_CHECK(key);
  for (const Form& form : key->forms) {
    if (form.kind == kind) return form;
  }
  TH_CHECK(!"the key has no form of this kind");
  return key->forms.front();
}

Mark Fields::place_of(std::string_view name) const {
  const Node* value = find(name);
  return value ? value->at : node_.at;
}

bool Fields::is_modelled(const Key& key, const Node& value) const {
  if (key.modelled.empty() || value.text == key.modelled) return true;
  mistakes_.error(value.at, fmt::format("{} {} is not modelled yet: only {}", key.name, value.text,
                                        key.modelled));
  return false;
}

template <class T, class Read>
std::optional<T> Fields::read(std::string_view name, Kind kind, Read&& read) const {
  const Key& key = *block_.find(name);
  const Form& wanted = form(name, kind);
  if (const Node* value = find(name)) {
    const std::optional<T> given = read(mistakes_, *value, wanted, name);
    if (given && is_modelled(key, *value)) return given;
  }
  if (key.need.value_otherwise.empty()) return std::nullopt;
  Node otherwise;
  otherwise.kind = Node::Kind::scalar;
  otherwise.text = std::string(key.need.value_otherwise);
  return read(mistakes_, otherwise, wanted, name);
}

std::optional<std::string> Fields::text(std::string_view name) const {
  return read<std::string>(name, Kind::text, text_value);
}
std::optional<std::uint32_t> Fields::word(std::string_view name) const {
  return read<std::uint32_t>(name, Kind::word, word_value);
}
std::optional<std::int64_t> Fields::integer(std::string_view name) const {
  return read<std::int64_t>(name, Kind::integer, integer_value);
}
std::optional<std::int64_t> Fields::decimal(std::string_view name, int digits) const {
  return read<std::int64_t>(name, Kind::decimal, [&](auto& mistakes, auto& node, auto& form, auto) {
    return decimal_value(mistakes, node, form, name, digits);
  });
}
std::optional<bool> Fields::boolean(std::string_view name) const {
  return read<bool>(name, Kind::boolean, [&](auto& mistakes, auto& node, auto&, auto) {
    return boolean_value(mistakes, node, name);
  });
}
std::optional<Duration> Fields::duration(std::string_view name) const {
  return read<Duration>(name, Kind::duration, duration_value);
}
std::optional<std::int64_t> Fields::size(std::string_view name) const {
  return read<std::int64_t>(name, Kind::size, size_value);
}
std::optional<Probability> Fields::percent(std::string_view name) const {
  return read<Probability>(name, Kind::percent, [&](auto& mistakes, auto& node, auto&, auto) {
    return percent_value(mistakes, node, name);
  });
}
std::optional<std::int64_t> Fields::wall_time(std::string_view name) const {
  return read<std::int64_t>(name, Kind::time, [&](auto& mistakes, auto& node, auto&, auto) {
    return wall_time_value(mistakes, node, name);
  });
}
std::optional<std::uint32_t> Fields::shard(std::string_view name) const {
  return read<std::uint32_t>(name, Kind::shard, [&](auto& mistakes, auto& node, auto&, auto) {
    return shard_value(mistakes, node, name);
  });
}
const std::vector<Node>* Fields::list(std::string_view name) const {
  const Node* value = find(name);
  if (!value || !is_list_of(mistakes_, *value, form(name, Kind::list), name)) return nullptr;
  return &value->items;
}

}  // namespace trimhorizon::reader
