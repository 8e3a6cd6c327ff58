// Durations, counts, wall time, base64 and UTF-8 as text.
#include "sim/base/base64.hpp"
#include "sim/base/format.hpp"
#include "sim/base/parse_time.hpp"
#include "sim/base/utf8.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

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
  for (const char* text :
       {"", "2026", "2026-13-01", "2026-02-29", "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00", "1969-12-31",
        "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00.0001Z", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00Zx", "2026-1-1", "20260101", "2026-01-01T", " 2026-01-01"}) {
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

TEST_CASE("base64 of the vectors of RFC 4648") {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [bytes, text] : vectors) {
    CHECK(base64_encode(bytes) == text);
    CHECK(base64_decode(text) == std::string(bytes));
    CHECK(base64_size(std::string_view(bytes).size()) == std::string_view(text).size());
  }
}

TEST_CASE("base64 that nobody would have written is refused") {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg==Zg==", "Zh==", "Zm9=", "====", "=",
                           "Z===", "Zm9v\n", "Zm 9", "Zm9-", "Zm=v"}) {
    INFO(text);
    CHECK_FALSE(base64_decode(text));
  }
}

TEST_CASE("any bytes survive base64") {
  testing::check_property("bytes go round", [](const std::string& bytes) {
    RC_ASSERT(base64_decode(base64_encode(bytes)) == bytes);
  });
}

TEST_CASE("code points are counted, broken ones as one each") {
  CHECK(count_code_points("") == 0);
  CHECK(count_code_points("größe") == 5);
  CHECK(count_code_points("鍵🙂") == 2);
  CHECK(count_code_points("a\xff\xffz") == 4);
  CHECK_FALSE(decode_utf8("\xed\xa0\x80", 0).valid);
  CHECK_FALSE(decode_utf8("\xf0\x9f\x99", 0).valid);
  CHECK(decode_utf8("🙂", 0).value == 0x1f642);
}

TEST_CASE("wide characters take two columns of a terminal and accents none") {
  CHECK(terminal_width('a') == 1);
  CHECK(terminal_width(U'é') == 1);
  CHECK(terminal_width(U'鍵') == 2);
  CHECK(terminal_width(U'🙂') == 2);
  CHECK(terminal_width(0x301) == 0);
}
