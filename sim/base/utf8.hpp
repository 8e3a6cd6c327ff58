// Reads UTF-8 that may be broken: one code point at a time, never after the end of the text.
#pragma once

#include <cstdint>
#include <string_view>

namespace trimhorizon {

struct CodePoint {
  char32_t value = 0;       // U+FFFD when not valid
  std::uint32_t bytes = 1;  // bytes that were read; at least 1, also of a broken sequence
  bool valid = false;
};

// The code point that begins at `at`. Overlong forms, surrogates and values above U+10FFFF are not
// valid. REQUIRES: at < text.size().
CodePoint decode_utf8(std::string_view text, std::size_t at);

// The columns that a character needs on a terminal: 2 for wide East Asian characters and emoji, 0
// for accents that are put over the previous character, otherwise 1. This is coarse, but good
// enough for names.
std::uint32_t terminal_width(char32_t c);

std::size_t display_width(std::string_view text);  // of all its characters
inline constexpr std::size_t page_width = 80;      // columns of every text for people

// The number of code points; each broken part counts as one.
std::uint64_t count_code_points(std::string_view text);

}  // namespace trimhorizon
