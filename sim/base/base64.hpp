// Base64 with the standard alphabet and padding (RFC 4648, section 4). Record data have this form
// in events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trimhorizon {

std::string base64_encode(std::string_view bytes);

// nullopt for a text that base64_encode could not have made: wrong padding, blanks, or unused bits
// that are not zero.
std::optional<std::string> base64_decode(std::string_view text);

// The length of the text that base64_encode would make for this many bytes.
constexpr std::uint64_t base64_size(std::uint64_t bytes) { return (bytes + 2) / 3 * 4; }

}  // namespace trimhorizon
