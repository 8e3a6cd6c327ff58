// Calls fail because the timeline says so.
#include "sim/world/failing_calls.hpp"

#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

// 1000 records in calls of 10, of which such a share of entries fails.
Result with_failures(FailureRates put, RetryMode retry) {
  Story told = story().producer_retry(retry, 50, 1_s);
  for (int i = 0; i < 100; ++i) told.records(10, 100_ms * i);
  Scenario scenario = told.scenario();
  TimelineAction action;
  action.kind = ActionKind::stream_failures;
  action.failures = StreamFailures{StreamId{0}, put, {}};
  scenario.timeline.push_back(action);
  Simulation simulation(make_plan(scenario));
  simulation.run();
  return build_result(simulation, {});
}

std::uint64_t metric(const Result& result, StreamMetricId id) {
  for (const StreamMetric& each : result.streams.at(0).metrics) {
    if (each.id == id) return each.counter;
  }
  return 0;
}

}  // namespace

TEST_CASE("a failure of the timeline ends an entry under its own name [KDS-PRD-20]") {
  CHECK(put_end_of(CallFailure::none) == PutEnd::stored);
  CHECK(error_of(CallFailure::internal_failure) == ApiError::InternalFailure);
  CHECK(error_of(CallFailure::unavailable) == ApiError::ServiceUnavailable);
  CHECK(error_of(CallFailure::throttling) == ApiError::ThrottlingException);
  CHECK(error_of(CallFailure::throughput_exceeded) ==
        ApiError::ProvisionedThroughputExceededException);
  CHECK(error_of(CallFailure::expired_iterator) == ApiError::ExpiredIteratorException);
}

TEST_CASE("a call that fails as a whole counts no entry in the metrics [KDS-PRD-20] [MET-03]") {
  for (const FailureRates& certain : {FailureRates{.unavailable = Probability{1'000'000'000}},
                                      FailureRates{.throttling = Probability{1'000'000'000}}}) {
    const Result result = with_failures(certain, RetryMode::none);
    CHECK(result.never_accepted == 1'000);
    CHECK(metric(result, StreamMetricId::PutRecordsTotal) == 0);
    CHECK(metric(result, StreamMetricId::PutRecordsFailed) == 0);
    CHECK(metric(result, StreamMetricId::WriteThrottled) == 0);
  }
  const FailureRates entries{.throughput_exceeded = Probability{1'000'000'000}};
  CHECK(metric(with_failures(entries, RetryMode::none), StreamMetricId::WriteThrottled) == 1'000);
}

TEST_CASE("entries fail at their rate, and retries store them all [KDS-PRD-11] [KDS-PRD-20]") {
  const FailureRates tenth{.internal_failure = Probability{100'000'000}};
  const Result given_up = with_failures(tenth, RetryMode::none);
  CHECK(given_up.never_accepted > 50);
  CHECK(given_up.never_accepted < 200);
  CHECK(with_failures(tenth, RetryMode::retries).stored == 1'000);
}

TEST_CASE("a call fails as a whole when the service is not there [KDS-PRD-20]") {
  const FailureRates certain{.unavailable = Probability{1'000'000'000}};
  CHECK(with_failures(certain, RetryMode::none).stored == 0);
}

}  // namespace trimhorizon::testing
