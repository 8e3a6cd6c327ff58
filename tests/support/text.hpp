// Looking for a part of a text.
#pragma once

#include <string_view>

namespace trimhorizon::testing {

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace trimhorizon::testing
