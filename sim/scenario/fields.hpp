// A mapping of the file against its block of the table: every key is known, stands once, and is
// there if it must be; then each value is read by name, or its default.
//
// Always:
//  1. A value that is wrong was reported and reads as its default, so reading goes on.
//  2. Asking for a key that is not in the table is a bug of ours.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/keys.hpp"
#include "sim/scenario/values.hpp"
#include "sim/scenario/yaml_tree.hpp"

namespace trimhorizon::reader {

class Fields {
 public:
  Fields(const Fields&) = default;  // the same look at one node
  // Names of keys that are accepted without meaning are added to `not_modelled`, once.
  Fields(Mistakes& mistakes, const Node& node, const Block& block,
         std::vector<std::string>& not_modelled);

  const Node& node() const { return node_; }
  const Node* find(std::string_view name) const;  // the value, when there is one
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // Was an unknown key reported that is probably this one?
  bool misspelt(std::string_view name) const;
  const Form& form(std::string_view name, Kind kind) const;
  // Where to say something about this key, or about the whole mapping.
  Mark place_of(std::string_view name) const;

  // The value that is given and right; otherwise the default, where there is one.
  std::optional<std::string> text(std::string_view name) const;
  std::optional<std::uint32_t> word(std::string_view name) const;
  std::optional<std::int64_t> integer(std::string_view name) const;
  std::optional<std::int64_t> decimal(std::string_view name, int digits) const;
  std::optional<bool> boolean(std::string_view name) const;
  std::optional<Duration> duration(std::string_view name) const;
  std::optional<std::int64_t> size(std::string_view name) const;
  std::optional<Probability> percent(std::string_view name) const;
  std::optional<std::int64_t> wall_time(std::string_view name) const;
  std::optional<std::uint32_t> shard(std::string_view name) const;
  // The items of a list; null when there is none or it is wrong.
  const std::vector<Node>* list(std::string_view name) const;

 private:
  void check_keys(std::vector<std::string>& not_modelled);
  void check_key(const Node& key, std::vector<std::string>& not_modelled);
  void unknown_key(const Node& key);
  void check_missing();
  template <class T, class Read>
  std::optional<T> read(std::string_view name, Kind kind, Read&& read) const;
  bool is_modelled(const Key& key, const Node& value) const;

  Mistakes& mistakes_;
  const Node& node_;
  const Block& block_;
  std::vector<std::string_view> near_misses_;  // keys that an unknown key probably is
};

}  // namespace trimhorizon::reader
