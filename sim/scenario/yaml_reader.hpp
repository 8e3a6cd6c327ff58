// Reads a scenario file (format 1), strictly: all mistakes at once, each with its position.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

// `--set PATH=VALUE` and a variant's `set:`; a path may be any unique end of a full path.
struct Override {
  std::string path;   // "event_source_mappings.billing-orders.BatchSize" or "BatchSize"
  std::string value;  // YAML
};

// Throws ScenarioError with every mistake. `file` appears in messages.
Scenario read_scenario(std::string_view text, std::string_view file,
                       const std::vector<Override>& overrides = {});

// Reads the file at `path` ("-": standard input) and then as above.
Scenario load_scenario(const std::string& path, const std::vector<Override>& overrides = {});

// The title in a file that may be full of mistakes, empty when it has none; nothing when not even
// that can be told.
std::optional<std::string> title_in_file(const std::string& path);

// "PATH=VALUE" -> Override; throws ScenarioError on a missing '='.
Override parse_override(std::string_view text);
std::vector<Override> parse_overrides(const std::vector<std::string>& texts);

// The JSON Schema (draft-07), from the same table as the reader.
std::string scenario_schema_json();

}  // namespace trimhorizon
