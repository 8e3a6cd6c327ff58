// Mappings are created, and entries of the timeline happen:
//
//   1. a new mapping gets one reader at every shard of its stream. Each reader has its own
//      checkpoint, because mappings do not share their progress (ESM-PAR-17). Polling starts
//      create_delay later, as on AWS (ESM-POL-12)
//   2. an entry that lasts is noted where it will be read: in the function, the producer or the
//      destination that it is about
//   3. an update of an enabled mapping stops its polling and starts it again (ESM-CHK-07)
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/bare_read.hpp"
#include "sim/world/on_reshard.hpp"
#include "sim/world/reader.hpp"
#include "sim/world/starting_position.hpp"

namespace trimhorizon {
namespace {

// When the action ends. It happens now: in a world that the explorer restored, `action.at` may be
// another instant.
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
    // A reader that is stopped has no poller that could crash.
    if (reader.phase == ReaderPhase::stopped) return;
    moment.met(Assumption::poller_failover);
    replace_reader(moment, id, DeliveryReason::poller_crash);
  });
}

bool is_invoking(const Reader& reader) {
  return std::any_of(reader.lanes.begin(), reader.lanes.end(),
                     [](const Lane& lane) { return lane.phase == LanePhase::in_flight; });
}

// Polling stops. The checkpoint stays, so that it can continue later (ESM-CHK-04). AWS does
// not document whether an invocation that runs now still counts; a switch decides (ESM-CHK-05).
void disable(const Moment& moment, MappingId id) {
  moment.world.mapping(id).enabled = false;
  moment.world.mapping(id).stops = false;
  for_each_reader(moment.world, id, [&](ReaderId reader_id, Reader& reader) {
    if (reader.finished) return;
    if (is_invoking(reader)) {
      moment.met(Assumption::in_flight_at_disable);
      if (moment.plan().assumptions.in_flight_at_disable ==
          assume::in_flight_at_disable::checkpointed) {
        reader.stopping = true;  // it ends, moves the checkpoint, and then stops
        return;
      }
    }
    // ESM-CHK-04: the reader forgets what it read, and will read again from its checkpoint.
    restart_reader(moment, reader_id, DeliveryReason::re_enabled);
    stay_disabled(moment, reader_id);
  });
}

// ESM-CHK-05: the mapping says Disabled at once, but polling and invoking go on for some time.
void disable_later(const Moment& moment, MappingId id) {
  moment.world.mapping(id).stops = true;
  const Moment then = moment.after(moment.tell(MappingSwitched{id, false, true}));
  then.schedule(moment.world.now + moment.plan().settings(id).disable_delay, MappingStops{id});
}

// It was enabled again before polling stopped, so nothing changes.
void keep_polling(const Moment& moment, MappingId id) {
  moment.world.mapping(id).stops = false;
  moment.world.events.cancel_if(
      [id](const Event& event) { return event.what == What{MappingStops{id}}; });
  moment.tell(MappingSwitched{id, true});
}

void enable(const Moment& moment, MappingId id) {
  MappingState& mapping = moment.world.mapping(id);
  mapping.enabled = true;
  const MappingSettings& settings = moment.plan().settings(id);
  // CON-07: an update stops polling for some time. Meanwhile records wait, and LATEST may skip
  // some.
  const Duration delay =
      TH_RULE(an_update_stops_polling_for_its_delay, settings.update_delay, Duration{0});
  // An update during creation does not make polling start earlier.
  mapping.resumes = std::max(moment.world.now + delay, settings.created + settings.create_delay);
  for_each_reader(moment.world, id, [&](ReaderId reader_id, Reader& reader) {
    if (reader.finished) return;
    if (reader.behind_parents) return wait_for_parents(moment, reader_id);
    // A reader whose invocation still runs starts again when that ends (ESM-CHK-05).
    if (!reader.stopping) start_polling(moment, reader_id, mapping.resumes);
  });
}

void switch_mapping(const Moment& moment, MappingId id, bool enabled) {
  MappingState& mapping = moment.world.mapping(id);
  const Moment then = moment.after(moment.tell(MappingSwitched{id, enabled}));
  // Before its creation a mapping has no readers, so only the setting changes.
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
  if (mapping.stops) {
    if (action.enabled) keep_polling(moment, action.mapping);
    return;
  }
  const bool delayed =
      TH_RULE(polling_goes_on_after_a_disable,
              moment.plan().settings(action.mapping).disable_delay > Duration{0}, false);
  if (!action.enabled && mapping.exists && mapping.enabled && delayed) {
    return disable_later(moment, action.mapping);
  }
  if (mapping.enabled == action.enabled) {
    // ESM-CHK-07: an update of an enabled mapping stops polling and starts it again.
    if (!TH_RULE(every_update_restarts_polling, mapping.exists && mapping.enabled, false)) return;
    switch_mapping(moment, action.mapping, false);
  }
  switch_mapping(moment, action.mapping, action.enabled);
}

// A throttle of the timeline begins. When it ends, the lanes that wait for a slot get theirs
// (LAM-CON-13).
void throttle(const Moment& moment, const TimelineAction& action) {
  FunctionState& function = moment.world.functions[action.function.value];
  function.throttled_until = std::max(function.throttled_until, end_of(moment.world, action));
  if (function.line.empty() || function.throttled_until == end_of_time) return;
  moment.schedule(function.throttled_until, SlotFreed{action.function});
}

}  // namespace

void on_timeline_due(const Moment& moment, const TimelineDue& due) {
  World& world = moment.world;
  const TimelineAction& action = moment.plan().timeline[due.index];
  const Moment then = moment.after(moment.tell(TimelineActed{due.index}));
  const auto extend = [&](Instant& until) { until = std::max(until, end_of(world, action)); };
  switch (action.kind) {
    // Throttle: AWS refuses every invocation, so the shards wait (LAM-CON-04).
    case ActionKind::throttle: return throttle(then, action);
    // Outage: invocations run, but all of them fail.
    case ActionKind::outage: return extend(world.functions[action.function.value].outage_until);
    // The destination takes no message, so the message is gone (ESM-DST-07).
    case ActionKind::fail_destination:
      return extend(world.destinations[action.destination.value].failing_until);
    // Acknowledgements get lost, so the producer may store records twice (KDS-PRD-07).
    case ActionKind::lose_acknowledgements: {
      std::vector<LostAnswers>& losing = world.producers[action.producer.value].losing;
      std::erase_if(losing, [&](const LostAnswers& each) { return each.until <= world.now; });
      losing.push_back({end_of(world, action), action.probability});
      return;
    }
    case ActionKind::crash_poller: return crash_poller(then, action);
    case ActionKind::update_event_source_mapping: return update_mapping(then, action);
    // The API of Kinesis is called; AWS may refuse it.
    case ActionKind::api_call: return call_api(then, *action.call, ApiCaller::timeline);
    case ActionKind::get_records: return read_once(then, due.index);
    case ActionKind::stream_failures: {
      std::vector<FailingCalls>& failing =
          world.surroundings[action.failures->stream.value].failing;
      std::erase_if(failing, [&](const FailingCalls& each) { return each.until <= world.now; });
      failing.push_back({end_of(world, action), due.index});
      return;
    }
  }
}

void on_mapping_stops(const Moment& moment, const MappingStops& stops) {
  switch_mapping(moment, stops.mapping, false);
}

void on_mapping_created(const Moment& moment, const MappingCreated& created) {
  MappingState& mapping = moment.world.mapping(created.mapping);
  mapping.exists = true;
  const EventNumber event = moment.tell(MappingSwitched{created.mapping, mapping.enabled});
  // The settings are those of the whole mapping, and the same for every shard (ESM-PAR-18).
  const StreamId stream = moment.plan().mapping(created.mapping).stream;
  // Parents come before their children. A shard that is announced gets its reader at the cut.
  const std::vector<ShardId> shards = moment.world.streams[stream.value].shards;
  for (const ShardId shard : shards) {
    if (!was_cut(moment.world, shard)) continue;
    open_reader(moment.after(event), created.mapping, shard, false);
  }
}

}  // namespace trimhorizon
