// A scenario's text once more: with other values put in, blocks left out or replaced, and in a
// compact form. Comments and anchors are gone; what it says is the same.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {

struct Rewrite {
  std::vector<Override> overrides;                           // as the scenario was read with
  std::string variant;                                       // its `set` is put in; empty: the base
  std::vector<std::string> leave_out;                        // keys of the top level
  std::vector<std::pair<std::string, std::string>> replace;  // key of the top level, YAML value
};

// Throws ScenarioError when a text, a path or a value cannot be read.
std::string rewrite_scenario(std::string_view text, const Rewrite& rewrite);

}  // namespace trimhorizon
