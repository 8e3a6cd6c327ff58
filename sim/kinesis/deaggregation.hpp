// What a consumer gets of an aggregate: all of its user records, or nothing. KDS-PRD-17,
// KDS-PRD-18, KDS-PRD-21.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "sim/kinesis/hash_key.hpp"

namespace trimhorizon {

// Who unpacks an aggregate.
//   keeps_all        a function's own code: all user records come out
//   drops_unfitting  KCL and fan-out mappings: if the hash key of one user record is outside the
//                    range of the shard, the whole aggregate is dropped, silently
enum class Deaggregation : bool { keeps_all, drops_unfitting };

// The first user record whose hash key is outside the range; nullopt: none is.
std::optional<std::size_t> first_outside(std::span<const HashKey> hash_keys,
                                         const HashKeyRange& range);

// How many user records come out of an aggregate with these hash keys, in their order: all, or
// none. `range` is the range of the shard in which the aggregate is stored.
std::size_t unpacked(std::span<const HashKey> hash_keys, const HashKeyRange& range,
                     Deaggregation how);

}  // namespace trimhorizon
