// Two hashes of our own that give the same result on every machine: a 64-bit mixer and a 128-bit
// digest.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace trimhorizon {

// Mixes the bits: different inputs give different outputs, and each input bit changes about half of
// the output bits.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ull;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ull;
  x ^= x >> 32;
  return x;
}

// A 128-bit digest of a sequence of 64-bit words. The words are numbers, not memory, so the byte
// order of the machine does not matter.
class Digest {
 public:
  void add(std::uint64_t word) {
    a_ = (a_ ^ mix64(word + 0x9e3779b97f4a7c15ull)) * 0xff51afd7ed558ccdull;
    b_ = (b_ + word) * 0xc4ceb9fe1a85ec53ull;
    b_ ^= b_ >> 29;
    ++count_;
  }
  void add_text(std::string_view text);
  std::uint64_t low() const { return mix64(a_ + count_); }
  std::uint64_t high() const { return mix64(b_ ^ mix64(a_) ^ count_); }
  std::string hex() const;  // 32 hex digits

  friend bool operator==(const Digest&, const Digest&) = default;

 private:
  std::uint64_t a_ = 0x243f6a8885a308d3ull;
  std::uint64_t b_ = 0x13198a2e03707344ull;
  std::uint64_t count_ = 0;
};

}  // namespace trimhorizon
