#include "sim/lambda/backoff.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

TEST_CASE("after a failure: 200 ms doubling, at most 15 s [ESM-RTY-06, CON-19]") {
  const Backoff backoff = Assumptions{}.retry_backoff;
  const std::int64_t expected_ms[] = {200, 400, 800, 1'600, 3'200, 6'400, 12'800, 15'000, 15'000};
  for (std::uint32_t step = 0; step < 9; ++step) {
    CHECK(backoff_delay(backoff, step) == milliseconds(expected_ms[step]));
  }
  CHECK(backoff_delay(backoff, 4'000'000'000u) == seconds(15));
  CHECK(backoff.jitter == Backoff::Jitter::none);
}

TEST_CASE("after a throttle: 500 ms doubling, at most 15 s, drawn [ESM-RTY-06, CON-19]") {
  const Backoff backoff = Assumptions{}.throttle_backoff;
  const std::int64_t expected_ms[] = {500, 1'000, 2'000, 4'000, 8'000, 15'000, 15'000};
  for (std::uint32_t step = 0; step < 7; ++step) {
    CHECK(backoff_delay(backoff, step) == milliseconds(expected_ms[step]));
  }
  CHECK(backoff.jitter == Backoff::Jitter::full);
}

TEST_CASE("a drawn wait is above 0 and at most its step [CON-19]") {
  for (const Duration step : {microseconds(1), milliseconds(500), seconds(15)}) {
    for (std::uint64_t bits = 0; bits < 1'000; ++bits) {
      const Duration wait = jittered(step, bits * 0x9e3779b97f4a7c15ull);
      CHECK(wait > Duration{0});
      CHECK(wait <= step);
    }
    CHECK(jittered(step, 0) == microseconds(1));
    CHECK(jittered(step, UINT64_MAX) == step);
  }
  CHECK(jittered(Duration{0}, UINT64_MAX) == Duration{0});
}

TEST_CASE("a back-off may stay, shrink, grow by fractions, or be off [CON-19]") {
  CHECK(backoff_delay({true, seconds(2), 1'000, seconds(15), {}}, 9) == seconds(2));
  CHECK(backoff_delay({true, seconds(8), 500, seconds(15), {}}, 3) == seconds(1));
  CHECK(backoff_delay({true, seconds(2), 1'500, seconds(15), {}}, 2) == milliseconds(4'500));
  CHECK(backoff_delay({true, seconds(20), 2'000, seconds(15), {}}, 0) == seconds(15));
  CHECK(backoff_delay({true, hours(100'000), 10'000'000, Duration{INT64_MAX}, {}}, 50) ==
        Duration{INT64_MAX});
  CHECK(backoff_delay({false, seconds(2), 2'000, seconds(15), {}}, 3) == Duration{0});
}
