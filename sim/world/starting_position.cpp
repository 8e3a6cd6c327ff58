// Where a reader starts: the answer of GetShardIterator for its StartingPosition.
//
//   1. TRIM_HORIZON and AT_TIMESTAMP are resolved when the mapping is created: from then on the
//      user expects these records, so what retention takes later is a loss. LATEST is the end of
//      the shard when polling really starts (ESM-POL-12)
//   2. a record before the start is unread. If it was stored before the mapping was created, it is
//      no loss, because it was never promised to this mapping
//   3. if it was stored after the creation, it is in the gap of LATEST: it is never read, and no
//      metric of AWS counts it. So the simulator reports it as lost
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/iterator.hpp"
#include "sim/world/reader.hpp"
#include "sim/world/starting_position.hpp"

namespace trimhorizon {
namespace {

IteratorRequest request_of(const MappingSettings& settings, bool from_start) {
  if (from_start) return {IteratorType::trim_horizon, {}, {}};
  switch (settings.starting_position) {  // AWS has these three (ESM-PAR-04)
    case StartingPosition::trim_horizon: return {IteratorType::trim_horizon, {}, {}};
    case StartingPosition::latest: return {IteratorType::latest, {}, {}};
    case StartingPosition::at_timestamp:
      return {IteratorType::at_timestamp, {}, settings.starting_timestamp_ms};
  }
  return {};
}

Position starting_position(const World& world, const Reader& reader) {
  const Shard& shard = world.shard(reader.shard);
  const MappingSettings& settings = world.settings(reader);
  [[maybe_unused]] const bool latest = settings.starting_position == StartingPosition::latest;
  if (TH_RULE(latest_is_resolved_by_the_poller, false, latest)) {
    return shard.log.first_at_or_after(settings.created, reader.checkpoint);
  }
  const ShardAt seen{shard, world.plan->clock(), world.now,
                     trim_horizon(world, shard, reader.checkpoint),
                     world.plan->times_of(shard.stream)};
  const auto iterator = get_shard_iterator(request_of(settings, reader.from_start), seen,
                                           TrimmedPosition::start_at_horizon);
  // The scenario reader has already refused what AWS refuses.
  TH_CHECK(std::holds_alternative<ShardIterator>(iterator));
  return std::get<ShardIterator>(iterator).position;
}

}  // namespace

EventNumber leave_unpromised(const Moment& moment, ReaderId id, Position end) {
  const Reader& reader = moment.world.reader(id);
  const Instant created = moment.world.settings(reader).created;
  const Position since =
      moment.world.shard(reader.shard).log.first_at_or_after(created, reader.checkpoint);
  const Position promised =
      TH_RULE(nothing_is_promised_before_the_creation, std::min(end, since), reader.checkpoint);
  return settle(moment, id, {promised, Fate::unread, LossCause::none, false});
}

void resolve_position(const Moment& moment, ReaderId id) {
  Reader& reader = moment.world.reader(id);
  const Position start = starting_position(moment.world, reader);
  reader.positioned = true;
  const EventNumber event = moment.tell(Positioned{id, reader.shard, start});

  const EventNumber skipped = leave_unpromised(moment.after(event), id, start);
  if (reader.checkpoint == start) return;
  // KDS-ITR-05: LATEST skips what was stored before it was resolved. No metric of AWS shows this
  // loss.
  settle(moment.after(skipped), id, {start, Fate::unread, LossCause::latest_gap, false});
}

}  // namespace trimhorizon
