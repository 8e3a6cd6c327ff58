// Operators and the world act: mappings that come into being, and entries of the timeline.
//
//   1. a mapping that is created gets a reader at every shard of its stream, each with a checkpoint
//      of its own (ESM-PAR-17); polling starts create_delay later (ESM-POL-12)
//   2. an entry that lasts is noted where it will be asked for: in the function, the producer or
//      the destination it is about
//   3. an update of an enabled mapping stops its polling, and starts it again (ESM-CHK-07)
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

// The action happens now; only that is known of a world the explorer has decoded.
Instant end_of(const World& world, const TimelineAction& action) {
  return action.lasts ? world.now + *action.lasts : end_of_time;
}

template <class F>
void for_each_reader(World& world, MappingId mapping, F f) {
  const ConsumerId consumer = consumer_of(mapping);
  for (std::uint32_t i = 0; i < world.readers.size(); ++i) {
    if (world.readers[i].consumer == consumer) f(ReaderId{i}, world.readers[i]);
  }
}

void crash_poller(const Moment& moment, const TimelineAction& action) {
  for_each_reader(moment.world, action.mapping, [&](ReaderId id, Reader& reader) {
    if (moment.world.shard(reader.shard).number != action.shard_number) return;
    if (reader.phase == ReaderPhase::stopped) return;
    moment.met(Assumption::poller_failover);
    replace_reader(moment, id, DeliveryReason::poller_crash);
  });
}

bool is_invoking(const Reader& reader) {
  return std::any_of(reader.lanes.begin(), reader.lanes.end(),
                     [](const Lane& lane) { return lane.phase == LanePhase::in_flight; });
}

// ESM-CHK-04, ESM-CHK-05: the checkpoint stays; what is in flight may or may not count.
void disable(const Moment& moment, MappingId id) {
  moment.world.mapping(id).enabled = false;
  for_each_reader(moment.world, id, [&](ReaderId reader_id, Reader& reader) {
    if (is_invoking(reader)) {
      moment.met(Assumption::in_flight_at_disable);
      if (moment.plan().assumptions.in_flight_at_disable ==
          assume::in_flight_at_disable::checkpointed) {
        reader.stopping = true;  // it finishes, is checkpointed, and then stops
        return;
      }
    }
    restart_reader(moment, reader_id, DeliveryReason::re_enabled);
    wake(moment, reader_id);  // retention goes on without a reader
  });
}

void enable(const Moment& moment, MappingId id) {
  MappingState& mapping = moment.world.mapping(id);
  mapping.enabled = true;
  const MappingSettings& settings = moment.plan().settings(id);
  // CON-07
  const Duration delay =
      TH_RULE(an_update_stops_polling_for_its_delay, settings.update_delay, Duration{0});
  // An update while the mapping is being created brings nothing forward.
  mapping.resumes = std::max(moment.world.now + delay, settings.created + settings.create_delay);
  for_each_reader(moment.world, id, [&](ReaderId reader_id, Reader& reader) {
    if (!reader.stopping) start_polling(moment, reader_id, mapping.resumes);
  });
}

void switch_mapping(const Moment& moment, MappingId id, bool enabled) {
  MappingState& mapping = moment.world.mapping(id);
  const Moment then = moment.after(moment.tell(MappingSwitched{id, enabled}));
  if (!mapping.exists) {
    mapping.enabled = enabled;
  } else if (enabled) {
    enable(then, id);
  } else {
    disable(then, id);
  }
}

void update_mapping(const Moment& moment, const TimelineAction& action) {
  const MappingState& mapping = moment.world.mapping(action.mapping);
  if (mapping.enabled == action.enabled) {
    // ESM-CHK-07: an update of what is enabled stops polling and starts it again.
    if (!TH_RULE(every_update_restarts_polling, mapping.exists && mapping.enabled, false)) return;
    switch_mapping(moment, action.mapping, false);
  }
  switch_mapping(moment, action.mapping, action.enabled);
}

void open_reader(const Moment& moment, MappingId mapping, ShardId shard) {
  const MappingSettings& settings = moment.plan().settings(mapping);
  const ReaderId id{static_cast<std::uint32_t>(moment.world.readers.size())};
  Reader reader;
  reader.consumer = consumer_of(mapping);
  reader.shard = shard;
  moment.world.readers.push_back(reader);
  moment.tell(ReaderOpened{id, reader.consumer, shard});
  // Where reading starts is known at once, except for LATEST (ESM-POL-12).
  if (settings.starting_position != StartingPosition::latest) resolve_position(moment, id);
  // ESM-POL-12. Whole tests on AWS took 48 to 120 s, so about a minute of it (ESM-POL-13).
  const Duration delay =
      TH_RULE(polling_starts_after_the_create_delay, settings.create_delay, Duration{0});
  if (moment.world.mapping(mapping).enabled) {
    start_polling(moment, id, moment.world.now + delay);
  } else {
    wake(moment, id);  // retention goes on without a reader
  }
}

}  // namespace

void on_timeline_due(const Moment& moment, const TimelineDue& due) {
  World& world = moment.world;
  const TimelineAction& action = moment.plan().timeline[due.index];
  const Moment then = moment.after(moment.tell(TimelineActed{due.index}));
  const auto extend = [&](Instant& until) { until = std::max(until, end_of(world, action)); };
  switch (action.kind) {
    case ActionKind::throttle:
      return extend(world.functions[action.function.value].throttled_until);
    case ActionKind::outage: return extend(world.functions[action.function.value].outage_until);
    case ActionKind::fail_destination:
      return extend(world.destinations[action.destination.value].failing_until);
    case ActionKind::lose_acknowledgements: {
      std::vector<LostAnswers>& losing = world.producers[action.producer.value].losing;
      std::erase_if(losing, [&](const LostAnswers& each) { return each.until <= world.now; });
      losing.push_back({end_of(world, action), action.probability});
      return;
    }
    case ActionKind::crash_poller: return crash_poller(then, action);
    case ActionKind::update_event_source_mapping: return update_mapping(then, action);
  }
}

void on_mapping_created(const Moment& moment, const MappingCreated& created) {
  MappingState& mapping = moment.world.mapping(created.mapping);
  mapping.exists = true;
  const EventNumber told = moment.tell(MappingSwitched{created.mapping, mapping.enabled});
  // The settings are those of the mapping, for every shard (ESM-PAR-18).
  const StreamId stream = moment.plan().mapping(created.mapping).stream;
  for (const ShardId shard : moment.world.streams[stream.value].shards) {
    open_reader(moment.after(told), created.mapping, shard);
  }
}

}  // namespace trimhorizon
