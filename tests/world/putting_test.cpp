#include "sim/world/putting.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {

TEST_CASE("a record has the bytes of its data and its key [KDS-LIM-01]") {
  World world = story().record("r", "four", 0_s).tell().world();
  PutEntry entry;
  place(world, {0}, entry);
  CHECK(entry.shard == ShardId{0});
  CHECK(entry.bytes == 5);
  const std::int64_t before = world.shards[0].bytes;
  store(world, {0}, entry);
  CHECK(world.shards[0].bytes == before + 5);
  CHECK(entry.position == 1);
  entry.user_records = 0;  // its aggregate has counted it
  store(world, {0}, entry);
  CHECK(world.shards[0].bytes == before + 5);
}

}  // namespace trimhorizon::testing
