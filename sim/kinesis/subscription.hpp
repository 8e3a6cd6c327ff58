// Enhanced fan-out: the subscription of one consumer to one shard, and what AWS pushes over it.
// KDS-EFO-02..07, KDS-EFO-10..13, KDS-LIM-14.
//
//   start = get_shard_iterator(...) or resume(...)   where to read
//   subscribe(fan_out, start, shard)                 SubscribeToShard
//   next_event_at(fan_out, shard)                    when AWS pushes next
//   next_event(fan_out, shard, bytes_of)             what it pushes then
//
// A record that is stored and a shard that closes can bring the next event forward: the caller asks
// next_event_at() again then. The latency of fan-out is the `delay` of the view of the shard.
//
// Always:
//  1. A consumer has at most one open subscription to a shard.
//  2. A call that is refused changes nothing, so it costs the holder nothing (KDS-EFO-10).
//  3. Events of one subscription hold every record once, in order, but those that retention took.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/api_error.hpp"
#include "sim/kinesis/iterator.hpp"
#include "sim/kinesis/limits.hpp"
#include "sim/kinesis/of_record.hpp"
#include "sim/kinesis/shard.hpp"

namespace trimhorizon {

// A subscription ends by itself; recorded: after 300.1 to 300.6 s (KDS-EFO-02).
inline constexpr Duration subscription_lifetime = seconds(300);
// So long after a successful call the next one is refused (KDS-EFO-03).
inline constexpr Duration subscription_guard = seconds(5);
// An idle shard gets an event without records so often (KDS-EFO-10).
inline constexpr Duration idle_event_interval = seconds(5);
// A reader takes such a silence for a dead connection (KDS-EFO-10).
inline constexpr Duration silence_of_a_dead_connection = seconds(35);
// From the arrival of a record to its event, when latencies are studied (KDS-ITR-15).
inline constexpr Duration fan_out_latency = milliseconds(70);
inline constexpr std::int64_t event_bytes_max = 7 * mib + mib / 2;  // of one event (KDS-EFO-13)
inline constexpr std::uint64_t event_records_max = 10'000;          // as one GetRecords
inline constexpr std::int64_t fan_out_bytes_a_second = 2 * mib;     // KDS-LIM-14
inline constexpr std::int64_t fan_out_credit_max = 12 * mib;        // KDS-LIM-14

// The ContinuationSequenceNumber of an event. AFTER it comes the record at `next`. If it is the
// number of the record before that, AT it comes that record once more (KDS-EFO-04).
struct Continuation {
  Position next = 0;
  bool names_record = false;

  friend bool operator==(const Continuation&, const Continuation&) = default;
};

struct Subscription {
  Position next = 0;                    // state: of the next record
  Instant opened;                       // time: of the successful call
  Instant last_event = start_of_time;   // time: start_of_time: there was none
  Instant walks_until = start_of_time;  // time: its events are empty until then (KDS-ITR-08)
  bool gave_records = false;            // state

  friend bool operator==(const Subscription&, const Subscription&) = default;
};

// One consumer at one shard.
struct FanOut {
  std::optional<Subscription> open;    // state
  Instant subscribed = start_of_time;  // time: of the last successful call
  Bucket bytes;                        // state: outlives the subscriptions
  bool limited = true;                 // state: false: the bucket is not asked

  friend bool operator==(const FanOut&, const FanOut&) = default;
};

// With which type a reader resumes. AFTER is right (KDS-EFO-04).
enum class Resume : std::uint8_t { after, at };

using StartOfReading = std::variant<ShardIterator, ApiRefusal>;

// Where a reader goes on that has seen this number. A reader that has none, since it crashed after
// the end event, gets InvalidArgumentException for ever (KDS-EFO-11).
StartOfReading resume(const std::optional<Continuation>& seen, Resume how, const ShardAt& shard,
                      TrimmedPosition trimmed);

struct Subscribed {
  bool took_over = false;  // the old subscription ends with ResourceInUseException (KDS-EFO-03)
};

// SubscribeToShard of a consumer that is ACTIVE (refuse_subscriber). A start that is refused is the
// answer; less than 5 s after a successful call it is ResourceInUseException. One call a second is
// allowed at most (KDS-EFO-03): that adds nothing to the 5 s but for calls that fail, and those are
// not counted here.
std::variant<Subscribed, ApiRefusal> subscribe(FanOut& fan_out, const StartOfReading& start,
                                               const ShardAt& shard);

struct FanOutEvent {
  Span records;            // may be empty
  std::int64_t bytes = 0;  // of these records
  // None in the end event of a closed shard, which is the last one of its subscription
  // (KDS-EFO-05).
  std::optional<Continuation> continuation;
  std::array<ShardId, 2> children;        // of the shard, in the end event only
  std::int64_t millis_behind_latest = 0;  // as of GetRecords; above 0 in the end event
};

// When next_event() is due, if nothing happens to the shard until then: not before shard.now;
// end_of_time when no subscription is open.
Instant next_event_at(const FanOut& fan_out, const ShardAt& shard);

// What AWS pushes now; nullopt when the subscription ends after 300 s, without an error. Then, and
// after the end event, no subscription is open. REQUIRES: next_event_at(...) == shard.now.
std::optional<FanOutEvent> next_event(FanOut& fan_out, const ShardAt& shard, RecordBytes bytes_of);

}  // namespace trimhorizon
