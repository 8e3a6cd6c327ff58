// An open hash table of states. Keys are stored in blocks, so that memory can be freed early.
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

bool StateTable::is_same(StateNumber n, const KeyHash& hash,
                         std::span<const std::uint8_t> key) const {
  if (hashes_[n] != hash) return false;
  if (!exact_) return true;
  const std::span<const std::uint8_t> known = this->key(n);
  return known.size() == key.size() && std::memcmp(known.data(), key.data(), key.size()) == 0;
}

StateNumber StateTable::find(const KeyHash& hash, std::span<const std::uint8_t> key) const {
  std::size_t slot = slot_of(hash);
  while (slots_[slot] != no_state) {
    if (is_same(slots_[slot], hash, key)) return slots_[slot];
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return no_state;
}

StateTable::Found StateTable::insert(const KeyHash& hash, std::span<const std::uint8_t> key,
                                     const Parent& parent) {
  std::size_t slot = slot_of(hash);
  while (slots_[slot] != no_state) {
    if (is_same(slots_[slot], hash, key)) return {slots_[slot], false};
    slot = (slot + 1) & (slots_.size() - 1);
  }
  const auto n = static_cast<StateNumber>(parents_.size());
  TH_CHECK(n < no_state && !key.empty() && key.size() <= block_bytes);
  slots_[slot] = n;
  hashes_.push_back(hash);
  parents_.push_back(parent);
  // A key is never split between two blocks.
  if (blocks_.empty() || arena_end_ + key.size() > blocks_.size() * block_bytes) {
    arena_end_ = blocks_.size() * block_bytes;
    blocks_.emplace_back();
    blocks_.back().bytes.reserve(block_bytes);
  }
  std::vector<std::uint8_t>& bytes = blocks_.back().bytes;
  bytes.insert(bytes.end(), key.begin(), key.end());
  blocks_.back().keys += 1;
  arena_end_ += key.size();
  key_ends_.push_back(arena_end_);
  if (exact_ && parents_.size() >= exact_states_) {
    exact_ = false;
    for (Block& block : blocks_) give_back_if_done(block);
  }
  if (parents_.size() * 2 > slots_.size()) grow();
  return {n, true};
}

std::span<const std::uint8_t> StateTable::key(StateNumber n) const {
  const std::uint64_t end = key_ends_[n];
  const std::uint64_t block = block_of(n);
  std::uint64_t start = block * block_bytes;
  if (n > 0 && key_ends_[n - 1] > start) start = key_ends_[n - 1];
  TH_CHECK(!blocks_[block].bytes.empty());
  return {blocks_[block].bytes.data() + (start - block * block_bytes), end - start};
}

// The last block still grows.
void StateTable::give_back_if_done(Block& block) {
  if (exact_ || block.done < block.keys || &block == &blocks_.back()) return;
  std::vector<std::uint8_t>().swap(block.bytes);
}

void StateTable::done_with(StateNumber n) {
  Block& block = blocks_[block_of(n)];
  block.done += 1;
  give_back_if_done(block);
}

std::uint64_t StateTable::bytes() const {
  std::uint64_t sum = slots_.capacity() * sizeof(StateNumber) +
                      hashes_.capacity() * sizeof(KeyHash) + parents_.capacity() * sizeof(Parent) +
                      key_ends_.capacity() * 8;
  for (const Block& block : blocks_) sum += block.bytes.capacity();
  return sum;
}

}  // namespace trimhorizon
