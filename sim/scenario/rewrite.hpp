// A scenario's text once more: with other values put in, blocks left out or replaced, and in a
// compact form. Comments and anchors are gone; what it says is the same.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {

// Entries for the end of a list; what is not there on the way to it is made.
struct Addition {
  std::vector<std::string> path;  // {"functions", "billing", "fail"}
  std::string entries;            // a YAML list
};

struct Rewrite {
  std::vector<Override> overrides;                           // as the scenario was read with
  std::string variant;                                       // its `set` is put in; empty: the base
  std::vector<std::string> leave_out;                        // keys of the top level
  std::vector<std::pair<std::string, std::string>> replace;  // key of the top level, YAML value
  std::vector<Addition> append;                              // comes last
};

// Throws ScenarioError when a text, a path or a value cannot be read.
std::string rewrite_scenario(std::string_view text, const Rewrite& rewrite);

}  // namespace trimhorizon
