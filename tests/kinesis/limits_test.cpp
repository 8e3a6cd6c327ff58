#include "sim/kinesis/limits.hpp"

#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

Instant at(Duration since) { return Instant{0} + since; }

// How many of `calls` calls a fresh shard admits, each `apart` after the last one.
int reads_admitted(int calls, Duration apart, ReadThrottle how = ReadThrottle::debt) {
  ShardLimits shard;
  int admitted = 0;
  for (int i = 0; i < calls; ++i) {
    admitted += admit_read(shard, how, at({apart.us * i})) == ReadRefusal::none ? 1 : 0;
  }
  return admitted;
}

}  // namespace

TEST_CASE("the limits of one shard in one second [KDS-LIM-01] [KDS-LIM-03] [KDS-LIM-04]") {
  CHECK(allowed_a_second(ShardLimit::records_written) == 1'000);
  CHECK(allowed_a_second(ShardLimit::bytes_written) == mib);
  CHECK(allowed_a_second(ShardLimit::reads) == 5);
  CHECK(allowed_a_second(ShardLimit::bytes_read) == 2 * mib);
}

TEST_CASE("a bucket fills while time goes by, and never above its size") {
  Bucket bucket;
  bucket.take(10, 5, at({}));
  CHECK_FALSE(bucket.holds(1, 10, 5, at({})));
  CHECK_FALSE(bucket.holds(5, 10, 5, at(microseconds(999'999))));
  CHECK(bucket.holds(5, 10, 5, at(seconds(1))));
  CHECK_FALSE(bucket.holds(11, 10, 5, at(hours(10'000))));
  CHECK(bucket.holds(10, 10, 5, at(hours(10'000))));
}

TEST_CASE("a fresh shard takes 1000 records at once, and not one more [KDS-LIM-01]") {
  ShardLimits shard;
  const WriteLimits limits = WriteLimits::of(mib);
  for (int i = 0; i < 1'000; ++i) REQUIRE(admit_record(shard, limits, 1, at({})));
  CHECK_FALSE(admit_record(shard, limits, 1, at({})));
  CHECK_FALSE(admit_record(shard, limits, 1, at(microseconds(999))));
  CHECK(admit_record(shard, limits, 1, at(milliseconds(1))));
}

TEST_CASE("a fresh shard takes 1 MiB at once, and not one byte more [KDS-LIM-01]") {
  ShardLimits shard;
  const WriteLimits limits = WriteLimits::of(mib);
  REQUIRE(admit_record(shard, limits, mib - 1, at({})));
  ShardLimits other = shard;
  CHECK(admit_record(shard, limits, 1, at({})));
  CHECK_FALSE(admit_record(other, limits, 2, at({})));
  // A refused record takes nothing.
  CHECK(admit_record(other, limits, 1, at({})));
}

TEST_CASE("nine records of 9 MiB: those of the recording are all taken [KDS-LIM-02]") {
  ShardLimits shard;
  const WriteLimits limits = WriteLimits::of(10 * mib);
  for (const std::int64_t ms : {450, 8'700, 15'900, 25'700, 32'600}) {
    CHECK(admit_record(shard, limits, 9 * mib, at(milliseconds(ms))));
  }
  for (const std::int64_t ms : {39'100, 41'300, 49'400, 51'700}) {
    CHECK(admit_record(shard, limits, 2 * mib, at(milliseconds(ms))));
  }
}

TEST_CASE("a shard in debt takes no record until the debt is paid [KDS-LIM-02]") {
  ShardLimits shard;
  const WriteLimits limits = WriteLimits::of(10 * mib);
  REQUIRE(admit_record(shard, limits, 9 * mib, at({})));
  REQUIRE(admit_record(shard, limits, 9 * mib, at({})));  // 1 MiB was left; 8 are missing now
  CHECK_FALSE(admit_record(shard, limits, 1, at(seconds(8))));
  CHECK(admit_record(shard, limits, 1, at(seconds(8) + microseconds(1))));
}

TEST_CASE("the sixth read in a second is refused [KDS-LIM-04]") {
  CHECK(reads_admitted(6, {}) == 5);
  CHECK(reads_admitted(60, milliseconds(200)) == 60);
  CHECK(reads_admitted(60, milliseconds(100)) < 60);
  // Six readers once a second: one of them is refused.
  ShardLimits shard;
  for (int second = 0; second < 10; ++second) {
    int refused = 0;
    for (int reader = 0; reader < 6; ++reader) {
      refused +=
          admit_read(shard, ReadThrottle::debt, at(seconds(second))) == ReadRefusal::none ? 0 : 1;
    }
    CHECK(refused == 1);
  }
}

TEST_CASE("who is alone can know when the next read is let through [KDS-LIM-04]") {
  ShardLimits shard;
  CHECK(next_read_at(shard, ReadThrottle::debt, at({})) == at({}));
  for (int i = 0; i < 5; ++i)
    REQUIRE(admit_read(shard, ReadThrottle::debt, at({})) == ReadRefusal::none);
  CHECK(next_read_at(shard, ReadThrottle::debt, at({})) == at(milliseconds(200)));
  CHECK(next_read_at(shard, ReadThrottle::debt, at(milliseconds(150))) == at(milliseconds(200)));
  CHECK(admit_read(shard, ReadThrottle::debt, at(milliseconds(200))) == ReadRefusal::none);
}

TEST_CASE("after a read of 10 MiB, the reads of five seconds are refused [KDS-LIM-06]") {
  for (const ReadThrottle how : {ReadThrottle::debt, ReadThrottle::fixed}) {
    ShardLimits shard;
    REQUIRE(admit_read(shard, how, at({})) == ReadRefusal::none);
    count_read(shard, how, 10 * mib, at({}));
    CHECK(admit_read(shard, how, at(microseconds(4'999'999))) == ReadRefusal::bytes);
    CHECK(admit_read(shard, how, at(seconds(5))) == ReadRefusal::none);
  }
}

TEST_CASE("two MiB a second may be read without a wait [KDS-LIM-03]") {
  for (const ReadThrottle how : {ReadThrottle::debt, ReadThrottle::fixed, ReadThrottle::credit}) {
    ShardLimits shard;
    for (int i = 0; i < 40; ++i) {
      REQUIRE(admit_read(shard, how, at(milliseconds(500 * i))) == ReadRefusal::none);
      count_read(shard, how, mib, at(milliseconds(500 * i)));
    }
  }
}

TEST_CASE("a read that takes a little too much is paid for in different ways [KDS-LIM-06]") {
  const auto refused_until = [](ReadThrottle how, Duration then) {
    ShardLimits shard;
    count_read(shard, how, 4 * mib, at({}));
    return admit_read(shard, how, at(then)) != ReadRefusal::none;
  };
  CHECK(refused_until(ReadThrottle::debt, microseconds(1'999'999)));
  CHECK_FALSE(refused_until(ReadThrottle::debt, seconds(2)));
  CHECK(refused_until(ReadThrottle::fixed, microseconds(999'999)));
  CHECK_FALSE(refused_until(ReadThrottle::fixed, seconds(1)));
  CHECK_FALSE(refused_until(ReadThrottle::credit, {}));
}

TEST_CASE("a credit of 12 MiB comes before any wait [KDS-LIM-06]") {
  ShardLimits shard;
  constexpr ReadThrottle how = ReadThrottle::credit;
  for (int i = 0; i < 2; ++i) {
    REQUIRE(admit_read(shard, how, at({})) == ReadRefusal::none);
    count_read(shard, how, 10 * mib, at({}));
  }
  // 8 MiB are missing. They come in four seconds, and then there must be something left.
  CHECK(admit_read(shard, how, at(seconds(4))) == ReadRefusal::bytes);
  CHECK(admit_read(shard, how, at(seconds(4) + microseconds(1))) == ReadRefusal::none);
}

TEST_CASE("a limit of 2,000 records a second only refuses under its switch [CON-25]") {
  for (const bool on : {false, true}) {
    ShardLimits shard;
    const ReadRules rules(ReadThrottle::debt, on);
    REQUIRE(admit_read(shard, rules, at({})) == ReadRefusal::none);
    count_read(shard, rules, 1, at({}), 4'000);
    CHECK((admit_read(shard, rules, at(seconds(1))) == ReadRefusal::none) == !on);
    CHECK(admit_read(shard, rules, at(seconds(1) + milliseconds(1))) == ReadRefusal::none);
  }
}

TEST_CASE("five GetShardIterator calls a second [KDS-LIM-07]") {
  ShardLimits shard;
  for (int i = 0; i < 5; ++i) CHECK(admit_iterator(shard, at({})));
  CHECK_FALSE(admit_iterator(shard, at(microseconds(199'999))));
  CHECK(admit_iterator(shard, at(milliseconds(200))));
}

TEST_CASE("a size is rounded up to whole KiB [KDS-PRD-10]") {
  CHECK(whole_kib(0) == 0);
  CHECK(whole_kib(1) == 1024);
  CHECK(whole_kib(1024) == 1024);
  CHECK(whole_kib(1025) == 2048);
}

}  // namespace trimhorizon::testing
