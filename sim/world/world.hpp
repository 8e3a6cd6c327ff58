// The world: everything that exists at one instant, as a value.
//
// Always:
//  1. A copy of it is a fork, and == compares it. It holds no clock, no random generator, no text
//     and no pointer to itself.
//  2. Copies share only what never changes, by counted references: the Plan, and chunks of logs.
//  3. It does not know its past. The history is built beside it from its events (happening.hpp).
//  4. Each member has a mark:
//       state   rules read it
//       time    rules read it; the explorer encodes it relative to the next event
//       number  a name for events, invocations and questions
//       shown   no rule reads it; later events report it
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "sim/base/event_queue.hpp"
#include "sim/base/ids.hpp"
#include "sim/kinesis/on_demand.hpp"
#include "sim/kinesis/shard.hpp"
#include "sim/kinesis/stream.hpp"
#include "sim/kinesis/subscription.hpp"
#include "sim/lambda/concurrency.hpp"
#include "sim/lambda/lane.hpp"
#include "sim/lambda/outcome.hpp"
#include "sim/producer/put_call.hpp"
#include "sim/world/event.hpp"
#include "sim/world/plan.hpp"

namespace trimhorizon {

struct MappingState {
  bool exists = false;         // state: was it created already?
  bool enabled = true;         // state: does it poll? Its setting Enabled, after disable_delay
  bool stops = false;          // state: it was disabled; MappingStops is pending (ESM-CHK-05)
  Instant resumes{INT64_MIN};  // time: when polling goes on after an update (ESM-POL-12)
  // state: how often each record was handed to the function. Only records that an entry of `fail:`
  // with `deliveries` is about.
  std::map<RecordId, std::uint32_t> handed;

  friend bool operator==(const MappingState&, const MappingState&) = default;
};

// What a reader does, and the pending event that belongs to it.
enum class ReaderPhase : std::uint8_t {
  stopped,  // it does not poll; RetentionDue when records are not settled
  parked,   // nothing to read; no event: a put wakes it
  polling,  // PollDue: it will read
  working,  // its lanes hold batches; the events of the lanes
};

// One consumer at one shard: its position, its rhythm, its lanes. Readers are never removed, so an
// id stays valid. Readers of one stream may be anywhere in the table.
struct Reader {
  ConsumerId consumer;                       // state
  ShardId shard;                             // state
  ReaderId older;                            // state: of the same shard, opened before this one
  std::uint32_t incarnation = 0;             // state: number of restarts so far
  ReaderPhase phase = ReaderPhase::stopped;  // state
  bool idles = false;            // state: its pending PollDue is an empty read, as far as is known
  bool has_checkpoint = false;   // state: was a checkpoint ever stored? (ESM-CHK-07)
  bool positioned = false;       // state: is the starting position resolved?
  bool has_read = false;         // state: did a read return a record? (ESM-CHK-07)
  bool restarted = false;        // state: its next read needs a new iterator
  bool stopping = false;         // state: it stops when its invocation ends
  bool retention_due = false;    // state: is a RetentionDue pending? (stopped only)
  bool from_start = false;       // state: a child: it starts at the beginning (POL-14)
  bool behind_parents = false;   // state: for the parents of its shard (ESM-POL-15)
  bool saw_end = false;          // state: its last read got a null next iterator
  bool finished = false;         // state: its closed shard is read to the end
  bool has_stale_calls = false;  // state: may a call run that it does not wait for? Not exploring
  DeliveryReason restart_reason = DeliveryReason::first;  // shown: of the last restart
  Position checkpoint = 0;        // state: the first record that is not settled
  Position delivered_to = 0;      // shown: records before this one were delivered
  Instant last_poll{0};           // time: the origin of its rhythm of one read a second
  InvocationNumber last_call;     // number: of its last invocation
  Position held_to = 0;           // state: records before this one were read; not while exploring
  std::int64_t bytes_read = 0;    // state: bytes of the shard before `held_to`
  std::uint32_t refusals = 0;     // state: reads refused in a row
  bool has_iterator = false;      // state: it needs no new one before its next read
  std::optional<FanOut> fan_out;  // state: its subscription; absent: it polls
  Span read_again;                // state: the records of its last retry; not while exploring
  std::int64_t bytes_again = 0;   // state: their bytes, so that they are added up only once
  std::uint64_t waits = 0;        // number: jitters drawn so far
  std::uint64_t calls = 0;        // number: invocations so far; draws depend on it
  std::vector<Lane> lanes{1};     // state: always one today (ParallelizationFactor 1)

  Lane& lane(LaneId id) { return lanes[id.value]; }
  const Lane& lane(LaneId id) const { return lanes[id.value]; }

  friend bool operator==(const Reader&, const Reader&) = default;
};

// The incarnation of an invocation by a second poller: no reader waits for it (ESM-POL-18).
inline constexpr std::uint32_t no_incarnation = UINT32_MAX;

struct Invocation {
  bool used = false;              // state: false: this slot is free
  ReaderId reader;                // state
  std::uint32_t incarnation = 0;  // state: of the reader when it started
  Batch batch;                    // state
  Outcome outcome;                // state: decided at the start
  InvocationNumber number;        // number
  std::uint32_t attempt = 1;      // shown
  Instant started;                // time
  Instant work_started;           // shown: after the cold start, if any

  friend bool operator==(const Invocation&, const Invocation&) = default;
};

// Calls of a stream fail until then (KDS-PRD-20).
struct FailingCalls {
  Instant until;            // time: excluded
  std::uint32_t entry = 0;  // state: of the timeline

  friend bool operator==(const FailingCalls&, const FailingCalls&) = default;
};

// What happens around a stream: who scales it, what fails.
struct StreamSurroundings {
  OnDemandState minutes;              // state: only if its traffic is counted by the minute
  std::vector<FailingCalls> failing;  // state: by the order in which the entries began
  std::uint64_t failure_draws = 0;    // number: calls that were asked so far
  std::uint64_t reshards_done = 0;    // state: a bit for each entry of Plan::reshards

  friend bool operator==(const StreamSurroundings&, const StreamSurroundings&) = default;
};

struct DestinationState {
  Instant failing_until{INT64_MIN};  // time: excluded

  friend bool operator==(const DestinationState&, const DestinationState&) = default;
};

struct World {
  std::shared_ptr<const Plan> plan;
  Instant now{0};                       // time
  std::uint64_t steps = 0;              // number: events that have happened
  std::uint64_t next_event_number = 0;  // number: of the next event that is scheduled
  EventNumber last_event;               // number: of the last event told to the observer
  InvocationNumber last_call;           // number: of the last invocation
  std::uint32_t idle_events = 0;     // state: pending events that go on for ever, whatever happens
  std::uint32_t used_slots = 0;      // all slots below this one are used, maybe more
  EventQueue<Event> events;          // state; its times count from the next event
  std::vector<Shard> shards;         // by ShardId
  std::vector<StreamState> streams;  // by StreamId
  std::vector<StreamSurroundings> surroundings;  // by StreamId
  std::vector<ProducerState> producers;          // by ProducerId
  std::vector<FunctionState> functions;          // by FunctionId
  std::vector<MappingState> mappings;            // by MappingId
  std::vector<Reader> readers;                   // by ReaderId
  std::vector<Invocation> invocations;           // by InvocationSlot
  std::vector<DestinationState> destinations;    // by DestinationId
  std::vector<ShardId> shard_of_key;             // by KeyId: the shard of that key's hash

  Shard& shard(ShardId id) { return shards[id.value]; }
  const Shard& shard(ShardId id) const { return shards[id.value]; }
  Reader& reader(ReaderId id) { return readers[id.value]; }
  const Reader& reader(ReaderId id) const { return readers[id.value]; }
  Invocation& invocation(InvocationSlot slot) { return invocations[slot.value]; }
  MappingState& mapping(MappingId id) { return mappings[id.value]; }
  const MappingState& mapping(MappingId id) const { return mappings[id.value]; }
  // The mapping of a reader, its settings, and the function that it calls.
  const MappingPlan& mapping_of(const Reader& r) const { return plan->mapping(r.consumer); }
  const MappingSettings& settings(const Reader& r) const { return mapping_of(r).settings; }
  const FunctionSettings& function_of(const Reader& r) const {
    return plan->function(mapping_of(r).function).settings;
  }
  // The entity under which the reader of one shard draws: no other mapping and no other shard can
  // change its random values.
  std::uint32_t draws_as(MappingId mapping, ShardId of) const {
    const std::uint64_t name = plan->mapping(mapping).draws_as;
    return static_cast<std::uint32_t>(mix64(name << 32 | shard(of).number));
  }
  // Calls f(id) for each reader of the shard, the newest first.
  template <class F>
  void for_each_reader_at(ShardId id, F f) const {
    for (ReaderId r = shard(id).newest_reader; r.valid(); r = reader(r).older) f(r);
  }
  // The reader is the newest one of its shard.
  void link(ReaderId id) {
    ReaderId& newest = shard(reader(id).shard).newest_reader;
    reader(id).older = newest;
    newest = id;
  }
  // The log of a shard, with the timestamps of its records (KDS-SHD-15).
  StampedLog stamped_log(ShardId id) const {
    return {shard(id).log, plan->times_of(shard(id).stream)};
  }
  // Does the shard hold records that the reader has not settled?
  bool has_unsettled(const Reader& r) const { return r.checkpoint < shard(r.shard).log.end(); }

  friend bool operator==(const World&, const World&) = default;
};
// A fork copies a World, so it must stay small. The history is not a part of it.
static_assert(sizeof(World) <= 352);

}  // namespace trimhorizon
