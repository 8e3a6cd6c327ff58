// The states a search has seen: 128-bit hashes in an open hash table, parents in 8 bytes, and keys
// as long as they are needed or fit in memory.
//
// Always:
//  1. A state's number is the order of its discovery, the same for any number of threads.
//  2. While keys are exact (up to `exact_states`), two states are the same only if their bytes are.
//     After that, equal hashes count as equal states.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/explore/state_key.hpp"

namespace trimhorizon {

using StateNumber = std::uint32_t;
inline constexpr StateNumber no_state = UINT32_MAX;

// How a state was reached: by the `branch`-th way through the parent's step.
struct Parent {
  StateNumber state = no_state;
  std::uint32_t branch : 24 = 0;
  std::uint32_t layer : 7 = 0;  // faults used to get here, at least
  std::uint32_t terminal : 1 = 0;
};
inline constexpr std::uint32_t branches_max = 1u << 24;  // ways through one step
static_assert(sizeof(Parent) == 8);

struct KeyHash {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const KeyHash&, const KeyHash&) = default;
};
KeyHash hash_key(std::span<const std::uint8_t> key);

class StateTable {
 public:
  explicit StateTable(std::uint64_t exact_states);

  struct Found {
    StateNumber number = no_state;
    bool is_new = false;
  };
  // The state of this key; new states get the parent.
  Found insert(const KeyHash& hash, std::span<const std::uint8_t> key, const Parent& parent);

  std::uint64_t size() const { return parents_.size(); }
  const Parent& parent(StateNumber n) const { return parents_[n]; }
  Parent& parent(StateNumber n) { return parents_[n]; }
  std::span<const std::uint8_t> key(StateNumber n) const;
  // The state of this key, or no_state.
  StateNumber find(const KeyHash& hash, std::span<const std::uint8_t> key) const;
  // The key of this state is no longer needed if the table is not exact. A block is freed when this
  // is true of all its keys.
  void done_with(StateNumber n);

  bool exact() const { return exact_; }
  std::uint64_t bytes() const;

 private:
  void grow();
  bool is_same(StateNumber n, const KeyHash& hash, std::span<const std::uint8_t> key) const;
  std::uint64_t block_of(StateNumber n) const { return (key_ends_[n] - 1) / block_bytes; }
  std::size_t slot_of(const KeyHash& hash) const { return hash.low & (slots_.size() - 1); }

  std::uint64_t exact_states_;
  bool exact_ = true;
  std::vector<StateNumber> slots_;
  std::vector<KeyHash> hashes_;
  std::vector<Parent> parents_;
  std::vector<std::uint64_t> key_ends_;  // end of key n in the arena; start is the end before it
  // The arena consists of blocks, so that it grows without copying and old blocks can be freed.
  static constexpr std::uint64_t block_bytes = 1u << 20;
  struct Block {
    std::vector<std::uint8_t> bytes;
    std::uint32_t keys = 0;
    std::uint32_t done = 0;
  };
  void give_back_if_done(Block& block);
  std::vector<Block> blocks_;
  std::uint64_t arena_end_ = 0;
};

}  // namespace trimhorizon
