#include "sim/base/utf8.hpp"

namespace trimhorizon {
namespace {

struct Lead {
  std::uint32_t bytes;  // of the whole sequence; 0: this byte begins no sequence
  // Bounds of the second byte. They exclude overlong forms, surrogates and all above U+10FFFF.
  unsigned char lowest;
  unsigned char highest;
};

constexpr Lead lead_of(unsigned char byte) {
  if (byte < 0xc2) return {0, 0, 0};
  if (byte < 0xe0) return {2, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte < 0xf0) return {3, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte < 0xf4) return {4, 0x80, 0xbf};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {0, 0, 0};
}

}  // namespace

CodePoint decode_utf8(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1, true};

  const Lead lead = lead_of(first);
  if (lead.bytes == 0) return {0xfffd, 1, false};
  char32_t value = first & (0x7f >> lead.bytes);
  for (std::uint32_t i = 1; i < lead.bytes; ++i) {
    const unsigned char lowest = i == 1 ? lead.lowest : 0x80;
    const unsigned char highest = i == 1 ? lead.highest : 0xbf;
    if (at + i >= text.size() || byte(at + i) < lowest || byte(at + i) > highest) {
      return {0xfffd, i, false};
    }
    value = (value << 6) | (byte(at + i) & 0x3f);
  }
  return {value, lead.bytes, true};
}

std::uint32_t terminal_width(char32_t c) {
  const auto between = [c](char32_t first, char32_t last) { return first <= c && c <= last; };
  if (c < 0x300) return 1;
  if (between(0x300, 0x36f) || between(0x20d0, 0x20ff) || between(0xfe00, 0xfe0f)) return 0;
  const bool wide = between(0x1100, 0x115f) || between(0x2e80, 0x303e) || between(0x3041, 0xa4cf) ||
                    between(0xac00, 0xd7a3) || between(0xf900, 0xfaff) || between(0xfe30, 0xfe6f) ||
                    between(0xff00, 0xff60) || between(0xffe0, 0xffe6) ||
                    between(0x1f300, 0x1faff) || between(0x20000, 0x3fffd);
  return wide ? 2 : 1;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = decode_utf8(text, at);
    width += terminal_width(next.value);
    at += next.bytes;
  }
  return width;
}

std::uint64_t count_code_points(std::string_view text) {
  std::uint64_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) at += decode_utf8(text, at).bytes;
  return count;
}

}  // namespace trimhorizon
