// The world: everything that exists at one instant, as a value.
//
// Always:
//  1. Copying forks it, == compares it; it holds no clock, generator, pointer to itself or text.
//  2. Its only references are counted: the immutable Plan and the chunks of long logs.
//  3. Members are marked state (rules read it), time (relative when encoded) or history (reports
//     read it, rules never do).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/event_queue.hpp"
#include "sim/base/ids.hpp"
#include "sim/faults/cause.hpp"
#include "sim/kinesis/lineage.hpp"
#include "sim/kinesis/shard.hpp"
#include "sim/lambda/failure.hpp"
#include "sim/lambda/outcome.hpp"
#include "sim/ledger/ledger.hpp"
#include "sim/metrics/metrics.hpp"
#include "sim/producer/arrivals.hpp"
#include "sim/world/event.hpp"
#include "sim/world/plan.hpp"
#include "sim/world/properties.hpp"

namespace trimhorizon {

// A call whose acknowledgement was lost and that will be made again.
struct PendingPut {
  Span numbers;                    // state: record numbers of the producer
  std::uint32_t retries_left = 0;  // state
  std::uint32_t tries = 1;         // history
  bool used = false;               // state

  friend bool operator==(const PendingPut&, const PendingPut&) = default;
};

// While acknowledgements of a producer are lost.
struct LostAnswers {
  Instant until;       // time
  Probability weight;  // state

  friend bool operator==(const LostAnswers&, const LostAnswers&) = default;
};

struct ProducerState {
  std::uint64_t next_number = 0;     // state: number of the next record
  std::uint32_t next_call = 0;       // state: next explicit call
  ArrivalCursor cursor;              // state: generated load, up to the scheduled call
  std::uint32_t planned = 0;         // state: records of the scheduled call
  std::uint64_t calls = 0;           // history: PutRecord(s) calls made
  std::vector<LostAnswers> losing;   // state: by entry of the timeline, as they began
  std::uint64_t never_accepted = 0;  // history
  std::vector<PendingPut> pending;   // state
  std::vector<std::uint64_t> late;   // state: copies that follow this instant's other puts

  friend bool operator==(const ProducerState&, const ProducerState&) = default;
};

struct FunctionState {
  std::uint32_t in_flight = 0;         // state
  std::uint32_t in_flight_most = 0;    // history: ConcurrentExecutions.max
  std::uint32_t idle = 0;              // state: warm environments without work (LAM-CON-09)
  Instant throttled_until{INT64_MIN};  // time
  Instant outage_until{INT64_MIN};     // time

  friend bool operator==(const FunctionState&, const FunctionState&) = default;
};

struct MappingState {
  bool exists = false;             // state
  bool enabled = true;             // state
  Instant resumes{INT64_MIN};      // time: polling goes on from here after an update (ESM-POL-12)
  std::uint32_t first_reader = 0;  // state
  std::uint32_t readers = 0;       // state
  std::uint64_t calls = 0;         // state: invocations so far; draws count by it

  friend bool operator==(const MappingState&, const MappingState&) = default;
};

// What a poller is doing; the pending event that belongs to it is named.
enum class Phase : std::uint8_t {
  stopped,    // disabled; RetentionDue when something is unsettled
  parked,     // nothing to read; a put wakes it, no event
  polling,    // PollDue
  waiting,    // LaneReady: back-off, or the next range of the stack
  in_flight,  // InvocationDone
};

// One stack of ranges, at most one invocation in flight (ESM-POL-02).
struct Lane {
  std::vector<Range> ranges;        // state: the last one is handed over first
  std::uint32_t retry_step = 0;     // state: of the back-off
  std::uint32_t throttle_step = 0;  // state: a series of its own (ESM-RTY-01)
  InvocationSlot in_flight;         // state

  friend bool operator==(const Lane&, const Lane&) = default;
};

// Reads one shard for one mapping.
struct Reader {
  MappingId mapping;              // state
  ShardId shard;                  // state
  std::uint32_t incarnation = 0;  // state: counts restarts
  Phase phase = Phase::stopped;   // state
  Position checkpoint = 0;        // state: the first record not yet settled
  bool has_checkpoint = false;    // state: did a checkpoint ever move? (ESM-CHK-07)
  bool positioned = false;        // state: is the starting position resolved?
  bool stopping = false;          // state: an update waits for its invocation to end
  Lane lane;                      // state: one for now (ParallelizationFactor 1)
  Instant window_started{0};      // time (ESM-POL-04)
  Instant last_poll{0};           // time: the once-a-second rhythm
  bool retention_due = false;     // state: is a RetentionDue pending? (stopped only)
  Position polled_to = 0;         // history: for PolledEventCount
  Position delivered_to = 0;      // history: first deliveries reach up to here
  DeliveryReason restart_reason = DeliveryReason::first;  // history
  std::uint64_t last_invocation = 0;                      // history: number of its last invocation
  std::uint64_t waits = 0;                                // state: waits drawn so far

  friend bool operator==(const Reader&, const Reader&) = default;
};

// Of an invocation that no poller waits for: its end moves nothing.
inline constexpr std::uint32_t no_incarnation = UINT32_MAX;

struct Invocation {
  bool used = false;                              // state
  ReaderId reader;                                // state
  std::uint32_t incarnation = 0;                  // state
  Span span;                                      // state
  Outcome outcome;                                // state
  DeliveryReason reason = DeliveryReason::first;  // history
  Position fresh_from = 0;  // history: from here on it is the records' first delivery
  DeliveryReason repeated_by = DeliveryReason::first;  // history: why its poller was replaced
  std::uint64_t number = 0;                            // history
  std::uint32_t attempt = 1;                           // history
  Instant started;                                     // history
  Instant work_started;                                // history: after a cold start

  friend bool operator==(const Invocation&, const Invocation&) = default;
};

// A message to a failure destination, as far as its text needs it (ESM-DST-02).
struct Message {
  Instant at;
  ReaderId reader;
  DestinationId destination;
  Span span;
  LossCause cause = LossCause::retries;
  std::uint32_t invocations = 0;
  std::uint64_t invocation_number = 0;  // of the last attempt; 0: none ran
  bool function_error = false;
  Instant first_arrival;
  Instant last_arrival;

  friend bool operator==(const Message&, const Message&) = default;
};

struct DestinationState {
  Instant failing_until{INT64_MIN};  // time
  std::vector<Message> messages;     // history: the first max_messages
  std::uint64_t left_out = 0;        // history

  friend bool operator==(const DestinationState&, const DestinationState&) = default;
};
inline constexpr std::size_t max_messages = 10'000;

// What reports read and rules never do.
struct History {
  Ledger ledger;
  std::vector<MappingMetrics> metrics;  // by MappingId
  Properties properties;
  AssumptionsMet met;
  std::uint32_t situations = 0;  // bit set of Situation
  std::uint64_t produced = 0;
  std::uint64_t stored = 0;
  std::uint64_t trace_number = 0;
  std::uint64_t invocation_number = 0;
  std::uint64_t steps = 0;

  void mark(Situation s) { situations |= 1u << static_cast<unsigned>(s); }
  friend bool operator==(const History&, const History&) = default;
};

struct World {
  std::shared_ptr<const Plan> plan;
  Instant now{0};                              // time
  std::uint64_t next_event_number = 0;         // history
  EventQueue<Event> events;                    // state, due times relative
  std::vector<Shard> shards;                   // by ShardId
  std::vector<Lineage> lineages;               // by StreamId: state, who came from whom
  std::vector<ProducerState> producers;        // by ProducerId
  std::vector<FunctionState> functions;        // by FunctionId
  std::vector<MappingState> mappings;          // by MappingId
  std::vector<Reader> readers;                 // by PollerId
  std::vector<Invocation> invocations;         // by InvocationSlot
  std::vector<DestinationState> destinations;  // by DestinationId
  std::vector<std::uint32_t> shard_of_key;     // by KeyId: ShardId of that key's hash
  History history;                             // history

  Reader& reader(ReaderId id) { return readers[id.value]; }
  const Reader& reader(ReaderId id) const { return readers[id.value]; }
  const MappingSettings& settings(const Reader& p) const { return plan->settings(p.mapping); }
  MappingMetrics& metrics(const Reader& p) { return history.metrics[p.mapping.value]; }

  friend bool operator==(const World&, const World&) = default;
};

}  // namespace trimhorizon
