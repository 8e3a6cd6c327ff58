#include "sim/explore/state_table.hpp"

#include <cstring>

#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"

namespace trimhorizon {
namespace {

std::uint64_t load_word(const std::uint8_t* bytes, std::size_t n) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, n);
  return word;
}

}  // namespace

KeyHash hash_key(std::span<const std::uint8_t> key) {
  std::uint64_t a = 0x9e3779b97f4a7c15ull ^ key.size();
  std::uint64_t b = 0xbf58476d1ce4e5b9ull;
  std::size_t i = 0;
  for (; i + 8 <= key.size(); i += 8) {
    const std::uint64_t word = load_word(key.data() + i, 8);
    a = (a ^ word) * 0xff51afd7ed558ccdull;
    a ^= a >> 29;
    b = (b + word) * 0xc4ceb9fe1a85ec53ull;
    b ^= b >> 32;
  }
  if (i < key.size()) {
    const std::uint64_t word = load_word(key.data() + i, key.size() - i);
    a = (a ^ word) * 0xff51afd7ed558ccdull;
    b = (b + word) * 0xc4ceb9fe1a85ec53ull;
  }
  return {mix64(a), mix64(b ^ (a >> 7))};
}

StateTable::StateTable(std::uint64_t exact_states)
    : exact_states_(exact_states), slots_(1u << 12, no_state) {}

void StateTable::grow() {
  std::vector<StateNumber> bigger(slots_.size() * 2, no_state);
  slots_.swap(bigger);
  for (StateNumber n = 0; n < hashes_.size(); ++n) {
    std::size_t slot = slot_of(hashes_[n]);
    while (slots_[slot] != no_state) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = n;
  }
}

StateTable::Found StateTable::insert(const KeyHash& hash, std::span<const std::uint8_t> key,
                                     const Parent& parent) {
  std::size_t slot = slot_of(hash);
  while (slots_[slot] != no_state) {
    const StateNumber n = slots_[slot];
    if (hashes_[n] == hash) {
      const bool same = !exact_ || [&] {
        const std::span<const std::uint8_t> known = this->key(n);
        return known.size() == key.size() &&
               std::memcmp(known.data(), key.data(), key.size()) == 0;
      }();
      if (same) return {n, false};
    }
    slot = (slot + 1) & (slots_.size() - 1);
  }
  const auto n = static_cast<StateNumber>(parents_.size());
  TH_CHECK(n < no_state && key.size() <= block_bytes);
  slots_[slot] = n;
  hashes_.push_back(hash);
  parents_.push_back(parent);
  // A key never straddles two blocks.
  if (blocks_.empty() || block_bytes - arena_end_ % block_bytes < key.size() ||
      arena_end_ % block_bytes == 0) {
    arena_end_ = blocks_.size() * block_bytes;
    blocks_.emplace_back();
    blocks_.back().reserve(block_bytes);
  }
  blocks_.back().insert(blocks_.back().end(), key.begin(), key.end());
  arena_end_ += key.size();
  key_ends_.push_back(arena_end_);
  if (parents_.size() >= exact_states_) exact_ = false;
  if (parents_.size() * 2 > slots_.size()) grow();
  return {n, true};
}

std::span<const std::uint8_t> StateTable::key(StateNumber n) const {
  const std::uint64_t end = key_ends_[n];
  const std::uint64_t block = (end - 1) / block_bytes;
  std::uint64_t start = block * block_bytes;
  if (n > 0 && key_ends_[n - 1] > start) start = key_ends_[n - 1];
  TH_CHECK(!blocks_[block].empty());
  return {blocks_[block].data() + (start - block * block_bytes), end - start};
}

void StateTable::expanded_up_to(StateNumber n) {
  if (exact_ || n == 0) return;
  const std::uint64_t keep = (key_ends_[n - 1] - 1) / block_bytes;
  for (std::uint64_t b = 0; b < keep; ++b) {
    std::vector<std::uint8_t>().swap(blocks_[b]);
  }
}

std::uint64_t StateTable::bytes() const {
  std::uint64_t sum = slots_.capacity() * sizeof(StateNumber) +
                      hashes_.capacity() * sizeof(KeyHash) +
                      parents_.capacity() * sizeof(Parent) + key_ends_.capacity() * 8;
  for (const auto& block : blocks_) sum += block.capacity();
  return sum;
}

}  // namespace trimhorizon
