// Reading UTF-8 that may be broken: one code point at a time, never past the end.
#pragma once

#include <cstdint>
#include <string_view>

namespace trimhorizon {

struct CodePoint {
  char32_t value = 0;       // U+FFFD when not valid
  std::uint32_t bytes = 1;  // how many it took; of a broken sequence the part that is broken, >= 1
  bool valid = false;
};

// The code point that begins at `at`, which must be inside the text. Overlong forms, surrogates
// and values above U+10FFFF are not valid.
CodePoint decode_utf8(std::string_view text, std::size_t at);

// Columns a character takes on a terminal: 2 for East Asian wide ones and emoji, 0 for accents that
// stand on the one before. Coarse, and good enough for names.
std::uint32_t terminal_width(char32_t c);

// Code points; a broken part counts as one.
std::uint64_t count_code_points(std::string_view text);

}  // namespace trimhorizon
