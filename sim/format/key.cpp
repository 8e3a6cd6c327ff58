#include "sim/format/key.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/yaml/tree.hpp"

namespace trimhorizon::reader {
namespace {

Rows rows_of(Kind kind, std::initializer_list<std::string_view> names, std::string_view text = {}) {
  std::vector<Key> keys;
  for (const std::string_view name : names) keys.push_back(key(name, simple(kind), {}, text));
  return keys;
}

}  // namespace

Key key(std::string_view name, Forms forms, Filling filling, std::string_view text,
        std::string_view rule) {
  return {name, std::move(forms.forms), std::move(filling), text, rule};
}
Key required(std::string_view name, Forms forms, Filling filling, std::string_view text,
             std::string_view rule) {
  return {name, std::move(forms.forms), std::move(filling), text, rule, true};
}
Rows ignored(std::initializer_list<std::string_view> names) {
  return rows_of(Kind::ignored, names);
}
Rows not_modelled(std::initializer_list<std::string_view> names, std::string_view instead) {
  return rows_of(Kind::not_modelled, names, instead);
}
Rows not_for_kinesis(std::initializer_list<std::string_view> names, std::string_view instead) {
  return rows_of(Kind::not_for_kinesis, names, instead);
}

bool Key::is_ours_to_read() const { return forms.front().kind != Kind::ignored && !is_refused(); }

bool Key::is_not_modelled() const {
  return forms.front().kind == Kind::not_modelled || !coming.empty();
}

bool Key::is_refused() const {
  return is_not_modelled() || forms.front().kind == Kind::not_for_kinesis;
}

std::string_view Key::refusal() const {
  return is_not_modelled() ? "is not modelled yet" : "cannot be used with Kinesis";
}

std::string_view Key::advice() const {
  if (!coming.empty()) return coming;
  return text.empty() ? "leave it out" : text;
}

std::string Key::default_text() const {
  if (!otherwise.empty()) return std::string(otherwise);
  if (!filling.default_text || is_required || is_apart) return {};
  return filling.default_text(forms.front());
}

std::string Key::example_text() const {
  if (!example.empty()) return std::string(example);
  if (!modelled.empty()) return std::string(modelled);
  const Form& form = forms.front();
  if (form.kind == Kind::boolean) return default_text() == "true" ? "false" : "true";
  if (form.kind != Kind::word) return "";
  return std::string(form.words[form.words.size() > 1 ? 1 : 0]);
}

const Form& Key::form_for(const Node& value) const {
  const Form* scalar = nullptr;
  for (const Form& form : forms) {
    switch (form.kind) {
      case Kind::block:
      case Kind::named:
      case Kind::map:
        if (value.is_mapping()) return form;
        break;
      case Kind::list:
        if (value.is_list()) return form;
        break;
      case Kind::nothing:
        if (value.is_nothing()) return form;
        break;
      default:
        if (!scalar) scalar = &form;
    }
  }
  return scalar ? *scalar : forms.front();
}

Block::Block(std::string_view its_noun, std::initializer_list<Rows> rows) : noun(its_noun) {
  for (const Rows& some : rows) keys.insert(keys.end(), some.keys.begin(), some.keys.end());
}

const Key* Block::find(std::string_view name) const {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

const Key* Block::spelled(std::string_view name) const {
  if (const Key* exact = find(name)) return exact;
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&](const Key& key) { return same_letters(key.name, name); });
  return found == keys.end() ? nullptr : &*found;
}

std::string letters_of(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c == '_' || c == '-') continue;
    letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return letters;
}

bool same_letters(std::string_view a, std::string_view b) { return letters_of(a) == letters_of(b); }

std::string shown_value(const Node& value) {
  constexpr std::size_t shown_max = 40;
  const bool may_be_shown = value.is_scalar() && value.tag.empty() && !value.text.empty() &&
                            value.text.size() < shown_max &&
                            value.text.find_first_of(" ,[]{}#'\"\n") == std::string::npos;
  return may_be_shown ? value.text : "…";
}

std::string written_in_block(const Block& block, const Node& value) {
  std::vector<const Key*> wanted;
  std::vector<const Key*> possible;
  for (const Key& key : block.keys) {
    if (key.is_required) wanted.push_back(&key);
    if (key.is_ours_to_read()) possible.push_back(&key);
  }
  if (wanted.empty() && possible.size() == 1) wanted = possible;
  if (wanted.empty()) return {};
  const std::string shown = shown_value(value);
  if (wanted.size() == 1) {
    const Form& form = wanted.front()->forms.front();
    const std::string inner = form.block ? written_in_block(*form.block, value) : shown;
    return inner.empty() ? "" : fmt::format("{{{}: {}}}", wanted.front()->name, inner);
  }
  std::string text;
  for (const Key* key : wanted) text += fmt::format("{}{}: …", text.empty() ? "" : ", ", key->name);
  return fmt::format("{{{}}}", text);
}

}  // namespace trimhorizon::reader
