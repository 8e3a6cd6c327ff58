// The table of a format, row by row: a key with the forms its value may take, a sentence, the rule
// it comes from, and the member it fills. The reader (given.hpp), the JSON Schema (schema.hpp) and
// the paths of `--set` (path.hpp) are all read off these rows.
//
// Always:
//  1. A name that begins with a capital letter is AWS's: its unit is AWS's, its numerals may stand
//     in quotes.
//  2. The default of a key that fills a member is what a new struct has; nobody repeats it.
//  3. A value that is wrong was reported. Its member is as it was; a list has the items that are
//     right.
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

// Which struct a key or a block fills: an address for each type.
using Type = const char*;
template <class T>
Type type_of() {
  static constexpr char tag = 0;
  return &tag;
}

// How a key fills the struct that its row is about.
struct Filling {
  Type fills = nullptr;
  std::function<bool(Notes&, const Value&, void* object)> read = {};
  std::function<std::string(const Form&)> default_text = {};
};

// The value is read into this member; read_value() and value_text() say how, by its type.
template <class Struct, class Member>
Filling into(Member Struct::*member) {
  return {type_of<Struct>(),
          [member](Notes& notes, const Value& value, void* object) {
            return read_value(notes, value, static_cast<Struct*>(object)->*member);
          },
          [member](const Form& form) { return value_text(form, Struct{}.*member); }};
}
// A reader of its own. `SomeNotes` are the Notes, or what the reader of this format makes of them:
// all Notes that meet this table must be that.
template <class SomeNotes, class Struct>
Filling read_by(void (*reader)(SomeNotes&, const Value&, Struct&)) {
  return {type_of<Struct>(), [reader](Notes& notes, const Value& value, void* object) {
            reader(static_cast<SomeNotes&>(notes), value, *static_cast<Struct*>(object));
            return true;
          }};
}
// Both: the member tells the default.
template <class SomeNotes, class Struct, class Member>
Filling into(Member Struct::*member, void (*reader)(SomeNotes&, const Value&, Struct&)) {
  Filling filling = read_by(reader);
  filling.default_text = into(member).default_text;
  return filling;
}
// The value is a block whose keys fill the struct that this key is about.
template <class Struct>
Filling into_same() {
  return {type_of<Struct>(), [](Notes& notes, const Value& value, void* object) {
            return read_value(notes, value, *static_cast<Struct*>(object));
          }};
}

struct Key {
  std::string_view name;
  std::vector<Form> forms;          // the value takes one of them
  Filling filling = {};             // none: the reader of its block knows what to do
  std::string_view text = {};       // a sentence for the reference
  std::string_view rule = {};       // ids of the rules
  bool is_required = false;         // the mapping cannot be without it
  bool is_apart = false;            // read only when the reader of its block asks for it
  bool is_alternative = false;      // just one of these keys of its block is there
  bool is_setting = true;           // a path may name it
  std::string_view modelled = {};   // the only value that is modelled yet, when not all are
  std::string_view otherwise = {};  // the default, where no member has it
  std::string_view other_key = {};  // needed with this value of another key, and only with it
  std::string_view other_value = {};

  bool is_aws() const { return name[0] >= 'A' && name[0] <= 'Z'; }
  bool is_ours_to_read() const;      // false for ignored, not modelled, not for Kinesis
  std::string default_text() const;  // as the first form writes it; empty: there is none
  // The form that a value must be meant to have: keys, a list, null or anything else.
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
  Key& no_setting() { return set(&Key::is_setting, false); }
  Key& only(std::string_view value) { return set(&Key::modelled, value); }
  Key& or_else(std::string_view value) { return set(&Key::otherwise, value); }
};

// One form or several.
struct Forms {
  Forms(Form form) : forms{std::move(form)} {}
  Forms(std::initializer_list<Form> some) : forms(some) {}
  std::vector<Form> forms;
};
Key key(std::string_view name, Forms forms, Filling filling, std::string_view text,
        std::string_view rule = {});
Key required(std::string_view name, Forms forms, Filling filling, std::string_view text,
             std::string_view rule = {});

// One row or several.
struct Rows {
  Rows(Key key) : keys{std::move(key)} {}
  Rows(std::vector<Key> some) : keys(std::move(some)) {}
  std::vector<Key> keys;
};
Rows ignored(std::initializer_list<std::string_view> names);
Rows not_modelled(std::initializer_list<std::string_view> names, std::string_view instead = {});
Rows not_for_kinesis(std::initializer_list<std::string_view> names);

// The keys of one kind of mapping. A block may have a reader of its own: that fills the struct as
// far as the keys do it, and checks what several of them must agree on.
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
};

// A block that belongs to the table of another.
inline Form block(Block keys) {
  return {.kind = Kind::block, .block = std::make_shared<const Block>(std::move(keys))};
}

}  // namespace trimhorizon::reader
