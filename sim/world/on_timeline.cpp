// Operators and the world act: entries of the timeline, and mappings that come into being.
#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"
#include "sim/world/step.hpp"

namespace trimhorizon {
namespace {

// The action happens now; only that is known of a world the explorer has decoded.
Instant end_of(const World& world, const TimelineAction& action) {
  return action.lasts ? world.now + *action.lasts : end_of_time;
}

void crash_poller(World& world, const TimelineAction& action, std::uint64_t cause) {
  for (std::uint32_t i = 0; i < world.readers.size(); ++i) {
    const Reader& reader = world.readers[i];
    if (reader.mapping != action.mapping ||
        world.shards[reader.shard.value].number != action.shard_number ||
        reader.phase == Phase::stopped) {
      continue;
    }
    world.history.mark(Situation::poller_crash);
    world.history.met.add(Assumption::poller_failover);
    replace_reader(world, {i}, DeliveryReason::poller_crash, cause);
  }
}

// ESM-CHK-04, ESM-CHK-05: the checkpoint stays; what is in flight may or may not count.
void disable(World& world, MappingId id, std::uint64_t cause) {
  MappingState& mapping = world.mappings[id.value];
  mapping.enabled = false;
  for (std::uint32_t i = mapping.first_reader; i < mapping.first_reader + mapping.readers; ++i) {
    Reader& reader = world.readers[i];
    if (reader.phase == Phase::in_flight) {
      world.history.met.add(Assumption::in_flight_at_disable);
      if (world.plan->assumptions.in_flight_at_disable ==
          assume::in_flight_at_disable::checkpointed) {
        reader.stopping = true;  // it finishes, is checkpointed, and then stops
        continue;
      }
    }
    restart_reader(world, {i}, DeliveryReason::re_enabled);
    wake(world, {i}, cause);  // retention goes on without a reader
  }
}

void enable(World& world, MappingId id, std::uint64_t cause) {
  MappingState& mapping = world.mappings[id.value];
  mapping.enabled = true;
  const MappingSettings& settings = world.plan->settings(id);
  // CON-07
  const Duration delay =
      TH_RULE(an_update_stops_polling_for_its_delay, settings.update_delay, Duration{0});
  // An update while the mapping is being created brings nothing forward.
  mapping.resumes = std::max(world.now + delay, settings.created + settings.create_delay);
  for (std::uint32_t i = mapping.first_reader; i < mapping.first_reader + mapping.readers; ++i) {
    if (world.readers[i].stopping) continue;  // its invocation has to end first
    start_polling(world, {i}, mapping.resumes, cause);
  }
}

void switch_mapping(World& world, MappingId id, bool enabled, std::uint64_t cause,
                    Outside& outside) {
  MappingState& mapping = world.mappings[id.value];
  const std::uint64_t told =
      tell(world, outside,
           {.cause = cause, .kind = TraceKind::mapping_state, .flag = enabled, .who = id.value});
  if (!mapping.exists) {
    mapping.enabled = enabled;
  } else if (enabled) {
    enable(world, id, told);
  } else {
    disable(world, id, told);
  }
}

void update_mapping(World& world, const TimelineAction& action, std::uint64_t cause,
                    Outside& outside) {
  const MappingState& mapping = world.mappings[action.mapping.value];
  if (mapping.enabled == action.enabled) {
    // ESM-CHK-07: an update of what is enabled stops polling and starts it again.
    if (!TH_RULE(every_update_restarts_polling, mapping.exists && mapping.enabled, false)) return;
    switch_mapping(world, action.mapping, false, cause, outside);
  }
  switch_mapping(world, action.mapping, action.enabled, cause, outside);
}

}  // namespace

void on_timeline_due(World& world, const TimelineDue& due, Outside& outside) {
  const TimelineAction& action = world.plan->timeline[due.index];
  const std::uint64_t told =
      tell(world, outside, {.kind = TraceKind::fault, .flag = true, .value = due.index});
  switch (action.kind) {
    case ActionKind::throttle: {
      Instant& until = world.functions[action.function.value].throttled_until;
      until = std::max(until, end_of(world, action));
      return;
    }
    case ActionKind::outage: {
      Instant& until = world.functions[action.function.value].outage_until;
      until = std::max(until, end_of(world, action));
      return;
    }
    case ActionKind::fail_destination: {
      Instant& until = world.destinations[action.destination.value].failing_until;
      until = std::max(until, end_of(world, action));
      return;
    }
    case ActionKind::lose_acknowledgements: {
      std::vector<LostAnswers>& losing = world.producers[action.producer.value].losing;
      std::erase_if(losing, [&](const LostAnswers& each) { return each.until <= world.now; });
      losing.push_back({end_of(world, action), action.probability});
      return;
    }
    case ActionKind::crash_poller: crash_poller(world, action, told); return;
    case ActionKind::update_event_source_mapping:
      update_mapping(world, action, told, outside);
      return;
  }
}

void on_mapping_created(World& world, const MappingCreated& created, Outside& outside) {
  MappingState& mapping = world.mappings[created.mapping.value];
  const MappingPlan& plan = world.plan->mapping(created.mapping);
  const StreamPlan& stream = world.plan->stream(plan.stream);
  mapping.exists = true;
  mapping.first_reader = static_cast<std::uint32_t>(world.readers.size());
  mapping.readers = stream.settings.shard_count;
  const std::uint64_t told = tell(
      world, outside,
      {.kind = TraceKind::mapping_state, .flag = mapping.enabled, .who = created.mapping.value});
  // A poller a shard, with a checkpoint of its own (ESM-PAR-17); the settings are those of
  // the mapping (ESM-PAR-18).
  for (std::uint32_t s = 0; s < stream.settings.shard_count; ++s) {
    const ReaderId id{static_cast<std::uint32_t>(world.readers.size())};
    Reader reader;
    reader.mapping = created.mapping;
    reader.shard = {stream.first_shard + s};
    world.readers.push_back(reader);
    world.history.ledger.open_account(id, created.mapping, reader.shard);
    // Where reading starts is known at once, except for LATEST (ESM-POL-12).
    if (plan.settings.starting_position != StartingPosition::latest) {
      resolve_position(world, id, told, outside);
    }
    // ESM-POL-12. Whole tests on AWS took 48 to 120 s, so about a minute of it (ESM-POL-13).
    const Duration delay =
        TH_RULE(polling_starts_after_the_create_delay, plan.settings.create_delay, Duration{0});
    if (mapping.enabled) {
      start_polling(world, id, world.now + delay, told);
    } else {
      wake(world, id, told);  // retention goes on without a reader
    }
  }
}

}  // namespace trimhorizon
