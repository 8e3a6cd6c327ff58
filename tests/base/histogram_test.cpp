#include "sim/base/histogram.hpp"

#include <algorithm>
#include <vector>

#include "sim/base/check.hpp"
#include "sim/base/draws.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;

namespace {

// The naive double: all values, sorted when asked.
class SortedValues {
 public:
  void add(std::int64_t value, std::uint64_t times) { values_.insert(values_.end(), times, value); }
  std::uint64_t count() const { return values_.size(); }
  std::int64_t percentile(std::uint32_t permille) {
    std::sort(values_.begin(), values_.end());
    const std::uint64_t rank = (values_.size() * permille + 999) / 1000;
    return values_[rank - 1];
  }

 private:
  std::vector<std::int64_t> values_;
};

// Exact below 2048, else above the truth by less than one in a thousand.
bool close_above(std::int64_t measured, std::int64_t truth) {
  if (truth < 2048) return measured == truth;
  return measured >= truth && measured - truth <= truth / 1000;
}

}  // namespace

TEST_CASE("an empty histogram has no mean and no percentile") {
  const Histogram empty;
  CHECK(empty.count() == 0);
  CHECK_THROWS_AS(empty.mean(), InternalError);
  CHECK_THROWS_AS(empty.percentile(500), InternalError);
}

TEST_CASE("small values are exact and ranks are the nearest ones") {
  Histogram histogram;
  for (const std::int64_t value : {15, 20, 35, 40, 50}) histogram.add(value);
  CHECK(histogram.percentile(50) == 15);
  CHECK(histogram.percentile(300) == 20);
  CHECK(histogram.percentile(400) == 20);
  CHECK(histogram.percentile(401) == 35);
  CHECK(histogram.percentile(500) == 35);
  CHECK(histogram.percentile(1000) == 50);
  CHECK(histogram.min() == 15);
  CHECK(histogram.max() == 50);
  CHECK(histogram.mean() == 32);
}

TEST_CASE("the largest value is never exceeded by a percentile") {
  Histogram histogram;
  histogram.add(1'000'001);
  CHECK(histogram.percentile(1) == 1'000'001);
  histogram.add(INT64_MAX);
  CHECK(histogram.max() == INT64_MAX);
  CHECK(histogram.percentile(1000) == INT64_MAX);
  CHECK(close_above(histogram.percentile(500), 1'000'001));
}

TEST_CASE("values beside every power of two fall into the right bucket") {
  for (int power = 1; power < 63; ++power) {
    for (const std::int64_t offset : {-1, 0, 1}) {
      const std::int64_t value = (std::int64_t{1} << power) + offset;
      Histogram histogram;
      histogram.add(value);
      histogram.add(INT64_MAX);
      REQUIRE(close_above(histogram.percentile(500), value));
    }
  }
}

TEST_CASE("a histogram agrees with a sorted list of all its values") {
  testing::check_property(
      "percentiles are close above the truth",
      [] {
        const auto entries =
            *rc::gen::nonEmpty(rc::gen::container<std::vector<std::pair<int, int>>>(
                rc::gen::pair(rc::gen::inRange(0, 50), rc::gen::inRange(1, 4))));
        Histogram histogram;
        SortedValues naive;
        std::uint64_t number = 0;
        unsigned __int128 sum = 0;
        for (const auto& [width, times] : entries) {
          const auto bits = draw_bits(1, 0, Purpose::jitter, ++number);
          const auto value = static_cast<std::int64_t>(bits >> (63 - width));
          histogram.add(value, static_cast<std::uint64_t>(times));
          naive.add(value, static_cast<std::uint64_t>(times));
          sum += static_cast<unsigned __int128>(value) * static_cast<unsigned>(times);
        }
        RC_ASSERT(histogram.count() == naive.count());
        RC_ASSERT(histogram.sum() == sum);
        RC_ASSERT(histogram.min() == naive.percentile(1) || naive.count() >= 1000);
        RC_ASSERT(histogram.max() == naive.percentile(1000));
        for (const std::uint32_t permille : {1u, 100u, 500u, 900u, 990u, 999u, 1000u}) {
          RC_ASSERT(close_above(histogram.percentile(permille), naive.percentile(permille)));
        }
      },
      10);
}

TEST_CASE("merged histograms equal one that saw everything, in either order") {
  Histogram evens;
  Histogram odds;
  Histogram all;
  for (std::int64_t i = 0; i < 5000; ++i) {
    const std::int64_t value = i * i * 37;
    (i % 2 == 0 ? evens : odds).add(value);
    all.add(value);
  }
  Histogram merged = evens;
  merged.merge(odds);
  odds.merge(evens);
  CHECK(merged == all);
  CHECK(odds == all);
  CHECK(evens != all);
}

TEST_CASE("merging an empty histogram or adding a value no times changes nothing") {
  Histogram histogram;
  histogram.add(7);
  Histogram same = histogram;
  same.merge(Histogram());
  same.add(1'000'000, 0);
  CHECK(same == histogram);
  Histogram empty;
  empty.merge(histogram);
  CHECK(empty == histogram);
}

TEST_CASE("histograms of the same values are equal, in whatever order these came") {
  const std::vector<std::int64_t> values{5, 3'600'000'000, 40, 2'048, 1'000'000, 41, 70'000};
  Histogram forth;
  Histogram back;
  for (const std::int64_t value : values) forth.add(value, 2);
  for (auto it = values.rbegin(); it != values.rend(); ++it) back.add(*it, 2);
  CHECK(forth == back);
  Histogram half;
  for (const std::int64_t value : values) half.add(value);
  Histogram merged;
  merged.merge(half);
  merged.merge(half);
  CHECK(merged == forth);
}
