// A scenario is read from its tree; `--set` and the variants put other values into the tree before.
#pragma once

#include <optional>
#include <vector>

#include "sim/scenario/context.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon::reader {

// The base with its variants: each is the base with other values and expectations, read whole.
Scenario read_tree(const Node& root, Pass& pass);

// Puts in what `--set` says.
void apply_overrides(Pass& pass, Node& root, const std::vector<Override>& changes);

// Puts in one entry of a variant's `set`, which may change neither what is put nor the seed, and
// says which path it was.
std::optional<Path> set_in_variant(Pass& pass, Node& root, const Node& path, const Node& value);

}  // namespace trimhorizon::reader
