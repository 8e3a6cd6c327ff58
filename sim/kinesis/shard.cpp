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

Position visible_end(const Shard& shard, Instant now, Duration delay) {
  const Position end = shard.log.end();
  if (delay == Duration{}) return end;
  // The records that arrived before this instant can be read.
  const Instant unseen_from = now - delay + microseconds(1);
  return TH_RULE(a_record_is_readable_after_its_delay,
                 shard.log.first_at_or_after(unseen_from, shard.log.first()), end);
}

}  // namespace trimhorizon
