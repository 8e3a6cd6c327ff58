// Everything that can be seen of a run, on one page: what happened, with its facts. Ledger,
// metrics, trace, pictures and the explorer's monitor are told of these and of nothing else.
//
// Always:
//  1. An event is complete: who needs to know what it did reads the event, not the world beside it.
//     The world serves for what stays true of a thing: its names, its log, its settings.
//  2. `number` counts events from 1 without gaps; `cause` is the number of an earlier one, or none
//     for what the scenario itself says. An event that is marked `quiet` has no number and no line
//     in the trace: it only repeats for the accounts what its cause says already.
//  3. Events are plain values. A std::span in one is valid while its observer is told of it.
//
// A new event is a struct here and a name in Happening. Who must handle it does not compile then.
#pragma once

#include <cstdint>
#include <span>
#include <type_traits>
#include <variant>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/faults/cause.hpp"
#include "sim/faults/site.hpp"
#include "sim/kinesis/batch.hpp"
#include "sim/lambda/destination.hpp"
#include "sim/lambda/failure.hpp"

namespace trimhorizon {

// --- producers
// ------------------------------------------------------------------------------------

// One record of a call, and where it was stored.
struct StoredRecordAt {
  enum class Copy : std::uint16_t {
    none,     // stored for the first time in this call
    of_last,  // a copy of the record before it: the acknowledgement of that one was lost at once
    follows,  // its acknowledgement is lost; a copy follows after the other puts of this instant
  };
  Position position = 0;
  ShardId shard;
  std::uint16_t offset = 0;  // of its number in the numbers of the call (at most 500: KDS-PRD-03)
  Copy copy = Copy::none;
};
struct Put {  // a PutRecord(s) call was made, and its records are stored
  ProducerId producer;
  Span numbers;              // record numbers of the producer
  std::uint32_t tries = 1;   // of this call, with this one
  bool again = false;        // its records, or some, were stored before: these are copies
  bool will_repeat = false;  // its acknowledgement is lost, and the call will be made again
  bool has_copies = false;   // an entry of `stored` is a copy, or one will follow
  std::span<const StoredRecordAt> stored;  // in the order in which they were stored

  std::uint64_t number_of(const StoredRecordAt& each) const { return numbers.first + each.offset; }
};
struct PutAnswered {  // the producer gets the answer of the call, or none
  ProducerId producer;
  Span numbers;
  bool acknowledged = true;
};

// --- consumers at a shard
// -------------------------------------------------------------------------

struct ReaderOpened {  // a consumer begins to read a shard
  static constexpr bool quiet = true;
  ReaderId reader;
  ConsumerId consumer;
  ShardId shard;
};
struct Positioned {  // where its reading starts is known now
  ReaderId reader;
  ShardId shard;
  Position from = 0;
};
struct Read {  // new records of a batch; a read without records is not told
  ReaderId reader;
  ShardId shard;
  Span records;
};
struct Delivered {  // an invocation starts
  ReaderId reader;
  InvocationNumber call;
  Batch batch;
  std::uint32_t attempt = 1;                      // of this batch object
  bool retry = false;                             // the same batch object was tried before
  DeliveryReason reason = DeliveryReason::first;  // of records that were handed over before
  bool cold = false;
};
struct Ended {  // an invocation ends
  ReaderId reader;
  InvocationNumber call;
  Batch batch;
  std::uint32_t attempt = 1;
  Instant started;
  Duration took{0};  // the work itself, without a cold start
  InvocationEnd end = InvocationEnd::returned;
  Ruling ruling = Ruling::success;
  std::uint32_t cut = 0;   // of a partial response: offset of the first record that comes again
  bool swallowed = false;  // a record failed, and the answer does not say so
  bool stale = false;      // nobody waits for it: its effects count, the checkpoint stays
  DeliveryReason replaced_by = DeliveryReason::first;  // of a stale one: why nobody does
  std::span<const Span> worked;                        // records that had their effect, in order
  std::span<const Position> failed;                    // records that made it fail by themselves
};
struct Throttled {  // an invocation was refused before it ran (LAM-CON-06)
  ReaderId reader;
  Batch batch;
  std::uint32_t in_a_row = 1;
};
struct WillRetry {  // the batch is handed over again
  static constexpr bool quiet = true;
  ReaderId reader;
  Batch batch;
  bool same_batch = false;  // the same batch object: no progress made a new one of it
  Duration after{0};
};
struct SplitInTwo {  // a batch was split; its parts are handed over one after the other
  ReaderId reader;
  Batch first;
  Batch second;
};
struct GaveUp {  // the head of the shard was given up
  ReaderId reader;
  GivingUp what;
  DestinationId to;  // invalid: there is none
};
struct MessageSent {  // a message about what was given up went to its destination
  ReaderId reader;
  GivingUp what;
  InvocationNumber last_call;  // none when it was never handed over
  DestinationId to;
  bool taken = true;
};
struct Settled {  // the position passed records, and that is their fate
  ReaderId reader;
  ShardId shard;
  Span records;
  Fate fate = Fate::processed;
  LossCause cause = LossCause::none;  // of those without an effect
  bool persists = true;               // it is a checkpoint, not only a position
};
struct CheckpointKept {  // something ended, and the position stays where it is
  static constexpr bool quiet = true;
  ReaderId reader;
  ShardId shard;
  Position asked = 0;  // where it was asked to go: behind it would be a step back
};
struct ReaderRestarted {  // what it read is forgotten, what it checkpointed is not
  static constexpr bool quiet = true;
  ReaderId reader;
  ShardId shard;
  DeliveryReason reason = DeliveryReason::first;
};

// --- the world around
// -----------------------------------------------------------------------------

struct MappingSwitched {
  MappingId mapping;
  bool enabled = true;
};
struct FaultStruck {  // a fault of the table of sites, at a reader
  Site site = Site::function_error;
  ReaderId reader;
  ShardId shard;
};
struct TimelineActed {  // an entry of the timeline happens
  std::uint32_t index = 0;
};

using Happening =
    std::variant<Put, PutAnswered, ReaderOpened, Positioned, Read, Delivered, Ended, Throttled,
                 WillRetry, SplitInTwo, GaveUp, MessageSent, Settled, CheckpointKept,
                 ReaderRestarted, MappingSwitched, FaultStruck, TimelineActed>;
static_assert(std::is_trivially_copyable_v<Happening>);

template <class T>
inline constexpr bool is_quiet = requires {
  T::quiet;
};

struct Happened {
  Instant at;
  EventNumber number;  // none for a quiet one
  EventNumber cause;
  const Happening& what;
};

struct World;

// Told of everything that happens, right after it happened.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on(const Happened& event, const World& world) = 0;
};

// Of the events that somebody has no use for: named one by one, so that a new one is decided on.
template <class T, class... Events>
concept OneOf = (std::is_same_v<T, Events> || ...);
template <class... Events>
struct Ignore {
  template <OneOf<Events...> T>
  void operator()(const T&) const {}
};

}  // namespace trimhorizon
