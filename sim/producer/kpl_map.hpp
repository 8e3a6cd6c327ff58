// KPL's own map of the shards: from hash keys to the open shards, as ListShards told them. It is
// read again only after a put has landed in a shard that the map did not expect. KDS-PRD-16.
//
// Always:
//  1. While the map is being read, KPL predicts no shard: it sends each user record alone.
//  2. The ranges of closed shards are remembered for at least a minute after the last reading.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/kinesis/hash_key.hpp"

namespace trimhorizon {

// A shard as KPL knows it; `number` is the one in its shard id.
struct KplShardRange {
  std::uint32_t number = 0;
  HashKeyRange range;

  friend bool operator==(const KplShardRange&, const KplShardRange&) = default;
};

class KplMap {
 public:
  // KPL starts now. It reads the map at once.
  explicit KplMap(Instant started = Instant{0}) : started_(started), asks_at_(started) {}

  // The instant at which KPL calls ListShards; end_of_time: it does not.
  Instant asks_at() const { return asks_at_; }
  // It calls. Afterwards the map gets an answer: give() or fail().
  void ask() { asks_at_ = end_of_time; }
  // The answer: the open shards, as ListShards with AT_LATEST lists them at this instant. Between a
  // reshard and its cut it lists the parents too (KDS-RSH-10): `closing`. KPL knows their ranges.
  void give(const std::vector<KplShardRange>& open, Instant now,
            const std::vector<KplShardRange>& closing = {});
  // ListShards failed: it is called again after 1 s, then 1.5 times as long, at most 30 s.
  void fail(Instant now);

  bool is_ready() const { return ready_; }
  // The open shard of a hash key; nullopt: not known now.
  std::optional<std::uint32_t> shard_of(HashKey key) const;
  // The range of a shard that KPL knows, also a closed one that it remembers.
  std::optional<HashKeyRange> range_of(std::uint32_t number) const;

  // A record of a call made at `made` landed somewhere else than in the shard `predicted`: the map
  // is read again, unless it is newer than the call or no longer has this shard. With
  // `whatever_was_predicted` (KPL before 0.15.11) the second is not asked.
  void invalidate(Instant made, std::uint32_t predicted, bool whatever_was_predicted, Instant now);
  // Forgets closed shards at KPL's rhythm: every 30 s, if the map is older than 60 s.
  // REQUIRES: called with instants that do not decrease, before range_of() is asked.
  void forget_closed(Instant now);

  friend bool operator==(const KplMap&, const KplMap&) = default;

 private:
  Instant started_;
  bool ready_ = false;
  Instant updated_at_ = start_of_time;
  Instant asks_at_;
  Duration backoff_ = seconds(1);
  std::vector<KplShardRange> open_;   // by range
  std::vector<KplShardRange> known_;  // by number: the open ones, and closed ones
};

}  // namespace trimhorizon
