// What resharding has to do with readers: who reads a new shard, and when. ESM-POL-14, ESM-POL-15,
// ESM-POL-20, KDS-RSH-07, KDS-ITR-11.
#pragma once

#include "sim/kinesis/resharding.hpp"
#include "sim/world/moment.hpp"

namespace trimhorizon {

// An action of the API. AWS may refuse it: then nothing changes.
void call_api(const Moment& moment, const ApiCall& call, ApiCaller by);
// A shard is cut, with its partner if it is merged: the handler of ReshardDue.
void on_reshard_due(const Moment& moment, const ReshardDue& due);
// The stream as its control plane sees it now, under the switches of the run.
Control control_of(World& world, StreamId id);
// The cuts of a reshard that was accepted.
void schedule_cuts(const Moment& moment, const Cuts& cuts);

// Is there nothing more to read for this reader, now and ever? Its shard is closed, and all of it
// is settled (KDS-ITR-11).
bool is_at_end_of_shard(const World& world, const Reader& reader);
// The reader has read its closed shard to the end. Readers of the children that wait for nothing
// else start (ESM-POL-15).
void finish_reader(const Moment& moment, ReaderId id);

// Does the shard exist in full? A reshard announces shards before its cut, and their readers are
// opened at the cut.
bool was_cut(const World& world, ShardId shard);
// Does this consumer have to read another shard to its end before this one? (ESM-POL-15)
bool waits_for_parents(const World& world, ConsumerId consumer, ShardId shard);

}  // namespace trimhorizon
