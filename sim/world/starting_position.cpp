// Where a reader starts: GetShardIterator of the type that StartingPosition names, asked once.
//
//   1. TRIM_HORIZON and AT_TIMESTAMP are resolved when the mapping is created, because what
//      retention takes afterwards was promised and is a loss; LATEST is wherever the tip is when
//      polling really starts (ESM-POL-12)
//   2. what was stored before the mapping was created is unread: nobody promised it
//   3. what was stored later, and lies before the start all the same, is the gap of LATEST: it is
//      never read, and no metric of AWS counts it
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/iterator.hpp"
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

IteratorRequest request_of(const MappingSettings& settings) {
  switch (settings.starting_position) {  // ESM-PAR-04
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
                     trim_horizon(world, shard, reader.checkpoint)};
  const auto iterator =
      get_shard_iterator(request_of(settings), seen, TrimmedPosition::start_at_horizon);
  TH_CHECK(std::holds_alternative<ShardIterator>(iterator));  // the reader refused what AWS does
  return std::get<ShardIterator>(iterator).position;
}

}  // namespace

void resolve_position(const Moment& moment, ReaderId id) {
  Reader& reader = moment.world.reader(id);
  const Shard& shard = moment.world.shard(reader.shard);
  const Position start = starting_position(moment.world, reader);
  reader.positioned = true;
  const EventNumber told = moment.tell(Positioned{id, reader.shard, start});

  const Instant created = moment.world.settings(reader).created;
  const Position since = shard.log.first_at_or_after(created, reader.checkpoint);
  const Position promised =
      TH_RULE(nothing_is_promised_before_the_creation, std::min(start, since), reader.checkpoint);
  const EventNumber skipped =
      settle(moment.after(told), id, {promised, Fate::unread, LossCause::none, false});
  if (promised == start) return;
  settle(moment.after(skipped), id, {start, Fate::unread, LossCause::latest_gap, false});
}

}  // namespace trimhorizon
