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

TEST_CASE("a failure of the timeline ends an entry under its own name [KDS-PRD-20]") {
  CHECK(failed_by_fault(CallFailure::none) == PutEnd::stored);
  CHECK(failed_by_fault(CallFailure::throttling) == PutEnd::calls_throttled);
  CHECK(failed_by_fault(CallFailure::unavailable) == PutEnd::unavailable);
  CHECK(failed_by_fault(CallFailure::throughput_exceeded) == PutEnd::throttled);
  CHECK(failed_by_fault(CallFailure::internal_failure) == PutEnd::failed);
}

}  // namespace trimhorizon::testing
