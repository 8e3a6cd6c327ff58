// A minute is over, or a scaler looks at its stream:
//
//   1. AWS splits the shards of a stream on demand that were busy (KDS-LIM-12), some minutes later;
//      until then they throttle. If a switch says so, it merges quiet ones (KDS-LIM-13)
//   2. a scaler of the user's own calls UpdateShardCount, and AWS may refuse it
//
// Both go on for ever, so they keep no run alive.
#include "sim/world/on_scale.hpp"

#include <algorithm>

#include "sim/kinesis/listing.hpp"
#include "sim/kinesis/resharding.hpp"
#include "sim/world/on_reshard.hpp"
#include "sim/world/step.hpp"

namespace trimhorizon {
namespace {

// The next whole minute after `now`.
Instant next_minute(Instant now) {
  const std::int64_t minute = minutes(1).us;
  return Instant{(now.us / minute + 1) * minute};
}

OnDemandRules rules_of(const Plan& plan) {
  return {plan.assumptions.on_demand_split_delay,
          plan.assumptions.on_demand_scale_down == assume::on_demand_scale_down::after_24h};
}

bool is_on_demand(const World& world, StreamId stream) {
  return world.streams[stream.value].mode == StreamMode::ON_DEMAND;
}

void schedule_idle(World& world, Instant at, const What& what) {
  schedule(world, at, {}, what);
  world.idle_events += 1;
}

bool has_pending(const World& world, const What& what) {
  return std::any_of(world.events.unordered().begin(), world.events.unordered().end(),
                     [&](const Event& event) { return event.what == what; });
}

}  // namespace

void watch_minutes(const Moment& moment, StreamId stream) {
  if (moment.plan().exploring || has_pending(moment.world, What{MinuteDue{stream}})) return;
  schedule_idle(moment.world, next_minute(moment.world.now), MinuteDue{stream});
}

void schedule_scaling(World& world) {
  if (world.plan->exploring) return;
  for (std::uint32_t s = 0; s < world.streams.size(); ++s) {
    if (is_on_demand(world, {s})) schedule_idle(world, next_minute(world.now), MinuteDue{{s}});
  }
  for (std::uint32_t i = 0; i < world.plan->autoscalers.size(); ++i) {
    schedule_idle(world, world.now + world.plan->autoscalers[i].settings.check_every, ScalerDue{i});
  }
}

void count_minutes(World& world, StreamId stream, std::span<const PutEntry> entries) {
  OnDemandState& state = world.surroundings[stream.value].minutes;
  for (const PutEntry& each : entries) {
    if (each.user_records == 0) continue;  // KDS-PRD-18
    MinuteTraffic more;
    if (each.is_stored()) {
      more.records = 1;
      more.bytes = each.bytes;
    } else if (each.end == PutEnd::throttled) {
      more.throttled = 1;
    }
    count_traffic(state, world.shard(each.shard).number, world.now, more);
  }
}

void on_minute_due(const Moment& moment, const MinuteDue& due) {
  World& world = moment.world;
  world.idle_events -= 1;
  if (!is_on_demand(world, due.stream)) return;
  schedule_idle(world, next_minute(world.now), MinuteDue{due.stream});
  const OnDemandSteps steps =
      end_minute(world.surroundings[due.stream.value].minutes, world.streams[due.stream.value],
                 world.shards, world.now, rules_of(*world.plan));
  for (const PlannedSplit& split : steps.splits) {
    moment.met(Assumption::on_demand_split_delay);
    moment.schedule(std::max(split.at, world.now),
                    OnDemandSplitDue{world.streams[due.stream.value].shards[split.number]});
  }
  if (world.now - Instant{0} >= quiet_before_merge) {
    moment.met(Assumption::on_demand_scale_down);
  }
  for (const PlannedMerge& merge : steps.merges) {
    const Cuts cuts = merge_on_demand(control_of(world, due.stream), merge.lower, merge.upper);
    if (cuts.empty()) continue;
    const EventNumber event =
        moment.tell(ApiAnswered{due.stream, ApiCaller::aws, ApiActionName::MergeShards, true, {}});
    schedule_cuts(moment.after(event), cuts);
  }
}

void on_on_demand_split_due(const Moment& moment, const OnDemandSplitDue& due) {
  World& world = moment.world;
  const StreamId stream = world.shard(due.shard).stream;
  const Cuts cuts = split_on_demand(control_of(world, stream), world.shard(due.shard).number);
  if (cuts.empty()) return;
  const EventNumber event =
      moment.tell(ApiAnswered{stream, ApiCaller::aws, ApiActionName::SplitShard, true, {}});
  schedule_cuts(moment.after(event), cuts);
}

void on_scaler_due(const Moment& moment, const ScalerDue& due) {
  World& world = moment.world;
  world.idle_events -= 1;
  const AutoscalerPlan& scaler = world.plan->autoscalers[due.scaler];
  schedule_idle(world, world.now + scaler.settings.check_every, ScalerDue{due.scaler});
  if (world.now - Instant{0} < minutes(1)) return;  // CloudWatch has no minute to show yet
  const StreamState& stream = world.streams[scaler.stream.value];
  const StreamAt seen{stream, world.shards, world.plan->clock(), world.now};
  const StreamSummary summary = describe_stream_summary(seen, 0);
  const MinuteTraffic minute =
      last_minute(world.surroundings[scaler.stream.value].minutes, world.now);
  const auto target = scaler_target(scaler.settings, minute, summary.open_shard_count);
  if (!target) return;
  call_api(moment, {scaler.stream, UpdateShardCountCall{*target}}, ApiCaller::autoscaler);
}

}  // namespace trimhorizon
