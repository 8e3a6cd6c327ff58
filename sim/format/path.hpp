// Paths to values: the keys of the table and the names of the file. A unique end of a path is
// enough. `--set PATH=VALUE` and the `set:` of a variant put other values there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/format/key.hpp"
#include "sim/yaml/mistakes.hpp"
#include "sim/yaml/tree.hpp"

namespace trimhorizon::reader {

// How many paths may be tried while one file is read.
struct PathBudget {
  std::uint64_t left = 50'000'000;
};

class Format;

// The steps from the top of the file to a value.
using Path = std::vector<std::string>;
std::string joined(const Path& path, std::size_t from = 0);  // with dots

// The path that `path` (a scalar with its place) means in a file of this table. nullopt when it is
// unknown or ambiguous; this is reported at its place. `other_words` knows what a word of another
// tool means: `MaxRetries`.
std::optional<Path> find_path(Mistakes& mistakes, const Block& table, const Node& root,
                              const Node& path, PathBudget& budget,
                              const Format* other_words = nullptr);

// Can a value be put at this path? Not below a text or a number, and not after the end of a list.
bool can_put_value(const Node& root, const Path& full);
// Puts a value at this path. REQUIRES: can_put_value(). Missing mappings on the way are added, with
// the place of `path`.
void put_value(Node& root, const Path& full, const Node& path, Node value);

}  // namespace trimhorizon::reader
