// Makes a text of the user safe for the medium that it goes to. Names, titles and files may hold
// any character; none of them may move the cursor of a terminal, turn the reading direction around,
// or make a file that no program reads. Each writer asks here and decides nothing itself.
#pragma once

#include <string>
#include <string_view>

namespace trimhorizon {

// Characters that move the cursor, break a line, change the reading direction, or are none at all
// (U+FFFE). What is only invisible (a joiner inside an emoji) is a text like any other.
bool is_hostile(char32_t c);

// One line for a terminal: line breaks and tabs become blanks, other hostile characters and broken
// bytes U+FFFD.
std::string for_terminal(std::string_view text);

// The same for a text of several lines: only their ends stay.
std::string for_terminal_lines(std::string_view text);

// Content or attribute of XML 1.0. Hostile characters become references, so that a reader gets them
// back; what XML does not allow even so becomes U+FFFD.
std::string for_xml(std::string_view text);

// One word of a shell. Hostile characters are written as escapes, `$'\033'`, which bash and zsh
// read, so that the line can be shown and pasted.
std::string for_shell(std::string_view text);

}  // namespace trimhorizon
