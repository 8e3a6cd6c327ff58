// AWS splits busy shards of a stream on demand, and a scaler of the user's own counts shards.
#include "sim/world/on_scale.hpp"

#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

std::size_t shards_after(const Scenario& scenario) {
  Simulation simulation(make_plan(scenario));
  simulation.run();
  return simulation.world().shards.size();
}

Scenario on_demand(std::int64_t per_second) {
  Scenario scenario = story()
                          .limits()
                          .steady(per_second, static_cast<std::uint64_t>(per_second) * 1'200)
                          .scenario();
  scenario.streams[0].settings.mode = StreamMode::ON_DEMAND;
  scenario.streams[0].settings.shard_count = 1;
  scenario.duration = minutes(30);
  scenario.mappings.clear();
  return scenario;
}

}  // namespace

TEST_CASE("a busy shard of a stream on demand is split, a quiet one is not [KDS-LIM-12]") {
  CHECK(shards_after(on_demand(400)) == 1);
  CHECK(shards_after(on_demand(600)) == 3);
  Scenario provisioned = on_demand(600);
  provisioned.streams[0].settings.mode = StreamMode::PROVISIONED;
  CHECK(shards_after(provisioned) == 1);
}

TEST_CASE("a scaler adds shards above its share, and looks at no minute that is not over") {
  Scenario scenario = on_demand(900);
  scenario.streams[0].settings.mode = StreamMode::PROVISIONED;
  Autoscaler scaler;
  scaler.metric = ScalerMetric::IncomingRecords;
  scaler.check_every = seconds(45);
  scenario.autoscalers.push_back({StreamId{0}, scaler});
  CHECK(shards_after(scenario) == 3);
}

}  // namespace trimhorizon::testing
