// The bytes of a scenario file before they are YAML: read within bounds, and really text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/yaml/mistakes.hpp"

namespace trimhorizon::reader {

inline constexpr std::size_t text_bytes_max = 8u << 20;

// The text without a byte order mark.
std::string_view without_bom(std::string_view text);

// Is it valid UTF-8 of a bearable length, without control characters? Otherwise it is reported.
bool is_readable_text(std::string_view text, Mistakes& mistakes, std::uint32_t source = 0);

// All of a file ("-": standard input), or a ScenarioError. Reads not much more than may be.
std::string read_file(const std::string& path);

}  // namespace trimhorizon::reader
