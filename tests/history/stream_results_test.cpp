#include "sim/history/stream_results.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {

TEST_CASE("records that nobody worked on, and those that several did, are counted by stream") {
  // The first mapping works on r0 to r4 and gives r5 up; the other one begins after r2.
  const Told told = story()
                        .records(3)
                        .records(3, 10_s)
                        .batch(1)
                        .retries(0)
                        .poison("r5")
                        .another_mapping("late")
                        .starting(StartingPosition::latest)
                        .created(5_s)
                        .poison("r4")
                        .poison("r5")
                        .batch(1)
                        .retries(0)
                        .tell();
  REQUIRE(told.result.streams.size() == 1);
  CHECK(told.result.streams[0].across.nobody == 1);   // r5
  CHECK(told.result.streams[0].across.several == 1);  // r3
}

TEST_CASE("without a reader nobody works on what is stored") {
  const Told told = story().records(4).disabled().tell();
  CHECK(told.result.streams[0].across == AcrossConsumers{4, 0});
}

TEST_CASE("the shards of a stream are listed as ListShards shows them [KDS-SHD-10]") {
  const Told told = story().shards(2).records(3).tell();
  const std::vector<ListedShard>& listed = told.result.streams[0].listed;
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].id == "shardId-000000000000");
  CHECK(listed[0].first_hash_key == "0");
  CHECK(listed[1].last_hash_key == "340282366920938463463374607431768211455");
  CHECK_FALSE(listed[0].parent);
  CHECK(listed[0].open);
  CHECK_FALSE(listed[0].ending_sequence_number);
  CHECK(listed[0].starting_sequence_number.size() == 56);
  CHECK(listed[0].stored + listed[1].stored == 3);
}

}  // namespace trimhorizon::testing
