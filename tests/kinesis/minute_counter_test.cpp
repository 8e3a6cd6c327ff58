#include "sim/kinesis/minute_counter.hpp"

#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

Instant in_minute(std::int64_t minute, std::int64_t s) {
  return Instant{0} + minutes(minute) + seconds(s);
}

}  // namespace

TEST_CASE("a minute is told when it is over, and only until the next one is [KDS-LIM-12]") {
  MinuteCounter counter;
  counter.add(in_minute(0, 0), {1, 100, 0});
  counter.add(in_minute(0, 59), {2, 50, 1});
  CHECK(counter.last_minute(in_minute(0, 59)) == MinuteTraffic{});
  CHECK(counter.last_minute(in_minute(1, 0)) == MinuteTraffic{3, 150, 1});
  counter.add(in_minute(1, 0), {5, 5, 0});
  CHECK(counter.last_minute(in_minute(1, 59)) == MinuteTraffic{3, 150, 1});
  CHECK(counter.last_minute(in_minute(2, 0)) == MinuteTraffic{5, 5, 0});
  CHECK(counter.last_minute(in_minute(3, 0)) == MinuteTraffic{});
  counter.add(in_minute(7, 0), {1, 1, 0});
  CHECK(counter.last_minute(in_minute(7, 30)) == MinuteTraffic{});
  CHECK(counter.last_minute(in_minute(8, 0)) == MinuteTraffic{1, 1, 0});
}

}  // namespace trimhorizon::testing
