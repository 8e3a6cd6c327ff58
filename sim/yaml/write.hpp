// Writes a tree as text: as YAML, as JSON, or on one line for messages.
#pragma once

#include <string>
#include <string_view>

#include "sim/yaml/mistakes.hpp"
#include "sim/yaml/tree.hpp"

namespace trimhorizon::reader {

// JSON on one line. A plain scalar is null, true, false or a number when JSON would read it so;
// everything else is a string. Numbers keep their digits.
std::string json_of(Mistakes& mistakes, const Node& node);

// `{condition: RetryAttemptsExhausted, records: [r5]}`, for messages and reports.
std::string on_one_line(const Node& node);

// YAML in a compact form: entries are on separate lines only where one line is too short.
std::string yaml_of(const Node& root);

// Is this text a JSON number, such as "-1.5e3"?
bool is_json_number(std::string_view text);

}  // namespace trimhorizon::reader
