// An action of the API changes a stream, and later the stream is cut:
//
//   1. the service answers the action (kinesis/resharding.hpp): it adds the new shards, which are
//      listed some time before they open (KDS-RSH-15), and says when the cuts come
//   2. at a cut the parents take no more records, and the children do (KDS-RSH-06)
//   3. each mapping of the stream gets readers for the children. They wait until the mapping has
//      read the parents to their end (ESM-POL-15), and start at the beginning (ESM-POL-14)
//   4. a reader that waits for puts at a parent reads on, to find its end (KDS-ITR-11)
#include "sim/world/on_reshard.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/overloaded.hpp"
#include "sim/base/rule.hpp"
#include "sim/kinesis/resharding.hpp"
#include "sim/kinesis/stream_settings.hpp"
#include "sim/world/on_scale.hpp"
#include "sim/world/reader.hpp"
#include "sim/world/reading.hpp"
#include "sim/world/starting_position.hpp"

namespace trimhorizon {
Control control_of(World& world, StreamId id) {
  const Assumptions& assumptions = world.plan->assumptions;
  ReshardRules rules;
  rules.split_then_merge =
      assumptions.update_shard_count_plan == assume::update_shard_count_plan::split_then_merge;
  rules.early_listing = assumptions.reshard_listing == assume::reshard_listing::early;
  rules.duration = world.plan->stream(id).settings.reshard_duration;
  return {id, world.streams[id.value], world.shards, world.plan->clock(), world.now, rules};
}

namespace {

// The answer of an action that changes no shard.
Reshard without_cuts(const std::optional<ApiRefusal>& refusal) {
  if (refusal) return *refusal;
  return Cuts{};
}

Reshard of_consumer(const ConsumerAnswer& answer) {
  if (const auto* refusal = std::get_if<ApiRefusal>(&answer)) return *refusal;
  return Cuts{};
}

// The consumers of the file and those of the timeline have a number each.
ConsumerName consumer_named(const Plan& plan, StreamId stream, const std::string& name) {
  for (std::uint32_t i = 0; i < plan.stream_consumers.size(); ++i) {
    const StreamConsumerPlan& each = plan.stream_consumers[i];
    if (each.stream == stream && each.name == name) return {i};
  }
  return {};
}

Reshard answer_of(const Moment& moment, const ApiCall& call) {
  const Control control = control_of(moment.world, call.stream);
  StreamState& stream = control.stream;
  const Instant now = control.now;
  return std::visit(
      overloaded{
          [&](const SplitShardCall& e) {
            return split_shard(control, e.shard, e.new_starting_hash_key);
          },
          [&](const MergeShardsCall& e) { return merge_shards(control, e.shard, e.adjacent); },
          [&](const UpdateShardCountCall& e) {
            moment.met(Assumption::update_shard_count_plan);
            return update_shard_count(control, static_cast<std::uint32_t>(e.target));
          },
          [&](const UpdateStreamModeCall& e) {
            return without_cuts(update_stream_mode(stream, e.mode, now));
          },
          [&](const IncreaseRetentionCall& e) {
            return without_cuts(increase_retention(stream, e.hours, now));
          },
          [&](const DecreaseRetentionCall& e) {
            return without_cuts(decrease_retention(stream, e.hours, now));
          },
          [&](const RegisterConsumerCall& e) {
            return of_consumer(register_stream_consumer(
                stream.consumers, consumer_named(moment.plan(), call.stream, e.name), now));
          },
          [&](const DeregisterConsumerCall& e) {
            return of_consumer(deregister_stream_consumer(
                stream.consumers, consumer_named(moment.plan(), call.stream, e.name), now));
          },
      },
      call.action);
}

}  // namespace

void schedule_cuts(const Moment& moment, const Cuts& cuts) {
  for (const Cut& cut : cuts) moment.schedule(cut.at, ReshardDue{cut.parents.front()});
  if (!cuts.empty()) moment.met(Assumption::reshard_listing);
}

namespace {

// KDS-SHD-12: a shorter retention makes records unreadable at once. A reader that does not poll
// loses them now; one that polls finds out at its next read.
void retention_changed(const Moment& moment, StreamId stream) {
  World& world = moment.world;
  for (const ShardId shard : world.streams[stream.value].shards) {
    world.for_each_reader_at(shard, [&](ReaderId id) {
      if (world.reader(id).phase == ReaderPhase::stopped) expire_head(moment, id);
      reschedule_retention(moment, id);
    });
  }
}

// The shards of the stream that close together with this one: itself, and a partner of a merge.
std::vector<ShardId> parents_at_cut(const World& world, ShardId parent) {
  const Shard& shard = world.shard(parent);
  const StreamState& stream = world.streams[shard.stream.value];
  std::vector<ShardId> parents;
  const Shard& child = world.shard(shard.children[0]);
  for (const std::uint32_t number : stream.lineage.parents_of(child.number)) {
    parents.push_back(stream.shards[number]);
  }
  return parents;
}

// The child is there. ESM-POL-14: it is read from its beginning, whatever StartingPosition says.
// KDS-RSH-11: at LATEST the records since the cut would be lost.
void open_child_reader(const Moment& moment, MappingId mapping, ShardId shard) {
  const Assumptions& assumptions = moment.plan().assumptions;
  moment.met(Assumption::child_start);
  moment.met(Assumption::child_shards);
  const bool from_start =
      TH_RULE(children_are_read_from_their_beginning,
              assumptions.child_start == assume::child_start::trim_horizon, false);
  open_reader(moment, mapping, shard, from_start);
}

}  // namespace

void call_api(const Moment& moment, const ApiCall& call, ApiCaller by) {
  const Reshard answer = answer_of(moment, call);
  ApiAnswered answered{call.stream, by, call.action_name(), true, {}};
  if (const auto* refusal = std::get_if<ApiRefusal>(&answer)) {
    answered.accepted = false;
    answered.refusal = *refusal;
  }
  const Moment then = moment.after(moment.tell(answered));
  if (!answered.accepted) return;
  schedule_cuts(then, std::get<Cuts>(answer));
  if (const auto* mode = std::get_if<UpdateStreamModeCall>(&call.action)) {
    if (mode->mode == StreamMode::ON_DEMAND) watch_minutes(then, call.stream);
  }
  if (std::holds_alternative<DecreaseRetentionCall>(call.action) ||
      std::holds_alternative<IncreaseRetentionCall>(call.action)) {
    retention_changed(then, call.stream);
  }
}

void on_reshard_due(const Moment& moment, const ReshardDue& due) {
  World& world = moment.world;
  const StreamId stream = world.shard(due.parent).stream;
  const std::vector<ShardId> parents = parents_at_cut(world, due.parent);
  const std::array<ShardId, 2> children = world.shard(due.parent).children;
  for (const ShardId parent : parents) world.shard(parent).is_cut = true;
  const ShardId second = parents.size() > 1 ? parents[1] : ShardId{};
  const Moment then = moment.after(moment.tell(ShardsCut{stream, {parents[0], second}, children}));
  for (std::uint32_t m = 0; m < world.mappings.size(); ++m) {
    if (!world.mappings[m].exists || world.plan->mappings[m].stream != stream) continue;
    for (const ShardId child : children) {
      if (child.valid()) open_child_reader(then, {m}, child);
    }
  }
  for (const ShardId parent : parents) {
    world.for_each_reader_at(parent, [&](ReaderId id) {
      if (world.reader(id).phase == ReaderPhase::parked) wake_to_read(then, id);
      if (world.reader(id).idles) wake(then, id);
    });
  }
}

bool is_at_end_of_shard(const World& world, const Reader& reader) {
  return world.shard(reader.shard).is_cut && !world.has_unsettled(reader);
}

bool was_cut(const World& world, ShardId id) {
  const StreamState& stream = world.streams[world.shard(id).stream.value];
  const auto parents = stream.lineage.parents_of(world.shard(id).number);
  return std::all_of(parents.begin(), parents.end(), [&](std::uint32_t number) {
    return world.shard(stream.shards[number]).is_cut;
  });
}

bool waits_for_parents(const World& world, ConsumerId consumer, ShardId id) {
  const Shard& shard = world.shard(id);
  if (world.plan->assumptions.child_shards == assume::child_shards::at_once) return false;
  const StreamState& stream = world.streams[shard.stream.value];
  bool waits = false;
  for (const std::uint32_t number : stream.lineage.parents_of(shard.number)) {
    world.for_each_reader_at(stream.shards[number], [&](ReaderId other) {
      const Reader& reader = world.reader(other);
      waits = waits || (reader.consumer == consumer && !reader.finished);
    });
  }
  return TH_RULE(parents_are_read_before_their_children, waits, false);
}

void finish_reader(const Moment& moment, ReaderId id) {
  World& world = moment.world;
  Reader& reader = world.reader(id);
  TH_CHECK(!world.has_unsettled(reader));
  reader.finished = true;
  reader.phase = ReaderPhase::stopped;
  const Moment then = moment.after(moment.tell(ShardFinished{id, reader.shard}));
  const ConsumerId consumer = reader.consumer;
  const MappingState& mapping = world.mapping(mapping_of(consumer));
  for (const ShardId child : world.shard(reader.shard).children) {
    if (!child.valid()) continue;
    world.for_each_reader_at(child, [&](ReaderId other) {
      Reader& next = world.reader(other);
      if (next.consumer != consumer || !next.behind_parents ||
          waits_for_parents(world, consumer, child)) {
        return;
      }
      next.behind_parents = false;
      if (!mapping.enabled) return stay_disabled(then, other);
      // ESM-POL-20: a child is not read the moment its parents are done.
      then.met(Assumption::child_start_delay);
      const Duration delay = world.plan->assumptions.child_start_delay;
      start_polling(then, other, std::max(world.now + delay, mapping.resumes), PollWait::child);
    });
  }
}

}  // namespace trimhorizon
