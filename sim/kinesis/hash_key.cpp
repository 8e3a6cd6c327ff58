#include "sim/kinesis/hash_key.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "sim/base/check.hpp"
#include "sim/base/rule.hpp"

namespace trimhorizon {
namespace {

// MD5 (RFC 1321). Kinesis uses it to choose a shard. It protects nothing here.
using Md5State = std::array<std::uint32_t, 4>;
using Md5Block = std::array<unsigned char, 64>;

constexpr std::array<std::uint32_t, 64> md5_sines = {
    // floor(2^32 |sin(i + 1)|)
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

constexpr int md5_turns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

std::uint32_t little_endian_word(const unsigned char* bytes) {
  return bytes[0] | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
         std::uint32_t{bytes[3]} << 24;
}

// The mixed value of one step, and the index of the word of the block that the step adds.
struct Md5Step {
  std::uint32_t mixed;
  unsigned word;
};

Md5Step md5_step(unsigned step, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  switch (step / 16) {
    case 0: return {(b & c) | (~b & d), step};
    case 1: return {(d & b) | (~d & c), (5 * step + 1) % 16};
    case 2: return {b ^ c ^ d, (3 * step + 5) % 16};
    default: return {c ^ (b | ~d), 7 * step % 16};
  }
}

void md5_absorb(Md5State& state, const unsigned char* block) {
  auto [a, b, c, d] = state;
  for (unsigned step = 0; step < 64; ++step) {
    const Md5Step s = md5_step(step, b, c, d);
    const std::uint32_t sum =
        a + s.mixed + md5_sines[step] + little_endian_word(block + std::size_t{4} * s.word);
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, md5_turns[step / 16][step % 4]);
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

Md5State md5(std::string_view text) {
  Md5State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t left = text.size();
  for (; left >= 64; left -= 64, bytes += 64) md5_absorb(state, bytes);

  // The last one or two blocks: the remaining bytes, one set bit, zeros, and the length in bits.
  Md5Block last{};
  if (left > 0) std::memcpy(last.data(), bytes, left);
  last[left] = 0x80;
  if (left >= 56) {
    md5_absorb(state, last.data());
    last.fill(0);
  }
  const std::uint64_t bits = std::uint64_t{text.size()} * 8;
  for (unsigned i = 0; i < 8; ++i) last[56 + i] = static_cast<unsigned char>(bits >> (8 * i));
  md5_absorb(state, last.data());
  return state;
}

constexpr std::uint32_t byte_swapped(std::uint32_t word) {
  return word >> 24 | (word >> 8 & 0xff00) | (word << 8 & 0xff'0000) | word << 24;
}

}  // namespace

HashKey hash_of_partition_key(std::string_view utf8) {
  HashKey key = 0;
  for (const std::uint32_t word : md5(utf8)) {
    // KDS-SHD-01: Kinesis reads the digest as a big-endian number. Another byte order would send
    // records to other shards than AWS does.
    key = key << 32 | TH_RULE(the_digest_is_read_big_endian, byte_swapped(word), word);
  }
  return key;
}

std::optional<HashKey> parse_hash_key(std::string_view decimal) {
  constexpr std::size_t most_digits = 39;
  if (decimal.empty() || decimal.size() > most_digits) return std::nullopt;
  // KDS-SHD-02: AWS accepts no leading zeros, so each key has one text.
  if (decimal[0] == '0' && decimal.size() > 1) return std::nullopt;
  HashKey key = 0;
  for (const char c : decimal) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<HashKey>(c - '0');
    // KDS-SHD-02: the key must be below 2^128, or it would be in no shard.
    if (key > (last_hash_key - digit) / 10) return std::nullopt;
    key = 10 * key + digit;
  }
  return key;
}

std::string to_decimal(HashKey key) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(key % 10));
    key /= 10;
  } while (key > 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

// KDS-SHD-05: the open shards cover all keys without a gap or an overlap, so that each record goes
// to exactly one shard. Each range ends where the next one begins; the last one ends at 2^128-1.
std::vector<HashKeyRange> initial_hash_ranges(std::uint32_t shard_count) {
  TH_CHECK(shard_count > 0);
  if (shard_count == 1) return {HashKeyRange{}};
  // KDS-SHD-04: the width is floor(2^128 / n). 2^128 does not fit into a HashKey. (2^128 - 1) / n
  // is one too small when n divides 2^128.
  const HashKey remainder = last_hash_key % shard_count;
  const bool divides = TH_RULE(widths_are_of_two_to_the_128, remainder + 1 == shard_count, false);
  const HashKey width = last_hash_key / shard_count + (divides ? 1 : 0);
  std::vector<HashKeyRange> ranges(shard_count);
  for (std::uint32_t i = 0; i < shard_count; ++i) {
    ranges[i].first = width * i;
    ranges[i].last = i + 1 < shard_count ? width * (i + 1) - 1 : last_hash_key;
  }
  return ranges;
}

}  // namespace trimhorizon
