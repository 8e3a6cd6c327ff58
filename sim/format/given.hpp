// The keys of a block that a mapping of the file has. First it checks that each key is known, is
// given once, and is there if it is required. Then it reads the values into the structs that the
// keys fill.
//
// Always:
//  1. To ask for a key that the block does not have is our bug.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sim/format/key.hpp"
#include "sim/format/value.hpp"

namespace trimhorizon::reader {

struct OtherWords;

// Is the value of this key read? Not when the key is ignored or refused.
bool is_read(const Notes& notes, const Key& key);

class Given {
 public:
  Given(const Given&) = delete;
  // `example`: of a value with this block, for the message about one that is no mapping.
  Given(Notes& notes, const Node& node, const Block& block, std::string_view example = {});

  Notes& notes() const { return notes_; }
  const Node& node() const { return node_; }
  const Node* find(std::string_view name) const;  // the value; null when the key is not given
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // True when the key is not given, and no unknown key may stand for it.
  bool is_absent(std::string_view name) const;
  // Is the mapping empty?
  bool names_nothing() const;
  // Was it given, and read without a mistake? REQUIRES: it was read, if it was given.
  bool is_right(std::string_view name) const;
  // Was it given, and is it not known what it says? Then what depends on it cannot be judged.
  bool is_wrong(std::string_view name) const { return !is_absent(name) && !is_right(name); }
  // The place for a message about this key: the key, or the whole mapping when it is not given.
  Mark place_of(std::string_view name) const;
  // Where the mapping begins, or its own key: the place for a message about what is missing in it.
  Mark place() const { return node_.at; }

  // Fills the whole struct: by the reader of the block, or key by key.
  template <class T>
  void read_into(T& object) const {
    read_all(type_of<T>(), &object);
  }
  // Reads the keys that fill this struct, except those that are read apart.
  template <class T>
  void fill(T& object) const {
    fill(type_of<T>(), &object);
  }
  // Reads one key. False when it is not given or is wrong.
  template <class T>
  bool read(std::string_view name, T& object) const {
    return read(key(name), type_of<T>(), &object);
  }

 private:
  const Key& key(std::string_view name) const;
  void check_keys();
  bool is_like_a_template() const;
  void check_key(const Node& key, const Node& value);
  void check_modelled(const Key& key, const Node& value);
  // The key that an unknown one probably means; null when nothing comes near it.
  struct Meant {
    const Key* key = nullptr;
    const OtherWords* other = nullptr;  // set when it is a word of another tool
  };
  Meant key_meant(std::string_view word) const;
  void not_here(const Node& key, const Key& what);
  void unknown_key(const Node& key, const Node& value);
  bool lacks_indentation(const Node& key, const Node& value, const std::string& message);
  void read_it_as(const Node& key, const Node& value, const Key& meant, bool of_another_tool);
  std::string said_of_stranger(const Node& key, const Node& value) const;
  void check_missing();
  bool looks_absent(std::string_view name) const;  // strangers or not
  void report_strangers(const std::string& missing);
  void read_all(Type type, void* object) const;
  void fill(Type type, void* object) const;
  bool read(const Key& key, Type type, void* object) const;

  Notes& notes_;
  const Node& node_;
  const Block& block_;
  std::vector<std::string_view> near_misses_;  // keys that an unknown key probably means
  struct Stranger {
    Mark at;
    std::string message;
    std::string suggestion;
  };
  std::vector<Stranger> strangers_;  // unknown keys that mean no key of this block
  bool is_unclear_ = false;          // its keys are somewhere else, so nothing is missing
};

// Reads a struct that has its own block.
template <class T>
requires std::is_class_v<T>
bool read_value(Notes& notes, const Value& value, T& out) {
  TH_CHECK(value.form.block);
  Given(notes, value.node, *value.form.block, value.example).read_into(out);
  return value.node.is_mapping() || value.node.is_nothing();
}

}  // namespace trimhorizon::reader
