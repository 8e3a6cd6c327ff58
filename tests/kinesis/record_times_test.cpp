#include "sim/kinesis/record_times.hpp"

#include <vector>

#include "tests/support/catch.hpp"

namespace trimhorizon {
namespace {

// One record a second.
RecordLog log_of(std::uint32_t records) {
  RecordLog log;
  for (std::uint32_t i = 0; i < records; ++i) {
    log.append({Instant{0} + seconds(i), RecordId::of({0}, i), {0}});
  }
  return log;
}

}  // namespace

TEST_CASE("without a skew the timestamp is the arrival [KDS-SHD-15]") {
  const RecordLog log = log_of(3);
  const StampedLog stamped{log, {}};
  CHECK(stamped.timestamp(2) == Instant{0} + seconds(2));
}

TEST_CASE("timestamps lie on both sides of the arrival, and never further away [KDS-SHD-15]") {
  const RecordLog log = log_of(2'000);
  const StampedLog stamped{log, {.skew = seconds(2), .seed = 7}};
  Duration least;
  Duration most;
  for (Position p = 0; p < log.end(); ++p) {
    const Duration skew = stamped.timestamp(p) - log.arrival(p);
    least = std::min(least, skew);
    most = std::max(most, skew);
  }
  CHECK(least >= seconds(-2));
  CHECK(most <= seconds(2));
  CHECK(least < milliseconds(-1'900));
  CHECK(most > milliseconds(1'900));
}

TEST_CASE("a copy of a record has a timestamp of its own, a second look the same") {
  const RecordTimes times{.skew = seconds(2), .seed = 7};
  const StoredRecord first{Instant{0}, RecordId::of({0}, 5), {0}};
  const StoredRecord copy{Instant{0} + seconds(1), RecordId::of({0}, 5), {0}};
  CHECK(times.timestamp_of(first) == times.timestamp_of(first));
  CHECK(times.skew_of(first) != times.skew_of(copy));
}

TEST_CASE("a drawn delay lets a record be read when all before it can [KDS-ITR-15]") {
  const RecordLog log = log_of(300);
  const RecordTimes times{.delay = {{}, Lognormal{milliseconds(900), 1'000'000}}, .seed = 2};
  std::vector<Instant> readable;  // by position
  Instant latest{0};
  bool overtaken = false;
  for (Position p = 0; p < log.end(); ++p) {
    const Instant own = log.arrival(p) + times.delay_of(log.at(p));
    overtaken = overtaken || own < latest;
    latest = std::max(latest, own);
    readable.push_back(latest);
  }
  REQUIRE(overtaken);
  for (Instant now{0}; now < Instant{0} + seconds(310); now = now + milliseconds(170)) {
    Position wanted = 0;
    while (wanted < log.end() && readable[wanted] <= now) ++wanted;
    CAPTURE(now.us);
    CHECK(visible_end(log, now, times, 0) == wanted);
    CHECK(visible_end(log, now, times, wanted / 2) == wanted);
  }
}

TEST_CASE("a drawn delay is at most an hour") {
  const RecordTimes times{.delay = {{}, Lognormal{seconds(3'600), 5'000'000}}, .seed = 1};
  Duration most;
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    most = std::max(most, times.delay_of({Instant{0}, RecordId::of({0}, i), {0}}));
  }
  CHECK(most == drawn_delay_max);
}

TEST_CASE("records that arrive together share their draws where aggregates are [KDS-PRD-18]") {
  RecordTimes times;
  times.skew = seconds(10);
  times.delay.lognormal = Lognormal{seconds(5), 500'000};
  const StoredRecord one{Instant{1'000'000}, RecordId{1}, KeyId{0}};
  const StoredRecord two{Instant{1'000'000}, RecordId{2}, KeyId{0}};
  const StoredRecord later{Instant{2'000'000}, RecordId{1}, KeyId{0}};
  CHECK(times.skew_of(one) != times.skew_of(two));
  times.by_arrival = true;
  CHECK(times.skew_of(one) == times.skew_of(two));
  CHECK(times.delay_of(one) == times.delay_of(two));
  CHECK(times.skew_of(one) != times.skew_of(later));
}

}  // namespace trimhorizon
