// As much of JSON Schema draft-07 as our schema uses; written for tests, independent of the reader.
#pragma once

#include <string>
#include <string_view>

#include "sim/base/json.hpp"

namespace trimhorizon::tests {

// Empty when the value is valid, else where and why not: "/streams: additional property `x`". A
// keyword that this validator does not know is a failure of its own.
std::string schema_violation(const Json& schema, const Json& value);

}  // namespace trimhorizon::tests
