// One step: the earliest pending event happens. The whole simulator is this function in a loop.
//
//   1. take the earliest event (time, class, entity, number)
//   2. its handler asks the rules what AWS would do, and `outside` what is undetermined
//   3. it changes the world, schedules later events, enters the ledger, tells the observer
#pragma once

#include "sim/base/choices.hpp"
#include "sim/world/handlers.hpp"
#include "sim/world/trace_event.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// The three doors, less the draws, which need none: they are functions of the seed.
struct Outside {
  Choices& choices;
  Handlers& handlers;
  Observer* observer = nullptr;
};

void step(World& world, Outside& outside);

// --- shared by the handler files ---

// Tells the observer; returns the event's number, to be the cause of what follows.
std::uint64_t tell(World& world, Outside& outside, TraceEvent event);
void schedule(World& world, Instant at, std::uint64_t cause, What what);

// on_timeline.cpp
void on_timeline_due(World& world, const TimelineDue& due, Outside& outside);
void on_mapping_created(World& world, const MappingCreated& created, Outside& outside);
// on_produce.cpp
void on_put_due(World& world, const PutDue& due, std::uint64_t cause, Outside& outside);
void on_put_retry_due(World& world, const PutRetryDue& due, std::uint64_t cause, Outside& outside);
// Schedules the producer's first or next call; nothing when it has none.
void schedule_next_put(World& world, ProducerId producer);
// on_poll.cpp
void on_poll_due(World& world, const PollDue& due, std::uint64_t cause, Outside& outside);
void on_lane_ready(World& world, const LaneReady& ready, std::uint64_t cause, Outside& outside);
// The wait before the next attempt, with the switch's jitter.
Duration jittered_delay(World& world, const Backoff& backoff, std::uint32_t step, ReaderId id);
void on_retention_due(World& world, const RetentionDue& due, std::uint64_t cause, Outside& outside);
// starting_position.cpp
// Where the mapping's StartingPosition lies now; what lies before it is unread.
void resolve_position(World& world, ReaderId id, std::uint64_t cause, Outside& outside);
// on_invoke.cpp
void invoke(World& world, ReaderId id, std::uint64_t cause, Outside& outside);
void on_invocation_done(World& world, const InvocationDone& done, std::uint64_t cause,
                        Outside& outside);
// poller.cpp
void start_polling(World& world, ReaderId id, Instant at, std::uint64_t cause);
// A new incarnation without ranges: what it read is forgotten, what it checkpointed is not.
void restart_reader(World& world, ReaderId id, DeliveryReason reason);
// The poller crashed: another reads from the checkpoint, poller_failover later. A disabled mapping
// has no other, and a start that is still to come is not brought forward.
void replace_reader(World& world, ReaderId id, DeliveryReason reason, std::uint64_t cause);
// A parked poller polls at its next rhythm point.
void wake(World& world, ReaderId id, std::uint64_t cause);
// Gives [checkpoint, end) a fate; `persists`: it is a checkpoint, not only a position.
std::uint64_t settle(World& world, ReaderId id, Position end, Fate fate, LossCause cause,
                     bool persists, std::uint64_t because, Outside& outside);
// Expires what retention has taken at the head; trims the waiting range.
void expire_head(World& world, ReaderId id, std::uint64_t cause, Outside& outside);
// The lane's ranges lose what lies before `end`. A range that is gone takes its back-off with it:
// what follows is another batch object (ESM-RTY-12).
void trim_ranges(Lane& lane, Position end);
// Gives up the head of the shard up to `end`: to the destination, or dropped (ESM-CHK-03).
std::uint64_t discard(World& world, ReaderId id, const Range& range, LossCause why,
                      bool function_error, std::uint64_t cause, Outside& outside);
// First position that retention has not taken at `now` (format rule 9).
Position trim_horizon(const World& world, const Shard& shard, Position from);
// Gives back the parts of a log that nobody can read any more.
void forget_settled(World& world, ShardId shard);
// The same for every shard of a stream that no mapping reads or will read.
void forget_unread(World& world, StreamId stream);

}  // namespace trimhorizon
