// Looking at the text of a YAML file itself, for what the parser does not tell: where a scalar
// ends, whether a quote is closed, which `null` was written, what a syntax error is about.
// All of it bounded by the length of the text, and right for any bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trimhorizon::reader {

// `null`, `~` … when such a word stands at `at`; empty when nothing was written and `at` is the
// next token. A word before a colon is a key, so it is not the value.
std::string_view null_word_at(std::string_view text, std::uint32_t at, bool is_value);

// From where the parser saw nothing back to the `-`, `,` or `[` that promised an item.
std::uint32_t item_mark_before(std::string_view text, std::uint32_t at);

// Behind a tag and an anchor (`!Ref &a "x"`) to the value itself.
std::uint32_t skip_properties(std::string_view text, std::uint32_t at);

// The place of the quote that closes the one at `open`.
std::optional<std::uint32_t> closing_quote(std::string_view text, std::uint32_t open);

// One past a scalar with this value; for a plain one that spans lines, the end of its first line.
std::uint32_t end_of_scalar(std::string_view text, std::uint32_t at, std::string_view value,
                            bool in_quotes);

// Several values in one text, apart by commas: `1,[a, b],"x, y"` are three. A comma inside
// brackets, braces or quotes belongs to the value; a quote begins a text only where a value begins.
// Each is as it stands there, blanks included; brackets that do not match are left to the reader.
std::vector<std::string> split_flow_values(std::string_view text);

// Behind the name of an alias (`*name`).
std::uint32_t end_of_alias(std::string_view text, std::uint32_t at);

// From `at` over blanks, commas and comments to the next `}` or `]`.
std::uint32_t closing_bracket(std::string_view text, std::uint32_t at);

// A `[` or `{` that is still open at the end of the text.
bool is_never_closed(std::string_view text, std::uint32_t at);

// What the parser says, for people.
struct SyntaxError {
  std::uint32_t at;
  std::string message;
  std::string suggestion;
};
SyntaxError explain_syntax_error(const std::string& parser_says, std::string_view text,
                                 std::uint32_t at);

}  // namespace trimhorizon::reader
