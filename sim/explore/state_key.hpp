// The key of a state: a canonical byte string of a world between two steps and of its monitor. Two
// worlds with one key have the same future, whatever faults may still come. Rules: "Time while
// exploring" of the explorer's model.
//
// Always:
//  1. decode(encode(w)) steps exactly as w does (property test); what is left out only tells things
//     apart, or is told.
//  2. Positions are relative to the oldest one anybody can still need; instants relative to the
//     next event: nothing looks at the clock before it, so a delay alone makes no difference.
//  3. At rest only the monitor is left.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/explore/key_layout.hpp"
#include "sim/explore/monitor.hpp"
#include "sim/world/world.hpp"

namespace trimhorizon {

using Key = std::vector<std::uint8_t>;

// Writes and reads the keys of one search; each thread has its own.
class StateCodec {
 public:
  explicit StateCodec(const KeyLayout& layout) : layout_(layout) {}

  void encode(const World& world, const OutcomeMonitor& monitor, Key& key);
  // Writes into a world of the same plan; its vectors are reused.
  void decode(std::span<const std::uint8_t> key, World& world, OutcomeMonitor& monitor);

  // Memory of both directions: a search calls them millions of times.
  struct Scratch {
    std::vector<Position> bases;  // by shard: where positions are counted from
    std::vector<Event> sorted;
  };

 private:
  KeyLayout layout_;
  Scratch scratch_;
};

}  // namespace trimhorizon
