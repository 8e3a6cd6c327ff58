#include "sim/report/record_words.hpp"

#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {

TEST_CASE("a few records are named one by one, many by the first and the last") {
  const Told told = Story().records(20).batch(20).tell();
  const World& world = told.world();
  CHECK(record_words(world, {0}, {0, 1}) == "r0");
  CHECK(record_words(world, {0}, {3, 6}) == "r3, r4 and r5");
  CHECK(record_words(world, {0}, {0, 8}).find("r7") != std::string::npos);
  CHECK(record_words(world, {0}, {0, 9}) == "r0 … r8 (9 records)");
  CHECK(record_words(world, {0}, {4, 4}) == "nothing");
  CHECK(records_in(world, {0}, {18, 25}) ==
        std::vector<RecordId>{RecordId::of({0}, 18), RecordId::of({0}, 19)});
}

TEST_CASE("a second copy of a record is told apart from the first") {
  const Told told =
      Story().records(2).lose_acknowledgements({}, 50_ms).producer_retry(RetryMode::retries).tell();
  const World& world = told.world();
  REQUIRE(world.shard({0}).log.end() == 4);
  CHECK(record_words(world, {0}, {0, 4}) == "r0, r1, r0's copy and r1's copy");
}

TEST_CASE("a place names its mapping where there are several") {
  const Told one = Story().records(1).tell();
  CHECK(place_words(one.world(), {0}) == "shard 0");
  const Told two = Story().records(1).another_mapping("audit").tell();
  CHECK(place_words(two.world(), {1}) == "shard 0 for audit");
}

}  // namespace trimhorizon::testing
