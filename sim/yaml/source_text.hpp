// The bytes of a scenario file before they are read as YAML: their number is checked, and that they
// are text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/yaml/mistakes.hpp"

namespace trimhorizon::reader {

inline constexpr std::size_t text_bytes_max = 8u << 20;

// The text without a byte order mark.
std::string_view without_bom(std::string_view text);

// Is it valid UTF-8, not too long, and without control characters? If not, this reports a mistake.
// DEL passes: YAML and JSON allow it between quotes, and only the parser knows where quotes are.
bool is_readable_text(std::string_view text, Mistakes& mistakes, std::uint32_t source = 0);

// The whole file ("-": standard input). Throws ScenarioError when it cannot be read or is too long.
// It reads only a little more than the allowed length.
std::string read_file(const std::string& path);

}  // namespace trimhorizon::reader
