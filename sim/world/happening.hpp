// Everything that can be seen of a run, on one page: what happened, with its facts. Ledger,
// metrics, trace, pictures and the monitor of the explorer receive these events and nothing else.
//
// Always:
//  1. An event is complete: an observer that needs to know what an event did reads the event, not
//     the world. From the world it reads only what never changes: names, logs, settings.
//  2. `number` counts events from 1 without gaps. `cause` is the number of an earlier event, or 0
//     when the scenario itself is the cause. An event that is marked `quiet` has no number and no
//     line in the trace: it only repeats, for the accounts, what its cause already says.
//  3. Events are plain values. A std::span in an event is valid only while its observer runs.
//
// To add an event, write a struct here and add its name to Happening. Each observer that must
// handle it then does not compile until it does.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <variant>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/faults/cause.hpp"
#include "sim/faults/site.hpp"
#include "sim/kinesis/api_call.hpp"
#include "sim/kinesis/api_error.hpp"
#include "sim/kinesis/batch.hpp"
#include "sim/kinesis/limits.hpp"
#include "sim/kinesis/put.hpp"
#include "sim/lambda/concurrency.hpp"
#include "sim/lambda/destination.hpp"
#include "sim/lambda/failure.hpp"
#include "sim/producer/kpl_retry.hpp"

namespace trimhorizon {

// ---------- producers ----------

// One record of a call, and the place where it was stored; or why it was not.
struct PutEntry {
  enum class Copy : std::uint8_t {
    none,     // this record is stored for the first time
    again,    // an earlier try of the call has stored it already
    of_last,  // a copy of the record just before it, whose acknowledgement was lost
    follows,  // its acknowledgement is lost; a copy comes after this instant's other puts
  };
  Position position = 0;     // if stored
  std::uint64_t number = 0;  // record number of the producer
  ShardId shard;             // where it is, or where it would be
  KeyId key;
  std::uint32_t bytes = 0;  // data and partition key, of the stored record
  // How many user records the stored record has. KDS-PRD-18: in an aggregate the first one says so,
  // and the others have 0.
  std::uint32_t user_records = 1;
  PutEnd end = PutEnd::stored;
  Copy copy = Copy::none;
  bool fault = false;  // it is not stored because the timeline says so, whatever the limits
  std::optional<KplRetry> because = {};  // why KPL puts it again

  bool is_stored() const { return end == PutEnd::stored; }
};
struct Put {  // a PutRecord(s) call was made
  ProducerId producer;
  std::uint32_t tries = 1;    // how often the call was made, this time included
  bool put_records = true;    // false: a PutRecord, which fails as a whole
  bool again = false;         // an entry was stored before, so it is a copy
  bool will_repeat = false;   // entries that are stored will be put again
  bool has_copies = false;    // an entry is a copy whose acknowledgement was lost, or will have one
  std::uint32_t refused = 0;  // entries that are not stored
  std::span<const PutEntry> entries;  // in the order of the call; of KPL, its user records

  std::size_t stored() const { return entries.size() - refused; }
  // Business records of the call, each once.
  std::size_t records() const {
    std::size_t copies = 0;
    if (has_copies) {
      for (const PutEntry& each : entries) copies += each.copy == PutEntry::Copy::of_last ? 1 : 0;
    }
    return entries.size() - copies;
  }
};
struct PutAnswered {  // the producer gets the answer of a call, or gets none
  ProducerId producer;
  bool acknowledged = true;           // false: the answer was lost
  std::span<const PutEntry> entries;  // those of the call
};
struct PutGivenUp {  // the producer does not try any more to store these records
  ProducerId producer;
  bool knows = true;  // false: it did not look at the answer, and believes that they are stored
  std::span<const PutEntry> entries;  // records that no try has stored
};

// ---------- consumers at a shard ----------

struct ReaderOpened {  // a consumer has a reader at this shard from now on
  static constexpr bool quiet = true;
  ReaderId reader;
  ConsumerId consumer;
  ShardId shard;
};
struct Positioned {  // the position where reading starts is known now
  ReaderId reader;
  ShardId shard;
  Position from = 0;  // the first record that it will read
};
struct Read {  // a batch was formed from these records; an empty read is not an event
  ReaderId reader;
  ShardId shard;
  Span records;
};
struct Fetched {  // a GetRecords call gave these records to a reader, which keeps them
  static constexpr bool quiet = true;
  ReaderId reader;
  ShardId shard;
  Span records;                      // may be empty
  std::uint64_t stored_records = 0;  // of the service: an aggregate is one (KDS-PRD-18)
  std::int64_t bytes = 0;            // data and keys
  bool pushed = false;               // by enhanced fan-out
};
struct SubscriptionOpened {  // SubscribeToShard is answered: AWS pushes records to the reader
  static constexpr bool quiet = true;
  ReaderId reader;
  ShardId shard;
};
struct ReadRefused {  // AWS refused a GetRecords call: it gave nothing, and moved nothing
  ReaderId reader;
  ShardId shard;
  ReadRefusal why = ReadRefusal::calls;
  bool holds_up = true;  // false: the records are at hand, so no batch waits for them
  bool fault = false;    // because the timeline says so, whatever the limits
};
struct Delivered {  // an invocation starts
  ReaderId reader;
  InvocationNumber call;
  InvocationNumber request;  // names its request id: the first call of this batch object
  Batch batch;
  std::uint32_t attempt = 1;                      // of this batch object, from 1
  bool retry = false;                             // the same batch object was tried before
  DeliveryReason reason = DeliveryReason::first;  // why the records are delivered again
  bool cold = false;                              // in a new environment
};
struct Ended {  // an invocation ends
  ReaderId reader;
  InvocationNumber call;
  Batch batch;
  std::uint32_t attempt = 1;
  Instant started;   // of the invocation, the cold start included
  Duration took{0};  // the work, without the cold start
  InvocationEnd end = InvocationEnd::returned;
  Ruling ruling = Ruling::success;
  std::uint32_t cut = 0;   // partial response: offset of the first record that comes again
  bool swallowed = false;  // a record failed, and the answer does not say so
  bool outage = false;     // it failed because of an outage of the timeline
  bool stale = false;      // nobody waits for it: its effects count, it moves no checkpoint
  DeliveryReason replaced_by = DeliveryReason::first;  // if stale: why nobody waits
  std::span<const Span> worked;                        // records that had their effect, in order
  std::span<const Position> failed;                    // records that failed themselves
};
struct Throttled {  // AWS refused an invocation before it ran (LAM-CON-06)
  ReaderId reader;
  Batch batch;
  std::uint32_t in_a_row = 1;  // throttles of this batch without a call between them
  Refusal why = Refusal::throttle;
};
struct TooLarge {  // an attempt at a record that fits into no event fails without a call
  ReaderId reader;
  Batch batch;  // this one record
  std::uint32_t attempt = 1;
};
struct WillRetry {  // the batch will be sent again
  static constexpr bool quiet = true;
  ReaderId reader;
  Batch batch;
  bool same_batch = false;  // the same batch object; false after progress
  Duration after{0};        // the wait
};
struct SplitInTwo {  // a batch was split; `first` is resolved before `second`
  ReaderId reader;
  Batch first;
  Batch second;
};
struct GaveUp {  // the mapping gave up these records
  ReaderId reader;
  GivingUp what;
  DestinationId to;  // invalid: there is no destination
};
struct MessageSent {  // a message about given-up records went to its destination
  ReaderId reader;
  GivingUp what;
  DestinationId to;
  bool taken = true;  // false: the destination refused it
};
struct Settled {  // the position passed these records, and this is their fate
  ReaderId reader;
  ShardId shard;
  Span records;
  Fate fate = Fate::processed;
  LossCause cause = LossCause::none;  // why records without an effect have none
  bool persists = true;               // true: a checkpoint; false: only a position
  // Records that a report named which the mapping did not read: if they have no effect, their cause
  // is `report_ignored` (ESM-PBR-01).
  std::span<const Position> reported;
};
struct CheckpointKept {  // something ended, but the position does not move
  static constexpr bool quiet = true;
  ReaderId reader;
  ShardId shard;
  Position asked = 0;  // where it should have moved; it never moves back
};
struct ReaderRestarted {  // the reader forgets what it read, and keeps its checkpoint
  static constexpr bool quiet = true;
  ReaderId reader;
  ShardId shard;
  DeliveryReason reason = DeliveryReason::first;
};
// Why a reader does not read now. Waits for the function are told by Delivered, WillRetry and
// Throttled instead.
enum class PollWait : std::uint8_t {
  disabled,  // its mapping is disabled
  start,     // polling starts or starts again after create_delay or update_delay
  failover,  // another poller takes over from one that crashed
  window,    // the batching window waits for more records
  walk,      // the number it reads from is trimmed: empty answers for some time (KDS-ITR-08)
  parents,   // the parents of its shard are not read to their end (ESM-POL-15)
  child,     // a child shard is not read the moment its parents are done (ESM-POL-20)
  refused,   // AWS refused its read or its iterator (KDS-LIM-04, KDS-LIM-06, KDS-LIM-07)
  blocked,   // a record that fits into no event blocks the shard (switch `oversized_record`)
  empty,     // its read gave nothing, although records are there (KDS-ITR-10)
};
struct PollingWaits {  // the reader does not read until `until`, or until somebody acts
  static constexpr bool quiet = true;
  ReaderId reader;
  PollWait why = PollWait::disabled;
  Instant until{INT64_MAX};  // INT64_MAX: nobody knows
};

struct ShardFinished {  // the reader has read its closed shard to the end (KDS-ITR-11)
  ReaderId reader;
  ShardId shard;
};

// ---------- actions and faults ----------

// Who called an action of the API.
enum class ApiCaller : std::uint8_t {
  timeline,
  autoscaler,  // of the user's own
  aws,         // a stream on demand scales by itself (KDS-LIM-12)
};
struct ApiAnswered {  // an action of the API was called on a stream
  StreamId stream;
  ApiCaller by = ApiCaller::timeline;
  ApiActionName action = ApiActionName::SplitShard;
  bool accepted = true;
  ApiRefusal refusal;  // if not accepted
};
struct BareReadAnswered {   // a read of the timeline, which belongs to no consumer
  std::uint32_t entry = 0;  // in Plan::timeline
  StreamId stream;
  ShardId shard;         // invalid: the stream has no such shard
  bool accepted = true;  // false: `refusal` says why, and the rest is empty
  ApiRefusal refusal;
  Span records;
  std::uint64_t stored_records = 0;  // an aggregate counts once
  std::int64_t bytes = 0;
  std::int64_t millis_behind_latest = 0;  // KDS-ITR-13
  bool last = false;                      // no next iterator: the shard is read (KDS-ITR-11)
  bool trimmed = false;  // retention has taken the record of its sequence number (KDS-ITR-08)

  friend bool operator==(const BareReadAnswered&, const BareReadAnswered&) = default;
};
struct ShardsCut {  // the parents take no more records, and the children do (KDS-RSH-06)
  StreamId stream;
  std::array<ShardId, 2> parents;   // the second one is invalid after a split
  std::array<ShardId, 2> children;  // the second one is invalid after a merge
};

struct MappingSwitched {  // a mapping was created, enabled or disabled
  MappingId mapping;
  bool enabled = true;
  bool polls_on = false;  // disabled, but polling goes on for disable_delay (ESM-CHK-05)
};
struct FaultStruck {  // a fault of faults/site.hpp strikes a reader
  Site site = Site::function_error;
  ReaderId reader;
  ShardId shard;
};
struct TimelineActed {      // an entry of the timeline happens
  std::uint32_t index = 0;  // in Plan::timeline
};

using Happening =
    std::variant<Put, PutAnswered, PutGivenUp, ReaderOpened, Positioned, Read, Fetched,
                 SubscriptionOpened, ReadRefused, Delivered, Ended, Throttled, TooLarge, WillRetry,
                 SplitInTwo, GaveUp, MessageSent, Settled, CheckpointKept, ShardFinished,
                 ApiAnswered, ShardsCut, ReaderRestarted, PollingWaits, MappingSwitched,
                 FaultStruck, TimelineActed, BareReadAnswered>;
static_assert(std::is_trivially_copyable_v<Happening>);

template <class T>
inline constexpr bool is_quiet = requires {
  T::quiet;
};

struct Happened {
  Instant at;
  EventNumber number;  // 0 for a quiet event
  EventNumber cause;
  const Happening& what;
};

// Calls of one record each that a producer makes while nothing else happens in the world. For each
// one it stands for a Put and the PutAnswered that acknowledges it, and it is told after the last
// of them. So millions of such calls cost little.
struct PutRun {
  struct Call {
    Instant at;
    PutEntry entry;  // stored, no copy, and has none
  };
  ProducerId producer;
  EventNumber first;  // the number of the first Put; then Put and PutAnswered take turns
  std::span<const Call> calls;

  // The two events of a call. They are valid while it is.
  static Put put(ProducerId producer, const Call& call) {
    return {producer, 1, false, false, false, false, 0, {&call.entry, 1}};
  }
  static PutAnswered answer(ProducerId producer, const Call& call) {
    return {producer, true, {&call.entry, 1}};
  }
};

struct World;

// Receives every event, right after it happened. An exception from on() ends the step.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on(const Happened& event, const World& world) = 0;

  // Does it take runs of calls in one piece? Runs are told only when every observer does; otherwise
  // all of them get each event by itself.
  virtual bool takes_runs() const { return false; }
  // The same as on() for each event of the run. But the world has moved on: its time and its logs
  // are those after the last call. REQUIRES: takes_runs().
  virtual void on_run(const PutRun&, const World&) {}
};

// For an observer: the events that it does not use, named one by one. So a new event does not
// compile until somebody decides.
template <class T, class... Events>
concept OneOf = (std::is_same_v<T, Events> || ...);
template <class... Events>
struct Ignore {
  template <OneOf<Events...> T>
  void operator()(const T&) const {}
};

}  // namespace trimhorizon
