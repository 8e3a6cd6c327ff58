// A run in the making: who answers it, and what a copy of it would be.
#include "sim/run/simulation.hpp"

#include <type_traits>

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
