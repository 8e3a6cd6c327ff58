// What each switch is about, in a few words, and its value: for reports and for the reference of
// keys.
#pragma once

#include <string>
#include <string_view>

#include "sim/faults/assumptions.hpp"

namespace trimhorizon {

std::string_view assumption_words(Assumption which);

// "resets_retries", "500ms x2 up to 15s", "none".
std::string assumption_value(const Assumptions& assumptions, Assumption which);
bool is_default(const Assumptions& assumptions, Assumption which);

}  // namespace trimhorizon
