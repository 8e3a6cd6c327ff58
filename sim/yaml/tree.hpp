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

#include "sim/yaml/mistakes.hpp"
#include "sim/yaml/source_text.hpp"

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
  // The value of this key. It is made when there is none, and stands where the key stands.
  Node& value_of(const Node& key);
  void erase(std::string_view name);  // the first key of that name
};
Node scalar_node(std::string text, Mark at = {});

// Bounds on the tree after aliases are replaced: a hostile file is refused, it never hangs.
struct Budget {
  std::size_t nodes = 500'000;
  std::size_t depth = 64;
  std::size_t copied_bytes = text_bytes_max;
};

// Reads one document. Syntax errors, exceeded budgets, several documents are reported and give
// nullopt; the text must be valid UTF-8 without NUL. `source` and `offset` say where the text
// stands: all of a file, or the value behind a `PATH=`.
std::optional<Node> parse_yaml(std::string_view text, const Budget& budget, Mistakes& mistakes,
                               std::uint32_t source = 0, std::uint32_t offset = 0);

// One past the last character of a block or a scalar; the closing bracket of a flow collection.
Mark end_of(const Node& node, std::string_view source_text);

std::size_t count_nodes(const Node& node);

// Does no key of this name stand before the one at `index`? Otherwise that is a mistake.
bool is_first_of_its_name(Mistakes& mistakes, const Node& mapping, std::size_t index);

// "a list", "nothing", "`abc`".
std::string describe(const Node& node);

}  // namespace trimhorizon::reader
