// What an observer is told: typed, trivially copyable, in the order in which it happened. Text is
// made only by the writers. The digest of a run hashes these.
//
// Always:
//  1. `number` counts from 1 without gaps; `cause` is the number of an earlier event, or 0 for
//     what the scenario itself says.
#pragma once

#include <cstdint>
#include <type_traits>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/faults/cause.hpp"
#include "sim/faults/site.hpp"
#include "sim/lambda/failure.hpp"

namespace trimhorizon {

enum class TraceKind : std::uint8_t {
  put,             // producer, span = record numbers, value = hash of shards and positions, flag: a
                   //   retry (copies), count = tries so far
  put_result,      // producer, span = record numbers, flag: the acknowledgement arrived
  stored,          // producer, shard, span = one position, value = RecordId (explicit puts only)
  started,         // poller, span.first = starting position
  poll,            // poller, span = new records of the batch; empty polls are not traced
  invoke,          // poller, span, count = attempt, value = invocation number, detail = reason
  throttled,       // poller, span, count = throttled attempts in a row
  invoke_result,   // poller, span, value = invocation number, detail = InvocationEnd,
                   //   count = records with effect, ruling, flag: stale (moves nothing)
  checkpoint,      // poller, span.first = before, span.end = after
  split_batch,     // poller, span, count = size of the first half
  discard,         // poller, span, detail = LossCause, count = invocations, flag: to a destination
  destination,     // poller, span, value = destination, flag: it took the message
  expire,          // poller, span: retention took these
  unread,          // poller, span: before the starting position
  poller_stopped,  // poller, detail: 0 disabled, 1 crashed
  poller_started,  // poller
  mapping_state,   // mapping, flag: enabled
  reshard,         // not yet
  fault,           // detail = Site, or a timeline action (value = index, flag = true)
};

struct TraceEvent {
  Instant at;
  std::uint64_t number = 0;
  std::uint64_t cause = 0;
  TraceKind kind = TraceKind::put;
  std::uint8_t detail = 0;
  bool flag = false;
  Ruling ruling = Ruling::success;
  std::uint32_t who = 0;  // PollerId, ProducerId or MappingId, as the kind says
  ShardId shard;
  Span span;
  std::uint64_t count = 0;
  std::uint64_t value = 0;
};
static_assert(std::is_trivially_copyable_v<TraceEvent>);

struct World;

// Told of every trace event, right after it happened.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on(const TraceEvent& event, const World& world) = 0;
};

}  // namespace trimhorizon
