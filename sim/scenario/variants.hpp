// `variants:` of a scenario: each is the base with other values and expectations, read whole.
#pragma once

#include "sim/scenario/context.hpp"
#include "sim/scenario/overrides.hpp"

namespace trimhorizon::reader {

// Reads a scenario without its variants from a tree.
Scenario read_tree(const Node& root, Mistakes& mistakes, std::size_t& explicit_bytes);

// Adds to `base` what stands under `variants:` in the tree it was read from.
void read_variants(const Node& root, Scenario& base, Mistakes& mistakes, PathBudget& budget,
                   std::size_t& explicit_bytes);

}  // namespace trimhorizon::reader
