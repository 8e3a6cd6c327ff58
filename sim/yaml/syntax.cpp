#include "sim/yaml/syntax.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trimhorizon::reader {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\r'; }
bool ends_a_word(char c) { return is_space(c) || c == ',' || c == '}' || c == ']' || c == ':'; }

// The place of a tab before the first character of the line where the parser stopped; nullopt when
// there is none.
std::optional<std::uint32_t> indenting_tab(std::string_view text, std::uint32_t at) {
  std::uint32_t start = at;
  while (start > 0 && text[start - 1] != '\n') --start;
  for (std::uint32_t i = start; i < text.size() && is_blank(text[i]); ++i) {
    if (text[i] == '\t') return i;
  }
  return std::nullopt;
}

std::uint32_t end_of_line(std::string_view text, std::size_t at) {
  std::size_t end = std::min(text.find('\n', at), text.size());
  while (end > at && is_space(text[end - 1])) --end;
  return static_cast<std::uint32_t>(end);
}

// The end of a block scalar whose `|` or `>` is at `at`: the lines below it that are indented at
// least as far as its first line.
std::uint32_t end_of_block_scalar(std::string_view text, std::uint32_t at) {
  std::uint32_t end = end_of_line(text, at);
  std::size_t indent = 0;
  for (std::size_t line = text.find('\n', at); line < text.size(); line = text.find('\n', line)) {
    ++line;
    const std::size_t first = std::min(text.find_first_not_of(' ', line), text.size());
    const bool blank = first == text.size() || text[first] == '\n' || text[first] == '\r';
    if (blank) continue;
    if (indent == 0) indent = first - line;
    if (indent == 0 || first - line < indent) break;
    end = end_of_line(text, line);
  }
  return end;
}

}  // namespace

std::string_view null_word_at(std::string_view text, std::uint32_t at, bool is_value) {
  for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
    if (!text.substr(at).starts_with(word)) continue;
    std::size_t after = at + word.size();
    if (after < text.size() && !ends_a_word(text[after])) continue;
    while (after < text.size() && is_blank(text[after])) ++after;
    const bool is_key = after < text.size() && text[after] == ':';
    if (is_value && is_key) return {};
    return word;
  }
  return {};
}

std::uint32_t item_mark_before(std::string_view text, std::uint32_t at) {
  std::uint32_t back = at;
  while (back > 0 && is_space(text[back - 1])) --back;
  const char before = back > 0 ? text[back - 1] : ' ';
  return before == '-' || before == ',' || before == '[' ? back - 1 : at;
}

std::uint32_t skip_properties(std::string_view text, std::uint32_t at) {
  std::uint32_t next = at;
  while (next < text.size() && (text[next] == '!' || text[next] == '&')) {
    while (next < text.size() && !is_space(text[next])) ++next;
    while (next < text.size() && is_space(text[next])) ++next;
  }
  return next < text.size() ? next : at;
}

std::optional<std::uint32_t> closing_quote(std::string_view text, std::uint32_t open) {
  const char quote = text[open];
  for (std::uint32_t i = open + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return i;
      ++i;
    }
  }
  return std::nullopt;
}

std::vector<std::string> split_flow_values(std::string_view text) {
  std::vector<std::string> values = {""};
  int depth = 0;
  bool value_begins = true;  // only blanks came since the last comma, bracket, brace, colon or `=`
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (value_begins && (c == '"' || c == '\'')) {
      const auto close = closing_quote(text, static_cast<std::uint32_t>(at));
      const std::size_t end = close ? *close + 1 : text.size();
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

std::uint32_t end_of_alias(std::string_view text, std::uint32_t at) {
  const std::size_t end = text.find_first_of(" \t\r\n,[]{}", at);
  return static_cast<std::uint32_t>(std::min(end, text.size()));
}

std::uint32_t end_of_scalar(std::string_view text, std::uint32_t at, std::string_view value,
                            bool in_quotes) {
  if (at >= text.size()) return static_cast<std::uint32_t>(text.size());
  if (in_quotes && (text[at] == '"' || text[at] == '\'')) {
    if (const auto close = closing_quote(text, at)) return *close + 1;
  }
  if (text.substr(at).starts_with(value) && value.find('\n') == std::string_view::npos) {
    return at + static_cast<std::uint32_t>(value.size());
  }
  if (in_quotes && (text[at] == '|' || text[at] == '>')) return end_of_block_scalar(text, at);
  return end_of_line(text, at);
}

std::uint32_t closing_bracket(std::string_view text, std::uint32_t at) {
  std::uint32_t i = at;
  while (i < text.size() && text[i] != '}' && text[i] != ']') {
    if (text[i] == '#') {
      while (i < text.size() && text[i] != '\n') ++i;
    } else if (is_space(text[i]) || text[i] == ',' || text[i] == ':' || text[i] == '*') {
      ++i;
    } else {
      return at;  // something unexpected: do not point at the wrong bracket
    }
  }
  return i < text.size() ? i : at;
}

bool is_never_closed(std::string_view text, std::uint32_t at) {
  if (at >= text.size() || (text[at] != '[' && text[at] != '{')) return false;
  std::size_t depth = 0;
  for (std::uint32_t i = at; i < text.size(); ++i) {
    const char c = text[i];
    const bool begins_text = i > at && (is_space(text[i - 1]) || text[i - 1] == '[' ||
                                        text[i - 1] == '{' || text[i - 1] == ',');
    if ((c == '"' || c == '\'') && begins_text) {
      const std::optional<std::uint32_t> close = closing_quote(text, i);
      if (!close) return true;
      i = *close;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if ((c == ']' || c == '}') && --depth == 0) {
      return false;
    }
  }
  return true;
}

namespace {

// The parser stops at the colon of a key that cannot stand there. When nothing is wrong with its
// line, the mistake is in the last line before it that says something.
std::optional<SyntaxError> mistake_above(std::string_view text, std::uint32_t at) {
  const auto start_of_line = [&](std::size_t place) {
    const std::size_t newline = place == 0 ? text.npos : text.rfind('\n', place - 1);
    return newline == text.npos ? 0 : newline + 1;
  };
  const std::size_t start = start_of_line(at);
  if (text.substr(start, at - start).find(": ") != text.npos) return std::nullopt;
  std::size_t above = start;
  std::size_t first = 0;
  do {
    if (above == 0) return std::nullopt;
    above = start_of_line(above - 1);
    first = text.find_first_not_of(' ', above);
  } while (first == text.npos || text[first] == '\n' || text[first] == '\r' || text[first] == '#');
  const std::string_view line = text.substr(first, end_of_line(text, first) - first);
  const std::size_t colon = line.find(':');
  if (colon == line.npos || colon + 1 == line.size()) return std::nullopt;
  const auto place = static_cast<std::uint32_t>(first);
  if (!is_blank(line[colon + 1]) && line.find(": ") == line.npos) {
    return SyntaxError{place + static_cast<std::uint32_t>(colon),
                       "a space is missing after this `:`",
                       fmt::format("write {}: {}", line.substr(0, colon), line.substr(colon + 1))};
  }
  if (text.find_first_not_of(' ', start) - start <= first - above) return std::nullopt;
  return SyntaxError{place, "the next line is indented deeper, but this key has a value already",
                     "align both with their neighbours"};
}

}  // namespace

SyntaxError explain_syntax_error(const std::string& parser_says, std::string_view text,
                                 std::uint32_t at) {
  struct Known {
    std::string_view parser_says;
    std::string_view message;
    std::string_view suggestion;
  };
  if (const auto tab = indenting_tab(text, at)) {
    return {*tab, "YAML does not allow tabs in the indentation", "use spaces"};
  }
  if (parser_says.find("illegal map value") != std::string::npos) {
    if (const auto above = mistake_above(text, at)) return *above;
  }
  static constexpr std::array<Known, 14> known = {{
      {"illegal map value", "a second `: ` in this line, or a line that is indented too far",
       "put a value that contains `: ` into quotes; align the key with its neighbours"},
      {"end of map not found", "expected a key or a closing bracket here",
       "align the key with its neighbours"},
      {"end of sequence not found", "expected an item `- …` here",
       "align the item with its neighbours"},
      {"end of sequence flow not found", "the list is not closed, or a comma is missing",
       "close it with `]`; put a text that contains brackets or commas into quotes"},
      {"end of map flow not found", "the mapping is not closed, or a comma is missing",
       "close it with `}`; put a text that contains brackets or commas into quotes"},
      {"illegal flow end", "no bracket is open here", "remove it, or open one before it"},
      {"the referenced anchor is not defined", "there is no anchor with this name above",
       "write `&name` before the value that `*name` repeats"},
      {"unknown escape character", "YAML does not have this escape",
       "double the backslash, or use single quotes"},
      {"illegal EOF", "the file ends inside a value", "close the quote"},
      {"invalid unicode", "this escape is no character, or only half of one",
       "write the character itself"},
      {"bad character found while scanning hex number", "an escape needs hexadecimal digits", ""},
      {"unknown token", "this character cannot begin a value", "put the value into quotes"},
      {"illegal block entry", "a `- ` item cannot begin here", "put it on a line of its own"},
      {"key not found", "expected a key here", ""},
  }};
  for (const Known& each : known) {
    if (parser_says.find(each.parser_says) == std::string::npos) continue;
    return {at, std::string(each.message), std::string(each.suggestion)};
  }
  return {at, fmt::format("this is not YAML: {}", parser_says), ""};
}

}  // namespace trimhorizon::reader
