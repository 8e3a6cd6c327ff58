#include "sim/explore/state_table.hpp"

#include <cstring>

#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A key of that size which no other number has.
Bytes key_of(std::uint32_t n, std::size_t size = 12) {
  Bytes key(size, 7);
  std::memcpy(key.data(), &n, sizeof n);
  return key;
}

StateTable::Found add(StateTable& table, const Bytes& key, const Parent& parent = {}) {
  return table.insert(hash_key(key), key, parent);
}

bool is_key(const StateTable& table, StateNumber n, const Bytes& key) {
  const auto known = table.key(n);
  return Bytes(known.begin(), known.end()) == key;
}

}  // namespace

TEST_CASE("states are numbered as they come, and known ones keep number and parent") {
  StateTable table(1'000);
  CHECK(table.size() == 0);
  CHECK(add(table, key_of(10), {5, 1, 2, 0}).number == 0);
  CHECK(add(table, key_of(20)).number == 1);
  const StateTable::Found again = add(table, key_of(10), {6, 3, 4, 1});
  CHECK(again.number == 0);
  CHECK_FALSE(again.is_new);
  CHECK(table.size() == 2);
  CHECK(table.parent(0).state == 5);
  CHECK(table.parent(0).layer == 2);
  CHECK(is_key(table, 0, key_of(10)));
  CHECK(table.find(hash_key(key_of(20)), key_of(20)) == 1);
  CHECK(table.find(hash_key(key_of(30)), key_of(30)) == no_state);
}

TEST_CASE("many states of many blocks are all found again after the table has grown") {
  StateTable table(1'000'000);
  constexpr std::uint32_t many = 30'000;  // 12 to 111 bytes each: more than one block of 1 MiB
  for (std::uint32_t n = 0; n < many; ++n) {
    const auto found = add(table, key_of(n, 12 + n % 100));
    REQUIRE((found.is_new && found.number == n));
  }
  for (std::uint32_t n = 0; n < many; ++n) {
    const Bytes key = key_of(n, 12 + n % 100);
    REQUIRE(table.find(hash_key(key), key) == n);
    REQUIRE(is_key(table, n, key));
  }
}

TEST_CASE("equal hashes are two states while keys are exact, and one beyond") {
  const KeyHash same{1, 2};
  StateTable table(3);
  CHECK(table.insert(same, key_of(1), {}).is_new);
  CHECK(table.insert(same, key_of(2), {}).number == 1);
  CHECK(table.exact());
  CHECK(add(table, key_of(3)).is_new);
  CHECK_FALSE(table.exact());
  CHECK_FALSE(table.insert(same, key_of(4), {}).is_new);
  CHECK(table.insert({1, 3}, key_of(1), {}).is_new);  // half a hash is not the hash
}

TEST_CASE("a block is given back when nobody asks for its keys, but only beyond the exact states") {
  constexpr std::size_t large = 100'000;  // ten of them to a block
  StateTable table(25);
  for (std::uint32_t n = 0; n < 24; ++n) add(table, key_of(n, large));
  for (StateNumber n = 0; n < 9; ++n) table.done_with(n);
  const std::uint64_t whole = table.bytes();
  table.done_with(9);
  CHECK(table.bytes() == whole);  // exact: a key may still be compared
  add(table, key_of(24, large));
  CHECK(table.bytes() + (1u << 20) <= whole + large);
  for (StateNumber n = 10; n < 19; ++n) table.done_with(n);
  const std::uint64_t before = table.bytes();
  CHECK(is_key(table, 19, key_of(19, large)));
  table.done_with(19);
  CHECK(table.bytes() + (1u << 20) <= before);
  for (StateNumber n = 20; n < 25; ++n) table.done_with(n);
  CHECK(is_key(table, 24, key_of(24, large)));  // the last block still grows
}

TEST_CASE("a hash tells keys apart by every byte and by their length") {
  const KeyHash known = hash_key(key_of(1, 21));
  for (std::size_t i = 0; i < 21; ++i) {
    Bytes other = key_of(1, 21);
    other[i] ^= 1;
    CHECK_FALSE(hash_key(other) == known);
  }
  CHECK_FALSE(hash_key(Bytes{0}) == hash_key(Bytes{0, 0}));
  CHECK(hash_key(key_of(1, 21)) == known);
}

}  // namespace trimhorizon::testing
