#include "sim/kinesis/on_demand.hpp"

#include "sim/base/check.hpp"
#include "tests/kinesis/some_stream.hpp"

namespace trimhorizon::testing {
namespace {

Instant minute(std::int64_t n) { return Instant{0} + minutes(n); }

struct OnDemand : SomeStream {
  explicit OnDemand(std::uint32_t shard_count = 4) : SomeStream(shard_count) {
    state.mode = StreamMode::ON_DEMAND;
  }
  // So much in the minute that ends at `end`.
  void took(Instant end, std::uint32_t number, std::int64_t records, std::int64_t bytes) {
    count_traffic(traffic, number, end - seconds(30), {records, bytes, 0});
  }
  OnDemandSteps ended(Instant end) { return end_minute(traffic, state, shards, end, scaling); }

  OnDemandState traffic;
  OnDemandRules scaling;
};

constexpr std::int64_t half_of_records = 500 * 60;
constexpr std::int64_t half_of_bytes = 500 * kib * 60;

}  // namespace

TEST_CASE("a shard on demand is split when a minute is above half of either limit [KDS-LIM-12]") {
  OnDemand stream;
  stream.took(minute(1), 0, half_of_records, half_of_bytes);
  stream.took(minute(1), 1, half_of_records + 1, 0);
  stream.took(minute(1), 2, 1, half_of_bytes + 1);
  CHECK(stream.ended(minute(1)) == OnDemandSteps{{{1, minute(11)}, {2, minute(11)}}, {}});
}

TEST_CASE("the split comes as long after the busy minute as the switch says [KDS-LIM-12]") {
  OnDemand stream;
  stream.scaling.split_delay = minutes(15);
  stream.took(minute(3), 3, 60'000, 0);
  CHECK(stream.ended(minute(3)).splits == std::vector<PlannedSplit>{{3, minute(18)}});
  const Cuts cuts = split_on_demand(stream.control(minute(18)), 3);
  REQUIRE(cuts.size() == 1);
  CHECK(cuts.front().children == std::vector<ShardId>{{4}, {5}});
}

TEST_CASE(
    "no shard is split twice, and its children are judged by their own minutes [KDS-LIM-12]") {
  OnDemand stream;
  stream.took(minute(1), 0, 60'000, 0);
  CHECK(stream.ended(minute(1)).splits.size() == 1);
  stream.took(minute(2), 0, 60'000, 0);
  CHECK(stream.ended(minute(2)).splits.empty());
  split_on_demand(stream.control(minute(11)), 0);
  stream.took(minute(12), 0, 60'000, 0);
  CHECK(stream.ended(minute(12)).splits.empty());  // it takes records until its cut
  stream.took(minute(13), 4, 60'000, 0);           // the hot key is in the lower child
  stream.took(minute(13), 5, 10, 0);
  CHECK(stream.ended(minute(13)).splits == std::vector<PlannedSplit>{{4, minute(23)}});
}

TEST_CASE("a provisioned stream scales nothing by itself [KDS-SHD-18]") {
  OnDemand stream;
  stream.state.mode = StreamMode::PROVISIONED;
  stream.scaling.scale_down_after_24h = true;
  stream.took(minute(1), 0, 60'000, 0);
  CHECK(stream.ended(minute(1)) == OnDemandSteps{});
}

TEST_CASE("a stream that was provisioned for a while begins again [KDS-LIM-12] [KDS-LIM-13]") {
  OnDemand stream(6);
  stream.scaling.scale_down_after_24h = true;
  stream.took(minute(1), 0, 60'000, 0);
  CHECK(stream.ended(minute(1)).splits.size() == 1);
  stream.state.mode = StreamMode::PROVISIONED;
  CHECK(stream.ended(minute(2)) == OnDemandSteps{});
  stream.state.mode = StreamMode::ON_DEMAND;
  stream.took(minute(3), 0, 60'000, 0);
  CHECK(stream.ended(minute(3)).splits == std::vector<PlannedSplit>{{0, minute(13)}});
  // The quiet minute before does not count.
  for (std::int64_t m = 4; m < 24 * 60 + 2; ++m) CHECK(stream.ended(minute(m)).merges.empty());
  CHECK_FALSE(stream.ended(minute(24 * 60 + 2)).merges.empty());
}

TEST_CASE("scaling down is off unless it is asked for [KDS-LIM-13]") {
  OnDemand stream(8);
  for (std::int64_t m = 1; m <= 25 * 60; ++m) CHECK(stream.ended(minute(m)) == OnDemandSteps{});
}

TEST_CASE("neighbours that were quiet for 24 h are merged, down to four shards [KDS-LIM-13]") {
  OnDemand stream(7);
  stream.scaling.scale_down_after_24h = true;
  const std::int64_t day = 24 * 60;
  for (std::int64_t m = 1; m < day; ++m) CHECK(stream.ended(minute(m)).merges.empty());
  CHECK(stream.ended(minute(day)).merges == std::vector<PlannedMerge>{{0, 1}, {2, 3}, {4, 5}});
  for (const PlannedMerge& merge : {PlannedMerge{0, 1}, {2, 3}, {4, 5}}) {
    CHECK(merge_on_demand(stream.control(minute(day)), merge.lower, merge.upper).size() == 1);
  }
  for (std::int64_t m = day + 1; m <= 3 * day; ++m) CHECK(stream.ended(minute(m)).merges.empty());
}

TEST_CASE(
    "a minute at a quarter of a limit, both shards together, begins the 24 h again [KDS-LIM-13]") {
  OnDemand stream(6);
  stream.scaling.scale_down_after_24h = true;
  const std::int64_t day = 24 * 60;
  for (std::int64_t m = 1; m <= day; ++m) {
    stream.took(minute(m), 4, 250 * 60 - 1, 0);
    if (m == 10) stream.took(minute(m), 5, 1, 0);  // the pair reaches the quarter once
    if (m == 20) stream.took(minute(m), 1, 0, 256 * kib * 60);
    const OnDemandSteps steps = stream.ended(minute(m));
    CHECK(steps.merges ==
          (m == day ? std::vector<PlannedMerge>{{2, 3}} : std::vector<PlannedMerge>{}));
  }
  // 3+4 were quiet all day too, but 3 was taken.
  CHECK(stream.ended(minute(day + 1)).merges == std::vector<PlannedMerge>{{2, 3}});
}

TEST_CASE("the capacity on demand is twice the peak of 30 days, 4 MiB at least [KDS-LIM-11]") {
  PeakTraffic peak;
  const Duration day = hours(24);
  CHECK(peak.capacity(minute(0), minutes(0)) == 4 * mib);
  peak.add_minute(minute(1), 60 * mib);
  CHECK(peak.capacity(minute(1), minutes(0)) == 4 * mib);
  peak.add_minute(minute(2), 60 * 5 * mib);
  CHECK(peak.capacity(minute(2), minutes(0)) == 10 * mib);
  CHECK(peak.capacity(minute(2), minutes(15)) == 4 * mib);
  CHECK(peak.capacity(minute(17), minutes(15)) == 10 * mib);
  for (std::int64_t m = 3; m < 60; ++m) peak.add_minute(minute(m), m == 30 ? 60 * 3 * mib : 0);
  CHECK(peak.capacity(minute(60), minutes(15)) == 10 * mib);
  CHECK(peak.capacity(minute(2) + day * 30, minutes(15)) == 10 * mib);
  CHECK(peak.capacity(minute(3) + day * 30, minutes(15)) == 6 * mib);
  CHECK(peak.capacity(minute(31) + day * 30, minutes(15)) == 4 * mib);
  CHECK_THROWS_AS(peak.add_minute(minute(59), 1), InternalError);
}

TEST_CASE("the traffic of a stream is that of its shards") {
  OnDemand stream;
  stream.took(minute(1), 0, 10, 1'000);
  count_traffic(stream.traffic, 2, minute(1) - seconds(1), {5, 500, 7});
  CHECK(last_minute(stream.traffic, minute(1)) == MinuteTraffic{15, 1'500, 7});
  CHECK_THROWS_AS(stream.ended(minute(1) + seconds(1)), InternalError);
}

}  // namespace trimhorizon::testing
