// Every pending event on one page: the table of contents of the simulator.
//
// At one instant events happen in the order of their classes (interface, format rule 4), then by
// entity, then by number. Handlers are named after the events: on_<event>.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>
#include <variant>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

// --- class 0: mappings that are created, then the actions of the timeline as they are written ---
struct TimelineDue {  // entry `index` of the timeline happens
  static constexpr std::uint32_t rank = 0;
  std::uint32_t index = 0;
  friend bool operator==(const TimelineDue&, const TimelineDue&) = default;
};
struct MappingCreated {  // the mapping exists; polling starts create_delay later
  static constexpr std::uint32_t rank = 0;
  MappingId mapping;
  friend bool operator==(const MappingCreated&, const MappingCreated&) = default;
};
// --- class 1: puts ---
struct PutDue {  // the producer's next PutRecord(s) call
  static constexpr std::uint32_t rank = 1;
  ProducerId producer;
  friend bool operator==(const PutDue&, const PutDue&) = default;
};
struct PutRetryDue {  // a call whose acknowledgement was lost is made again
  static constexpr std::uint32_t rank = 1;
  ProducerId producer;
  std::uint32_t slot = 0;
  friend bool operator==(const PutRetryDue&, const PutRetryDue&) = default;
};
// --- class 2: reshards (none yet) ---
// --- class 3: ends of invocations, and the checkpoints they cause (class 4, at once) ---
struct InvocationDone {  // the outcome was decided when it started
  static constexpr std::uint32_t rank = 3;
  InvocationSlot slot;
  friend bool operator==(const InvocationDone&, const InvocationDone&) = default;
};
// --- class 5: retention ---
struct RetentionDue {  // nobody polls: the oldest unsettled record leaves the stream
  static constexpr std::uint32_t rank = 5;
  ReaderId reader;
  friend bool operator==(const RetentionDue&, const RetentionDue&) = default;
};
// --- class 6: polls ---
struct PollDue {  // the reader reads its shard
  static constexpr std::uint32_t rank = 6;
  ReaderId reader;
  friend bool operator==(const PollDue&, const PollDue&) = default;
};
struct LaneReady {  // the lane hands its waiting range over (again)
  static constexpr std::uint32_t rank = 6;
  ReaderId reader;
  LaneId lane{0};
  friend bool operator==(const LaneReady&, const LaneReady&) = default;
};

using What = std::variant<TimelineDue, MappingCreated, PutDue, PutRetryDue, InvocationDone,
                          RetentionDue, PollDue, LaneReady>;

struct Event {
  Instant at;
  std::uint64_t number = 0;  // order of scheduling, unique
  EventNumber cause;         // what happened that led to it
  What what;

  friend bool operator==(const Event& a, const Event& b) {
    return a.at == b.at && a.what == b.what;  // numbers only tell things apart
  }
};
static_assert(std::is_trivially_copyable_v<Event> && sizeof(Event) <= 48);

// By alternative of `What`: the class, in which order events of one instant happen.
template <class... Events>
constexpr std::array<std::uint32_t, sizeof...(Events)> ranks_of(const std::variant<Events...>*) {
  return {Events::rank...};
}
inline std::uint32_t rank_of(const Event& event) {
  constexpr auto ranks = ranks_of(static_cast<const What*>(nullptr));
  return ranks[event.what.index()];
}

// Actions of the timeline come after every creation of that instant: they find the mapping.
inline constexpr std::uint32_t after_creations = 1u << 31;

std::uint32_t entity_of(const Event& event);

}  // namespace trimhorizon
