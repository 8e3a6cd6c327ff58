// A run that was driven by hand, driven again.
#include "sim/run/recipe.hpp"

#include "sim/base/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_world.hpp"

namespace trimhorizon::testing {
namespace {

std::shared_ptr<const Plan> busy_plan() {
  SmallWorld world;
  world.producer = "rate: 100/s\nrecords: 600\n";
  world.function = "fail: [{probability: 20%}]\n";
  world.mapping = "BatchSize: 3\n";
  return world.plan();
}

TimelineAction crash() {
  TimelineAction action;
  action.kind = ActionKind::crash_poller;
  action.mapping = MappingId{0};
  return action;
}

void steps(Simulation& simulation, std::uint64_t n) {
  while (simulation.world().steps < n) REQUIRE(simulation.step());
}

}  // namespace

TEST_CASE("without injections and stop a recipe is a run to the end") {
  Simulation driven(busy_plan());
  drive(driven, {});
  Simulation plain(busy_plan());
  plain.run();
  CHECK(driven.ended() == plain.ended());
  CHECK(driven.trace_digest() == plain.trace_digest());
}

TEST_CASE("injections come after the same steps as by hand, several of them in order") {
  Simulation by_hand(busy_plan());
  Recipe recipe;
  for (const std::uint64_t after : {20, 20, 75}) {
    steps(by_hand, after);
    TimelineAction action = crash();
    action.at = by_hand.world().now;
    by_hand.inject(action);
    recipe.injections.push_back({after, action});
  }
  by_hand.run();
  Simulation driven(busy_plan());
  drive(driven, recipe);
  CHECK(driven.trace_digest() == by_hand.trace_digest());

  recipe.injections.pop_back();
  Simulation without(busy_plan());
  drive(without, recipe);
  CHECK(without.trace_digest() != by_hand.trace_digest());
}

TEST_CASE("a recipe stops after its steps, and time stands where it stood") {
  Simulation by_hand(busy_plan());
  steps(by_hand, 50);
  const Instant now = by_hand.world().now;
  Simulation driven(busy_plan());
  drive(driven, {{}, Stop{50, now}});
  CHECK(driven.world().steps == 50);
  CHECK(driven.world().now == now);
  CHECK(driven.ended() == RunEnd::running);
  CHECK(driven.trace_digest() == by_hand.trace_digest());
  Simulation later(busy_plan());
  drive(later, {{}, Stop{50, now + microseconds(1)}});
  CHECK(later.world().now == now + microseconds(1));
}

TEST_CASE("a recipe of zero steps leaves the run at its beginning") {
  Simulation driven(busy_plan());
  drive(driven, {{}, Stop{0, Instant{0}}});
  CHECK(driven.world().steps == 0);
}

TEST_CASE("progress is told every 256 events on the way to a stop, as a part of the duration") {
  Simulation counted(busy_plan());
  steps(counted, 520);
  std::vector<double> told;
  Simulation driven(busy_plan());
  drive(driven, {{}, Stop{520, counted.world().now}}, [&](double part) { told.push_back(part); });
  REQUIRE(told.size() == 2);
  CHECK(told[0] > 0);
  CHECK(told[0] < told[1]);
  CHECK(told[1] < 1);
}

TEST_CASE("a recipe of more steps than the run has is a bug of ours") {
  Simulation driven(busy_plan());
  CHECK_THROWS_AS(drive(driven, {{}, Stop{1'000'000, Instant{0}}}), InternalError);
}

TEST_CASE("a visit sees everything until its instant, and the run stays the same") {
  Simulation plain(busy_plan());
  plain.run();
  Simulation driven(busy_plan());
  std::vector<std::string> seen;
  Visits visits;
  visits.at = {Instant{-1}, Instant{} + seconds(2), Instant{} + minutes(50), Instant{} + hours(2)};
  visits.visit = [&](std::size_t which) {
    const World& world = driven.world();
    seen.push_back(std::to_string(which) + ": " + std::to_string(world.shards[0].log.end()));
  };
  drive(driven, {}, {}, visits);
  // 100 records a second, the first one after 10 ms; `duration` is an hour.
  CHECK(seen == std::vector<std::string>{"0: 0", "1: 200", "2: 600"});
  CHECK(driven.trace_digest() == plain.trace_digest());
  CHECK(driven.world().now == plain.world().now);
  CHECK(driven.ended() == plain.ended());
}

TEST_CASE("a recipe with injections and a stop is visited at the same instants") {
  TimelineAction action = crash();
  Simulation by_hand(busy_plan());
  by_hand.run_until(Instant{} + seconds(3));
  action.at = by_hand.world().now;
  const std::uint64_t steps_before = by_hand.world().steps;
  by_hand.inject(action);
  by_hand.run_until(Instant{} + seconds(5));
  const Recipe recipe{{{steps_before, action}}, Stop{by_hand.world().steps, by_hand.world().now}};
  Simulation driven(busy_plan());
  std::vector<std::size_t> stored;
  Visits visits;
  visits.at = {Instant{} + seconds(1), Instant{} + milliseconds(2'995), Instant{} + seconds(5),
               Instant{} + seconds(6)};
  visits.visit = [&](std::size_t) { stored.push_back(driven.world().shards[0].log.end()); };
  drive(driven, recipe, {}, visits);
  CHECK(stored == std::vector<std::size_t>{100, 299, 500});
  CHECK(driven.trace_digest() == by_hand.trace_digest());
}

}  // namespace trimhorizon::testing
