#include "sim/base/medium.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/utf8.hpp"

namespace trimhorizon {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

constexpr bool within(char32_t c, char32_t first, char32_t last) { return first <= c && c <= last; }

bool is_no_character(char32_t c) { return (c & 0xfffe) == 0xfffe || within(c, 0xfdd0, 0xfdef); }

// Calls `write(point, bytes)` for each character.
template <class Write>
void for_each_character(std::string_view text, Write&& write) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    write(point, text.substr(at, point.bytes));
    at += point.bytes;
  }
}

std::string_view entity_of(char32_t c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    default: return "";
  }
}

bool is_plain_in_shell(std::string_view text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "_-+=:,./@%") == std::string_view::npos;
}

bool has_hostile(std::string_view text) {
  bool any = false;
  for_each_character(text, [&](const CodePoint& point, std::string_view) {
    any = any || !point.valid || is_hostile(point.value);
  });
  return any;
}

}  // namespace

bool is_hostile(char32_t c) {
  return c < 0x20 || within(c, 0x7f, 0x9f) || c == 0x61c || within(c, 0x200e, 0x200f) ||
         within(c, 0x2028, 0x202e) || within(c, 0x2066, 0x206f) || c == 0xfeff ||
         within(c, 0xfff9, 0xfffb) || is_no_character(c);
}

std::string for_terminal(std::string_view text) {
  std::string out;
  for_each_character(text, [&](const CodePoint& point, std::string_view bytes) {
    const bool is_blank = point.value == '\n' || point.value == '\t' || point.value == '\r';
    if (is_blank) {
      out += ' ';
    } else if (!point.valid || is_hostile(point.value)) {
      out += replacement;
    } else {
      out += bytes;
    }
  });
  return out;
}

std::string for_terminal_lines(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += for_terminal(text.substr(0, end));
    if (end == text.size()) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string for_xml(std::string_view text) {
  std::string out;
  for_each_character(text, [&](const CodePoint& point, std::string_view bytes) {
    const char32_t c = point.value;
    const bool is_white = c == '\t' || c == '\n' || c == '\r';
    if (!point.valid || (c < 0x20 && !is_white) || c == 0xfffe || c == 0xffff) {
      out += replacement;
    } else if (is_hostile(c)) {
      out += fmt::format("&#{};", static_cast<std::uint32_t>(c));
    } else {
      const std::string_view entity = entity_of(c);
      out += entity.empty() ? bytes : entity;
    }
  });
  return out;
}

std::string for_shell(std::string_view text) {
  if (is_plain_in_shell(text)) return std::string(text);
  const bool escapes = has_hostile(text);
  std::string out = escapes ? "$'" : "'";
  for_each_character(text, [&](const CodePoint& point, std::string_view bytes) {
    if (escapes && (!point.valid || is_hostile(point.value))) {
      for (const char byte : bytes) {
        out += fmt::format("\\{:03o}", static_cast<unsigned char>(byte));
      }
    } else if (bytes == "'") {
      out += escapes ? "\\'" : "'\\''";
    } else {
      out += escapes && bytes == "\\" ? "\\\\" : bytes;
    }
  });
  return out + "'";
}

}  // namespace trimhorizon
