// One lane of a reader: the batches it holds, and what it does with them. A stack of ranges, at
// most one invocation in flight (ESM-POL-02, ESM-POL-11).
//
// Always:
//  1. The ranges follow one another in the shard; the last one is handed over first. The first
//     record of the last one is where the lane stands.
//  2. `phase` says which pending event belongs to the lane.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.hpp"
#include "sim/base/time.hpp"
#include "sim/lambda/failure.hpp"

namespace trimhorizon {

enum class LanePhase : std::uint8_t {
  idle,       // without a batch, or about to hand one over
  waiting,    // LaneReady: back-off, or the next range of the stack
  in_flight,  // InvocationDone
};

struct Lane {
  LanePhase phase = LanePhase::idle;  // state
  std::vector<Range> ranges;          // state
  std::uint32_t retry_step = 0;       // state: of the back-off
  std::uint32_t throttle_step = 0;    // state: a series of its own (ESM-RTY-01)
  InvocationSlot in_flight;           // state
  Instant window_started{0};          // time (ESM-POL-04)

  friend bool operator==(const Lane&, const Lane&) = default;
};

// What the lane holds loses what lies before `end`. A range that is gone takes its back-off with
// it: what follows is another batch object (ESM-RTY-12).
void trim_ranges(Lane& lane, Position end);

}  // namespace trimhorizon
