// The timeline: what operators and the environment do to the system. Each entry is one action.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/base/draws.hpp"
#include "sim/base/ids.hpp"
#include "sim/base/named_enum.hpp"
#include "sim/base/time.hpp"
#include "sim/kinesis/api_call.hpp"
#include "sim/kinesis/iterator.hpp"

namespace trimhorizon {

enum class ActionKind : std::uint8_t {
  throttle,                     // {function}, for: AWS throttles every invocation
  outage,                       // {function}, for: every invocation fails without effects
  crash_poller,                 // {mapping, shard}: its poller dies
  lose_acknowledgements,        // {producer, probability}, for: acknowledgements are lost
  fail_destination,             // {destination}, for: it takes no message
  update_event_source_mapping,  // {name, Enabled}: an update of the mapping
  api_call,                     // an action of the API of Kinesis; its key is the action's name
  stream_failures,              // {stream, put, get}, for: some calls fail
  get_records,                  // {stream, shard, …}: one read that belongs to no consumer
};
// As keys of the scenario file.
template <>
inline constexpr auto names_of<ActionKind> = std::to_array<std::string_view>(
    {"throttle", "outage", "crash_poller", "lose_acknowledgements", "fail_destination",
     "UpdateEventSourceMapping", "api_call", "stream_failures", "get_records"});

// One read that belongs to no consumer, and where it starts.
struct BareRead {
  StreamId stream;
  std::uint32_t shard_number = 0;
  IteratorType from = IteratorType::trim_horizon;
  // For AT_ and AFTER_SEQUENCE_NUMBER one of these: the id of a record, or a number.
  std::string record;
  std::optional<std::string> sequence_number;
  std::optional<std::int64_t> timestamp_ms;  // AT_TIMESTAMP: wall time, milliseconds since 1970
  std::int64_t limit = read_records_max;     // Limit, 1 .. 10,000 (KDS-ITR-14)
  std::string name;                          // empty: none

  friend bool operator==(const BareRead&, const BareRead&) = default;
};

struct TimelineAction {
  Instant at;
  std::optional<Duration> lasts;  // `for`; absent: until the end of the run
  ActionKind kind = ActionKind::throttle;
  FunctionId function;                     // throttle, outage
  MappingId mapping;                       // crash_poller, update_event_source_mapping
  std::uint32_t shard_number = 0;          // crash_poller
  ProducerId producer;                     // lose_acknowledgements
  Probability probability{1'000'000'000};  // lose_acknowledgements; default: all
  DestinationId destination;               // fail_destination
  bool enabled = true;                     // update_event_source_mapping
  std::optional<ApiCall> call;             // api_call
  std::optional<StreamFailures> failures;  // stream_failures
  std::optional<BareRead> read;            // get_records

  bool happens_at_once() const {
    return kind == ActionKind::crash_poller || kind == ActionKind::update_event_source_mapping ||
           kind == ActionKind::api_call || kind == ActionKind::get_records;
  }

  // Does the action hold at `now`? Its interval includes the start and excludes the end.
  bool covers(Instant now) const { return at <= now && (!lasts || now < at + *lasts); }
  friend bool operator==(const TimelineAction&, const TimelineAction&) = default;
};

}  // namespace trimhorizon
