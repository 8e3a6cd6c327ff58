// The key of a state: a canonical byte string of a world between two steps and of its monitor. Two
// worlds with one key have the same future, whatever faults may still come. Rules: "Time while
// exploring" of the explorer's model.
//
// Always:
//  1. decode(encode(w)) steps exactly as w does (property test); what is left out is history.
//  2. Positions are relative to the oldest one anybody can still need; instants relative to now.
//  3. One pending event: its due time is encoded as 0. Several: due minus now.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/explore/monitor.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

// What of a world can matter at all under this plan; made once for a search.
struct KeyLayout {
  explicit KeyLayout(const Plan& plan);

  bool ages = false;           // a finite MaximumRecordAge looks at arrivals
  bool windows = false;        // a batching window looks at the end of the last invocation
  bool retries = false;        // a finite retry limit looks at attempts
  std::uint32_t attempts = 0;  // `fail: attempts` looks at the number of the attempt, up to here
  bool absolute_time = false;  // `from`, `until`, AT_TIMESTAMP look at the clock
  bool environments = false;   // cold starts or reserved concurrency look at environments
  bool iterator_positions = false;  // LATEST may be resolved again
  Duration oldest_age{0};           // ages saturate here
};

using Key = std::vector<std::uint8_t>;

void encode_state(const World& world, OutcomeMonitor& monitor, const KeyLayout& layout, Key& key);
// Writes into a world of the same plan; its vectors are reused.
void decode_state(std::span<const std::uint8_t> key, const KeyLayout& layout, World& world,
                  OutcomeMonitor& monitor);

}  // namespace trimhorizon
