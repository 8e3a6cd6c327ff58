// Wall time as users write it: ISO 8601 in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace trimhorizon {

// Milliseconds since 1970 of "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.250Z",
// "2026-01-01T00:00Z" or "2026-01-01". A blank is allowed instead of the T, and "+00:00" instead of
// the Z. nullopt for anything else: other zones, dates that do not exist, years before 1970,
// fractions below a millisecond.
std::optional<std::int64_t> parse_wall_time_ms(std::string_view text);

}  // namespace trimhorizon
