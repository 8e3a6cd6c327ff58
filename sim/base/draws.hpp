// Draws: the second of the three doors. A quantity (a duration, a gap, a size, a key) is a pure
// function of (seed, entity, purpose, counter), in integers and fixed point only, so that every
// compiler and machine draws the same bits.
//
// Always:
//  1. No state: whoever draws keeps the counter. At most one draw in a statement.
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
};

// 64 well-mixed bits for (seed, entity, purpose, counter). Two rounds: the first gives every (seed,
// entity, purpose) its own starting point, from which the counter walks by an odd constant; the
// second hides the walk.
constexpr std::uint64_t draw_bits(std::uint64_t seed, std::uint32_t entity, Purpose purpose,
                                  std::uint64_t counter) {
  const std::uint64_t key =
      (static_cast<std::uint64_t>(entity) << 32) | static_cast<std::uint32_t>(purpose);
  const std::uint64_t stream =
      mix64(seed * 0x9fb21c651e98df25ull + key * 0xc2b2ae3d27d4eb4full + 0x165667b19e3779f9ull);
  return mix64(stream + counter * 0x9e3779b97f4a7c15ull);
}

// Uniform in [0, n) by multiply-shift; n > 0.
constexpr std::uint64_t bits_below(std::uint64_t bits, std::uint64_t n) {
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits) * n) >> 64);
}

// A probability as a 32-bit threshold: p = parts_per_billion / 1e9, 0 <= p <= 1.
struct Probability {
  std::uint32_t parts_per_billion = 0;

  friend constexpr auto operator<=>(const Probability&, const Probability&) = default;
};
bool bits_hit(std::uint64_t bits, Probability p);

// Fixed point with 32 fraction bits.
struct Fixed {
  std::int64_t q32 = 0;

  friend constexpr auto operator<=>(const Fixed&, const Fixed&) = default;
};

Fixed fixed_log2(std::uint64_t x);                  // x >= 1; error below 2^-28
std::uint64_t fixed_exp2(Fixed x, int scale_bits);  // 2^x * 2^scale_bits, rounded; saturates
Fixed standard_normal(std::uint64_t bits);          // inverse of the normal by a committed table

// Exponential gap with the given mean (a Poisson process), at least 0, rounded to a microsecond.
// `mean_q32_us` is the mean in microseconds with 32 fraction bits.
Duration exponential_gap(std::uint64_t bits, unsigned __int128 mean_q32_us);

// Lognormal with the given *mean* (not median) and sigma of the underlying normal.
struct Lognormal {
  Duration mean;
  std::uint32_t sigma_millionths = 0;  // 0.5 is 500,000; at most 5

  friend constexpr auto operator<=>(const Lognormal&, const Lognormal&) = default;
};
Duration lognormal_duration(std::uint64_t bits, const Lognormal& distribution);
Duration lognormal_median(const Lognormal& distribution);  // the nominal value of the explorer

// Integer alias table (Walker): one draw, one look-up. Immutable, shared by reference count.
class AliasTable {
 public:
  explicit AliasTable(const std::vector<std::uint64_t>& weights);  // 1 .. 2^24 weights, sum < 2^63
  std::uint32_t pick(std::uint64_t bits) const {
    const std::uint64_t slot = bits_below(bits, slots_.size());
    const Slot& s = slots_[slot];
    // A mask, because the comparison is a coin toss that no branch predictor can guess.
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

// Weights 1/rank^exponent as integers for ranks 1..count; exponent in millionths (1.0 = 1,000,000).
std::vector<std::uint64_t> zipf_weights(std::uint32_t count, std::uint32_t exponent_millionths);

}  // namespace trimhorizon
