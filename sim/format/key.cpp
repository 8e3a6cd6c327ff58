#include "sim/format/key.hpp"

#include <algorithm>

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
Rows not_for_kinesis(std::initializer_list<std::string_view> names) {
  return rows_of(Kind::not_for_kinesis, names);
}

bool Key::is_ours_to_read() const {
  const Kind kind = forms.front().kind;
  return kind != Kind::ignored && kind != Kind::not_modelled && kind != Kind::not_for_kinesis;
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

}  // namespace trimhorizon::reader
