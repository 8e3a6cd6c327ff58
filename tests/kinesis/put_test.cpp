#include "sim/kinesis/put.hpp"

#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

// Two shards, and one PutRecords call after another to them.
struct Service {
  std::vector<Shard> shards{2};
  std::vector<CallBytes> bytes{2};
  std::uint64_t calls = 0;

  PutCallAtService call(PutRounding rounding = PutRounding::per_shard, Instant now = {}) {
    return {shards, bytes, rounding, ++calls, now};
  }
  // How many of n records with so many bytes the first shard takes in one call.
  int taken(int n, std::int64_t size) {
    PutCallAtService put = call();
    int taken = 0;
    for (int i = 0; i < n; ++i) taken += put.admit({0}, WriteLimits::of(mib), size) ? 1 : 0;
    return taken;
  }
};

}  // namespace

TEST_CASE("five 1 MiB records in one call to a fresh shard: one is stored [KDS-LIM-01]") {
  CHECK(Service().taken(5, mib) == 1);
}

TEST_CASE("1001 records in calls of one instant: one is refused [KDS-LIM-01]") {
  Service service;
  CHECK(service.taken(500, 100) == 500);
  CHECK(service.taken(501, 100) == 500);
}

TEST_CASE("the bytes of a call are rounded up once for each shard [KDS-PRD-10]") {
  // 1,024 records of 1,000 bytes are 1,000 KiB; rounded up one by one they would be 1 MiB.
  Service service;
  CHECK(service.taken(500, 1'048) == 500);
  CHECK(service.taken(500, 1'048) == 500);
  Service singles;
  int taken = 0;
  for (int i = 0; i < 1'000; ++i) taken += singles.taken(1, 1'048);
  CHECK(taken == 512);  // each counts 2 KiB
}

TEST_CASE("rounded once for the call, a second shard pays for less [KDS-PRD-10]") {
  const auto counted = [](PutRounding rounding) {
    Service service;
    PutCallAtService put = service.call(rounding);
    CHECK(put.admit({0}, WriteLimits::of(mib), 100));
    CHECK(put.admit({1}, WriteLimits::of(mib), 100));
    return service.shards[1].limits.bytes_written.missing({}, mib);
  };
  CHECK(counted(PutRounding::per_shard) == 1'024 * 1'000'000ll);
  CHECK(counted(PutRounding::per_call) == 0);
}

TEST_CASE("a refused entry takes nothing, and the next one is tried [KDS-PRD-05]") {
  Service service;
  PutCallAtService put = service.call();
  CHECK(put.admit({0}, WriteLimits::of(mib), mib - 1'024));
  CHECK_FALSE(put.admit({0}, WriteLimits::of(mib), 2'048));
  CHECK(put.admit({0}, WriteLimits::of(mib), 1'024));
}

TEST_CASE("after a cut a key is found in the child that has it [KDS-RSH-06] [KDS-SHD-03]") {
  std::vector<Shard> shards(3);
  shards[1].range = {0, 99};
  shards[2].range = {100, last_hash_key};
  shards[0].children = {ShardId{1}, ShardId{2}};
  CHECK(open_shard_of(shards, {0}, 100) == ShardId{0});
  shards[0].is_cut = true;
  CHECK(open_shard_of(shards, {0}, 99) == ShardId{1});
  CHECK(open_shard_of(shards, {0}, 100) == ShardId{2});
}

}  // namespace trimhorizon::testing
