// All kinds of pending events on one page: the table of contents of the simulator.
//
// Events of one instant happen in the order of their classes, then by
// entity, then by number. The handler of an event is named after it: on_<event>.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>
#include <variant>

#include "sim/base/ids.hpp"
#include "sim/base/overloaded.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

// --- class 0: mappings that are created, then actions of the timeline in the order of the file ---
struct TimelineDue {  // entry `index` of the timeline happens
  static constexpr std::uint32_t rank = 0;
  std::uint32_t index = 0;
  friend bool operator==(const TimelineDue&, const TimelineDue&) = default;
};
struct MappingCreated {  // the mapping exists now; polling starts create_delay later
  static constexpr std::uint32_t rank = 0;
  MappingId mapping;
  friend bool operator==(const MappingCreated&, const MappingCreated&) = default;
};
struct MappingStops {  // disable_delay after it was disabled, polling really stops (ESM-CHK-05)
  static constexpr std::uint32_t rank = 0;
  MappingId mapping;
  friend bool operator==(const MappingStops&, const MappingStops&) = default;
};
// --- class 1: puts ---
struct PutDue {  // the producer makes its next PutRecord(s) call
  static constexpr std::uint32_t rank = 1;
  ProducerId producer;
  friend bool operator==(const PutDue&, const PutDue&) = default;
};
struct PutRetryDue {  // a call whose acknowledgement was lost is made again
  static constexpr std::uint32_t rank = 1;
  ProducerId producer;
  std::uint32_t slot = 0;  // in ProducerState::pending
  friend bool operator==(const PutRetryDue&, const PutRetryDue&) = default;
};
struct KplDue {  // KPL sends what has waited long enough, or has something else to do
  static constexpr std::uint32_t rank = 1;
  ProducerId producer;
  friend bool operator==(const KplDue&, const KplDue&) = default;
};
struct KplAnswerDue {  // KPL gets the answer to a call, or gives up waiting for it (KDS-PRD-15)
  static constexpr std::uint32_t rank = 1;
  ProducerId producer;
  std::uint32_t call = 0;
  friend bool operator==(const KplAnswerDue&, const KplAnswerDue&) = default;
};
// --- class 2: reshards ---
struct ReshardDue {  // this shard is cut, with its partner if it is merged: its children open
  static constexpr std::uint32_t rank = 2;
  ShardId parent;
  friend bool operator==(const ReshardDue&, const ReshardDue&) = default;
};
struct MinuteDue {  // a minute is over: AWS looks whether a stream on demand needs more shards
  static constexpr std::uint32_t rank = 2;
  StreamId stream;
  friend bool operator==(const MinuteDue&, const MinuteDue&) = default;
};
struct OnDemandSplitDue {  // AWS splits a shard of a stream on demand (KDS-LIM-12)
  static constexpr std::uint32_t rank = 2;
  ShardId shard;
  friend bool operator==(const OnDemandSplitDue&, const OnDemandSplitDue&) = default;
};
struct ScalerDue {  // a scaler of the user's own looks at its stream
  static constexpr std::uint32_t rank = 2;
  std::uint32_t scaler = 0;  // in Plan::autoscalers
  friend bool operator==(const ScalerDue&, const ScalerDue&) = default;
};
// --- class 3: ends of invocations; their checkpoints (class 4) follow at once, as no event ---
struct InvocationDone {  // an invocation ends; its outcome was decided when it started
  static constexpr std::uint32_t rank = 3;
  InvocationSlot slot;
  friend bool operator==(const InvocationDone&, const InvocationDone&) = default;
};
// --- class 5: retention ---
struct RetentionDue {  // nobody polls: retention takes the oldest record that is not settled
  static constexpr std::uint32_t rank = 5;
  ReaderId reader;
  friend bool operator==(const RetentionDue&, const RetentionDue&) = default;
};
// --- class 6: polls. A free slot goes to who waits for it before anybody else asks ---
struct SlotFreed {  // the function has a free slot, and lanes wait for one (LAM-CON-13)
  static constexpr std::uint32_t rank = 6;
  FunctionId function;
  friend bool operator==(const SlotFreed&, const SlotFreed&) = default;
};
struct PollDue {  // the reader reads its shard
  static constexpr std::uint32_t rank = 7;
  ReaderId reader;
  friend bool operator==(const PollDue&, const PollDue&) = default;
};
struct LaneReady {  // the lane sends its waiting batch, for the first time or again
  static constexpr std::uint32_t rank = 7;
  ReaderId reader;
  LaneId lane{0};
  friend bool operator==(const LaneReady&, const LaneReady&) = default;
};

using What = std::variant<TimelineDue, MappingCreated, MappingStops, PutDue, PutRetryDue, KplDue,
                          KplAnswerDue, ReshardDue, MinuteDue, OnDemandSplitDue, ScalerDue,
                          InvocationDone, RetentionDue, SlotFreed, PollDue, LaneReady>;

struct Event {
  Instant at;
  std::uint64_t number = 0;  // unique; grows in the order of scheduling
  EventNumber cause;         // the event that led to this one; 0: the scenario itself
  What what;

  friend bool operator==(const Event& a, const Event& b) {
    return a.at == b.at && a.what == b.what;  // numbers are only names of events
  }
};
static_assert(std::is_trivially_copyable_v<Event> && sizeof(Event) <= 48);

// The class of each alternative of `What`. Events of one instant happen in this order.
template <class... Events>
constexpr std::array<std::uint32_t, sizeof...(Events)> ranks_of(const std::variant<Events...>*) {
  return {Events::rank...};
}
// The class of the event: the first criterion of the order.
inline std::uint32_t rank_of(const Event& event) {
  constexpr auto ranks = ranks_of(static_cast<const What*>(nullptr));
  return ranks[event.what.index()];
}

// Added to the entity of a TimelineDue. So an action comes after every creation of its instant, and
// finds the mapping that it is about.
inline constexpr std::uint32_t after_creations = 1u << 31;

// What the event is about, as a number: the second criterion of the order.
inline std::uint32_t entity_of(const Event& event) {
  return std::visit(overloaded{
                        [](const TimelineDue& e) { return e.index | after_creations; },
                        [](const MappingCreated& e) { return e.mapping.value; },
                        [](const MappingStops& e) { return e.mapping.value; },
                        [](const PutDue& e) { return e.producer.value; },
                        [](const PutRetryDue& e) { return e.producer.value; },
                        [](const KplDue& e) { return e.producer.value; },
                        [](const KplAnswerDue& e) { return e.producer.value; },
                        [](const ReshardDue& e) { return e.parent.value; },
                        [](const MinuteDue& e) { return e.stream.value; },
                        [](const OnDemandSplitDue& e) { return e.shard.value; },
                        [](const ScalerDue& e) { return e.scaler; },
                        [](const InvocationDone& e) { return e.slot.value; },
                        [](const RetentionDue& e) { return e.reader.value; },
                        [](const SlotFreed& e) { return e.function.value; },
                        [](const PollDue& e) { return e.reader.value; },
                        [](const LaneReady& e) { return e.reader.value; },
                    },
                    event.what);
}

}  // namespace trimhorizon
