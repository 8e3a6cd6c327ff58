#include "sim/kinesis/packs.hpp"

#include <set>
#include <vector>

#include "tests/support/catch.hpp"

namespace trimhorizon::testing {

TEST_CASE("a shard without aggregates has one stored record at each position") {
  const Packs packs;
  CHECK(packs.empty());
  CHECK(packs.at(5) == nullptr);
  CHECK(packs.first_of(5) == 5);
  CHECK(packs.end_of(5) == 6);
  CHECK(packs.index_of(5) == 5);
  CHECK(packs.position_of(5) == 5);
  CHECK(packs.records_in({2, 7}) == 5);
  CHECK(packs.first_unfitting(0) == nullptr);
}

TEST_CASE("one user record out of range makes the whole aggregate unfit [KDS-PRD-17]") {
  constexpr HashKeyRange ten_to_twenty{10, 20};
  CHECK(fits_shard(std::vector<HashKey>{10, 15, 20}, ten_to_twenty));
  CHECK_FALSE(fits_shard(std::vector<HashKey>{10, 15, 21}, ten_to_twenty));
  CHECK_FALSE(fits_shard(std::vector<HashKey>{9, 15, 20}, ten_to_twenty));
  CHECK(fits_shard(std::vector<HashKey>{}, ten_to_twenty));
}

// Positions:  0 1 [2 3 4] 5 [6 7] [8 9 10] 11 ...
// Stored:     0 1    2    3   4      5      6 ...
TEST_CASE("the user records of an aggregate share the place of one stored record (KDS-PRD-18)") {
  Packs packs;
  packs.add(2, 3, 100, true);
  packs.add(6, 2, 80, false);
  packs.add(8, 3, 90, true);
  const std::vector<std::uint64_t> index = {0, 1, 2, 2, 2, 3, 4, 4, 5, 5, 5, 6, 7};
  const std::vector<Position> first = {0, 1, 2, 2, 2, 5, 6, 6, 8, 8, 8, 11, 12};
  for (Position p = 0; p < index.size(); ++p) {
    INFO(p);
    CHECK(packs.index_of(p) == index[p]);
    CHECK(packs.first_of(p) == first[p]);
    CHECK(packs.position_of(index[p]) == first[p]);
    CHECK(packs.first_of(packs.end_of(p)) == packs.end_of(p));
    for (Position end = p; end <= index.size(); ++end) {
      std::set<std::uint64_t> touched(index.begin() + static_cast<std::ptrdiff_t>(p),
                                      index.begin() + static_cast<std::ptrdiff_t>(end));
      CHECK(packs.records_in({p, end}) == touched.size());
    }
  }
  CHECK(packs.at(5) == nullptr);
  CHECK(packs.at(7)->first == 6);
  CHECK(packs.at(7)->bytes == 80);
  CHECK(packs.first_unfitting(0)->first == 6);
  CHECK(packs.first_unfitting(7)->first == 6);
  CHECK(packs.first_unfitting(8) == nullptr);
}

}  // namespace trimhorizon::testing
