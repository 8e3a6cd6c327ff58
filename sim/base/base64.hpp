// Base64 with the standard alphabet and padding, as record data travel (RFC 4648, section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trimhorizon {

std::string base64_encode(std::string_view bytes);

// Strict: full padding, no blanks, unused bits zero. So decode and encode undo each other.
std::optional<std::string> base64_decode(std::string_view text);

// The length of base64_encode without making it.
constexpr std::uint64_t base64_size(std::uint64_t bytes) { return (bytes + 2) / 3 * 4; }

}  // namespace trimhorizon
