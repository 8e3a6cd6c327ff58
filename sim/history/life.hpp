// The life of one record as typed entries, for `explain`. The run fills them in (times, numbers,
// reasons); report/story makes sentences of them.
//
// Always:
//  1. The entries of a mapping are sorted by time; those of one instant are in the order in which
//     they happened.
//  2. There are no sentences here: report/story makes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/faults/cause.hpp"
#include "sim/kinesis/api_call.hpp"
#include "sim/kinesis/api_error.hpp"
#include "sim/kinesis/put.hpp"
#include "sim/lambda/call_outcome.hpp"
#include "sim/world/timeline_action.hpp"

namespace trimhorizon {

// One stored copy. A producer that retries may store a record several times.
struct LifeCopy {
  std::string shard;
  std::string sequence_number;
  Instant arrival;
  Instant timestamp;         // ApproximateArrivalTimestamp (KDS-SHD-15)
  bool acknowledged = true;  // false: stored, but the producer got no answer
  // Of a shard that came from a reshard: the shards it came from, and since when it takes records.
  std::vector<std::string> parents = {};
  Instant shard_opened = {};
  std::string because = {};        // why KPL put it again; empty: it did not
  std::uint64_t user_record = 0;   // its number in its aggregate, from 1
  std::uint64_t user_records = 0;  // of the aggregate; 0: it is a record by itself (KDS-PRD-18)
};

// Tries to store the record that AWS refused, one after the other.
struct LifeRefusal {
  Instant first;
  Instant last;
  std::uint64_t times = 1;
  PutEnd end = PutEnd::throttled;
  bool fault = false;      // the timeline says so; otherwise the shard was above its limit
  std::string shard;       // where it would have gone
  std::size_t copies = 0;  // stored copies before it
};

enum class LifeKind : std::uint8_t {
  attempt,             // an invocation received the record
  throttled,           // AWS refused the batch before it ran, `repeats` times in a row
  too_large,           // `repeats` attempts failed without a call: it fits into no event
  split,               // bisect: its batch of `batch_size` became one of `new_batch_size`
  progress,            // a partial response settled earlier records; the rest is a new batch
  checkpoint,          // the checkpoint passed the record: its fate is settled
  checkpoint_lost,     // a success whose checkpoint was not stored
  filtered,            // the filter took it
  unread,              // before the starting position
  discarded,           // given up; `destination` has a message about it
  dropped,             // given up; nothing tells about it
  destination_failed,  // given up; `destination` did not take the message
  expired,             // retention took it
  poller_crashed,      // its poller died; another one reads from the checkpoint
  stale,               // an invocation ended that nobody waits for (`reason`); had it an `effect`?
  disabled,            // the mapping was disabled while the record was not settled
  enabled,             // the mapping was enabled again
  waited,              // it waited for `wait`, from `at` on for `waited`
  timeline,            // an entry of the timeline happened that concerns it
};

// What a record waits for while nobody hands it to the function.
enum class WaitFor : std::uint8_t {
  nothing,    // its turn: less than a second
  ahead,      // the batches ahead of it, or one that fails
  too_large,  // a record ahead of it that fits into no event
  slot,       // a free slot of the function's concurrency
  throttle,   // the function is throttled
  disabled,   // the mapping is disabled
  creation,   // the mapping does not exist yet
  start,      // polling starts after create_delay or update_delay
  failover,   // another poller takes over
  window,     // the batching window
  walk,       // reads from a trimmed number are empty
  parents,    // the parents of its shard are read first
  child,      // its shard is not read the moment the parents are done
  refused,    // AWS refuses the reads of its reader
  blocked,    // a record that fits into no event blocks the shard; this one if `behind` is empty
  empty,      // a read gave nothing, although records are there
};

// What makes a reader start again, and resolve its position again.
struct Restart {
  DeliveryReason why = DeliveryReason::first;
  Instant at;
  bool updated = false;  // re_enabled: by an update of the enabled mapping
  bool delays = false;   // the reader begins later because of it
};

struct LifeEntry {
  Instant at;  // of an attempt: when its invocation started
  LifeKind kind = LifeKind::attempt;
  std::uint32_t copy = 0;  // index into RecordLife::copies

  // Of an attempt:
  std::uint64_t invocation = 0;  // its number, from 1
  std::uint32_t attempt = 0;     // of this batch, from 1
  std::uint64_t batch_size = 0;
  std::uint64_t place = 0;  // in the batch, from 0
  DeliveryReason reason = DeliveryReason::first;
  Instant ended;  // when the invocation ended
  CallOutcome end = CallOutcome::running;
  bool effect = false;        // the function did its work for this record
  bool failed_here = false;   // this record itself made the invocation fail
  bool outage = false;        // it failed because of an outage of the timeline
  std::string failed_record;  // the first record of the batch that failed; empty: none is known

  std::uint64_t new_batch_size = 0;            // split, progress
  std::uint64_t repeats = 1;                   // throttled, too_large, waited: tries meanwhile
  std::string destination;                     // discarded, destination_failed
  LossCause why = LossCause::none;             // given up: retries, age or oversized
  std::uint64_t approximate_invoke_count = 0;  // as AWS shows it (CON-10)

  // Of a wait; `ended` is its end, `outage` and `end` say how the batch ahead failed.
  WaitFor wait = WaitFor::nothing;
  Duration waited{0};         // of `expired`: how long the stream kept records then
  Instant since;              // when what it waits for began; may be before `at`
  Position ahead = 0;         // the first record of the batch ahead
  std::uint64_t batches = 1;  // failing batches ahead, one after the other
  bool in_all = false;        // the sum of several waits, with others between them
  // The record ahead that fails, or the parents of the shard that are not read yet; empty: none
  // does, or none is known.
  std::string behind;

  // Of unread: was LATEST resolved before? And what made the reader start again since then, or
  // later than planned. Empty although it was resolved before: its iterator expired.
  bool resolved_again = false;
  std::vector<Restart> restarts;

  bool polls_on = false;  // disabled: only disable_delay later does polling stop

  // Of an entry of the timeline; the last two of a call of the API.
  ActionKind action = ActionKind::throttle;
  std::string target;
  std::optional<Duration> lasts;
  bool enabled = true;
  std::optional<ApiCall> call = {};
  std::optional<ApiRefusal> refusal = {};  // nullopt: accepted
};

// What would have helped a record: a second run with these changes has shown it.
struct Advice {
  std::vector<std::string> changes;  // as they are written in a scenario
  std::vector<Fate> fates;           // of its copies in the second run
  std::uint64_t effects = 0;         // in the second run
  std::uint64_t lost_before = 0;     // records that the whole run lost
  std::uint64_t lost_after = 0;
};

// Changes that were tried in second runs, and are no advice.
struct TriedInVain {
  std::uint64_t runs = 0;
  bool some_do_harm = false;  // they help the record, but lose others or repeat much work
};

// A record in one mapping.
struct LifeInMapping {
  std::string mapping;
  std::string function;
  std::string stream;
  std::vector<Fate> fates;  // one for each copy
  std::uint64_t deliveries = 0;
  std::uint64_t effects = 0;
  std::uint64_t duplicates = 0;
  LossCause lost_cause = LossCause::none;
  std::vector<LifeEntry> entries;

  // The settings that explain what happened.
  std::int64_t batch_size = 100;
  std::int64_t maximum_retry_attempts = -1;
  std::int64_t maximum_record_age_s = -1;
  bool bisect = false;
  bool report_batch_item_failures = false;
  bool has_destination = false;
  Duration retention{0};
  std::optional<Duration> max_iterator_age;  // of the mapping; empty: nothing was sent
  // Filled on request: what helps, or how many changes were tried and do not help a record that is
  // lost or given up.
  std::optional<Advice> advice;
  std::optional<TriedInVain> tried_in_vain;
};

struct RecordLife {
  std::string id;
  std::string producer;
  std::string key;
  std::string stream;
  bool never_accepted = false;   // the producer gave up and knows it
  bool believed_stored = false;  // nothing is stored, but the producer did not look at the answer
  std::uint32_t put_tries = 1;   // how many calls had it
  std::vector<LifeRefusal> refusals;
  std::vector<LifeCopy> copies;
  std::vector<LifeInMapping> mappings;
  Instant ended;          // when the run ended
  std::string run_ended;  // drained | duration
  std::uint64_t seed = 1;
};

}  // namespace trimhorizon
