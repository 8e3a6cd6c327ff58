// One step: the earliest event happens. Which of one instant comes first, in whole runs:
// order_test.cpp.
#include "sim/world/step.hpp"

#include "sim/base/check.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/world/first_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

World world_of(const Story& story) { return first_world(make_plan(story.scenario())); }

struct Doors {
  SeededChoices choices{1, 0};
  ModelledFunction function;
  Outside outside{choices, function};
};

}  // namespace

TEST_CASE("a step takes the earliest event, whatever was scheduled first, and time stands there") {
  World world = world_of(story().records(1, 20_s).throttle(5_s, 1_s).created(10_s));
  Doors doors;
  std::vector<Instant> times;
  for (int i = 0; i < 3; ++i) {
    step(world, doors.outside);
    times.push_back(world.now);
  }
  CHECK(times == std::vector{Instant{0} + 5_s, Instant{0} + 10_s, Instant{0} + 10_s});
  CHECK(world.steps == 3);
}

TEST_CASE("a step needs an event") {
  World world = world_of(story());
  world.events.clear();
  Doors doors;
  CHECK_THROWS_AS(step(world, doors.outside), InternalError);
}

TEST_CASE("nothing is scheduled before now, and each event has a number of its own") {
  World world = world_of(story());
  world.events.clear();
  world.now = Instant{100};
  CHECK_THROWS_AS(schedule(world, Instant{99}, {}, PollDue{{0}}), InternalError);
  schedule(world, Instant{100}, EventNumber{7}, PollDue{{0}});
  schedule(world, Instant{100}, {}, PollDue{{0}});
  const std::vector<Event> events = world.events.in_order();
  REQUIRE(events.size() == 2);
  CHECK(events[0].number + 1 == events[1].number);
  CHECK(events[0].cause == EventNumber{7});
}

TEST_CASE("at one instant events go by class, then by entity, then as they were scheduled") {
  World world = world_of(story());
  world.events.clear();
  for (const What& what : std::vector<What>{
           LaneReady{{1}}, PollDue{{1}}, PollDue{{0}}, RetentionDue{{5}}, InvocationDone{{9}},
           PutRetryDue{{0}, 3}, PutDue{{0}}, TimelineDue{0}, MappingCreated{{4}}}) {
    schedule(world, Instant{50}, {}, what);
  }
  const std::vector<What> wanted = {MappingCreated{{4}}, TimelineDue{0},      PutRetryDue{{0}, 3},
                                    PutDue{{0}},         InvocationDone{{9}}, RetentionDue{{5}},
                                    PollDue{{0}},        LaneReady{{1}},      PollDue{{1}}};
  for (const What& what : wanted) CHECK(world.events.take().what == what);
}

TEST_CASE("a copy of the world steps to the same world, and leaves the first where it was") {
  const World before = world_of(story().records(3).poison("r1").retries(2));
  World one = before;
  World two = before;
  Doors doors;
  for (int i = 0; i < 6; ++i) {
    step(one, doors.outside);
    step(two, doors.outside);
  }
  CHECK(one == two);
  CHECK(before.steps == 0);
  CHECK(before.now == Instant{0});
}
