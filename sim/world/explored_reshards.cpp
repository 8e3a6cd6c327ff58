// The explorer reshards a stream before a put, or before a poll that finds records: these are the
// moments at which it can change where a record is stored, or when it is read.
#include "sim/world/explored_reshards.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "sim/base/overloaded.hpp"
#include "sim/world/on_reshard.hpp"

namespace trimhorizon {
namespace {

// Does AWS accept the call, does it change something, and are the shards open that it cuts? A shard
// that is only announced is not cut before it opens.
bool may_happen(const World& world, const Control& control, const ApiAction& action) {
  const auto is_open = [&](std::uint32_t number) {
    return was_cut(world, control.stream.shards[number]);
  };
  return std::visit(overloaded{
                        [&](const SplitShardCall& e) {
                          return !refuse_split(control, e.shard, e.new_starting_hash_key) &&
                                 is_open(e.shard);
                        },
                        [&](const MergeShardsCall& e) {
                          return !refuse_merge(control, e.shard, e.adjacent) && is_open(e.shard) &&
                                 is_open(e.adjacent);
                        },
                        [&](const UpdateShardCountCall& e) {
                          const auto target = static_cast<std::uint32_t>(e.target);
                          const auto open = shards_without_children(control.stream, control.shards);
                          return target != open.size() && !refuse_shard_count(control, target) &&
                                 std::all_of(open.begin(), open.end(), is_open);
                        },
                        [](const auto&) { return false; },
                    },
                    action);
}

Reshard do_now(const Control& control, const ApiAction& action) {
  return std::visit(
      overloaded{
          [&](const SplitShardCall& e) {
            return split_shard_now(control, e.shard, e.new_starting_hash_key);
          },
          [&](const MergeShardsCall& e) { return merge_shards_now(control, e.shard, e.adjacent); },
          [&](const UpdateShardCountCall& e) {
            return update_shard_count_now(control, static_cast<std::uint32_t>(e.target));
          },
          [](const auto&) { return Reshard{Cuts{}}; },
      },
      action);
}

void reshard_by_entry(const Moment& moment, std::uint32_t entry) {
  const ApiCall& call = moment.plan().reshards[entry];
  if (std::holds_alternative<UpdateShardCountCall>(call.action)) {
    moment.met(Assumption::update_shard_count_plan);
  }
  moment.world.surroundings[call.stream.value].reshards_done |= std::uint64_t{1} << entry;
  const Reshard answer = do_now(control_of(moment.world, call.stream), call.action);
  TH_CHECK(std::holds_alternative<Cuts>(answer));
  for (const Cut& cut : std::get<Cuts>(answer)) on_reshard_due(moment, {cut.parents.front()});
}

// May another put to the stream come?
bool more_puts_to(const World& world, StreamId stream) {
  const auto puts_to_it = [&](ProducerId id) { return world.plan->producer(id).stream == stream; };
  return std::any_of(world.events.unordered().begin(), world.events.unordered().end(),
                     [&](const Event& event) {
                       if (const auto* put = std::get_if<PutDue>(&event.what)) {
                         return puts_to_it(put->producer);
                       }
                       const auto* again = std::get_if<PutRetryDue>(&event.what);
                       return again != nullptr && puts_to_it(again->producer);
                     });
}

}  // namespace

std::vector<std::uint32_t> offered_reshards(const World& world, StreamId stream) {
  // Nothing is changed by asking what AWS would refuse.
  const Control control = control_of(const_cast<World&>(world), stream);
  const std::uint64_t done = world.surroundings[stream.value].reshards_done;
  std::vector<std::uint32_t> offered;
  for (std::uint32_t i = 0; i < world.plan->reshards.size(); ++i) {
    const ApiCall& call = world.plan->reshards[i];
    const bool is_done = (done >> i & 1) != 0;
    if (call.stream == stream && !is_done && may_happen(world, control, call.action)) {
      offered.push_back(i);
    }
  }
  return offered;
}

void ask_reshard(const Moment& moment, StreamId stream) {
  if (!moment.asks(Site::reshard)) return;
  while (true) {
    const std::vector<std::uint32_t> offered = offered_reshards(moment.world, stream);
    if (offered.empty()) return;
    const std::uint32_t chosen = moment.pick(Site::reshard, stream.value,
                                             moment.world.surroundings[stream.value].reshards_done,
                                             static_cast<std::uint32_t>(offered.size() + 1));
    if (chosen == 0) return;
    reshard_by_entry(moment, offered[chosen - 1]);
  }
}

void ask_reshard_before_poll(const Moment& moment, ReaderId id) {
  if (!moment.asks(Site::reshard)) return;
  const World& world = moment.world;
  const StreamId stream = world.shard(world.reader(id).shard).stream;
  if (world.has_unsettled(world.reader(id)) && more_puts_to(world, stream)) {
    ask_reshard(moment, stream);
  }
}

}  // namespace trimhorizon
