// Reads the text of a YAML file itself, for facts that the parser does not tell: where a scalar
// ends, whether a quote is closed, which word for null was written, what a syntax error is about.
// The time of each function is bounded by the length of the text. All bytes are allowed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trimhorizon::reader {

// The word `null`, `~`, ... when it is at `at`. Empty when nothing was written, so that the next
// token is at `at`. A word before a colon is a key, so it is not the value.
std::string_view null_word_at(std::string_view text, std::uint32_t at, bool is_value);

// The place of the `-`, `,` or `[` before an item that is empty. `at` is where the parser saw
// nothing.
std::uint32_t item_mark_before(std::string_view text, std::uint32_t at);

// The place of the value itself, after its tag and its anchor (`!Ref &a "x"`).
std::uint32_t skip_properties(std::string_view text, std::uint32_t at);

// The place of the quote that closes the one at `open`; nullopt when there is none.
std::optional<std::uint32_t> closing_quote(std::string_view text, std::uint32_t open);

// The place just after a scalar with this value. For a plain scalar on several lines, the end of
// its first line.
std::uint32_t end_of_scalar(std::string_view text, std::uint32_t at, std::string_view value,
                            bool in_quotes);

// The values in a text, separated by commas: `1,[a, b],"x, y"` has three. A comma inside brackets,
// braces or quotes belongs to the value. A quote begins a quoted text only at the beginning of a
// value. Each value keeps its blanks. Brackets that do not match are reported later, by the reader.
std::vector<std::string> split_flow_values(std::string_view text);

// The place just after the name of an alias (`*name`).
std::uint32_t end_of_alias(std::string_view text, std::uint32_t at);

// The place of the next `}` or `]`, after blanks, commas and comments.
std::uint32_t closing_bracket(std::string_view text, std::uint32_t at);

// Is the `[` or `{` at `at` still open at the end of the text?
bool is_never_closed(std::string_view text, std::uint32_t at);

// A message of the parser, in words for people.
struct SyntaxError {
  std::uint32_t at;
  std::string message;
  std::string suggestion;
};
// `parser_says` is the text of the parser, and `at` is the place where it stopped.
SyntaxError explain_syntax_error(const std::string& parser_says, std::string_view text,
                                 std::uint32_t at);

}  // namespace trimhorizon::reader
