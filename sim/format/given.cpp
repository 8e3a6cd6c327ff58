#include "sim/format/given.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/format/format.hpp"

namespace trimhorizon::reader {
namespace {

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string_view> key_names(const Block& block) {
  std::vector<std::string_view> names;
  for (const Key& key : block.keys) names.push_back(key.name);
  return names;
}

// "a stream", "an event source mapping". A block with the name of its key is written like the key:
// `retry`.
std::string with_article(std::string_view noun) {
  if (noun[0] == '`') return noun.ends_with('`') ? std::string(noun) : fmt::format("a {}", noun);
  const bool vowel = std::string_view("aeiou").find(noun[0]) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

}  // namespace

Given::Given(Notes& notes, const Node& node, const Block& block)
    : notes_(notes), node_(node), block_(block) {
  if (!node.is_mapping() && !node.is_nothing()) {
    notes.error(node.at, fmt::format("{} must be a mapping `key: value`, not {}",
                                     with_article(block.noun), describe(node)));
  } else if (!node.tag.empty()) {
    notes.error(node.at, fmt::format("the tag `{}` is not allowed here", node.tag));
  } else {
    check_keys();
    check_missing();
  }
}

void Given::check_keys() {
  std::vector<std::pair<std::string_view, std::size_t>> names;
  for (std::size_t i = 0; i < node_.keys.size(); ++i) names.emplace_back(node_.keys[i].text, i);
  std::sort(names.begin(), names.end());
  std::vector<bool> repeated(node_.keys.size(), false);
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (names[i].first != names[i - 1].first) continue;
    repeated[names[i].second] = true;
    const LineColumn first = notes_.mistakes.line_column(node_.keys[names[i - 1].second].at);
    notes_.error(node_.keys[names[i].second].at,
                 fmt::format("{} appears twice", quoted(names[i].first)),
                 fmt::format("the first one is in line {}: remove one of them", first.line));
  }
  for (std::size_t i = 0; i < node_.keys.size(); ++i) {
    if (!repeated[i]) check_key(node_.keys[i], node_.items[i]);
  }
}

void Given::check_key(const Node& node, const Node& value) {
  const Key* key = block_.find(node.text);
  if (!key) return unknown_key(node);
  switch (key->forms.front().kind) {
    case Kind::not_modelled:
      return notes_.error(node.at, fmt::format("`{}` is not modelled yet", key->name),
                          key->text.empty() ? "leave it out" : std::string(key->text));
    case Kind::not_for_kinesis:
      return notes_.error(node.at, fmt::format("`{}` cannot be used with Kinesis", key->name),
                          "leave it out");
    case Kind::ignored: return notes_.note_not_modelled(std::string(key->name));
    default:
      if (!key->modelled.empty()) check_modelled(*key, value);
  }
}

void Given::check_modelled(const Key& key, const Node& node) {
  const Value value{node, key.form_for(node), key.name};
  if (value.form.kind == Kind::list) {
    if (!is_list_of(notes_, value) || node.items.empty()) return;
    std::string noun(block_.noun);
    std::erase(noun, '`');
    return notes_.error(node.at, fmt::format("{} are not modelled yet", key.name),
                        fmt::format("leave {} out", noun));
  }
  const bool right = value.form.kind == Kind::word ? word_value(notes_, value).has_value()
                                                   : number_value(notes_, value).has_value();
  if (!right || node.text == key.modelled) return;
  notes_.error(node.at, fmt::format("{} {} is not modelled yet: only {}", key.name, node.text,
                                    key.modelled));
}

void Given::unknown_key(const Node& node) {
  std::string suggestion;
  if (notes_.mistakes.worth_a_suggestion()) {
    const OtherWords* other = notes_.format.meaning_of(node.text);
    suggestion = did_you_mean(node.text, key_names(block_));
    if (!suggestion.empty()) {
      near_misses_.push_back(nearest(node.text, key_names(block_)));
    } else if (other && block_.find(other->ours)) {
      suggestion = fmt::format("did you mean `{}`?", other->ours);
      near_misses_.push_back(other->ours);
    } else if (const Block* home = notes_.format.home_of(node.text)) {
      suggestion = fmt::format("`{}` is a key of {}", node.text, with_article(home->noun));
    } else if (other) {
      suggestion = fmt::format("did you mean `{}`?", other->ours);
      const Block* place = notes_.format.home_of(other->ours);
      const std::string_view noun = place ? place->noun : other->home;
      if (!noun.empty()) suggestion += fmt::format(" It is a key of {}", with_article(noun));
    }
  }
  const bool at_root = &block_ == &notes_.format.root();
  notes_.error(node.at,
               fmt::format("unknown key {}{}", quoted(node.text),
                           at_root ? "" : " in " + with_article(block_.noun)),
               suggestion);
}

void Given::check_missing() {
  if (node_.merged) return;
  for (const Key& key : block_.keys) {
    if (!key.is_required || !is_absent(key.name)) continue;
    notes_.error(end(), fmt::format("`{}` is missing in this {}", key.name, block_.noun));
  }
}

const Key& Given::key(std::string_view name) const {
  const Key* key = block_.find(name);
  TH_CHECK(key);
  return *key;
}

const Node* Given::find(std::string_view name) const {
  TH_CHECK(block_.find(name));
  return node_.is_mapping() ? node_.find(name) : nullptr;
}

bool Given::is_absent(std::string_view name) const {
  return !has(name) && !contains(near_misses_, name);
}

bool Given::is_right(std::string_view name) const { return contains(right_, name); }

Mark Given::place_of(std::string_view name) const {
  const Node* value = find(name);
  return value ? value->at : node_.at;
}

void Given::read_all(Type type, void* object) const {
  if (!block_.read) return fill(type, object);
  TH_CHECK(block_.fills == type);
  block_.read(*this, object);
}

void Given::fill(Type type, void* object) const {
  for (const Key& key : block_.keys) {
    if (key.filling.fills == type && !key.is_apart) read(key, type, object);
  }
}

bool Given::read(const Key& key, Type type, void* object) const {
  TH_CHECK(key.filling.fills == type);
  const Node* node = find(key.name);
  if (!node) return false;
  const Node& name = node_.keys[static_cast<std::size_t>(node - node_.items.data())];
  const bool right =
      key.filling.read(notes_, {*node, key.form_for(*node), key.name, &name}, object);
  if (right) right_.push_back(key.name);
  return right;
}

}  // namespace trimhorizon::reader
