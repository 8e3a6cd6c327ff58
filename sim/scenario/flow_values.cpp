#include "sim/scenario/flow_values.hpp"

namespace trimhorizon {
namespace {

// One past the closing quote of the text that begins at `at`; the end when it is never closed.
std::size_t behind_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return i + 1;
      ++i;
    }
  }
  return text.size();
}

}  // namespace

std::vector<std::string> split_flow_values(std::string_view text) {
  std::vector<std::string> values = {""};
  int depth = 0;
  bool value_begins = true;  // only blanks since the last comma, bracket, brace, colon or `=`
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (value_begins && (c == '"' || c == '\'')) {
      const std::size_t end = behind_quoted(text, at);
      values.back() += text.substr(at, end - at);
      at = end;
      value_begins = false;
      continue;
    }
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == ',' && depth <= 0)
      values.emplace_back();
    else
      values.back() += c;
    if (c != ' ') {
      value_begins = c == ',' || c == '[' || c == '{' || c == ':' || c == '=';
    }
    ++at;
  }
  return values;
}

}  // namespace trimhorizon
