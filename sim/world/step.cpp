#include "sim/world/step.hpp"

#include "sim/base/check.hpp"
#include "sim/base/overloaded.hpp"

namespace trimhorizon {

std::uint32_t entity_of(const Event& event) {
  return std::visit(overloaded{
                        [](const TimelineDue& e) { return e.index | behind_creations; },
                        [](const MappingCreated& e) { return e.mapping.value; },
                        [](const PutDue& e) { return e.producer.value; },
                        [](const PutRetryDue& e) { return e.producer.value; },
                        [](const InvocationDone& e) { return e.slot.value; },
                        [](const RetentionDue& e) { return e.reader.value; },
                        [](const PollDue& e) { return e.reader.value; },
                        [](const LaneReady& e) { return e.reader.value; },
                    },
                    event.what);
}

std::uint64_t tell(World& world, Outside& outside, TraceEvent event) {
  event.at = world.now;
  event.number = ++world.history.trace_number;
  if (outside.observer != nullptr) outside.observer->on(event, world);
  return event.number;
}

void schedule(World& world, Instant at, std::uint64_t cause, What what) {
  TH_CHECK(at >= world.now);
  world.events.add({at, world.next_event_number++, cause, what});
}

void step(World& world, Outside& outside) {
  const Event event = world.events.take();
  TH_CHECK(event.at >= world.now);
  world.now = event.at;
  world.history.steps += 1;
  std::visit(
      overloaded{
          [&](const TimelineDue& e) { on_timeline_due(world, e, outside); },
          [&](const MappingCreated& e) { on_mapping_created(world, e, outside); },
          [&](const PutDue& e) { on_put_due(world, e, event.cause, outside); },
          [&](const PutRetryDue& e) { on_put_retry_due(world, e, event.cause, outside); },
          [&](const InvocationDone& e) { on_invocation_done(world, e, event.cause, outside); },
          [&](const RetentionDue& e) { on_retention_due(world, e, event.cause, outside); },
          [&](const PollDue& e) { on_poll_due(world, e, event.cause, outside); },
          [&](const LaneReady& e) { on_lane_ready(world, e, event.cause, outside); },
      },
      event.what);
}

}  // namespace trimhorizon
