#include "sim/world/names.hpp"

#include "sim/kinesis/sequence_number.hpp"

namespace trimhorizon {
namespace {

std::int64_t wall_s(const World& world, Instant t) { return world.plan->wall_ms(t) / 1000; }

}  // namespace

std::string sequence_number_of(const World& world, ShardId id, Position position) {
  return sequence_number_of(world, id, position, world.shard(id).log.arrival(position));
}

std::string sequence_number_of(const World& world, ShardId id, Position position, Instant arrival) {
  const Shard& shard = world.shard(id);
  return sequence_number_text({wall_s(world, shard.created),
                               sequence_index(shard.packs.index_of(position)),
                               wall_s(world, arrival), shard.number});
}

std::string shard_name(const World& world, ShardId id) {
  return shard_id_text(world.shard(id).number);
}

std::string record_name(const World& world, ShardId id, Position position) {
  return world.plan->record_id(world.shard(id).log.record(position));
}

std::string reader_name(const World& world, ReaderId id) {
  const Reader& reader = world.reader(id);
  return world.plan->name(reader.consumer) + " on " + shard_name(world, reader.shard);
}

}  // namespace trimhorizon
