// Looking at texts that a user has written: blanks, numbers, paths.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace trimhorizon {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The text as one number, from its first character to its last. Nothing when it is none, or does
// not fit into a T.
template <class T>
std::optional<T> number_in(std::string_view text) {
  T number{};
  const char* end = text.data() + text.size();
  const std::from_chars_result read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

// Without the blanks around it.
inline std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Is `end` all of "p.q.r", or "q.r", or "r"?
inline bool is_end_of_path(std::string_view end, std::string_view path) {
  if (!path.ends_with(end)) return false;
  return path.size() == end.size() || path[path.size() - end.size() - 1] == '.';
}

}  // namespace trimhorizon
