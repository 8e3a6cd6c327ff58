// Changes of a stream that leave its shards alone: its mode, and for how long it keeps records.
// Also what all calls of its control plane ask: is the stream ACTIVE, and is a daily quota used up?
// KDS-SHD-11..13, KDS-SHD-18, KDS-RSH-04, KDS-LIM-08.
//
// Always:
//  1. A refused call changes nothing.
//  2. What retention has taken stays gone (KDS-SHD-12).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/kinesis/api_error.hpp"
#include "sim/kinesis/stream.hpp"

namespace trimhorizon {

inline constexpr std::size_t mode_switches_max = 2;  // in 24 hours (KDS-SHD-18)

// What arrived before this instant is gone (KDS-SHD-11, KDS-SHD-13): the age counts, wherever the
// record lies.
Instant trim_horizon(const StreamState& stream, Instant now);

// nullopt: done. The shards stay as they are. A switch to the same mode is accepted, does nothing
// and does not count to the quota.
std::optional<ApiRefusal> update_stream_mode(StreamState& stream, StreamMode mode, Instant now);

// IncreaseStreamRetentionPeriod and DecreaseStreamRetentionPeriod. AWS says that a longer retention
// "takes effect within several minutes". No number is documented, so it takes effect at once.
std::optional<ApiRefusal> increase_retention(StreamState& stream, std::int64_t retention_hours,
                                             Instant now);
std::optional<ApiRefusal> decrease_retention(StreamState& stream, std::int64_t retention_hours,
                                             Instant now);

// nullopt: it is ACTIVE.
std::optional<ApiRefusal> refuse_updating(const StreamState& stream, Instant now);
// Of these instants, those less than 24 hours ago.
std::size_t calls_in_last_day(const std::vector<Instant>& calls, Instant now);
// Adds this call and forgets those older than a day.
void note_call(std::vector<Instant>& calls, Instant now);

}  // namespace trimhorizon
