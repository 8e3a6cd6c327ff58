// SplitShard, MergeShards and UpdateShardCount: what they do to the shards of a stream, and when.
// KDS-RSH-01..04, KDS-RSH-06, KDS-RSH-08, KDS-RSH-09, KDS-RSH-13..15, KDS-SHD-05, KDS-SHD-06,
// KDS-SHD-09, KDS-LIM-08, KDS-LIM-12.
//
// A reshard is announced before it happens. The call adds all new shards at once, with the instants
// at which they are listed and at which they open: the rest of its life is told by the clock. So
// nothing has to be done later, but the caller may have readers and producers to wake at the cuts.
//
// Always:
//  1. A refused call changes nothing.
//  2. At every instant, the open shards of the stream cover each hash key once (KDS-SHD-05).
//  3. Children open at the instant at which their parents close. A shard is listed no later than it
//     opens, and listed as closed no later than it closes.
//  4. A shard is at least one second old when it closes, unless it closes at once (`..._now`). A
//     child is created at least one second after its parents, so its sequence numbers are higher.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "sim/kinesis/api_error.hpp"
#include "sim/kinesis/shard.hpp"
#include "sim/kinesis/stream.hpp"

namespace trimhorizon {

inline constexpr std::uint32_t shards_of_a_stream_max = 10'000;  // as a target (KDS-LIM-08)
inline constexpr std::size_t count_updates_max = 10;             // in 24 hours (KDS-LIM-08)

struct ReshardRules {
  bool split_then_merge = false;    // the plan of UpdateShardCount: KDS-RSH-14, else KDS-RSH-13
  bool early_listing = true;        // as recorded; false: the listing changes at the cut (CON-31)
  Duration duration = seconds(25);  // from the call to the cut, at least 0 (KDS-RSH-04)

  friend bool operator==(const ReshardRules&, const ReshardRules&) = default;
};

// A stream at the instant of a call. `shards` are those of all streams: a new shard is appended,
// and its ShardId is its index. REQUIRES: stream.shards[n] is the shard with the number n.
struct Control {
  StreamId id;
  StreamState& stream;
  std::vector<Shard>& shards;
  WallClock clock;
  Instant now;
  ReshardRules rules;

  Shard& shard(std::uint32_t number) const { return shards[stream.shards[number].value]; }
};

// At this instant the parents close and the children open.
struct Cut {
  Instant at;
  std::vector<ShardId> parents;   // one or two
  std::vector<ShardId> children;  // the lower range first

  friend bool operator==(const Cut&, const Cut&) = default;
};

using Cuts = std::vector<Cut>;  // ordered by time
using Reshard = std::variant<Cuts, ApiRefusal>;

// The open shards as a caller counts them: those without children, in hash order. A shard that was
// announced and has not opened yet is among them.
std::vector<std::uint32_t> shards_without_children(const StreamState& stream,
                                                   const std::vector<Shard>& shards);

// ---------- the actions of the API ----------

// Without a key, the shard is split in the middle (KDS-RSH-02).
Reshard split_shard(const Control& control, std::uint32_t number,
                    std::optional<HashKey> new_starting_hash_key);
// `number` becomes ParentShardId of the child, `adjacent` AdjacentParentShardId (KDS-RSH-08).
Reshard merge_shards(const Control& control, std::uint32_t number, std::uint32_t adjacent);
// The same count is accepted and does nothing; such a call does not count to the quota.
Reshard update_shard_count(const Control& control, std::uint32_t target);

// Why AWS would refuse such a call; nullopt if it would accept it.
std::optional<ApiRefusal> refuse_split(const Control& control, std::uint32_t number,
                                       std::optional<HashKey> new_starting_hash_key);
std::optional<ApiRefusal> refuse_merge(const Control& control, std::uint32_t number,
                                       std::uint32_t adjacent);
std::optional<ApiRefusal> refuse_shard_count(const Control& control, std::uint32_t target);

// ---------- the same, for who cannot wait ----------

// As the actions above, but the cuts, their listing and ACTIVE are all now, or when a shard that is
// announced opens. For the explorer, where a reshard is one step.
Reshard split_shard_now(const Control& control, std::uint32_t number,
                        std::optional<HashKey> new_starting_hash_key);
Reshard merge_shards_now(const Control& control, std::uint32_t number, std::uint32_t adjacent);
Reshard update_shard_count_now(const Control& control, std::uint32_t target);

// ---------- what AWS does by itself with a stream on demand (KDS-LIM-12, KDS-LIM-13) ----------

// Splits in the middle, also while the stream is UPDATING. Does nothing (no cuts) if the stream is
// not on demand any more, or if the shard has children or is too narrow.
Cuts split_on_demand(const Control& control, std::uint32_t number);
// Does nothing if the stream is not on demand any more, if a shard has children, or if the two are
// not neighbours.
Cuts merge_on_demand(const Control& control, std::uint32_t lower, std::uint32_t upper);

}  // namespace trimhorizon
