// A YAML document as a plain tree. It keeps what a strict reader needs and YAML libraries drop: the
// place of every key and value, duplicate keys, and whether a scalar was in quotes.
//
// Always:
//  1. There are no aliases: an alias is replaced by a copy. Copies count against the budgets.
//  2. No mapping has a key `<<`, and no key is a list or a mapping; those are reported as mistakes.
//  3. Mappings keep their order and their duplicate keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/yaml/mistakes.hpp"
#include "sim/yaml/source_text.hpp"

namespace trimhorizon::reader {

struct Node {
  enum class Kind : std::uint8_t { nothing, scalar, list, mapping };

  Kind kind = Kind::nothing;
  bool in_quotes = false;   // or a block scalar: it is certainly a text
  bool flow = false;        // written as {...} or [...]
  bool alias = false;       // a copy of what an alias names
  bool merged = false;      // it had a `<<`, so it may lack keys
  Mark at;                  // for the caret; of a value on a later line: the place of its key
  std::uint32_t start = 0;  // offset of its first byte
  std::string text;         // of a scalar; for null, the word that was written
  std::string tag;          // "!Ref"; empty when it has no tag, or one of a plain YAML type
  std::vector<Node> keys;   // of a mapping; as many as `items`
  std::vector<Node> items;  // the values of a mapping, or the items of a list

  bool is_nothing() const { return kind == Kind::nothing; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_mapping() const { return kind == Kind::mapping; }
  // The value of the first key with this name; null when there is none.
  const Node* find(std::string_view name) const;
  Node* find(std::string_view name);
  // The value of this key. When there is none, an empty one is added at the place of the key.
  Node& value_of(const Node& key);
  void erase(std::string_view name);  // the first key of that name
};
Node scalar_node(std::string text, Mark at = {});

// Bounds on the tree, aliases replaced. A hostile file is refused; it never makes the program hang.
struct Budget {
  std::size_t nodes = 500'000;
  std::size_t depth = 64;
  std::size_t copied_bytes = text_bytes_max;
};

// Reads one document. nullopt, with a reported mistake, after a syntax error, an exceeded budget,
// or a second document. `source` and `offset` say where the text is: a whole file, or the value
// after a `PATH=`. REQUIRES: the text is valid UTF-8 without NUL.
std::optional<Node> parse_yaml(std::string_view text, const Budget& budget, Mistakes& mistakes,
                               std::uint32_t source = 0, std::uint32_t offset = 0);

// The place just after the last character of a block or a scalar; for a flow collection, the place
// of its closing bracket.
Mark end_of(const Node& node, std::string_view source_text);

// Gives the unknown keys that were reported the names that they mean; not where the mapping has a
// key of that name already.
void rename_keys(Node& root, const std::vector<ReadAs>& meant);

// Was a mistake reported at this value, or in it?
bool is_wrong(const Mistakes& mistakes, const Node& node);

// The number of keys, values and items, the node itself included.
std::size_t count_nodes(const Node& node);

// The keys of a mapping with their values. Reports a key whose name came before, and leaves it out.
std::vector<std::pair<const Node&, const Node&>> entries_of(Mistakes& mistakes,
                                                            const Node& mapping);

// The node in words, for messages: "a list", "nothing", "`abc`".
std::string describe(const Node& node);

}  // namespace trimhorizon::reader
