// Draws by the hundred thousand: means, variances, tails, frequencies. Fixed seeds, so a bound that
// holds once holds for ever.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/base/draws.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

using Weights = std::vector<std::uint64_t>;
using Catch::Approx;

constexpr std::uint64_t draws = 400'000;

std::uint64_t bits_of(std::uint64_t i) { return draw_bits(2026, 5, Purpose::jitter, i); }

struct Moments {
  double mean = 0;
  double variance = 0;
};

template <class Draw>
Moments moments(const Draw& draw) {
  double sum = 0;
  double squares = 0;
  for (std::uint64_t i = 0; i < draws; ++i) {
    const double x = draw(bits_of(i));
    sum += x;
    squares += x * x;
  }
  const double mean = sum / draws;
  return {mean, squares / draws - mean * mean};
}

// Pearson's statistic; with k cells its mean is k - 1 and its deviation sqrt(2 (k - 1)).
double chi_squared(const std::vector<std::uint64_t>& seen, const std::vector<double>& wanted) {
  double sum = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const double difference = static_cast<double>(seen[i]) - wanted[i];
    sum += difference * difference / wanted[i];
  }
  return sum;
}

}  // namespace

TEST_CASE("drawn bits are uniform whatever is counted: seed, entity, purpose or counter") {
  constexpr std::uint64_t cells = 256;
  constexpr std::uint64_t count = 100'000;
  const auto uniform = [&](const auto& bits) {
    for (const int shift : {0, 28, 56}) {
      std::vector<std::uint64_t> seen(cells);
      for (std::uint64_t i = 0; i < count; ++i) ++seen[(bits(i) >> shift) % cells];
      const double x = chi_squared(seen, std::vector<double>(cells, double(count) / cells));
      CHECK(x > 255 - 5 * 22.6);
      CHECK(x < 255 + 5 * 22.6);
    }
  };
  uniform([](std::uint64_t i) { return draw_bits(1, 0, Purpose::arrival_gap, i); });
  uniform([](std::uint64_t i) { return draw_bits(i, 0, Purpose::arrival_gap, 0); });
  uniform([](std::uint64_t i) {
    return draw_bits(1, static_cast<std::uint32_t>(i), Purpose::arrival_gap, 0);
  });
  uniform([](std::uint64_t i) { return draw_bits(1, 0, static_cast<Purpose>(i), 0); });
  // Neighbours differ like strangers.
  uniform([](std::uint64_t i) {
    return draw_bits(1, 0, Purpose::jitter, i) ^ draw_bits(1, 0, Purpose::jitter, i + 1);
  });
}

TEST_CASE("a probability hits as often as it says") {
  for (const std::uint32_t percent : {1u, 30u, 99u}) {
    std::uint64_t hits = 0;
    for (std::uint64_t i = 0; i < draws; ++i) {
      hits += bits_hit(bits_of(i), Probability{percent * 10'000'000}) ? 1 : 0;
    }
    CHECK(double(hits) / draws == Approx(percent / 100.0).epsilon(0.01).margin(0.002));
  }
}

TEST_CASE("the standard normal has mean 0, variance 1 and the tails it should have") {
  const auto z = [](std::uint64_t bits) {
    return std::ldexp(static_cast<double>(standard_normal(bits).q32), -32);
  };
  const Moments m = moments(z);
  CHECK(m.mean == Approx(0).margin(0.005));
  CHECK(m.variance == Approx(1).epsilon(0.01));
  for (const auto& [beyond, share] :
       {std::pair(1.0, 0.3173), std::pair(2.0, 0.0455), std::pair(3.0, 0.0027)}) {
    std::uint64_t count = 0;
    for (std::uint64_t i = 0; i < draws; ++i) count += std::abs(z(bits_of(i))) > beyond ? 1 : 0;
    const double deviation = std::sqrt(share / draws);
    CHECK(double(count) / draws == Approx(share).margin(4 * deviation).epsilon(0));
  }
}

TEST_CASE("Poisson gaps have the mean of their rate and its square as variance") {
  const auto mean_q32 = (static_cast<unsigned __int128>(250'500) << 32) + 77;
  const Moments m =
      moments([&](std::uint64_t bits) { return double(exponential_gap(bits, mean_q32).us); });
  CHECK(m.mean == Approx(250'500).epsilon(0.01));
  CHECK(std::sqrt(m.variance) == Approx(250'500).epsilon(0.01));
}

TEST_CASE("a lognormal duration has the mean it is given, whatever its sigma") {
  for (const std::uint32_t sigma : {100'000u, 500'000u, 1'000'000u}) {
    const Lognormal distribution{milliseconds(80), sigma};
    const Moments m = moments(
        [&](std::uint64_t bits) { return double(lognormal_duration(bits, distribution).us); });
    CHECK(m.mean == Approx(80'000).epsilon(0.01));
  }
}

TEST_CASE("half of the lognormal durations lie below the median") {
  const Lognormal distribution{milliseconds(80), 500'000};
  const Duration median = lognormal_median(distribution);
  std::uint64_t below = 0;
  for (std::uint64_t i = 0; i < draws; ++i) {
    below += lognormal_duration(bits_of(i), distribution) < median ? 1 : 0;
  }
  CHECK(double(below) / draws == Approx(0.5).epsilon(0.01));
}

TEST_CASE("an alias table picks every index as often as its weight says") {
  const Weights weights = {5, 1, 0, 30, 14, 50};
  const AliasTable table(weights);
  CHECK(table.size() == 6);
  std::vector<std::uint64_t> seen(weights.size());
  for (std::uint64_t i = 0; i < draws; ++i) ++seen[table.pick(bits_of(i))];
  CHECK(seen[2] == 0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    CHECK(double(seen[i]) / draws == Approx(double(weights[i]) / 100).epsilon(0.03));
  }
}

TEST_CASE("an alias table of one weight, of equal weights and of extreme weights") {
  CHECK(AliasTable(Weights{7}).pick(UINT64_MAX) == 0);
  const AliasTable equal(Weights(4, 3));
  for (std::uint32_t i = 0; i < 4; ++i) {
    CHECK(equal.pick(std::uint64_t{i} << 62) == i);
    CHECK(equal.pick((std::uint64_t{i} << 62) | UINT32_MAX) == i);
  }
  const AliasTable extreme(Weights{1, (std::uint64_t{1} << 63) - 2});
  std::uint64_t zeros = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) zeros += extreme.pick(bits_of(i)) == 0 ? 1 : 0;
  CHECK(zeros == 0);
  CHECK_THROWS_AS(AliasTable(Weights{}), InternalError);
  CHECK_THROWS_AS(AliasTable(Weights{0, 0}), InternalError);
}

TEST_CASE("zipf keys come as often as one over their rank") {
  constexpr std::uint32_t keys = 100;
  const AliasTable table(zipf_weights(keys, 1'000'000));
  std::vector<std::uint64_t> seen(keys);
  for (std::uint64_t i = 0; i < draws; ++i) ++seen[table.pick(bits_of(i))];
  double harmonic = 0;
  for (std::uint32_t rank = 1; rank <= keys; ++rank) harmonic += 1.0 / rank;
  std::vector<double> wanted;
  for (std::uint32_t rank = 1; rank <= keys; ++rank) wanted.push_back(draws / harmonic / rank);
  CHECK(chi_squared(seen, wanted) < 99 + 5 * 14.1);
}

TEST_CASE("zipf weights keep their ratios for any exponent and never vanish") {
  const auto flat = zipf_weights(10, 0);
  CHECK(std::all_of(flat.begin(), flat.end(), [&](auto w) { return w == flat[0]; }));
  for (const std::uint32_t exponent : {500'000u, 990'000u, 1'500'000u}) {
    const auto weights = zipf_weights(1000, exponent);
    for (const std::uint32_t rank : {2u, 3u, 10u, 999u}) {
      const double wanted = std::pow(rank, exponent / 1e6);
      CHECK(double(weights[0]) / double(weights[rank - 1]) == Approx(wanted).epsilon(1e-6));
    }
  }
  const auto steep = zipf_weights(100'000, 5'000'000);
  CHECK(steep.back() == 1);
  unsigned __int128 sum = 0;
  for (const std::uint64_t weight : zipf_weights(1u << 24, 0)) sum += weight;
  CHECK(sum < static_cast<unsigned __int128>(1) << 63);
}
