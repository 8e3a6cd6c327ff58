#include "sim/kinesis/limits.hpp"

#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

constexpr std::int64_t mib = 1024 * 1024;

}  // namespace

TEST_CASE("the limits of one shard in one second [KDS-LIM-01] [KDS-LIM-03] [KDS-LIM-04]") {
  CHECK(allowed_a_second(ShardLimit::records_written) == 1'000);
  CHECK(allowed_a_second(ShardLimit::bytes_written) == mib);
  CHECK(allowed_a_second(ShardLimit::reads) == 5);
  CHECK(allowed_a_second(ShardLimit::bytes_read) == 2 * mib);
}

TEST_CASE("a bucket fills while time goes by, and never above its size") {
  Bucket bucket(10, 5, false);
  bucket.take(Duration{0}, 10);
  CHECK_FALSE(bucket.overdrawn());
  bucket.take(seconds(1), 5);
  CHECK_FALSE(bucket.overdrawn());
  bucket.take(seconds(99), 10);  // not 495
  CHECK_FALSE(bucket.overdrawn());
  bucket.take(Duration{0}, 1);
  CHECK(bucket.overdrawn());

  Bucket hasty(10, 5, false);
  hasty.take(Duration{0}, 10);
  hasty.take(microseconds(999'999), 5);  // a microsecond too early
  CHECK(hasty.overdrawn());
}

TEST_CASE("a bucket with debt covers one call that is too large, and not the next [KDS-LIM-06]") {
  Bucket bucket(2, 2, true);
  bucket.take(Duration{0}, 10);  // 8 are missing now
  CHECK_FALSE(bucket.overdrawn());
  Bucket too_early = bucket;
  too_early.take(seconds(4), 1);  // all is paid back, but nothing is there yet
  CHECK(too_early.overdrawn());
  bucket.take(microseconds(4'000'001), 1);
  CHECK_FALSE(bucket.overdrawn());
}

TEST_CASE("a PutRecord counts whole KiB, a PutRecords its bytes [KDS-PRD-10]") {
  CHECK(counted_bytes(1, true) == 1024);
  CHECK(counted_bytes(1024, true) == 1024);
  CHECK(counted_bytes(1025, true) == 2048);
  CHECK(counted_bytes(1025, false) == 1025);
}

TEST_CASE("with large records a shard may go into debt for one of them [KDS-LIM-02]") {
  Bucket usual = bucket_of(ShardLimit::bytes_written, mib);
  usual.take(Duration{0}, mib + 1);
  CHECK(usual.overdrawn());
  Bucket large = bucket_of(ShardLimit::bytes_written, 10 * mib);
  large.take(Duration{0}, 9 * mib);
  large.take(microseconds(1), 9 * mib);  // 1 MiB is left, so it may go into debt
  CHECK_FALSE(large.overdrawn());
  large.take(microseconds(1), 1);
  CHECK(large.overdrawn());
}

}  // namespace trimhorizon::testing
