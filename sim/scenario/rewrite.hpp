// The text of a scenario with changes: other values, blocks left out or replaced. The new text is
// compact and has no comments and anchors; otherwise it means the same.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/yaml_reader.hpp"

namespace trimhorizon {

// Entries to add at the end of a list. Missing mappings and lists on the way are added.
struct Addition {
  std::vector<std::string> path;  // {"functions", "billing", "fail"}
  std::string entries;            // a YAML list
};

struct Rewrite {
  std::vector<Override> overrides;     // as the scenario was read with them
  std::string variant;                 // its `set` is applied; empty: the base
  std::vector<std::string> leave_out;  // keys of the top level
  std::vector<std::pair<std::string, std::string>> replace;  // key of the top level, YAML value
  std::vector<Addition> append;                              // done after everything else
};

// Throws ScenarioError when a text, a path or a value cannot be read.
std::string rewrite_scenario(std::string_view text, const Rewrite& rewrite);

}  // namespace trimhorizon
