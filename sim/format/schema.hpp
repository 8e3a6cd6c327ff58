// The JSON Schema (draft-07) of a format, written off its table: editors complete keys, show their
// sentences and mark what the reader would refuse. It knows one value at a time; what several
// values must agree on only the reader knows.
#pragma once

#include <string>
#include <string_view>

#include "sim/format/format.hpp"

namespace trimhorizon::reader {

std::string schema_json(const Format& format, std::string_view title);

}  // namespace trimhorizon::reader
