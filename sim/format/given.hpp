// What a mapping of the file gives of the keys of its block: every key is known, stands once, and
// is there if it must be. Then the values are read into the structs that the keys fill.
//
// Always:
//  1. Asking for a key that is not in the block is a bug of ours.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sim/format/key.hpp"
#include "sim/format/value.hpp"

namespace trimhorizon::reader {

class Given {
 public:
  Given(const Given&) = delete;
  Given(Notes& notes, const Node& node, const Block& block);

  Notes& notes() const { return notes_; }
  const Node& node() const { return node_; }
  const Node* find(std::string_view name) const;  // the value, when there is one
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // Neither there nor misspelt: then an unknown key was reported that is probably this one.
  bool is_absent(std::string_view name) const;
  // It was there and read without a mistake.
  bool is_right(std::string_view name) const;
  // Where to say something about this key, or about the whole mapping.
  Mark place_of(std::string_view name) const;
  Mark end() const { return end_of(node_, notes_.mistakes.source(node_.at.source)); }

  // Everything that belongs into this struct: by the reader of the block, or key by key.
  template <class T>
  void read_into(T& object) const {
    read_all(type_of<T>(), &object);
  }
  // The keys that fill this struct, but for those that are read apart.
  template <class T>
  void fill(T& object) const {
    fill(type_of<T>(), &object);
  }
  // One key. False when there is none, or a wrong one.
  template <class T>
  bool read(std::string_view name, T& object) const {
    return read(key(name), type_of<T>(), &object);
  }

 private:
  const Key& key(std::string_view name) const;
  void check_keys();
  void check_key(const Node& key, const Node& value);
  void check_modelled(const Key& key, const Node& value);
  void unknown_key(const Node& key);
  void check_missing();
  void read_all(Type type, void* object) const;
  void fill(Type type, void* object) const;
  bool read(const Key& key, Type type, void* object) const;

  Notes& notes_;
  const Node& node_;
  const Block& block_;
  std::vector<std::string_view> near_misses_;    // keys that an unknown key probably is
  mutable std::vector<std::string_view> right_;  // keys that were read
};

// A struct with a block of its own.
template <class T>
requires std::is_class_v<T>
bool read_value(Notes& notes, const Value& value, T& out) {
  TH_CHECK(value.form.block);
  Given(notes, value.node, *value.form.block).read_into(out);
  return value.node.is_mapping() || value.node.is_nothing();
}

}  // namespace trimhorizon::reader
