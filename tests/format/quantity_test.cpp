// Durations, sizes, rates, percentages, times.
#include "sim/format/quantity.hpp"

#include <array>

#include "sim/base/format.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;
using trimhorizon::testing::check_property;

namespace {

template <class T>
std::string said(const Reading<T>& reading) {
  if (reading.value) return "fine";
  const auto& [message, suggestion] = reading.problem;
  return message + (suggestion.empty() ? "" : " (" + suggestion + ")");
}
std::int64_t us(std::string_view text) { return read_duration(text, "ms").value.value().us; }
std::string no_duration(std::string_view text) { return said(read_duration(text, "ms")); }

const std::string duration_form =
    " (a duration is a number and a unit us, ms, s, m, h or d: 50ms, 1.5s, 1h30m)";

}  // namespace

TEST_CASE("durations") {
  CHECK(us("0s") == 0);
  CHECK(us("50ms") == 50'000);
  CHECK(us("1.5s") == 1'500'000);
  CHECK(us("0.000001s") == 1);
  CHECK(us("1h30m") == 5'400'000'000);
  CHECK(us("1d2h3m4s5ms6us") == 93'784'005'006);
  CHECK(us("1_000us") == 1'000);
  CHECK(us("36500d") == duration_max.us);
  CHECK(us("0.5d") == 43'200'000'000);
}

TEST_CASE("a duration is read as reports print it: 36h 5m") {
  CHECK(us("36h 5m") == 129'900'000'000);
  CHECK(us("7d 2h") == 612'000'000'000);
  CHECK(us("1m 0.5s") == 60'500'000);
  CHECK(no_duration("36h  5m") == "must be a duration, not `36h  5m`" + duration_form);
  CHECK(no_duration("5m ") == "must be a duration, not `5m `" + duration_form);
  check_property("printed durations are read", [] {
    const Duration duration{*rc::gen::inRange<std::int64_t>(0, hours(2'000).us / 1'000) * 1'000};
    RC_ASSERT(read_duration(friendly_duration(duration), "s").value == duration);
  });
}

TEST_CASE("a number that is too large is not said to have too many digits after the point") {
  const std::string large(30, '9');
  CHECK(said(read_rate(large + "/s")) == "is more than 1000000000 records a second");
  CHECK(said(read_rate("1000000000000000000/s")) == "is more than 1000000000 records a second");
  CHECK(said(read_rate("0.0000001/s")) == "has more than 6 digits after the point");
  CHECK(said(read_percent(large + "%")) == "is more than 100%");
  CHECK(said(read_size(large + "B")) == "is too large");
  CHECK(said(read_decimal(large, 3)) == "is too large");
  CHECK(said(read_integer(large)) == "is too large");
  CHECK(no_duration(large + "s") == "is longer than a century");
}

TEST_CASE("a negative number is a number") {
  CHECK(said(read_decimal("-1", 6)) == "cannot be negative");
  CHECK(said(read_decimal("-0.5", 6)) == "cannot be negative");
  CHECK(said(read_decimal("-x", 6)) == "must be a number, not `-x`");
}

TEST_CASE("a time in Unix seconds or milliseconds gets its date") {
  CHECK(said(read_wall_time("1767225600000")) ==
        "must be a time, not `1767225600000` (write 2026-01-01T00:00:00Z)");
  CHECK(said(read_wall_time("1767225600")) ==
        "must be a time, not `1767225600` (write 2026-01-01T00:00:00Z)");
  CHECK(said(read_wall_time("17")) ==
        "must be a time, not `17` (a time is written in UTC: 2026-01-01T00:00:00Z)");
}

TEST_CASE("what is not a duration, and what to write") {
  CHECK(no_duration("50") == "needs a unit: did you mean 50ms?");
  CHECK(no_duration("1h30") == "needs a unit: did you mean 1h30ms?");
  CHECK(no_duration("-1s") == "cannot be negative");
  CHECK(no_duration("") == "is empty" + duration_form);
  CHECK(no_duration("soon") == "must be a duration, not `soon`" + duration_form);
  CHECK(no_duration("1e3s") == "must be a duration, not `1e3s`" + duration_form);
  CHECK(no_duration("30sec") == "must be a duration, not `30sec` (write 30s)");
  CHECK(no_duration("1.5 hours") == "must be a duration, not `1.5 hours` (write 1.5h)");
  CHECK(no_duration("50 ms") == "must be a duration, not `50 ms` (write 50ms)");
  CHECK(no_duration("30m1h") ==
        "must be a duration, not `30m1h` (write units from large to small, each only once: 1h30m)");
  CHECK(no_duration("1s1s") ==
        "must be a duration, not `1s1s` (write units from large to small, each only once: 1h30m)");
  CHECK(no_duration("10ns") == "is finer than a microsecond (the finest unit is 1us)");
  CHECK(no_duration("0.5us") == "is finer than a microsecond (the finest unit is 1us)");
  CHECK(no_duration("0.0000001s") == "is finer than a microsecond (the finest unit is 1us)");
  CHECK(no_duration("36500d1us") == "is longer than a century");
  CHECK(no_duration("99999999999999999999999999999999s") == "is longer than a century");
  CHECK(no_duration("999999999999999999d") == "is longer than a century");
  CHECK(no_duration("1_s") == "must be a duration, not `1_s`" + duration_form);
  CHECK(no_duration(".5s") == "must be a duration, not `.5s`" + duration_form);
}

TEST_CASE("a quantity that is written is read again") {
  check_property("durations", [] {
    const auto d = *rc::gen::inRange<std::int64_t>(0, duration_max.us + 1);
    RC_ASSERT(us(duration_text(Duration{d})) == d);
    RC_ASSERT(us(written(Duration{d})) == d);
  });
  check_property("percentages", [] {
    const Probability p{*rc::gen::inRange<std::uint32_t>(0, 1'000'000'001)};
    RC_ASSERT(read_percent(written(p)).value == p);
  });
  check_property("fractions and times", [] {
    const auto n = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
    RC_ASSERT(read_decimal(decimal_text(static_cast<std::uint64_t>(n), 6), 6).value == n);
    RC_ASSERT(read_wall_time(written_wall_time(n)).value == n);
  });
  CHECK(written(hours(1)) == "1h");
  CHECK(written(milliseconds(90'500)) == "1m30s500ms");
  CHECK(written(Duration{}) == "0s");
  CHECK(written(Probability{5'000'000}) == "0.5%");
  CHECK(decimal_text(2'000, 3) == "2");
  CHECK(written_wall_time(1'767'225'600'000) == "2026-01-01T00:00:00Z");
}

TEST_CASE("no text crashes a reader of scalars") {
  check_property("any short text", [] {
    static const std::string letters = "0123456789_.-+eE%/smhdKiMGB<>=! \xc3";
    const auto picks = *rc::gen::container<std::vector<std::size_t>>(
        rc::gen::inRange<std::size_t>(0, letters.size()));
    std::string text;
    for (const std::size_t pick : picks) text += letters[pick];
    read_integer(text);
    read_decimal(text, 6);
    read_duration(text, "s");
    read_size(text);
    read_rate(text);
    read_percent(text);
    read_wall_time(text);
  });
}

TEST_CASE("whole numbers") {
  CHECK(read_integer("0").value == 0);
  CHECK(read_integer("-1").value == -1);
  CHECK(read_integer("1_000_000").value == 1'000'000);
  CHECK(read_integer("9223372036854775807").value == INT64_MAX);
  CHECK(said(read_integer("9223372036854775808")) == "is too large");
  CHECK(said(read_integer("99999999999999999999999")) == "is too large");
  CHECK(said(read_integer("010")) == "has leading zeros: `010` (write 10)");
  CHECK(said(read_integer("-00")) == "has leading zeros: `-00` (write 0)");
  CHECK(said(read_integer("1e6")) == "must be a whole number, not `1e6` (write 1000000)");
  CHECK(said(read_integer("1.5e3")) == "must be a whole number, not `1.5e3` (write 1500)");
  CHECK(said(read_integer("1e99")) == "must be a whole number, not `1e99`");
  for (const std::string_view text :
       {"", "-", "+1", "1.0", "0x10", "1_", "_1", "1__0", "ten", "١"}) {
    CHECK(said(read_integer(text)) == "must be a whole number, not `" + std::string(text) + "`");
  }
}

TEST_CASE("decimal fractions") {
  CHECK(read_decimal("0.5", 6).value == 500'000);
  CHECK(read_decimal("1", 3).value == 1'000);
  CHECK(read_decimal("1.500", 1).value == 15);
  CHECK(said(read_decimal("0.0001", 3)) == "has more than 3 digits after the point");
  CHECK(said(read_decimal("-1", 3)) == "cannot be negative");
  CHECK(said(read_decimal("999999999999999999", 6)) == "is too large");
}

TEST_CASE("sizes") {
  CHECK(read_size("200B").value == 200);
  CHECK(read_size("1KiB").value == 1'024);
  CHECK(read_size("1.5MiB").value == 1'572'864);
  CHECK(read_size("1GiB").value == 1'073'741'824);
  CHECK(read_size("0B").value == 0);
  CHECK(said(read_size("100")) == "needs a unit: did you mean 100B?");
  CHECK(said(read_size("1KB")) == "must be a size, not `1KB` (write 1KiB (1KiB is 1024 bytes))");
  CHECK(said(read_size("0.3B")) == "is not a whole number of bytes");
  CHECK(said(read_size("-1B")) == "cannot be negative");
  CHECK(said(read_size("2000GiB")) == "is too large");
  CHECK(
      said(read_size("1TiB")) ==
      "must be a size, not `1TiB` (a size is a number and a unit B, KiB, MiB or GiB: 200B, 1KiB)");
}

TEST_CASE("rates") {
  CHECK(read_rate("4000/s").value == Rate{4'000'000'000, seconds(1)});
  CHECK(read_rate("0.5/m").value == Rate{500'000, minutes(1)});
  CHECK(read_rate("1_000/h").value == Rate{1'000'000'000, hours(1)});
  CHECK(said(read_rate("100")) == "needs a unit: did you mean 100/s?");
  CHECK(said(read_rate("100/sec")) == "must be a rate, not `100/sec` (write 100/s)");
  CHECK(said(read_rate("100rps")) == "must be a rate, not `100rps` (write 100/s)");
  CHECK(said(read_rate("600rpm")) == "must be a rate, not `600rpm` (write 600/m)");
  CHECK(said(read_rate("600xyz")) ==
        "must be a rate, not `600xyz` (a rate is a number per s, m or h: 100/s, 30/m)");
  CHECK(said(read_rate("100/d")) ==
        "must be a rate, not `100/d` (a rate is a number per s, m or h: 100/s, 30/m)");
  CHECK(said(read_rate("1/0s")) ==
        "must be a rate, not `1/0s` (a rate is a number per s, m or h: 100/s, 30/m)");
  CHECK(said(read_rate("0.0000001/s")) == "has more than 6 digits after the point");
  CHECK(said(read_rate("1000000001/s")) == "is more than 1000000000 records a second");
}

TEST_CASE("percentages") {
  CHECK(read_percent("1%").value == Probability{10'000'000});
  CHECK(read_percent("0.0000001%").value == Probability{1});
  CHECK(read_percent("100%").value == Probability{1'000'000'000});
  CHECK(read_percent("0%").value == Probability{0});
  CHECK(said(read_percent("0.01")) == "needs a unit: did you mean 1%?");
  CHECK(said(read_percent("0.125")) == "needs a unit: did you mean 12.5%?");
  CHECK(said(read_percent("5")) == "needs a unit: did you mean 5%?");
  CHECK(said(read_percent("100.1%")) == "is more than 100%");
  CHECK(said(read_percent("half")) ==
        "must be a percentage, not `half` (a percentage is written 1% or 0.5%)");
}

TEST_CASE("times") {
  CHECK(read_wall_time("2026-01-01T00:00:00Z").value == 1'767'225'600'000);
  CHECK(said(read_wall_time("2026-01-01T00:00:00")) ==
        "must be a time, not `2026-01-01T00:00:00` (write the zone too: 2026-01-01T00:00:00Z)");
  CHECK(said(read_wall_time("today")) ==
        "must be a time, not `today` (a time is written in UTC: 2026-01-01T00:00:00Z)");
}
