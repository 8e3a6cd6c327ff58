// What the handlers of a reader share: start it, restart it, wake it, settle records, give records
// up.
//
// Always:
//  1. A record gets its fate from settle() and nowhere else, in the order of the shard.
#pragma once

#include <span>

#include "sim/world/moment.hpp"

namespace trimhorizon {

// The mapping gets a reader at this shard. `from_start`: it starts at the beginning of the shard,
// whatever StartingPosition says (ESM-POL-14).
void open_reader(const Moment& moment, MappingId mapping, ShardId shard, bool from_start);

// Polling begins at `at`, for this reason not earlier; the pending events of the reader are
// cancelled. REQUIRES: the reader is stopped or polling.
void start_polling(const Moment& moment, ReaderId id, Instant at, PollWait why = PollWait::start);

// The mapping is disabled, so its reader does not poll. Retention also counts while it is.
// REQUIRES: the reader is stopped.
void stay_disabled(const Moment& moment, ReaderId id);

// The reader of a child shard waits until its mapping has read the parents (ESM-POL-15). Retention
// also counts while it does. REQUIRES: the reader is stopped.
void wait_for_parents(const Moment& moment, ReaderId id);

// Stops the reader and starts a new incarnation without batches. It forgets what it read and keeps
// its checkpoint.
void restart_reader(const Moment& moment, ReaderId id, DeliveryReason reason);

// The poller crashed: another one reads from the checkpoint, poller_failover later. A disabled
// mapping has no other poller. A start that is already planned does not come earlier.
void replace_reader(const Moment& moment, ReaderId id, DeliveryReason reason);

// A parked reader polls at its next rhythm point (ESM-POL-01). A stopped reader stays stopped, but
// retention takes its records when they expire.
void wake(const Moment& moment, ReaderId id);

// The same, for a reader that is parked, although there may be nothing to read.
void wake_to_read(const Moment& moment, ReaderId id);
// The retention of its stream has changed: what is stopped may lose records at another time.
void reschedule_retention(const Moment& moment, ReaderId id);

// Does the reader keep the position that LATEST gave it, over a restart? CON-27: once a record was
// read from it, or only once a checkpoint is stored.
bool position_is_kept(const Assumptions& assumptions, const Reader& reader);

// The lane leaves the line of its function, if it stands there: it has nothing to send.
void leave_line(const Moment& moment, ReaderId id, LaneId lane);

// What happened to some records, and why.
struct Settlement {
  Position end = 0;  // all records from the checkpoint up to here, excluded
  Fate fate = Fate::processed;
  LossCause cause = LossCause::none;  // why records without an effect have none
  bool persists = true;               // true: a checkpoint; false: only a position
  // Positions that a report named which the mapping did not read (ESM-PBR-01).
  std::span<const Position> reported = {};
};
// Moves the checkpoint. Returns the number of the event that tells it; when there was nothing to
// settle, the cause of the moment.
EventNumber settle(const Moment& moment, ReaderId id, const Settlement& settlement);

// Expires the records at the head that retention has taken, and removes them from the waiting
// batch.
void expire_head(const Moment& moment, ReaderId id);

// Gives up the records at the head of the shard: they go to the destination, or are dropped
// (ESM-CHK-03). REQUIRES: they begin at the checkpoint. Returns the number of the last event.
EventNumber give_up(const Moment& moment, ReaderId id, const GivingUp& what);

// The wait after failed attempt number `step` (from 0), with the jitter of the switch. The explorer
// uses no jitter.
Duration next_wait(const Moment& moment, ReaderId id, const Backoff& backoff, std::uint32_t step);

// The first position at `from` or later that retention has not taken by `at`; `from` itself when
// retention is switched off. The other one is for now.
Position trim_horizon(const World& world, const Shard& shard, Position from, Instant at);
inline Position trim_horizon(const World& world, const Shard& shard, Position from) {
  return trim_horizon(world, shard, from, world.now);
}

// Frees the parts of a log that nobody can read any more. Does nothing when the plan keeps its
// logs.
void forget_settled(World& world, ShardId shard);
// The same for every shard of a stream, if no mapping reads the stream.
void forget_unread(World& world, StreamId stream);

}  // namespace trimhorizon
