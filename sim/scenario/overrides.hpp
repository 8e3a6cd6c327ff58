// Other values for some keys of a scenario, before it is read: `--set PATH=VALUE` and the `set:`
// of a variant. A path is that of the table of keys with the names of the file in it, or any end
// of it that is unique.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/mistakes.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "sim/scenario/yaml_tree.hpp"

namespace trimhorizon::reader {

// Of a scenario's text, and of each value that is put into it.
inline constexpr Budget tree_budget{scenario_nodes_max, scenario_depth_max, scenario_bytes_max};

// How many paths may be looked at in reading one file.
struct PathBudget {
  std::uint64_t left = 50'000'000;
};

enum class MayTouch : std::uint8_t {
  anything,      // --set
  same_traffic,  // a variant: neither what is put nor the seed
};

// From the top of the file to a value, step by step.
using Path = std::vector<std::string>;
std::string joined(const Path& path, std::size_t from = 0);  // with dots

// Puts `value` at the path that `path` (a scalar with its place) names, and says which it was. An
// unknown, ambiguous or forbidden path is reported there.
std::optional<Path> set_value(Mistakes& mistakes, Node& root, const Node& path, Node value,
                              MayTouch may, PathBudget& budget);

}  // namespace trimhorizon::reader
