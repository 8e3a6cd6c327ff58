#include "sim/world/putting.hpp"

#include <algorithm>

#include "sim/world/reader.hpp"

namespace trimhorizon {

void wake_readers(const Moment& moment) {
  World& world = moment.world;
  std::vector<ReaderId>& sleepers = moment.outside.sleepers;
  sleepers.clear();
  const auto look_at = [&](ReaderId id) {
    if (can_wake(world, world.reader(id))) sleepers.push_back(id);
  };
  const std::vector<PutEntry>& entries = moment.outside.entries;
  if (world.readers.size() <= entries.size()) {
    for (std::uint32_t i = 0; i < world.readers.size(); ++i) look_at({i});
  } else {
    for (const PutEntry& each : entries) world.for_each_reader_at(each.shard, look_at);
    std::sort(sleepers.begin(), sleepers.end());
    sleepers.erase(std::unique(sleepers.begin(), sleepers.end()), sleepers.end());
  }
  for (const ReaderId id : sleepers) wake(moment, id);
}

PutCallAtService call_at_service(const Moment& moment) {
  World& world = moment.world;
  std::vector<CallBytes>& bytes = moment.outside.call_bytes;
  if (bytes.size() < world.shards.size()) bytes.resize(world.shards.size());
  const bool per_shard = world.plan->assumptions.put_rounding == assume::put_rounding::per_shard;
  return {world.shards, bytes, per_shard ? PutRounding::per_shard : PutRounding::per_call,
          ++moment.outside.put_calls, world.now};
}

bool acknowledgement_is_lost(const Moment& moment, ProducerId id) {
  const ProducerState& producer = moment.world.producers[id.value];
  const Probability weight = loss_of_answers(producer, moment.world.now);
  if (weight.parts_per_billion == 0) return false;
  if (weight.parts_per_billion == 1'000'000'000) return true;
  constexpr Site site = Site::lost_acknowledgement;
  return moment.asks(site) &&
         moment.pick(site, moment.plan().producer(id).draws_as, producer.calls, 2, weight) != 0;
}

}  // namespace trimhorizon
