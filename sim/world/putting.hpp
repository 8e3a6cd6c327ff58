// What every producer does at the service, with KPL or without it: find the shard, store a record,
// wake who reads. KDS-SHD-01, KDS-PRD-07, KDS-PRD-11.
#pragma once

#include "sim/kinesis/put.hpp"
#include "sim/world/failing_calls.hpp"
#include "sim/world/moment.hpp"

namespace trimhorizon {

// The shard of a key now.
inline ShardId shard_of(World& world, KeyId key) {
  ShardId& shard = world.shard_of_key[key.value];
  // KDS-SHD-03: after a reshard the key may belong to another shard.
  if (world.shard(shard).is_cut) {
    shard = open_shard_of(world.shards, shard, world.plan->keys[key.value].hash);
  }
  return shard;
}

// The key of the record, its shard and its size. REQUIRES: the entry has a number.
inline void place(World& world, ProducerId producer, PutEntry& entry) {
  const Plan& plan = *world.plan;
  entry.key = key_of_record_in(plan, producer, entry.number);
  entry.shard = shard_of(world, entry.key);
  // Data and partition key (KDS-LIM-01).
  entry.bytes = static_cast<std::uint32_t>(plan.producer(producer).data_bytes(entry.number) +
                                           plan.key_bytes[entry.key.value]);
}

// Appends the record to the log of its shard.
inline void store(World& world, ProducerId producer, PutEntry& entry) {
  Shard& shard = world.shard(entry.shard);
  if (entry.user_records > 0) shard.bytes += entry.bytes;
  entry.position = shard.log.append({world.now, RecordId::of(producer, entry.number), entry.key});
}

// Would wake() do something? A reader that polls or works finds the records by itself.
inline bool can_wake(const World& world, const Reader& reader) {
  if (reader.phase != ReaderPhase::parked && !reader.idles &&
      (reader.phase != ReaderPhase::stopped || reader.retention_due)) {
    return false;
  }
  return world.has_unsettled(reader);
}

// Wakes the readers of the shards that the last call wrote to, by ascending id. Others have nothing
// to read that they did not have before.
void wake_readers(const Moment& moment);

// The next call at the service. Each one of a run has a number of its own.
PutCallAtService call_at_service(const Moment& moment);

// Is the acknowledgement of this call lost? Only while an entry of the timeline says so.
bool acknowledgement_is_lost(const Moment& moment, ProducerId id);

}  // namespace trimhorizon
