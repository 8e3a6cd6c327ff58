// JSON writes a character beyond U+FFFF as two escapes, a surrogate pair: "\ud83d\ude00". The YAML
// parser refuses them. So they are hidden from it: the parser reads a text of the same length, and
// what it returns is translated back.
#pragma once

#include <string>
#include <string_view>

namespace trimhorizon::reader {

// Does the text have such pairs, and nothing that looks like a hidden one?
bool has_surrogate_pairs(std::string_view text);
// The text with each pair replaced by as many bytes of other characters, so that all places stay.
std::string hide_surrogate_pairs(std::string_view text);
// A text that the parser has read of it. Between double quotes a pair is one character; elsewhere
// its escapes are letters like any others.
std::string show_surrogate_pairs(std::string_view text, bool in_double_quotes);

}  // namespace trimhorizon::reader
