#include "sim/base/parse_time.hpp"

#include "sim/base/format.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;

TEST_CASE("wall time is read in the forms that people write") {
  const std::int64_t epoch = 1'767'225'600'000;
  CHECK(parse_wall_time_ms("2026-01-01T00:00:00Z") == epoch);
  CHECK(parse_wall_time_ms("2026-01-01 00:00:00Z") == epoch);
  CHECK(parse_wall_time_ms("2026-01-01T00:00:00+00:00") == epoch);
  CHECK(parse_wall_time_ms("2026-01-01T00:00Z") == epoch);
  CHECK(parse_wall_time_ms("2026-01-01") == epoch);
  CHECK(parse_wall_time_ms("2026-01-01T00:00:00.25Z") == epoch + 250);
  CHECK(parse_wall_time_ms("2026-01-01T00:00:00.123000Z") == epoch + 123);
  CHECK(parse_wall_time_ms("2000-02-29T23:59:59Z") == 951'868'799'000);
  CHECK(parse_wall_time_ms("1970-01-01T00:00:00Z") == 0);
}

TEST_CASE("wall time that is not UTC, does not exist or is too fine is refused") {
  for (const char* text : {"",
                           "2026",
                           "2026-13-01",
                           "2026-02-29",
                           "2026-01-32T00:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:60Z",
                           "2026-01-01T00:00:00",
                           "1969-12-31",
                           "2026-01-01T00:00:00+01:00",
                           "2026-01-01T00:00:00.0001Z",
                           "2026-01-01T00:00:00.Z",
                           "2026-01-01T00:00.5Z",
                           "2026-01-01T00:00:00.25",
                           "2026-01-01T00:00:00Zx",
                           "2026-1-1",
                           "20260101",
                           "2026-01-01T",
                           " 2026-01-01"}) {
    INFO(text);
    CHECK_FALSE(parse_wall_time_ms(text));
  }
}

TEST_CASE("written wall time is read back as the same millisecond") {
  testing::check_property("wall time goes round", [] {
    const auto ms = *rc::gen::inRange<std::int64_t>(0, 253'402'300'800'000);
    RC_ASSERT(parse_wall_time_ms(wall_time_iso(Instant{0}, ms)) == ms);
  });
}
