// The two plans of UpdateShardCount: which splits and merges lead from the open shards to a number
// of shards. AWS does not document it; a recording shows `equal_ranges`. KDS-RSH-09, KDS-RSH-13,
// KDS-RSH-14, CON-26.
//
// Always:
//  1. A step uses shards that were open at first, or children of earlier steps. Each shard is used
//     at most once.
//  2. Children are numbered in the order of the steps: a split takes the next two numbers, the
//     lower range first; a merge takes the next one.
//  3. After the last step exactly `target` shards are open, and they cover the same keys as before.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/kinesis/hash_key.hpp"

namespace trimhorizon {

struct OpenShard {
  std::uint32_t number = 0;
  HashKeyRange range;

  friend bool operator==(const OpenShard&, const OpenShard&) = default;
};

struct PlanStep {
  std::uint32_t shard = 0;
  std::optional<std::uint32_t> adjacent;  // a merge with it; none: a split
  HashKey new_starting_hash_key = 0;      // of a split

  friend bool operator==(const PlanStep&, const PlanStep&) = default;
};

// The key at which a range is split when nobody says where: (first + last) / 2 (KDS-RSH-02).
constexpr HashKey middle_of(const HashKeyRange& range) {
  return range.first + (range.last - range.first) / 2;
}

// The key must be above the first two keys and below the last one (KDS-RSH-02).
bool can_be_split_at(const HashKeyRange& range, HashKey new_starting_hash_key);

// REQUIRES for both: `open` is not empty and in hash order, without gaps; next_number is above all
// their numbers; target > 0.
//
// The new ranges are those of a new stream with so many shards (KDS-RSH-13).
std::vector<PlanStep> equal_ranges_plan(const std::vector<OpenShard>& open,
                                        std::uint32_t next_number, std::uint32_t target);
// Splits all shards in the middle, as often as needed, then merges neighbours (KDS-RSH-14). A shard
// that is too narrow for a split stays whole.
std::vector<PlanStep> split_then_merge_plan(std::vector<OpenShard> open, std::uint32_t next_number,
                                            std::uint32_t target);

}  // namespace trimhorizon
