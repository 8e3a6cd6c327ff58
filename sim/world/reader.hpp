// What every handler of a reader shares: starting and restarting it, waking it, giving records
// their fate, giving them up.
//
// Always:
//  1. A record gets its fate from settle() and from nothing else, in the order of the shard.
#pragma once

#include "sim/world/moment.hpp"

namespace trimhorizon {

// Polling begins at `at`; what was pending for the reader is cancelled. It must be stopped, or its
// next poll pending.
void start_polling(const Moment& moment, ReaderId id, Instant at);

// A new incarnation without batches: what it read is forgotten, what it checkpointed is not.
void restart_reader(const Moment& moment, ReaderId id, DeliveryReason reason);

// Its poller crashed: another reads from the checkpoint, poller_failover later. A disabled mapping
// has no other, and a start that is still to come is not brought forward.
void replace_reader(const Moment& moment, ReaderId id, DeliveryReason reason);

// One that is parked polls at its next rhythm point; of one that is stopped, retention goes on.
void wake(const Moment& moment, ReaderId id);

// Why records get their fate.
struct Settlement {
  Position end = 0;  // the records from the position up to here
  Fate fate = Fate::processed;
  LossCause cause = LossCause::none;  // of those without an effect
  bool persists = true;               // it is a checkpoint, not only a position
};
// Returns what was told of it; the moment's cause when there was nothing to settle.
EventNumber settle(const Moment& moment, ReaderId id, const Settlement& settlement);

// Expires what retention has taken at the head; trims the waiting batch.
void expire_head(const Moment& moment, ReaderId id);

// Gives up the head of the shard: to the destination, or dropped (ESM-CHK-03).
EventNumber give_up(const Moment& moment, ReaderId id, const GivingUp& what);

// Where the StartingPosition lies now; what lies before it is unread (starting_position.cpp).
void resolve_position(const Moment& moment, ReaderId id);

// The wait before the next attempt, with the switch's jitter.
Duration next_wait(const Moment& moment, ReaderId id, const Backoff& backoff, std::uint32_t step);

// First position that retention has not taken at `now`.
Position trim_horizon(const World& world, const Shard& shard, Position from);

// Gives back the parts of a log that nobody can read any more.
void forget_settled(World& world, ShardId shard);
// The same for every shard of a stream that nobody reads or will read.
void forget_unread(World& world, StreamId stream);

// Hands the top range of the lane over; it has one (on_invoke.cpp).
void invoke(const Moment& moment, ReaderId id, LaneId lane);

}  // namespace trimhorizon
