// Copies what a person may want to see of a world into plain values, with names instead of indexes.
#include "sim/experiment/views.hpp"

#include <algorithm>

#include "sim/base/overloaded.hpp"
#include "sim/world/names.hpp"
#include "sim/world/reader.hpp"

namespace trimhorizon {
namespace {

// While the reader works, the phase of its lane.
std::string phase_name(const Reader& reader) {
  switch (reader.phase) {
    case ReaderPhase::stopped: return "stopped";
    case ReaderPhase::parked: return "parked";
    case ReaderPhase::polling: return "polling";
    case ReaderPhase::working: break;
  }
  const LanePhase lane = reader.lanes.front().phase;
  return lane == LanePhase::in_flight ? "in_flight" : "waiting";
}

std::vector<std::string> record_names(const World& world, ShardId shard, Span span) {
  std::vector<std::string> names;
  const RecordLog& log = world.shard(shard).log;
  for (Position p = std::max(span.first, log.first()); p < span.end; ++p) {
    names.push_back(record_name(world, shard, p));
  }
  return names;
}

PollerView view_poller(const World& world, const Reader& reader) {
  const RecordLog& log = world.shard(reader.shard).log;
  PollerView view;
  view.mapping = world.plan->name(reader.consumer);
  view.shard = shard_name(world, reader.shard);
  view.phase = phase_name(reader);
  view.incarnation = reader.incarnation;
  if (reader.has_checkpoint && reader.checkpoint > log.first()) {
    view.checkpoint = record_name(world, reader.shard, reader.checkpoint - 1);
  }
  view.iterator = reader.checkpoint;
  view.pending = log.end() - reader.checkpoint;
  const Lane& lane = reader.lanes.front();
  for (const Range& range : lane.ranges) {
    const Span span = range.batch.span;
    view.lane.push_back({span.first, span.end, range.attempts, range.retries_used,
                         record_names(world, reader.shard, span)});
  }
  if (!lane.in_flight.valid()) return view;
  const Invocation& call = world.invocations[lane.in_flight.value];
  view.in_flight = {call.number.value, call.attempt, call.started.us,
                    (call.work_started + call.outcome.duration).us,
                    record_names(world, reader.shard, call.batch.span)};
  return view;
}

PendingView view_event(const World& world, const Event& event) {
  PendingView view{event.at.us, "", "", event.cause.value};
  const auto say = [&](const char* name, std::string entity) {
    view.event = name;
    view.entity = std::move(entity);
  };
  const Plan& plan = *world.plan;
  std::visit(
      overloaded{
          [&](const TimelineDue& e) {
            say("timeline", std::string(name(plan.timeline[e.index].kind)));
          },
          [&](const MappingCreated& e) { say("mapping_created", plan.mapping(e.mapping).name); },
          [&](const MappingStops& e) { say("mapping_stops", plan.mapping(e.mapping).name); },
          [&](const SlotFreed& e) { say("slot_freed", plan.function(e.function).name); },
          [&](const PutDue& e) { say("put", plan.producer(e.producer).name); },
          [&](const PutRetryDue& e) { say("put_retry", plan.producer(e.producer).name); },
          [&](const KplDue& e) { say("kpl", plan.producer(e.producer).name); },
          [&](const KplAnswerDue& e) { say("kpl_answer", plan.producer(e.producer).name); },
          [&](const ReshardDue& e) { say("reshard", shard_name(world, e.parent)); },
          [&](const MinuteDue& e) { say("minute", plan.stream(e.stream).name); },
          [&](const OnDemandSplitDue& e) { say("on_demand_split", shard_name(world, e.shard)); },
          [&](const ScalerDue& e) {
            say("autoscaler", plan.stream(plan.autoscalers[e.scaler].stream).name);
          },
          [&](const InvocationDone& e) {
            say("invocation_done", reader_name(world, world.invocations[e.slot.value].reader));
          },
          [&](const RetentionDue& e) { say("retention", reader_name(world, e.reader)); },
          [&](const PollDue& e) { say("poll", reader_name(world, e.reader)); },
          [&](const LaneReady& e) { say("lane_ready", reader_name(world, e.reader)); },
      },
      event.what);
  return view;
}

}  // namespace

std::vector<ShardView> view_shards(const World& world) {
  std::vector<ShardView> views;
  for (std::uint32_t s = 0; s < world.shards.size(); ++s) {
    const Shard& shard = world.shards[s];
    views.push_back({world.plan->stream(shard.stream).name, shard_name(world, {s}),
                     to_decimal(shard.range.first), to_decimal(shard.range.last), shard.created.us,
                     shard.log.end(), trim_horizon(world, shard, shard.log.first())});
  }
  return views;
}

std::vector<PollerView> view_pollers(const World& world) {
  std::vector<PollerView> views;
  for (const Reader& reader : world.readers) views.push_back(view_poller(world, reader));
  return views;
}

std::vector<PendingView> view_pending(const World& world) {
  std::vector<PendingView> views;
  for (const Event& event : world.events.in_order()) views.push_back(view_event(world, event));
  return views;
}

}  // namespace trimhorizon
