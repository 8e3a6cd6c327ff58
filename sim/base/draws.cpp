#include "sim/base/draws.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "sim/base/check.hpp"
#include "sim/base/normal_table.hpp"

namespace trimhorizon {
namespace {

using U128 = unsigned __int128;
using I128 = __int128;

constexpr std::uint64_t one_q62 = std::uint64_t{1} << 62;
constexpr std::uint64_t ln2_q62 = 3'196'577'161'300'663'915;
constexpr std::uint64_t log2_e_q62 = 6'653'256'548'922'161'246;
constexpr std::int64_t ln2_q32 = 2'977'044'472;
constexpr std::int64_t log2_e_q32 = 6'196'328'019;

constexpr std::uint64_t multiply_q62(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint64_t>((static_cast<U128>(a) * b) >> 62);
}

// 256 steps of [1, 2). The compiler fills both tables with integers, so no generated file is
// needed.
constexpr std::uint64_t steps = 256;

struct LogStep {
  std::uint64_t inverse_q63;  // 1 / (1 + i/256), rounded down
  std::uint64_t log2_q62;     // log2(1 + i/256)
};

// The logarithm, bit by bit: a square doubles the logarithm, and an overflow is its next bit.
constexpr std::uint64_t slow_log2_q62(std::uint64_t mantissa_q62) {
  std::uint64_t result = 0;
  std::uint64_t m = mantissa_q62;
  for (int bit = 61; bit >= 10; --bit) {
    const U128 square = (static_cast<U128>(m) * m) >> 62;
    const bool carry = square >= 2 * static_cast<U128>(one_q62);
    m = static_cast<std::uint64_t>(carry ? square >> 1 : square);
    if (carry) result |= std::uint64_t{1} << bit;
  }
  return result;
}

constexpr std::array<LogStep, steps> make_log_steps() {
  std::array<LogStep, steps> table{};
  for (std::uint64_t i = 0; i < steps; ++i) {
    const U128 one_q71 = static_cast<U128>(1) << 71;
    table[i] = {static_cast<std::uint64_t>(one_q71 / (steps + i)),
                slow_log2_q62(one_q62 + i * (one_q62 / steps))};
  }
  return table;
}

constexpr std::uint64_t square_root(U128 x) {
  std::uint64_t root = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const std::uint64_t next = root | (std::uint64_t{1} << bit);
    if (static_cast<U128>(next) * next <= x) root = next;
  }
  return root;
}

// 2^(i/256) as a product of 2^(1/2), 2^(1/4), ...
constexpr std::array<std::uint64_t, steps> make_exp_steps() {
  std::array<std::uint64_t, steps> table{};
  for (auto& entry : table) entry = one_q62;
  std::uint64_t root = 2 * one_q62;
  for (int bit = 7; bit >= 0; --bit) {
    root = square_root(static_cast<U128>(root) << 62);
    for (std::size_t i = 0; i < steps; ++i) {
      if ((i >> bit) & 1) table[i] = multiply_q62(table[i], root);
    }
  }
  return table;
}

constexpr auto log_steps = make_log_steps();
constexpr auto exp_steps = make_exp_steps();

}  // namespace

bool bits_hit(std::uint64_t bits, Probability p) {
  return bits_below(bits, 1'000'000'000) < p.parts_per_billion;
}

// The sum of three parts: log2 of the leading bit, log2 of the nearest lower step, and a series for
// the rest below 1/256.
Fixed fixed_log2(std::uint64_t x) {
  TH_CHECK(x >= 1);
  const int exponent = 63 - std::countl_zero(x);
  const std::uint64_t mantissa_q63 = x << (63 - exponent);
  const LogStep& step = log_steps[(mantissa_q63 >> 55) & (steps - 1)];
  const auto ratio_q62 =
      static_cast<std::uint64_t>((static_cast<U128>(mantissa_q63) * step.inverse_q63) >> 64);
  // The inverse is rounded down, so the ratio may be slightly below one.
  const std::uint64_t r = ratio_q62 > one_q62 ? ratio_q62 - one_q62 : 0;
  const std::uint64_t r2 = multiply_q62(r, r);
  const std::uint64_t ln_q62 = r - r2 / 2 + multiply_q62(r2, r) / 3 - multiply_q62(r2, r2) / 4;
  const std::uint64_t fraction_q62 = step.log2_q62 + multiply_q62(ln_q62, log2_e_q62);
  const std::uint64_t fraction_q32 = (fraction_q62 + (std::uint64_t{1} << 29)) >> 30;
  return {(static_cast<std::int64_t>(exponent) << 32) + static_cast<std::int64_t>(fraction_q32)};
}

std::uint64_t fixed_exp2(Fixed x, int scale_bits) {
  const std::int64_t whole = x.q32 >> 32;
  const auto fraction_q32 = static_cast<std::uint32_t>(x.q32);
  const std::uint64_t rest_q32 = fraction_q32 & 0xff'ffff;  // below 1/256
  const auto z = static_cast<std::uint64_t>((static_cast<U128>(rest_q32) * ln2_q62) >> 32);
  const std::uint64_t z2 = multiply_q62(z, z);
  const std::uint64_t factor_q62 =
      one_q62 + z + z2 / 2 + multiply_q62(z2, z) / 6 + multiply_q62(z2, z2) / 24;
  const std::uint64_t mantissa_q62 = multiply_q62(exp_steps[fraction_q32 >> 24], factor_q62);
  const std::int64_t shift = whole + scale_bits - 62;
  if (shift >= 2) return UINT64_MAX;
  if (shift >= 0) return mantissa_q62 << shift;
  if (shift < -63) return 0;
  return (mantissa_q62 + (std::uint64_t{1} << (-shift - 1))) >> -shift;
}

// The top bit is the sign; the other 63 bits are the tail. The leading zeros of the tail select the
// octave of the table, the next six bits select the step, and the next 32 bits the place between
// two entries. A tail beyond the table (one draw in 2^40) gets the last entry.
Fixed standard_normal(std::uint64_t bits) {
  const bool upper = (bits >> 63) != 0;
  const std::uint64_t tail = (upper ? ~bits : bits) << 1;  // p = tail / 2^65
  const int octave = normal_table_octaves - 1 - std::countl_zero(tail | 1);
  std::int64_t z_q28 = normal_table.front();
  if (octave >= 0) {
    const std::uint64_t below_lead = tail << (normal_table_octaves - octave);
    const std::uint64_t index =
        static_cast<std::uint64_t>(octave) * normal_table_steps + (below_lead >> 58);
    const auto place_q32 = static_cast<std::int64_t>((below_lead >> 26) & 0xffff'ffff);
    const std::int64_t from = normal_table[index];
    z_q28 = from + (((normal_table[index + 1] - from) * place_q32) >> 32);
  }
  return {(upper ? z_q28 : -z_q28) * 16};
}

// -ln(u) = (64 - log2(bits)) ln 2 for u = bits / 2^64.
Duration exponential_gap(std::uint64_t bits, unsigned __int128 mean_q32_us) {
  TH_CHECK(mean_q32_us >> 84 == 0);  // so the product below stays under 2^127
  const std::int64_t minus_log2_q32 =
      (std::int64_t{64} << 32) - fixed_log2(std::max<std::uint64_t>(bits, 1)).q32;
  const I128 minus_ln_q32 = (static_cast<I128>(minus_log2_q32) * ln2_q32) >> 32;
  const U128 gap_q64 = static_cast<U128>(minus_ln_q32) * mean_q32_us;
  const U128 gap_us = (gap_q64 + (static_cast<U128>(1) << 63)) >> 64;
  return {static_cast<std::int64_t>(std::min<U128>(gap_us, INT64_MAX))};
}

namespace {

// mean x e^(sigma z - sigma^2 / 2). The second term makes `mean` the mean for every sigma.
Duration lognormal_at(const Lognormal& distribution, Fixed z) {
  TH_CHECK(distribution.mean.us >= 0 && distribution.sigma_millionths <= 5'000'000);
  const I128 sigma_q32 = (static_cast<I128>(distribution.sigma_millionths) << 32) / 1'000'000;
  const I128 exponent_q32 = (sigma_q32 * z.q32 - sigma_q32 * sigma_q32 / 2) >> 32;
  const Fixed power{static_cast<std::int64_t>((exponent_q32 * log2_e_q32) >> 32)};
  constexpr int scale_bits = 30;  // the largest factor is below 2^33
  const U128 scaled = static_cast<U128>(fixed_exp2(power, scale_bits)) *
                      static_cast<std::uint64_t>(distribution.mean.us);
  const U128 us = (scaled + (U128{1} << (scale_bits - 1))) >> scale_bits;
  return {static_cast<std::int64_t>(std::min<U128>(us, INT64_MAX))};
}

}  // namespace

Duration lognormal_duration(std::uint64_t bits, const Lognormal& distribution) {
  return lognormal_at(distribution, standard_normal(bits));
}

Duration lognormal_median(const Lognormal& distribution) {
  return lognormal_at(distribution, Fixed{0});
}

// Vose's construction in exact integers. Each weight is multiplied by the number of slots, so a
// full slot is exactly `sum`. When one of the two lists is empty, the slots that are left are
// exactly full.
AliasTable::AliasTable(const std::vector<std::uint64_t>& weights) {
  TH_CHECK(!weights.empty() && weights.size() <= (std::size_t{1} << 24));
  U128 sum = 0;
  for (const std::uint64_t weight : weights) sum += weight;
  TH_CHECK(sum > 0 && sum < (U128{1} << 63));

  const auto n = static_cast<std::uint32_t>(weights.size());
  slots_.resize(n);
  std::vector<U128> left(n);
  std::vector<std::uint32_t> small;
  std::vector<std::uint32_t> large;
  for (std::uint32_t i = 0; i < n; ++i) {
    slots_[i] = {0, i};
    left[i] = static_cast<U128>(weights[i]) * n;
    (left[i] < sum ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const std::uint32_t poor = small.back();
    const std::uint32_t rich = large.back();
    small.pop_back();
    slots_[poor] = {static_cast<std::uint32_t>((left[poor] << 32) / sum), rich};
    left[rich] -= sum - left[poor];
    if (left[rich] < sum) {
      large.pop_back();
      small.push_back(rich);
    }
  }
}

// 2^(bits - exponent x log2(rank)). The scale keeps the sum of all weights below 2^62 and every
// weight above zero.
std::vector<std::uint64_t> zipf_weights(std::uint32_t count, std::uint32_t exponent_millionths) {
  TH_CHECK(count >= 1 && count <= (1u << 24));
  const int scale_bits = 30 + std::countl_zero(count);  // 62 bits less those of the count
  std::vector<std::uint64_t> weights(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const I128 log_q32 = fixed_log2(i + 1).q32;
    const I128 power_q32 = log_q32 * exponent_millionths / 1'000'000;
    const Fixed power{-static_cast<std::int64_t>(power_q32)};
    weights[i] = std::max<std::uint64_t>(fixed_exp2(power, scale_bits), 1);
  }
  return weights;
}

}  // namespace trimhorizon
