// What each switch is about, in a few words: for reports and for the reference of keys.
#pragma once

#include <string_view>

#include "sim/faults/assumptions.hpp"

namespace trimhorizon {

std::string_view assumption_words(Assumption which);

}  // namespace trimhorizon
