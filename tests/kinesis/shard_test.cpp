#include "sim/kinesis/shard.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

// One record a second, from second 0 on.
Shard shard_of(std::int64_t records) {
  Shard shard;
  for (std::int64_t i = 0; i < records; ++i) {
    shard.log.append({Instant{0} + seconds(i), RecordId{static_cast<std::uint64_t>(i)}, KeyId{0}});
  }
  return shard;
}

Position horizon(const Shard& shard, Duration now, Position from = 0) {
  return trim_horizon(shard, Instant{0} + now - hours(24), from);
}

}  // namespace

TEST_CASE("a record can be read while its age is at most the retention") {
  const Shard shard = shard_of(10);
  CHECK(horizon(shard, seconds(0)) == 0);
  CHECK(horizon(shard, hours(24)) == 0);
  CHECK(horizon(shard, hours(24) + microseconds(1)) == 1);
  CHECK(horizon(shard, hours(24) + seconds(4)) == 4);
  CHECK(horizon(shard, hours(24) + seconds(4) + microseconds(1)) == 5);
}

TEST_CASE("when retention has taken everything, the horizon is the end") {
  const Shard shard = shard_of(10);
  CHECK(horizon(shard, hours(24) + seconds(9)) == 9);
  CHECK(horizon(shard, hours(24) + seconds(10)) == 10);
  CHECK(horizon(shard, hours(1'000)) == 10);
  CHECK(horizon(shard_of(0), hours(1'000)) == 0);
}

TEST_CASE("the horizon never lies before the position that is asked from") {
  const Shard shard = shard_of(10);
  CHECK(horizon(shard, seconds(0), 7) == 7);
  CHECK(horizon(shard, hours(24) + seconds(4), 2) == 4);
  CHECK(horizon(shard, hours(24) + seconds(4), 8) == 8);
  CHECK(horizon(shard, hours(1'000), 10) == 10);
}

TEST_CASE("a shard at an instant tells its tip and wall time") {
  Shard shard = shard_of(3);
  shard.created = Instant{0} + seconds(5);
  const ShardAt at{shard, WallClock{1'767'225'600'000}, Instant{0} + milliseconds(7'250), 1};
  CHECK(at.tip() == 3);
  CHECK(at.now_ms() == 1'767'225'607'250);
  CHECK(at.created_s() == 1'767'225'605);
}

TEST_CASE("a record is visible its delay after its arrival, to the microsecond [KDS-ITR-15]") {
  const Shard shard = shard_of(3);
  const auto visible = [&](Duration now, Duration delay) {
    return visible_end(shard.log, Instant{0} + now, {.delay = {delay, {}}}, 0);
  };
  CHECK(visible(seconds(2), {}) == 3);
  CHECK(visible(seconds(2), microseconds(1)) == 2);
  CHECK(visible(seconds(2) + milliseconds(70), milliseconds(70)) == 3);
  CHECK(visible(seconds(2) + microseconds(69'999), milliseconds(70)) == 2);
  CHECK(visible(seconds(2), seconds(3)) == 0);
}
