#include "sim/history/snapshots.hpp"

#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {

TEST_CASE("a snapshot tells what waits at an instant, and how long it has waited") {
  Simulation simulation(
      make_plan(story().records(2).records(3, 1_s).outage(0_s, 60_s).scenario(), {}));
  simulation.run_until(Instant{} + 10_s);
  const Snapshot then = snapshot_of(so_far(simulation), Instant{} + 10_s, false);
  REQUIRE(then.consumers.size() == 1);
  CHECK(then.consumers[0].backlog == 5);
  CHECK(then.consumers[0].oldest == 10_s);
  CHECK(then.streams[0].across.nobody == 5);
  std::uint64_t errors = 0;
  for (const Metric& each : then.consumers[0].metrics) {
    if (each.id == MetricId::Errors) errors = each.counter;
  }
  CHECK(errors > 2);
  simulation.run();
  const Snapshot end = snapshot_of(so_far(simulation), Instant{} + 50_m, true);
  CHECK(end.consumers[0].backlog == 0);
  CHECK(end.consumers[0].oldest == 0_s);
  CHECK(end.before);
}

TEST_CASE("what a shorter retention took waits no more, though nobody has noticed [KDS-SHD-12]") {
  Story told = story().retention_hours(72).records(2).records(3, 10_h).work(0_s, 10_h);
  told.call(30_h, DecreaseRetentionCall{24}).lasts(40_h);
  Simulation simulation(make_plan(told.scenario(), {}));
  simulation.run_until(Instant{} + 30_h);
  const Snapshot then = snapshot_of(so_far(simulation), Instant{} + 30_h, false);
  CHECK(then.consumers[0].backlog == 3);
  CHECK(then.consumers[0].oldest == 20_h);
}

}  // namespace trimhorizon::testing
