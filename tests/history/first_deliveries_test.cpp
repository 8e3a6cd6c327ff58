#include "sim/history/first_deliveries.hpp"

#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

std::vector<FirstDelivery> first_of(const Story& story, const std::vector<std::string>& ids) {
  Simulation simulation(make_plan(story.scenario(), {}));
  FirstDeliveries first(simulation.plan(), ids);
  simulation.watch(first);
  simulation.run();
  return first.found(simulation.plan());
}

}  // namespace

TEST_CASE("a record is delivered first when its first batch is handed to the function") {
  const Story three = story().records(3).batch(2).retries(3).poison("r1");
  const auto first = first_of(three, {"r2", "r1", "r9"});
  REQUIRE(first.size() == 2);
  CHECK(first[0].record == "r1");
  CHECK(first[0].at == Instant{0});  // its retries come later
  CHECK(first[1].record == "r2");
  CHECK(first[1].at > Instant{} + 1_s);
  CHECK(first[1].consumer == three.scenario().mappings[0].name);
}

TEST_CASE("a record that no function gets has no first delivery") {
  CHECK(first_of(story().records(3).disabled(), {"r0"}).empty());
}

}  // namespace trimhorizon::testing
