#include "sim/kinesis/shard.hpp"

#include "sim/base/rule.hpp"

namespace trimhorizon {

Position trim_horizon(const Shard& shard, Instant kept, Position from) {
  if (from >= shard.log.end()) return from;
  // A record whose age is exactly the retention is still readable, so it must not count as lost.
  const Instant first_kept =
      TH_RULE(readable_at_exactly_the_retention, kept, kept + microseconds(1));
  if (shard.log.arrival(from) >= first_kept) return from;
  return shard.log.first_at_or_after(first_kept, from);
}

}  // namespace trimhorizon
