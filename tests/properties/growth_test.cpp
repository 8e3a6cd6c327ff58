// What a run costs grows with its records, whatever they do. Each test was quadratic once.
#include "tests/support/growth.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// One record, put again and again because no acknowledgement arrives.
Story copies_of_one_record(std::uint64_t n) {
  return story()
      .record("a", "key")
      .producer_retry(RetryMode::retries, static_cast<std::uint32_t>(n), 10_ms)
      .lose_acknowledgements({}, hours(9))
      .lasts(hours(10));
}

void run_of(const Story& story) {
  Simulation simulation(make_plan(story.scenario()));
  simulation.run();
  build_result(simulation, {});
}

}  // namespace

TEST_CASE("copies of one record cost as much as other records") {
  CHECK(growth(4'000, [](std::uint64_t n) { run_of(copies_of_one_record(n)); }) < growth_max);
}

TEST_CASE("copies of one record that are all lost cost as much as other records") {
  FailRule always;
  CHECK(growth(4'000, [&](std::uint64_t n) {
          run_of(copies_of_one_record(n).retries(0).fail(always));
        }) < growth_max);
}

TEST_CASE("a record costs the same, however many shards there are") {
  CHECK(growth(500, [](std::uint64_t n) {
          Story many = story().shards(static_cast<std::uint32_t>(n)).steady(1'000, n);
          Scenario scenario = many.scenario();
          scenario.producers.back().settings.load->keys = {KeyDistribution::round_robin,
                                                           static_cast<std::uint32_t>(n)};
          Simulation simulation(make_plan(scenario));
          simulation.run();
          build_result(simulation, {});
        }) < growth_max);
}

TEST_CASE("a retry of a large batch costs no more than one of a small batch") {
  // One batch of n records, tried about n times.
  CHECK(growth(1'000, [](std::uint64_t n) {
          const FailRule always;
          const Duration time = seconds(static_cast<std::int64_t>(10 * n));
          Story story_of_one = story().steady(n, n).created(10_s).lasts(time);
          run_of(story_of_one.batch(10'000).work(10_ms).fail(always));
        }) < growth_max);
}

TEST_CASE("a call costs the same, however many calls wait for their retry") {
  CHECK(growth(2'000, [](std::uint64_t n) {
          // Far more than the shard takes: nearly all are refused, and come again 10 s later.
          run_of(story().limits().steady(n, 10 * n).producer_retry(RetryMode::retries, 2, 10_s));
        }) < growth_max);
}
