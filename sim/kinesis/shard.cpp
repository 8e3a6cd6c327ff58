#include "sim/kinesis/shard.hpp"

#include "sim/base/rule.hpp"

namespace trimhorizon {

Position trim_horizon(const Shard& shard, Duration retention, Instant now, Position from) {
  if (from >= shard.log.end()) return from;
  const Instant oldest = now - retention;
  // A record whose age is exactly the retention is still readable, so it must not count as lost.
  const Instant first_kept =
      TH_RULE(readable_at_exactly_the_retention, oldest, oldest + microseconds(1));
  if (shard.log.arrival(from) >= first_kept) return from;
  return shard.log.first_at_or_after(first_kept, from);
}

}  // namespace trimhorizon
