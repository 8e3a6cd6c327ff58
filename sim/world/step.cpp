#include "sim/world/step.hpp"

#include "sim/base/check.hpp"
#include "sim/base/overloaded.hpp"

namespace trimhorizon {

// The handlers and their files. Each file begins with a numbered list of what it does.
void on_mapping_created(const Moment& moment, const MappingCreated& created);    // on_timeline
void on_timeline_due(const Moment& moment, const TimelineDue& due);              // on_timeline
void on_mapping_stops(const Moment& moment, const MappingStops& stops);          // on_timeline
void on_put_due(const Moment& moment, const PutDue& due);                        // on_produce
void on_put_retry_due(const Moment& moment, const PutRetryDue& due);             // on_produce
void on_kpl_due(const Moment& moment, const KplDue& due);                        // on_kpl
void on_kpl_answer_due(const Moment& moment, const KplAnswerDue& due);           // on_kpl
void on_reshard_due(const Moment& moment, const ReshardDue& due);                // on_reshard
void on_minute_due(const Moment& moment, const MinuteDue& due);                  // on_scale
void on_on_demand_split_due(const Moment& moment, const OnDemandSplitDue& due);  // on_scale
void on_scaler_due(const Moment& moment, const ScalerDue& due);                  // on_scale
void on_invocation_done(const Moment& moment, const InvocationDone& done);       // on_invoke
void on_retention_due(const Moment& moment, const RetentionDue& due);            // on_poll
void on_slot_freed(const Moment& moment, const SlotFreed& freed);                // on_poll
void on_poll_due(const Moment& moment, const PollDue& due);                      // on_poll
void on_lane_ready(const Moment& moment, const LaneReady& ready);                // on_poll

void schedule(World& world, Instant at, EventNumber cause, const What& what) {
  TH_CHECK(at >= world.now);
  world.events.add({at, world.next_event_number++, cause, what});
}

void Moment::schedule(Instant at, const What& what) const {
  trimhorizon::schedule(world, at, cause, what);
}

void step(World& world, Outside& outside) {
  // The earliest event comes first. Events of one instant have a fixed order (event.hpp), so a run
  // can be repeated exactly.
  const Event event = world.events.take();
  TH_CHECK(event.at >= world.now);
  // Time jumps to the event: nothing happens between two events.
  world.now = event.at;
  world.steps += 1;
  const Moment moment{world, outside, event.cause};
  std::visit(overloaded{
                 [&](const TimelineDue& e) { on_timeline_due(moment, e); },
                 [&](const MappingCreated& e) { on_mapping_created(moment, e); },
                 [&](const MappingStops& e) { on_mapping_stops(moment, e); },
                 [&](const PutDue& e) { on_put_due(moment, e); },
                 [&](const PutRetryDue& e) { on_put_retry_due(moment, e); },
                 [&](const KplDue& e) { on_kpl_due(moment, e); },
                 [&](const KplAnswerDue& e) { on_kpl_answer_due(moment, e); },
                 [&](const ReshardDue& e) { on_reshard_due(moment, e); },
                 [&](const MinuteDue& e) { on_minute_due(moment, e); },
                 [&](const OnDemandSplitDue& e) { on_on_demand_split_due(moment, e); },
                 [&](const ScalerDue& e) { on_scaler_due(moment, e); },
                 [&](const InvocationDone& e) { on_invocation_done(moment, e); },
                 [&](const RetentionDue& e) { on_retention_due(moment, e); },
                 [&](const SlotFreed& e) { on_slot_freed(moment, e); },
                 [&](const PollDue& e) { on_poll_due(moment, e); },
                 [&](const LaneReady& e) { on_lane_ready(moment, e); },
             },
             event.what);
}

}  // namespace trimhorizon
