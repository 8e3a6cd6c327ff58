// The JSON Schema (draft-07) of a format, made from its table. With it, editors complete keys, show
// their sentences and mark wrong values. It knows one value at a time; only the reader knows what
// several values must agree on.
#pragma once

#include <string>
#include <string_view>

#include "sim/format/format.hpp"

namespace trimhorizon::reader {

std::string schema_json(const Format& format, std::string_view title);

}  // namespace trimhorizon::reader
