// The timeline: what operators and the world do to the system, one action an entry.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/base/draws.hpp"
#include "sim/base/ids.hpp"
#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

enum class ActionKind : std::uint8_t {
  throttle,                     // {function}, for: every invocation is throttled
  outage,                       // {function}, for: invocations end in error, no effects
  crash_poller,                 // {mapping, shard}
  lose_acknowledgements,        // {producer, probability}, for
  fail_destination,             // {destination}, for
  update_event_source_mapping,  // {name, Enabled}
};
// As keys of the scenario file.
template <>
inline constexpr auto names_of<ActionKind> =
    std::to_array<std::string_view>({"throttle", "outage", "crash_poller", "lose_acknowledgements",
                                     "fail_destination", "UpdateEventSourceMapping"});

struct TimelineAction {
  Instant at;
  std::optional<Duration> lasts;  // `for`; absent: to the end of the run
  ActionKind kind = ActionKind::throttle;
  FunctionId function;             // throttle, outage
  MappingId mapping;               // crash_poller, update_event_source_mapping
  std::uint32_t shard_number = 0;  // crash_poller
  ProducerId producer;             // lose_acknowledgements
  Probability probability{1'000'000'000};
  DestinationId destination;  // fail_destination
  bool enabled = true;        // update_event_source_mapping

  // Still true at `now`? Intervals include their start and exclude their end.
  bool covers(Instant now) const { return at <= now && (!lasts || now < at + *lasts); }
  friend bool operator==(const TimelineAction&, const TimelineAction&) = default;
};

}  // namespace trimhorizon
