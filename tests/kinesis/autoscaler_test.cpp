#include "sim/kinesis/autoscaler.hpp"

#include "sim/base/check.hpp"
#include "sim/kinesis/limits.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

constexpr Probability percent(std::uint32_t n) { return {n * 10'000'000}; }

Autoscaler scaler(ScalerMetric metric) {
  return {seconds(45), percent(80), percent(25), 2, metric};
}

// Of one shard in a minute, so many percent of the limit.
MinuteTraffic bytes(std::int64_t percent) { return {0, mib * 60 * percent / 100, 0}; }
MinuteTraffic records(std::int64_t percent) { return {600 * percent, 0, 0}; }

using Target = std::optional<std::uint32_t>;

}  // namespace

TEST_CASE("a scaler adds shards above its upper share and takes some below the lower one") {
  const Autoscaler by_bytes = scaler(ScalerMetric::IncomingBytes);
  CHECK(scaler_target(by_bytes, bytes(80), 1) == Target{});
  CHECK(scaler_target(by_bytes, bytes(81), 1) == Target{3});
  CHECK(scaler_target(by_bytes, bytes(5 * 81), 5) == Target{7});
  CHECK(scaler_target(by_bytes, bytes(5 * 25), 5) == Target{});
  CHECK(scaler_target(by_bytes, bytes(5 * 24), 5) == Target{3});
  CHECK(scaler_target(by_bytes, records(500), 5) == Target{3});  // it does not look at records
}

TEST_CASE("a scaler may look at records, or at the entries that were throttled") {
  const Autoscaler by_records = scaler(ScalerMetric::IncomingRecords);
  CHECK(scaler_target(by_records, records(4 * 81), 4) == Target{6});
  CHECK(scaler_target(by_records, records(4 * 50), 4) == Target{});
  CHECK(scaler_target(by_records, bytes(400), 4) == Target{2});
  Autoscaler by_throttles = scaler(ScalerMetric::WriteProvisionedThroughputExceeded);
  by_throttles.up_above = percent(1);
  by_throttles.down_below = {};
  CHECK(scaler_target(by_throttles, {99, 0, 1}, 4) == Target{});
  CHECK(scaler_target(by_throttles, {98, 0, 2}, 4) == Target{6});
  CHECK(scaler_target(by_throttles, {}, 4) == Target{});
}

TEST_CASE("a scaler that is told no lower share never takes shards") {
  Autoscaler one_way = scaler(ScalerMetric::IncomingRecords);
  one_way.down_below = {};
  CHECK(scaler_target(one_way, {}, 4) == Target{});
}

TEST_CASE("a scaler keeps one shard, and asks for nothing when it has one") {
  const Autoscaler by_bytes = scaler(ScalerMetric::IncomingBytes);
  CHECK(scaler_target(by_bytes, {}, 3) == Target{1});
  CHECK(scaler_target(by_bytes, {}, 2) == Target{1});
  CHECK(scaler_target(by_bytes, {}, 1) == Target{});
  CHECK_THROWS_AS(scaler_target(by_bytes, {}, 0), InternalError);
}

}  // namespace trimhorizon::testing
