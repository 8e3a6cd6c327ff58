// Draws: the second of the three doors. A random quantity (a duration, a gap, a size, a key) is a
// pure function of (seed, entity, purpose, counter). It uses only integers and fixed point, so that
// every compiler and machine draws the same bits.
//
// Always:
//  1. A draw has no state: the caller keeps the counter. One statement has at most one draw,
//     because C++ does not fix the order of two.
//  2. No libm, no std:: distribution, no floating point.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/hash.hpp"
#include "sim/base/time.hpp"

namespace trimhorizon {

enum class Purpose : std::uint32_t {
  arrival_gap = 1,
  partition_key,
  invocation_duration,
  effects_before_failure,
  jitter,
  lost_acknowledgement,
  probability,
  put_backoff,
  read_delay,
  timestamp_skew,
  empty_read,
};

// 64 random bits for (seed, entity, purpose, counter), in two rounds. The first gives every (seed,
// entity, purpose) its own starting point; the counter moves it by a multiple of an odd constant.
// The second makes neighbouring counters look unrelated.
constexpr std::uint64_t draw_bits(std::uint64_t seed, std::uint32_t entity, Purpose purpose,
                                  std::uint64_t counter) {
  const std::uint64_t key =
      (static_cast<std::uint64_t>(entity) << 32) | static_cast<std::uint32_t>(purpose);
  const std::uint64_t stream =
      mix64(seed * 0x9fb21c651e98df25ull + key * 0xc2b2ae3d27d4eb4full + 0x165667b19e3779f9ull);
  return mix64(stream + counter * 0x9e3779b97f4a7c15ull);
}

// A number in [0, n), all equally likely. REQUIRES: n > 0.
constexpr std::uint64_t bits_below(std::uint64_t bits, std::uint64_t n) {
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits) * n) >> 64);
}

// A probability p = parts_per_billion / 1e9, from 0 to 1.
struct Probability {
  std::uint32_t parts_per_billion = 0;

  friend constexpr auto operator<=>(const Probability&, const Probability&) = default;
};
// True with the probability p, decided by these random bits.
bool bits_hit(std::uint64_t bits, Probability p);

// Fixed point with 32 fraction bits.
struct Fixed {
  std::int64_t q32 = 0;

  friend constexpr auto operator<=>(const Fixed&, const Fixed&) = default;
};

Fixed fixed_log2(std::uint64_t x);                  // x >= 1; error below 2^-28
std::uint64_t fixed_exp2(Fixed x, int scale_bits);  // 2^x * 2^scale_bits, rounded; saturates
Fixed standard_normal(std::uint64_t bits);  // a standard normal value, from a committed table

// A gap of a Poisson process: exponential with this mean, at least 0, rounded to a microsecond.
// `mean_q32_us` is the mean in microseconds, with 32 fraction bits; it must be below 2^84.
Duration exponential_gap(std::uint64_t bits, unsigned __int128 mean_q32_us);

// A lognormal distribution with this *mean* (not median); sigma is that of the underlying normal
// distribution.
struct Lognormal {
  Duration mean;
  std::uint32_t sigma_millionths = 0;  // 0.5 is 500,000; at most 5

  friend constexpr auto operator<=>(const Lognormal&, const Lognormal&) = default;
};
Duration lognormal_duration(std::uint64_t bits, const Lognormal& distribution);
Duration lognormal_median(const Lognormal& distribution);  // the fixed value that the explorer uses

// An integer alias table (Walker): picks an index with the probability of its weight, by one draw
// and one look-up. It never changes, so copies may share it.
class AliasTable {
 public:
  explicit AliasTable(const std::vector<std::uint64_t>& weights);  // 1 .. 2^24 weights, sum < 2^63
  std::uint32_t pick(std::uint64_t bits) const {
    const std::uint64_t slot = bits_below(bits, slots_.size());
    const Slot& s = slots_[slot];
    // A mask instead of a branch: no branch predictor can guess a random comparison.
    const std::uint32_t own = 0u - (static_cast<std::uint32_t>(bits) < s.threshold ? 1u : 0u);
    return (static_cast<std::uint32_t>(slot) & own) | (s.alias & ~own);
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(slots_.size()); }

 private:
  struct Slot {
    std::uint32_t threshold;
    std::uint32_t alias;
  };
  std::vector<Slot> slots_;
};

// The weights 1/rank^exponent, scaled to integers, for the ranks 1..count. The exponent is in
// millionths (1.0 = 1,000,000). REQUIRES: count >= 1.
std::vector<std::uint64_t> zipf_weights(std::uint32_t count, std::uint32_t exponent_millionths);

}  // namespace trimhorizon
