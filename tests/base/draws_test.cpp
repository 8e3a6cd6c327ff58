// Bits and functions of one value; distributions stand in distributions_test.cpp.
#include "sim/base/draws.hpp"

#include <cmath>

#include "sim/base/check.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

using Catch::Approx;

double real(Fixed x) { return std::ldexp(static_cast<double>(x.q32), -32); }

Fixed fixed(double x) { return {static_cast<std::int64_t>(std::llround(std::ldexp(x, 32)))}; }

}  // namespace

TEST_CASE("the drawn bits are the same for ever") {
  struct Golden {
    std::uint64_t seed;
    std::uint32_t entity;
    Purpose purpose;
    std::uint64_t counter;
    std::uint64_t bits;
  };
  const Golden table[] = {
      {0, 0, Purpose::arrival_gap, 0, 0xef731175296ed876},
      {1, 0, Purpose::arrival_gap, 0, 0x546db8fd166d2fa2},
      {1, 0, Purpose::arrival_gap, 1, 0xac0f78c11b249a39},
      {1, 0, Purpose::partition_key, 0, 0x8fbc959bde9dd86f},
      {1, 1, Purpose::arrival_gap, 0, 0x5c19be69bbce7475},
      {1, 1, Purpose::jitter, 7, 0xb88dc97a4031d40b},
      {2, 0, Purpose::probability, 0, 0x3e8bc80b260a7410},
      {42, 3, Purpose::invocation_duration, 1'000'000, 0x5412c29a54b7f90d},
      {UINT64_MAX, UINT32_MAX, Purpose::lost_acknowledgement, UINT64_MAX, 0xdef34a3c3230fd78},
      {1, UINT32_MAX, Purpose::effects_before_failure, 5, 0xe21a9fd46849d075},
      {std::uint64_t{1} << 63, 0, Purpose::arrival_gap, 0, 0xbcf0b45a291a600d},
      {7, 7, Purpose::partition_key, 77, 0xaa6427a5168e7d33},
  };
  for (const Golden& g : table) {
    CHECK(draw_bits(g.seed, g.entity, g.purpose, g.counter) == g.bits);
  }
}

TEST_CASE("durations drawn from given bits are the same for ever") {
  struct Golden {
    std::uint64_t bits;
    std::int64_t gap_us;
    std::int64_t lognormal_us;
  };
  const Golden table[] = {
      {0xef731175296ed876, 16'709, 150'726}, {0x546db8fd166d2fa2, 277'318, 56'644},
      {0xac0f78c11b249a39, 99'333, 88'226},  {0x8fbc959bde9dd86f, 144'299, 76'277},
      {0x5c19be69bbce7475, 255'574, 58'997}, {0xb88dc97a4031d40b, 81'809, 94'614},
      {0x3e8bc80b260a7410, 352'319, 49'938}, {0xdef34a3c3230fd78, 34'557, 124'258},
  };
  const auto mean_q32 = static_cast<unsigned __int128>(250'000) << 32;
  for (const Golden& g : table) {
    CHECK(exponential_gap(g.bits, mean_q32).us == g.gap_us);
    CHECK(lognormal_duration(g.bits, {milliseconds(80), 500'000}).us == g.lognormal_us);
  }
}

TEST_CASE("bits_below covers its range from end to end") {
  CHECK(bits_below(0, 10) == 0);
  CHECK(bits_below(UINT64_MAX, 10) == 9);
  CHECK(bits_below(UINT64_MAX, 1) == 0);
  CHECK(bits_below(UINT64_MAX, UINT64_MAX) == UINT64_MAX - 1);
}

TEST_CASE("a probability of zero never hits and of one always does") {
  for (const std::uint64_t bits : {std::uint64_t{0}, std::uint64_t{1} << 63, UINT64_MAX}) {
    CHECK_FALSE(bits_hit(bits, Probability{0}));
    CHECK(bits_hit(bits, Probability{1'000'000'000}));
  }
  CHECK(bits_hit(0, Probability{1}));
  CHECK_FALSE(bits_hit(UINT64_MAX, Probability{999'999'999}));
}

TEST_CASE("the binary logarithm is exact for powers of two and within 2^-28 elsewhere") {
  for (int power = 0; power < 64; ++power) {
    CHECK(fixed_log2(std::uint64_t{1} << power).q32 == std::int64_t{power} << 32);
  }
  const double bound = std::ldexp(1, -28);
  double worst = 0;
  for (std::uint64_t x = 1; x < 200'000; ++x) {
    worst = std::max(worst, std::abs(real(fixed_log2(x)) - std::log2(static_cast<double>(x))));
  }
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    const std::uint64_t x = draw_bits(9, 0, Purpose::jitter, i) | 1;
    const double wanted = static_cast<double>(std::log2(static_cast<long double>(x)));
    worst = std::max(worst, std::abs(real(fixed_log2(x)) - wanted));
  }
  CHECK(worst < bound);
  CHECK_THROWS_AS(fixed_log2(0), InternalError);
}

TEST_CASE("the logarithm never falls while its argument grows") {
  Fixed last = fixed_log2(1);
  for (std::uint64_t x = 2; x < 300'000; ++x) {
    const Fixed next = fixed_log2(x);
    REQUIRE(last <= next);
    last = next;
  }
}

TEST_CASE("two to the power of x is right to nine digits") {
  for (double x = -20; x < 20; x += 0.0137) {
    const double wanted = std::exp2(real(fixed(x))) * std::ldexp(1, 40);
    CHECK(static_cast<double>(fixed_exp2(fixed(x), 40)) ==
          Approx(wanted).epsilon(1e-9).margin(0.51));
  }
}

TEST_CASE("two to the power of x goes to zero and saturates instead of overflowing") {
  CHECK(fixed_exp2({0}, 0) == 1);
  CHECK(fixed_exp2(fixed(-1), 0) == 1);  // a half is rounded up
  CHECK(fixed_exp2(fixed(-1.001), 0) == 0);
  CHECK(fixed_exp2(fixed(-1000), 0) == 0);
  CHECK(fixed_exp2(fixed(63), 0) == std::uint64_t{1} << 63);
  CHECK(fixed_exp2(fixed(64), 0) == UINT64_MAX);
  CHECK(fixed_exp2(fixed(1e9), 0) == UINT64_MAX);
}

TEST_CASE("the normal table inverts the distribution function, far into the tails") {
  for (int k = 2; k <= 40; ++k) {
    for (const double mantissa : {1.0, 1.3, 1.718, 1.95}) {
      const double p = std::ldexp(mantissa, -k);
      const auto bits = static_cast<std::uint64_t>(std::ldexp(p, 64));
      const double z = real(standard_normal(bits));
      INFO("p = " << p << ", z = " << z);
      CHECK(z < 0);
      CHECK(0.5 * std::erfc(-z / std::sqrt(2.0)) == Approx(p).epsilon(2e-4));
      CHECK(real(standard_normal(~bits)) == -z);
    }
  }
}

TEST_CASE("the normal quantile rises with the bits and reaches beyond six sigma") {
  CHECK(real(standard_normal(0)) == Approx(-7.1435).epsilon(1e-4));
  CHECK(real(standard_normal(UINT64_MAX)) == Approx(7.1435).epsilon(1e-4));
  CHECK(standard_normal((std::uint64_t{1} << 63) - 1).q32 == 0);
  Fixed last = standard_normal(0);
  for (std::uint64_t i = 1; i <= 100'000; ++i) {
    const Fixed next = standard_normal(i * (UINT64_MAX / 100'000));
    REQUIRE(last <= next);
    last = next;
  }
}

TEST_CASE("a gap is never negative and never overflows") {
  const auto hour_q32 = static_cast<unsigned __int128>(hours(1).us) << 32;
  CHECK(exponential_gap(UINT64_MAX, hour_q32) == Duration{0});
  CHECK(exponential_gap(0, hour_q32).us == Approx(64 * std::log(2.0) * 3.6e9).epsilon(1e-6));
  CHECK(exponential_gap(1, 0) == Duration{0});
}

TEST_CASE("the median of a lognormal duration is its mean without the tail") {
  CHECK(lognormal_median({milliseconds(80), 0}) == milliseconds(80));
  CHECK(lognormal_duration(12345, {milliseconds(80), 0}) == milliseconds(80));
  CHECK(lognormal_median({milliseconds(80), 500'000}).us == 70'600);  // 80 ms e^-0.125
  CHECK(lognormal_median({Duration{0}, 500'000}) == Duration{0});
  CHECK(lognormal_duration(UINT64_MAX, {hours(24), 5'000'000}).us > 0);
  CHECK_THROWS_AS(lognormal_median({seconds(1), 5'000'001}), InternalError);
}
