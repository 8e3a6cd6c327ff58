// The table of a format, row by row. A row is a key: the forms of its value, a sentence, its rule,
// and the member that it fills. The reader (given.hpp), the JSON Schema (schema.hpp) and the paths
// of `--set` (path.hpp) all use these rows.
//
// Always:
//  1. A name that begins with a capital letter is a name of AWS. Then its unit is that of AWS, and
//     its numbers may be in quotes.
//  2. The default of a key is the value of its member in a new struct; it is not written anywhere
//     else.
//  3. A wrong value has been reported. Its member keeps its old value; a list gets only the right
//     items.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/format/form.hpp"

namespace trimhorizon::reader {

struct Node;
struct Notes;
struct Value;
class Given;

// Identifies the struct that a key or a block fills: a different address for each type.
using Type = const char*;
template <class T>
Type type_of() {
  static constexpr char tag = 0;
  return &tag;
}

// How a key fills the struct of its row.
struct Filling {
  Type fills = nullptr;
  std::function<bool(Notes&, const Value&, void* object)> read = {};
  std::function<std::string(const Form&)> default_text = {};
};

// Reads the value into this member. read_value() and value_text() do it, chosen by the type of the
// member.
template <class Struct, class Member>
Filling into(Member Struct::*member) {
  return {type_of<Struct>(),
          [member](Notes& notes, const Value& value, void* object) {
            return read_value(notes, value, static_cast<Struct*>(object)->*member);
          },
          [member](const Form& form) { return value_text(form, Struct{}.*member); }};
}
// Uses a special reader. `SomeNotes` is Notes, or the derived class of the reader of this format.
// REQUIRES: all Notes that are used with this table have that class.
template <class SomeNotes, class Struct>
Filling read_by(void (*reader)(SomeNotes&, const Value&, Struct&)) {
  return {type_of<Struct>(), [reader](Notes& notes, const Value& value, void* object) {
            reader(static_cast<SomeNotes&>(notes), value, *static_cast<Struct*>(object));
            return true;
          }};
}
// A special reader; the member only gives the default.
template <class SomeNotes, class Struct, class Member>
Filling into(Member Struct::*member, void (*reader)(SomeNotes&, const Value&, Struct&)) {
  Filling filling = read_by(reader);
  filling.default_text = into(member).default_text;
  return filling;
}
// The value is a block, whose keys fill the same struct as this key.
template <class Struct>
Filling into_same() {
  return {type_of<Struct>(), [](Notes& notes, const Value& value, void* object) {
            return read_value(notes, value, *static_cast<Struct*>(object));
          }};
}

struct Key {
  std::string_view name;
  std::vector<Form> forms;          // the value has one of these forms
  Filling filling = {};             // empty: the reader of its block reads it
  std::string_view text = {};       // a sentence for the reference
  std::string_view rule = {};       // ids of the rules
  bool is_required = false;         // a missing key is a mistake
  bool is_apart = false;            // read only when the reader of its block asks
  bool is_alternative = false;      // exactly one of the alternatives is given
  std::string_view not_set = {};    // why --set and `set:` may not change it; empty: they may
  std::string_view modelled = {};   // the only modelled value; empty: all are
  std::string_view instead = {};    // what to do instead of another value
  std::string_view otherwise = {};  // the default, when it is not in a member
  std::string_view other_key = {};  // required for this value of another key, else forbidden
  std::string_view other_value = {};
  std::string_view example = {};      // a value for the reference, as YAML
  std::string_view in_place_of = {};  // a refused key: whoever writes it does not miss that one
  // A run does not do it yet: refused with this advice, except by Notes::with_coming.
  std::string_view coming = {};

  bool is_aws() const { return name[0] >= 'A' && name[0] <= 'Z'; }
  bool is_ours_to_read() const;  // false: ignored, not modelled, or not for Kinesis
  bool is_setting() const { return not_set.empty(); }
  bool is_not_modelled() const;      // AWS has it, a run does not have it yet
  bool is_refused() const;           // not modelled, or not for Kinesis
  std::string_view refusal() const;  // "is not modelled yet"
  std::string_view advice() const;   // what to do about it
  std::string default_text() const;  // in the first form; empty: no default
  // The example; when the row has none, a value that says more than the default.
  std::string example_text() const;
  // The form that the user probably meant with this value: a mapping, a list, null or something
  // else.
  const Form& form_for(const Node& value) const;

  template <class T>
  Key& set(T Key::*what, T value) {
    this->*what = value;
    return *this;
  }
  Key& apart() { return set(&Key::is_apart, true); }
  Key& alternative() { return set(&Key::is_alternative, true).apart(); }
  Key& needed_with(std::string_view key, std::string_view value) {
    return set(&Key::other_key, key).set(&Key::other_value, value).apart();
  }
  Key& no_setting(std::string_view why) { return set(&Key::not_set, why); }
  Key& only(std::string_view value, std::string_view or_do = {}) {
    return set(&Key::modelled, value).set(&Key::instead, or_do);
  }
  Key& such_as(std::string_view value) { return set(&Key::example, value); }
  Key& not_missing(std::string_view key) { return set(&Key::in_place_of, key); }
  Key& or_else(std::string_view value) { return set(&Key::otherwise, value); }
};

// One form, or several.
struct Forms {
  Forms(Form form) : forms{std::move(form)} {}
  Forms(std::initializer_list<Form> some) : forms(some) {}
  std::vector<Form> forms;
};
// A row. `text` is a sentence for the reference, and `rule` the ids of its rules.
Key key(std::string_view name, Forms forms, Filling filling, std::string_view text,
        std::string_view rule = {});
Key required(std::string_view name, Forms forms, Filling filling, std::string_view text,
             std::string_view rule = {});

// One row, or several.
struct Rows {
  Rows(Key key) : keys{std::move(key)} {}
  Rows(std::vector<Key> some) : keys(std::move(some)) {}
  std::vector<Key> keys;
};
// Rows for keys that are accepted and change nothing, that are not modelled, and that are not for
// Kinesis. `instead`: what to write instead; may be empty.
Rows ignored(std::initializer_list<std::string_view> names);
Rows not_modelled(std::initializer_list<std::string_view> names, std::string_view instead = {});
Rows not_for_kinesis(std::initializer_list<std::string_view> names, std::string_view instead = {});

// The keys of one kind of mapping. A block may have its own reader. That reader fills the struct
// from the keys, and checks what several keys must agree on.
struct Block {
  std::string_view noun;  // "event source mapping"
  std::vector<Key> keys;
  Type fills = nullptr;
  std::function<void(const Given&, void* object)> read = {};

  Block(std::string_view its_noun, std::initializer_list<Rows> rows);
  template <class SomeNotes, class Struct>
  Block(std::string_view its_noun, std::initializer_list<Rows> rows,
        void (*reader)(SomeNotes&, const Given&, Struct&))
      : Block(its_noun, rows) {
    fills = type_of<Struct>();
    read = [reader](const auto& given, void* object) {
      reader(static_cast<SomeNotes&>(given.notes()), given, *static_cast<Struct*>(object));
    };
  }
  const Key* find(std::string_view name) const;
  // The key of this name in any spelling: `batch_size`, `batch-size` and `batchSize` are BatchSize.
  const Key* spelled(std::string_view name) const;
};

// The value as it can be repeated in a suggestion: "dlq", or "…" when it is not one plain word.
std::string shown_value(const Node& value);

// Are these the same letters and digits, whatever their case, `_` and `-`?
bool same_letters(std::string_view a, std::string_view b);
// The letters and digits of a name in lower case.
std::string letters_of(std::string_view name);

// How to write this value in a block that asks for a mapping: "{Destination: dlq}". Empty when the
// keys of the block leave it open.
std::string written_in_block(const Block& block, const Node& value);

// A form for a block that is used in one place only.
inline Form block(Block keys) {
  return {.kind = Kind::block, .block = std::make_shared<const Block>(std::move(keys))};
}

}  // namespace trimhorizon::reader
