// A parsed JSON value as text: on one line, without spaces.
#pragma once

#include <string>

#include "sim/base/json.hpp"

namespace trimhorizon::testing {

inline std::string to_text(const Json& json) {
  std::string text;
  JsonWriter(text).value(json);
  return text;
}

}  // namespace trimhorizon::testing
