#include "sim/lambda/lane.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

Range range_of(Span span, std::uint32_t retries_used) {
  return {Batch::whole({0}, span), retries_used, retries_used + 1, DeliveryReason::bisect};
}

// What was split at 105 and waits for the sixth time; [100, 105) is on top.
Lane waiting() {
  Lane lane;
  lane.phase = LanePhase::waiting;
  lane.ranges = {range_of({105, 110}, 0), range_of({100, 105}, 5)};
  lane.retry_step = 5;
  lane.throttle_step = 2;
  return lane;
}

}  // namespace

TEST_CASE("what lies beyond the horizon stays as it is") {
  Lane lane = waiting();
  trim_ranges(lane, 100);
  CHECK(lane == waiting());
  trim_ranges(lane, 0);
  CHECK(lane == waiting());
}

TEST_CASE("a batch that loses its head keeps its counter and its back-off [ESM-RTY-12]") {
  Lane lane = waiting();
  trim_ranges(lane, 103);
  REQUIRE(lane.ranges.size() == 2);
  CHECK(lane.ranges.back().batch.span == Span{103, 105});
  CHECK(lane.ranges.back().retries_used == 5);
  CHECK(lane.ranges.back().attempts == 6);
  CHECK(lane.retry_step == 5);
  CHECK(lane.ranges.front() == waiting().ranges.front());
}

TEST_CASE(
    "a batch that is gone takes its back-off with it, but not the throttling's [ESM-RTY-12]") {
  Lane lane = waiting();
  trim_ranges(lane, 105);
  REQUIRE(lane.ranges.size() == 1);
  CHECK(lane.ranges.back() == waiting().ranges.front());
  CHECK(lane.retry_step == 0);
  CHECK(lane.throttle_step == 2);
}

TEST_CASE("one trim may take a batch and the head of the next, or all that a lane holds") {
  Lane lane = waiting();
  trim_ranges(lane, 108);
  REQUIRE(lane.ranges.size() == 1);
  CHECK(lane.ranges.back().batch.span == Span{108, 110});
  CHECK(lane.ranges.back().batch.count == 2);
  trim_ranges(lane, 200);
  CHECK(lane.ranges.empty());
  trim_ranges(lane, 300);
  CHECK(lane.ranges.empty());
}
