// Durations, counts and wall time as text.
#include "sim/base/format.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("a duration is seconds without trailing zeros") {
  CHECK(duration_text(Duration{0}) == "0s");
  CHECK(duration_text(milliseconds(12'400)) == "12.4s");
  CHECK(duration_text(milliseconds(50)) == "0.05s");
  CHECK(duration_text(seconds(-1)) == "-1s");
  CHECK(duration_text(microseconds(-1)) == "-0.000001s");
  CHECK(duration_text(hours(100)) == "360000s");
  CHECK(duration_text(Duration{INT64_MAX}) == "9223372036854.775807s");
  CHECK(duration_text(Duration{INT64_MIN}) == "-9223372036854.775808s");
}

TEST_CASE("a duration in a report reads like a clock") {
  CHECK(friendly_duration(Duration{0}) == "0s");
  CHECK(friendly_duration(microseconds(7)) == "7us");
  CHECK(friendly_duration(milliseconds(80)) == "80ms");
  CHECK(friendly_duration(microseconds(80'250)) == "80.25ms");
  CHECK(friendly_duration(milliseconds(12'400)) == "12.4s");
  CHECK(friendly_duration(microseconds(1'000'499)) == "1s");
  CHECK(friendly_duration(microseconds(59'999'500)) == "1m");
  CHECK(friendly_duration(seconds(3723)) == "1h 2m 3s");
  CHECK(friendly_duration(hours(1) + seconds(3)) == "1h 3s");
  CHECK(friendly_duration(hours(24) - seconds(10)) == "23h 59m 50s");
  CHECK(friendly_duration(hours(24)) == "24h");
  CHECK(friendly_duration(hours(7 * 24 + 2)) == "7d 2h");
  CHECK(friendly_duration(seconds(-90)) == "-1m 30s");
}

TEST_CASE("thousands stand apart in counts") {
  CHECK(count_text(0) == "0");
  CHECK(count_text(999) == "999");
  CHECK(count_text(1'000) == "1,000");
  CHECK(count_text(1'234'567) == "1,234,567");
  CHECK(count_text(UINT64_MAX) == "18,446,744,073,709,551,615");
}

TEST_CASE("wall time is the epoch plus simulated time, in UTC to the millisecond") {
  const std::int64_t epoch = 1'767'225'600'000;
  CHECK(wall_time_iso(Instant{0}, epoch) == "2026-01-01T00:00:00.000Z");
  CHECK(wall_time_iso(Instant{1'234'999}, epoch) == "2026-01-01T00:00:01.234Z");
  CHECK(wall_time_iso(Instant{-1}, epoch) == "2025-12-31T23:59:59.999Z");
  CHECK(wall_time_iso(Instant{hours(24 * 59).us}, epoch) == "2026-03-01T00:00:00.000Z");
  CHECK(wall_time_iso(Instant{0}, 951'782'400'000) == "2000-02-29T00:00:00.000Z");
}
