// Reads a scenario file (format 1) strictly. It reports all mistakes at once, each with its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace trimhorizon {

// One `--set PATH=VALUE`, or one entry of `set:` in a variant. A unique end of a path is enough.
struct Override {
  std::string path;   // "event_source_mappings.billing-orders.BatchSize" or "BatchSize"
  std::string value;  // YAML
};

// What to do with parts of the format that a run does not do yet.
enum class Coming : bool { refused, read };

// Throws ScenarioError with all mistakes. `file` is the name in messages; paths in the text begin
// in its folder. `attached`: files that are not read from the disk again.
Scenario read_scenario(std::string_view text, std::string_view file,
                       const std::vector<Override>& overrides = {},
                       const std::shared_ptr<const AttachedFiles>& attached = nullptr,
                       Coming coming = Coming::refused);
// The same text with other settings; what the scenario read from other files stays as it was.
Scenario read_again(const Scenario& scenario, const std::vector<Override>& overrides);

// The same for the file at `path` ("-": standard input).
Scenario load_scenario(const std::string& path, const std::vector<Override>& overrides = {});

// The title in a file that may have mistakes; empty when it has no title. nullopt when the title
// cannot be found out.
std::optional<std::string> title_in_file(const std::string& path);

// Reads "PATH=VALUE". Throws ScenarioError when there is no "=".
Override parse_override(std::string_view text);
std::vector<Override> parse_overrides(const std::vector<std::string>& texts);

// The JSON Schema (draft-07), made from the reader's own table.
std::string scenario_schema_json();

}  // namespace trimhorizon
