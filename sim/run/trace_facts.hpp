// What a trace event leaves unsaid because the world beside it knows: where the records of a put
// went, how an invocation ended, which of its records had their effect. For observers, which see
// the world as it is right at the event.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/world/trace_event.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

struct StoredPlace {
  std::uint64_t number = 0;  // of the producer's record
  ShardId shard;
  Position position = 0;

  friend constexpr auto operator<=>(const StoredPlace&, const StoredPlace&) = default;
};

// Everything a `put` event stored, by record, then by shard and position. Records are twice in it
// when the copy of a lost acknowledgement followed inside the call.
std::vector<StoredPlace> places_of_put(const TraceEvent& put, const World& world);

// The invocation an `invoke_result` is about; valid until the world goes on.
const Invocation& ended_invocation(const TraceEvent& result, const World& world);

bool has_effect(const Outcome& outcome, std::uint64_t offset);

// success | partial | malformed | error | timeout | crash
std::string_view outcome_name(const TraceEvent& result);

}  // namespace trimhorizon
