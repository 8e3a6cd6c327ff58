// The key of a state: a canonical byte string of a world between two steps and of its monitor. Two
// worlds with the same key have the same future, whatever faults may still come.
//
// Always:
//  1. decode(encode(w)) steps exactly as w does (property test). What is left out only identifies
//     things, or is only reported.
//  2. Positions are relative to the oldest one that can still be needed; instants are relative to
//     the next event, because nothing depends on the clock before it.
//  3. If nothing is left to happen, the key contains only the monitor.
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
  // REQUIRES: `key` comes from encode() with the same layout, `world` has the same plan. The
  // vectors of `world` are reused.
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
