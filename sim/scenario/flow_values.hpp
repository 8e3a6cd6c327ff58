// Several YAML values in one text, apart by commas: `1,[a, b],"x, y"` are three. A comma inside
// brackets, braces or quotes belongs to the value; a quote begins a text only where a value begins.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trimhorizon {

// Each as it stands there, blanks included; brackets that do not match are left to the reader.
std::vector<std::string> split_flow_values(std::string_view text);

}  // namespace trimhorizon
