// Changes the tree of a scenario before it is read: `--set` and the variants put other values into
// it.
#pragma once

#include <optional>
#include <vector>

#include "sim/scenario/context.hpp"
#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon::reader {

// Reads the base and its variants. A variant is the whole base with other values and expectations.
Scenario read_tree(const Node& root, Pass& pass);

// Applies what `--set` says. The texts are kept with the mistakes, because messages point into
// them.
void apply_overrides(Pass& pass, Node& root, const std::vector<Override>& changes);

// A setting of a variant that the command line has replaced.
struct Overruled {
  Mark at;  // in the variant
  std::string what;
};
struct AppliedSets {
  std::vector<std::string> names;  // the paths, as the variant writes them
  std::vector<Overruled> overruled;
};
// Applies a variant's `set`. It may change neither the records that are put nor the seed. What the
// command line sets stays as it says.
AppliedSets apply_sets(Pass& pass, Node& root, const Node& sets);

}  // namespace trimhorizon::reader
