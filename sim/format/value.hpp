// Reads one value of the file by the form of its key: checks type, bounds and unit, and reports
// what is wrong at its place.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/format/comparison.hpp"
#include "sim/format/form.hpp"
#include "sim/format/quantity.hpp"
#include "sim/yaml/mistakes.hpp"
#include "sim/yaml/tree.hpp"

namespace trimhorizon::reader {

class Format;

// Messages about a file, collected while it is read.
struct Notes {
  Mistakes& mistakes;
  const Format& format;
  std::vector<std::string>& not_modelled;  // accepted keys that change nothing; each once
  std::vector<std::string>& warnings;

  void error(Mark at, std::string message, std::string suggestion = {}) {
    mistakes.error(at, std::move(message), std::move(suggestion));
  }
  // The same message again is counted with the first one: a list may have it a thousand times.
  void warn(Mark at, const std::string& message);
  // Notes an accepted key that changes nothing; once for each text.
  void note_not_modelled(std::string what);

  bool with_coming = false;  // reads also the keys that a run does not use yet (Key::coming)

  // The warnings of a message: the number of the text, the first place, and how many more there
  // are.
  struct Warned {
    std::size_t number = 0;
    Mark first;
    std::size_t more = 0;
  };
  std::map<std::string, Warned> warned = {};
};

struct Value {
  const Node& node;
  const Form& form;
  std::string_view name;      // the name of its key; begins the message: "BatchSize must be ..."
  const Node* key = nullptr;  // the key in the file; null for an item of a list
  std::string_view example = {};  // of a right value; may be empty
  bool has_other_forms = false;   // the key takes values of other forms too
};

// The text of a scalar without a tag. Null after any other value; this reports "NAME must be
// WANTED, not ...".
const std::string* scalar_text(Notes&, const Value&, std::string_view wanted);
// An integer, a decimal, a size, a time or Unix time (both in milliseconds), or the number of a
// shard.
std::optional<std::int64_t> number_value(Notes&, const Value&);
// The index of the word in the form's words.
std::optional<std::uint32_t> word_value(Notes&, const Value&);
// Is it a list with an allowed number of items? Nothing counts as an empty list.
bool is_list_of(Notes&, const Value&);

// Each function reads a value by its form. False when the value is wrong; then `out` keeps its old
// value.
bool read_value(Notes&, const Value&, std::string& out);  // text, word, shard, hash key
// A boolean, or one of two words: true for the second.
bool read_value(Notes&, const Value&, bool& out);
bool read_value(Notes&, const Value&, Duration& out);
bool read_value(Notes&, const Value&, Instant& out);  // a duration from the beginning of the run
bool read_value(Notes&, const Value&, Rate& out);
bool read_value(Notes&, const Value&, Probability& out);
// One comparison, or a list of them.
bool read_value(Notes&, const Value&, std::vector<Comparison>& out);
template <std::integral T>
bool read_value(Notes& notes, const Value& value, T& out) {
  const std::optional<std::int64_t> number = number_value(notes, value);
  TH_CHECK(!number || std::in_range<T>(*number));  // the bounds in the row guarantee this
  if (number) out = static_cast<T>(*number);
  return number.has_value();
}
template <class T>
requires std::is_enum_v<T>  // its words are in the order of the enumerators
bool read_value(Notes& notes, const Value& value, T& out) {
  const std::optional<std::uint32_t> word = word_value(notes, value);
  if (word) out = static_cast<T>(*word);
  return word.has_value();
}
template <class T>
bool read_value(Notes& notes, const Value& value, std::optional<T>& out) {
  T given{};
  const bool right = read_value(notes, value, given);
  if (right) out = std::move(given);
  return right;
}
// The outer optional: is there a value? The inner one is empty for `null`.
template <class T>
bool read_value(Notes& notes, const Value& value, std::optional<std::optional<T>>& out) {
  out.emplace();
  return value.form.kind == Kind::nothing || read_value(notes, value, *out);
}
template <class T>
bool read_value(Notes& notes, const Value& value, std::vector<T>& out) {
  if (!is_list_of(notes, value)) return false;
  for (const Node& item : value.node.items) {
    T given{};
    const bool right = read_value(notes, {item, value.form.items.front(), value.name}, given);
    if (right) out.push_back(std::move(given));
  }
  return true;
}

// The text of a value in its form; empty when there is nothing to write.
std::string value_text(const Form&, const std::string& value);
std::string value_text(const Form&, bool value);
std::string value_text(const Form&, Duration value);
std::string value_text(const Form&, Instant value);
std::string value_text(const Form&, Probability value);
std::string number_text(const Form&, std::int64_t value);
template <std::integral T>
std::string value_text(const Form& form, T value) {
  return number_text(form, static_cast<std::int64_t>(value));
}
template <class T>
requires std::is_enum_v<T> std::string value_text(const Form& form, T value) {
  return std::string(form.words[static_cast<std::size_t>(value)]);
}
template <class T>
requires std::is_class_v<T>  // an optional, a list, a struct
    std::string value_text(const Form&, const T&) {
  return {};
}

}  // namespace trimhorizon::reader
