#include "sim/yaml/surrogates.hpp"

#include <cstdint>
#include <optional>

namespace trimhorizon::reader {
namespace {

// Three characters from here on stand for one pair: each for 14 bits of its 8 digits, 5 bits a
// digit, because their case must come back too. All of them begin with the same byte.
constexpr char first_byte = '\xf4';
constexpr std::size_t pair_bytes = 12;  // as many as "\ud83d\ude00"
constexpr int digits_in_pair = 8;
constexpr int bits_in_digit = 5;

// 0 to 15, and 16 more for a capital letter.
std::optional<std::uint64_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 26;
  return std::nullopt;
}

std::uint64_t value_of(std::uint64_t digit) { return digit > 15 ? digit - 16 : digit; }

std::uint64_t digit_at(std::uint64_t digits, int i) {
  return digits >> (bits_in_digit * (digits_in_pair - 1 - i)) & 0x1f;
}

// The number of a UTF-16 unit: digits 0 to 3 are the first one, 4 to 7 the second one.
std::uint32_t unit_of(std::uint64_t digits, int from) {
  std::uint32_t unit = 0;
  for (int i = from; i < from + 4; ++i) {
    unit = unit * 16 + static_cast<std::uint32_t>(value_of(digit_at(digits, i)));
  }
  return unit;
}

// The digits of the pair that begins here; nullopt when none does.
std::optional<std::uint64_t> pair_at(std::string_view text, std::size_t at) {
  if (at + pair_bytes > text.size()) return std::nullopt;
  std::uint64_t digits = 0;
  for (std::size_t i = 0; i < pair_bytes; ++i) {
    const char c = text[at + i];
    if (i % 6 < 2) {
      if (c != (i % 6 == 0 ? '\\' : 'u')) return std::nullopt;
      continue;
    }
    const auto digit = hex_digit(c);
    if (!digit) return std::nullopt;
    digits = digits << bits_in_digit | *digit;
  }
  const bool is_pair =
      unit_of(digits, 0) >> 10 == 0xd800 >> 10 && unit_of(digits, 4) >> 10 == 0xdc00 >> 10;
  return is_pair ? std::optional(digits) : std::nullopt;
}

// The next pair from here on. After an odd number of backslashes, a backslash is only a letter.
std::size_t next_pair(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('\\', from); at < text.size(); at = text.find('\\', at)) {
    if (pair_at(text, at)) return at;
    at += at + 1 < text.size() && text[at + 1] == '\\' ? 2 : 1;
  }
  return std::string_view::npos;
}

std::string hidden(std::uint64_t digits) {
  std::string text;
  for (const int shift : {28, 14, 0}) {
    const std::uint64_t n = digits >> shift & 0x3fff;
    text += first_byte;
    for (const int part : {12, 6, 0}) text += static_cast<char>(0x80 | (n >> part & 0x3f));
  }
  return text;
}

std::uint64_t digits_in(std::string_view hidden_pair) {
  std::uint64_t digits = 0;
  for (std::size_t i = 0; i < pair_bytes; ++i) {
    if (i % 4 != 0) digits = digits << (i % 4 == 1 ? 2 : 6) | (hidden_pair[i] & 0x3f);
  }
  return digits;
}

std::string escapes_of(std::uint64_t digits) {
  std::string text;
  for (int i = 0; i < digits_in_pair; ++i) {
    if (i % 4 == 0) text += "\\u";
    const std::uint64_t digit = digit_at(digits, i);
    const auto value = static_cast<char>(value_of(digit));
    text += static_cast<char>(value < 10 ? '0' + value : (digit > 15 ? 'A' : 'a') + value - 10);
  }
  return text;
}

std::string character_of(std::uint64_t digits) {
  const std::uint32_t c =
      0x10000 + ((unit_of(digits, 0) - 0xd800) << 10) + (unit_of(digits, 4) - 0xdc00);
  std::string text(1, static_cast<char>(0xf0 | c >> 18));
  for (const int part : {12, 6, 0}) text += static_cast<char>(0x80 | (c >> part & 0x3f));
  return text;
}

}  // namespace

bool has_surrogate_pairs(std::string_view text) {
  return next_pair(text, 0) != std::string_view::npos &&
         text.find(first_byte) == std::string_view::npos &&
         text.find("\\U0010") == std::string_view::npos;
}

std::string hide_surrogate_pairs(std::string_view text) {
  std::string out(text);
  for (std::size_t at = next_pair(text, 0); at < text.size(); at = next_pair(text, at)) {
    out.replace(at, pair_bytes, hidden(*pair_at(text, at)));
    at += pair_bytes;
  }
  return out;
}

std::string show_surrogate_pairs(std::string_view text, bool in_double_quotes) {
  std::string out;
  for (std::size_t at = text.find(first_byte); at < text.size(); at = text.find(first_byte)) {
    if (text.size() - at < pair_bytes) break;
    const std::uint64_t digits = digits_in(text.substr(at, pair_bytes));
    out += text.substr(0, at);
    out += in_double_quotes ? character_of(digits) : escapes_of(digits);
    text.remove_prefix(at + pair_bytes);
  }
  return out.append(text);
}

}  // namespace trimhorizon::reader
