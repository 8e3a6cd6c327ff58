// One lane of a reader: a stack of the batches that it holds, and what it does with them. At most
// one of its invocations runs at a time (ESM-POL-02, ESM-POL-11), because the next batch must wait
// until this one is done.
//
// Always:
//  1. The ranges follow one another in the shard. The vector holds them in reverse: its last one is
//     the earliest and is sent first. The first record of that range is the first record of the
//     lane that is not done.
//  2. `phase` says which pending event belongs to the lane.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/lambda/failure.hpp"

namespace trimhorizon {

enum class LanePhase : std::uint8_t {
  idle,       // no event: the lane has no batch, or its handler is running
  waiting,    // LaneReady: it waits for its back-off, or for the next range
  in_flight,  // InvocationDone: an invocation runs
};

struct Lane {
  LanePhase phase = LanePhase::idle;  // state
  std::vector<Range> ranges;          // state: the last one is sent first
  std::uint32_t retry_step = 0;       // state: failed attempts in a row, for the back-off
  // state: throttles in a row; they have their own waits (ESM-RTY-01)
  std::uint32_t throttle_step = 0;
  InvocationSlot in_flight;   // state: valid while an invocation runs
  Instant window_started{0};  // time: when the batching window began (ESM-POL-04)

  friend bool operator==(const Lane&, const Lane&) = default;
};

// Removes the records before `end` from the lane. When a whole range goes, its back-off goes too,
// because what follows is another batch object (ESM-RTY-12).
void trim_ranges(Lane& lane, Position end);

}  // namespace trimhorizon
