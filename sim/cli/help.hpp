// The names of the commands, and their help texts.
#pragma once

#include <array>
#include <string_view>

namespace trimhorizon {

inline constexpr std::array<std::string_view, 10> command_names = {
    "run", "test", "validate", "explain", "explore", "replay", "diff", "sweep", "merge", "schema"};

// Of one command, or of the program for an empty name.
std::string_view help_text(std::string_view command);

}  // namespace trimhorizon
