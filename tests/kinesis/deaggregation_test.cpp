#include "sim/kinesis/deaggregation.hpp"

#include <vector>

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

constexpr HashKeyRange ten_to_twenty{10, 20};

}  // namespace

TEST_CASE(
    "an aggregate with a user record out of range is dropped whole [KDS-PRD-17] [KDS-PRD-21]") {
  constexpr auto how = Deaggregation::drops_unfitting;
  CHECK(unpacked(std::vector<HashKey>{10, 15, 20}, ten_to_twenty, how) == 3);
  CHECK(unpacked(std::vector<HashKey>{10, 15, 21}, ten_to_twenty, how) == 0);
  CHECK(unpacked(std::vector<HashKey>{9, 15, 20}, ten_to_twenty, how) == 0);
  CHECK(unpacked(std::vector<HashKey>{}, ten_to_twenty, how) == 0);
}

TEST_CASE("a function's own code keeps all user records of an aggregate [KDS-PRD-17]") {
  constexpr auto how = Deaggregation::keeps_all;
  CHECK(unpacked(std::vector<HashKey>{9, 15, 21}, ten_to_twenty, how) == 3);
}

TEST_CASE("the first user record out of range is the one that drops the aggregate [KDS-PRD-17]") {
  CHECK(first_outside(std::vector<HashKey>{10, 21, 9}, ten_to_twenty) == std::size_t{1});
  CHECK(first_outside(std::vector<HashKey>{10, 20}, ten_to_twenty) == std::nullopt);
}

TEST_CASE("a mixed aggregate vanishes between two records, the others come [KDS-PRD-21]") {
  const std::vector<std::vector<HashKey>> stored = {{12}, {13, 25}, {14}};
  std::vector<HashKey> delivered;
  for (const std::vector<HashKey>& keys : stored) {
    const std::size_t count = unpacked(keys, ten_to_twenty, Deaggregation::drops_unfitting);
    delivered.insert(delivered.end(), keys.begin(),
                     keys.begin() + static_cast<std::ptrdiff_t>(count));
  }
  CHECK(delivered == std::vector<HashKey>{12, 14});
}
