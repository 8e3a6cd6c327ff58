// A run in the making: who answers it, and what a copy of it would be.
#include "sim/run/simulation.hpp"

#include <type_traits>

#include "sim/base/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_world.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

// It points to choices and to a function of its own: a copy would go on asking the original's.
static_assert(!std::is_copy_constructible_v<Simulation>);
static_assert(!std::is_move_constructible_v<Simulation>);
static_assert(!std::is_copy_assignable_v<Simulation>);
static_assert(!std::is_move_assignable_v<Simulation>);

TEST_CASE("a simulation cannot be copied by accident: a fork asks choices of its own") {
  SmallWorld world;
  world.producer = "rate: 10/s\nrecords: 20\n";
  world.function = "fail: [{probability: 50%}]\n";
  Simulation simulation(world.plan());
  simulation.run_until(Instant{0} + seconds(1));
  Simulation fork = simulation.fork();
  CHECK(&fork.choices() != &simulation.choices());
  const std::uint64_t asked = simulation.choices().asked();
  fork.run();
  CHECK(fork.choices().asked() > asked);
  CHECK(simulation.choices().asked() == asked);
  simulation.run();
  CHECK(simulation.trace_digest() == fork.trace_digest());
}

namespace {

// A record now and one in two minutes.
SmallWorld two_records() {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}]}, {at: 2m, records: [{}]}]\n";
  return world;
}

// Throws at the first event that it is told.
class Breaking : public Observer {
 public:
  void on(const Happened&, const World&) override { TH_CHECK(1 + 1 == 3); }
};

}  // namespace

TEST_CASE("a run that is stopped stands at the instant, whatever happens next") {
  Simulation simulation(two_records().plan());
  simulation.run_until(Instant{0} + seconds(30));
  CHECK(simulation.world().now == Instant{0} + seconds(30));
  CHECK(simulation.ended() == RunEnd::running);
  CHECK(simulation.history().stored == 1);
  simulation.run_until(Instant{0} + seconds(10));  // time does not go back
  CHECK(simulation.world().now == Instant{0} + seconds(30));
  simulation.run();
  CHECK(simulation.ended() == RunEnd::drained);
  CHECK(simulation.history().stored == 2);
  CHECK_FALSE(simulation.step());
}

TEST_CASE("the duration ends a run, the last instant included, unless it is ignored") {
  SmallWorld world = two_records();
  world.rest = "duration: 119s\n";
  Simulation ended(world.plan());
  ended.run();
  CHECK(ended.ended() == RunEnd::duration);
  CHECK(ended.world().now == Instant{0} + seconds(119));
  CHECK(ended.history().stored == 1);
  Simulation beyond(world.plan());
  beyond.ignore_duration();
  beyond.run();
  CHECK(beyond.ended() == RunEnd::drained);
  CHECK(beyond.history().stored == 2);
  world.rest = "duration: 2m\n";
  Simulation just_in_time(world.plan());
  just_in_time.run();
  CHECK(just_in_time.history().stored == 2);
}

TEST_CASE("no event may be skipped by standing after it") {
  Simulation simulation(two_records().plan());
  CHECK_THROWS_AS(simulation.stand_at(Instant{1}), InternalError);
  simulation.run_until(Instant{0} + seconds(60));
  simulation.stand_at(Instant{0} + minutes(2));
  CHECK(simulation.world().now == Instant{0} + minutes(2));
  CHECK_THROWS_AS(simulation.stand_at(Instant{0} + minutes(2) + microseconds(1)), InternalError);
}

TEST_CASE("when nothing is left to happen one may wait, to the end of the duration at most") {
  Simulation simulation(two_records().plan());
  simulation.wait_until(Instant{0} + minutes(1));
  CHECK(simulation.world().now == Instant{0});  // something is left
  simulation.run();
  simulation.wait_until(Instant{0} + minutes(30));
  CHECK(simulation.world().now == Instant{0} + minutes(30));
  simulation.wait_until(Instant{0} + hours(5));
  CHECK(simulation.world().now == Instant{0} + hours(1));
}

TEST_CASE("an injected action happens at once, wakes a run that ended, and is in its plan alone") {
  const std::shared_ptr<const Plan> plan = two_records().plan();
  Simulation simulation(plan);
  simulation.run();
  TimelineAction crash;
  crash.kind = ActionKind::crash_poller;
  crash.mapping = MappingId{0};
  const std::uint64_t steps = simulation.world().steps;
  const Instant end = simulation.world().now;
  simulation.inject(crash);
  CHECK(simulation.world().steps == steps + 1);
  CHECK(simulation.plan().timeline.size() == 1);
  CHECK(simulation.plan().timeline[0].at == end);  // not in the past
  CHECK(plan->timeline.empty());
  CHECK(simulation.history().situations.seen().has(Situation::poller_crash));
  simulation.run();
  CHECK(simulation.ended() == RunEnd::drained);
}

TEST_CASE("a step that throws tells when, and leaves the run torn") {
  Simulation simulation(two_records().plan());
  Breaking breaking;
  simulation.watch(breaking);
  CHECK_FALSE(simulation.torn());
  CHECK_THROWS_WITH(simulation.step(),
                    Catch::Matchers::ContainsSubstring("at simulated time 0s, event 1, seed 1"));
  CHECK(simulation.torn());
}

TEST_CASE("a fork is watched by nobody, and keeps what was met and told so far") {
  Simulation simulation(two_records().plan());
  Breaking breaking;
  simulation.run_until(Instant{0} + seconds(30));
  simulation.watch(breaking);
  Simulation fork = simulation.fork();
  CHECK(fork.trace_digest() == simulation.trace_digest());
  CHECK(fork.met() == simulation.met());
  CHECK_NOTHROW(fork.run());
  CHECK(fork.history().stored == 2);
  CHECK(simulation.history().stored == 1);
}
