// YAML written as other text: the answer of a function as JSON, and a value on one line.
#pragma once

#include <string>

#include "sim/scenario/mistakes.hpp"
#include "sim/scenario/yaml_tree.hpp"

namespace trimhorizon::reader {

// JSON on one line. A plain scalar is null, true, false or a number when JSON would read it so;
// everything else is a string. Numbers keep the digits that stand there.
std::string json_of(Mistakes& mistakes, const Node& node);

// `{condition: RetryAttemptsExhausted, records: [r5]}`, for messages and reports.
std::string on_one_line(const Node& node);

}  // namespace trimhorizon::reader
