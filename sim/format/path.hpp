// Paths to values: the keys of the table with the names of the file in them, or any end of such a
// path that is unique. `--set PATH=VALUE` and the `set:` of a variant put other values there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/format/key.hpp"
#include "sim/yaml/mistakes.hpp"
#include "sim/yaml/tree.hpp"

namespace trimhorizon::reader {

// How many paths may be looked at in reading one file.
struct PathBudget {
  std::uint64_t left = 50'000'000;
};

// From the top of the file to a value, step by step.
using Path = std::vector<std::string>;
std::string joined(const Path& path, std::size_t from = 0);  // with dots

// The one path that `path` (a scalar with its place) names in a file of this table; an unknown or
// ambiguous one is reported there.
std::optional<Path> find_path(Mistakes& mistakes, const Block& table, const Node& root,
                              const Node& path, PathBudget& budget);

// Puts a value there. What is missing on the way is made, and stands where `path` stands.
void put_value(Node& root, const Path& full, const Node& path, Node value);

}  // namespace trimhorizon::reader
