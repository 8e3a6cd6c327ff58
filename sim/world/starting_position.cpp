// Where a poller starts: GetShardIterator of the type that StartingPosition names, asked once.
// TRIM_HORIZON and AT_TIMESTAMP are resolved when the mapping is created: what retention takes
// afterwards is a loss. LATEST is wherever the tip is when polling really starts (ESM-POL-12).
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/iterator.hpp"
#include "sim/world/step.hpp"

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
  const Shard& shard = world.shards[reader.shard.value];
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

void resolve_position(World& world, ReaderId id, std::uint64_t cause, Outside& outside) {
  Reader& reader = world.reader(id);
  const Shard& shard = world.shards[reader.shard.value];
  const Position start = starting_position(world, reader);
  reader.positioned = true;
  const std::uint64_t told = tell(world, outside,
                                  {.cause = cause,
                                   .kind = TraceKind::started,
                                   .who = id.value,
                                   .shard = reader.shard,
                                   .span = {start, start}});
  // Stored before the mapping was created: nobody promised those. Stored later: the gap of LATEST,
  // never read and in no metric of AWS.
  const Position created = std::min(
      start, shard.log.first_at_or_after(world.settings(reader).created, reader.checkpoint));
  const Position promised =
      TH_RULE(nothing_is_promised_before_the_creation, created, reader.checkpoint);
  const std::uint64_t skipped =
      settle(world, id, promised, Fate::unread, LossCause::none, false, told, outside);
  if (promised == start) return;
  world.history.mark(Situation::latest_gap);
  settle(world, id, start, Fate::unread, LossCause::latest_gap, false, skipped, outside);
}

}  // namespace trimhorizon
