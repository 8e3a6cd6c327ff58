// A YAML document as a plain tree that keeps what a strict reader needs and a YAML library drops:
// the place of every key and value, duplicate keys, whether a scalar stood in quotes.
//
// Always:
//  1. Aliases are gone: an alias is a copy of what it names, and copies count against the budgets.
//  2. No mapping has a `<<`, and no key is a list or a mapping (a mistake was reported instead).
//  3. Mappings keep their order, and duplicate keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/mistakes.hpp"

namespace trimhorizon::reader {

struct Node {
  enum class Kind : std::uint8_t { nothing, scalar, list, mapping };

  Kind kind = Kind::nothing;
  bool in_quotes = false;  // or a block scalar: certainly text
  bool flow = false;       // written as {…} or […]
  bool alias = false;
  bool merged = false;      // a `<<` stood here, so keys are missing that were meant to be there
  Mark at;                  // where a caret should stand: for what begins on a later line, its key
  std::uint32_t start = 0;  // offset of the first byte
  std::string text;         // of a scalar; of `null` and `~` the word that stands there
  std::string tag;          // "!Ref"; empty for none and for the tags of plain YAML types
  std::vector<Node> keys;   // of a mapping, as long as `items`
  std::vector<Node> items;  // of a mapping (its values) or a list

  bool is_nothing() const { return kind == Kind::nothing; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_mapping() const { return kind == Kind::mapping; }
  // The value of the first key of that name.
  const Node* find(std::string_view name) const;
  Node* find(std::string_view name);
};

// Bounds on the tree after aliases are replaced.
struct Budget {
  std::size_t nodes = 0;
  std::size_t depth = 0;
  std::size_t copied_bytes = 0;
};

// Reads one document. Syntax errors, exceeded budgets, several documents are reported and give
// nullopt; the text must be valid UTF-8 without NUL. `source` and `offset` say where the text
// stands: all of a file, or the value behind a `PATH=`.
std::optional<Node> parse_yaml(std::string_view text, const Budget& budget, Mistakes& mistakes,
                               std::uint32_t source = 0, std::uint32_t offset = 0);

// One past the last character of a block or a scalar; the closing bracket of a flow collection.
Mark end_of(const Node& node, std::string_view source_text);

std::size_t count_nodes(const Node& node);

}  // namespace trimhorizon::reader
