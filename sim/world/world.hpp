// The world: everything that exists at one instant, as a value.
//
// Always:
//  1. Copying forks it, == compares it; it holds no clock, generator, pointer to itself or text.
//  2. Its only references are counted: the immutable Plan and the chunks of long logs.
//  3. Nothing in it tells of the past: what a run came to is a fold over its events
//  (happening.hpp),
//     beside it. Members are marked
//       state   rules read it
//       time    the same, relative to the next event when encoded
//       number  names events, invocations and questions, so that they can be told apart
//       told    no rule reads it; events that are still to come say it
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/base/event_queue.hpp"
#include "sim/base/ids.hpp"
#include "sim/kinesis/lineage.hpp"
#include "sim/kinesis/shard.hpp"
#include "sim/lambda/concurrency.hpp"
#include "sim/lambda/lane.hpp"
#include "sim/lambda/outcome.hpp"
#include "sim/producer/put_call.hpp"
#include "sim/world/event.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

struct StreamState {
  Lineage lineage;              // state: who came from whom
  std::vector<ShardId> shards;  // state: by shard number; they need not be neighbours

  friend bool operator==(const StreamState&, const StreamState&) = default;
};

struct MappingState {
  bool exists = false;         // state
  bool enabled = true;         // state
  Instant resumes{INT64_MIN};  // time: polling goes on from here after an update (ESM-POL-12)
  std::uint64_t calls = 0;     // number: invocations so far; draws count by it

  friend bool operator==(const MappingState&, const MappingState&) = default;
};

// What a reader is doing; the pending event that belongs to it is named.
enum class ReaderPhase : std::uint8_t {
  stopped,  // disabled; RetentionDue when something is unsettled
  parked,   // nothing to read; a put wakes it, no event
  polling,  // PollDue
  working,  // its lanes hold batches, and their events
};

// One consumer at one shard: where it stands, its rhythm, its lanes. Readers are never removed, so
// an id stays valid; those of one stream lie anywhere in the table.
struct Reader {
  ConsumerId consumer;                       // state
  ShardId shard;                             // state
  std::uint32_t incarnation = 0;             // state: counts restarts
  ReaderPhase phase = ReaderPhase::stopped;  // state
  bool has_checkpoint = false;               // state: did a checkpoint ever move? (ESM-CHK-07)
  bool positioned = false;                   // state: is the starting position resolved?
  bool stopping = false;                     // state: an update waits for its invocation to end
  bool retention_due = false;                // state: is a RetentionDue pending? (stopped only)
  DeliveryReason restart_reason = DeliveryReason::first;  // told
  Position checkpoint = 0;                                // state: the first record not yet settled
  Position delivered_to = 0;                              // told: first deliveries reach up to here
  Instant last_poll{0};                                   // time: the once-a-second rhythm
  InvocationNumber last_call;                             // number: of its last invocation
  std::uint64_t waits = 0;                                // number: waits drawn so far
  std::vector<Lane> lanes{1};  // state: one for now (ParallelizationFactor 1)

  Lane& lane(LaneId id) { return lanes[id.value]; }
  const Lane& lane(LaneId id) const { return lanes[id.value]; }

  friend bool operator==(const Reader&, const Reader&) = default;
};

// Of an invocation by a second poller of the same shard: no reader waits for it (ESM-POL-18).
inline constexpr std::uint32_t no_incarnation = UINT32_MAX;

struct Invocation {
  bool used = false;              // state
  ReaderId reader;                // state
  std::uint32_t incarnation = 0;  // state
  Batch batch;                    // state
  Outcome outcome;                // state
  InvocationNumber number;        // number
  std::uint32_t attempt = 1;      // told
  Instant started;                // time
  Instant work_started;           // told: after a cold start

  friend bool operator==(const Invocation&, const Invocation&) = default;
};

struct DestinationState {
  Instant failing_until{INT64_MIN};  // time

  friend bool operator==(const DestinationState&, const DestinationState&) = default;
};

struct World {
  std::shared_ptr<const Plan> plan;
  Instant now{0};                              // time
  std::uint64_t steps = 0;                     // number: events that have happened
  std::uint64_t next_event_number = 0;         // number: of events that are scheduled
  EventNumber last_event;                      // number: of the last one told
  InvocationNumber last_call;                  // number: of the last invocation
  EventQueue<Event> events;                    // state, due times relative
  std::vector<Shard> shards;                   // by ShardId
  std::vector<StreamState> streams;            // by StreamId
  std::vector<ProducerState> producers;        // by ProducerId
  std::vector<FunctionState> functions;        // by FunctionId
  std::vector<MappingState> mappings;          // by MappingId
  std::vector<Reader> readers;                 // by ReaderId
  std::vector<Invocation> invocations;         // by InvocationSlot
  std::vector<DestinationState> destinations;  // by DestinationId
  std::vector<ShardId> shard_of_key;           // by KeyId: the open shard of that key's hash

  Shard& shard(ShardId id) { return shards[id.value]; }
  const Shard& shard(ShardId id) const { return shards[id.value]; }
  Reader& reader(ReaderId id) { return readers[id.value]; }
  const Reader& reader(ReaderId id) const { return readers[id.value]; }
  Invocation& invocation(InvocationSlot slot) { return invocations[slot.value]; }
  MappingState& mapping(MappingId id) { return mappings[id.value]; }
  const MappingState& mapping(MappingId id) const { return mappings[id.value]; }
  // The mapping a reader reads for, its settings, and the function it calls.
  const MappingPlan& mapping_of(const Reader& r) const { return plan->mapping(r.consumer); }
  const MappingSettings& settings(const Reader& r) const { return mapping_of(r).settings; }
  const FunctionSettings& function_of(const Reader& r) const {
    return plan->function(mapping_of(r).function).settings;
  }
  // What a reader has not settled yet.
  bool has_unsettled(const Reader& r) const { return r.checkpoint < shard(r.shard).log.end(); }

  friend bool operator==(const World&, const World&) = default;
};
// A fork copies it: what a run came to does not travel with it.
static_assert(sizeof(World) <= 320);

}  // namespace trimhorizon
