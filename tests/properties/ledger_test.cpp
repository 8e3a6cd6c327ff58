// Drawn scenarios: every invariant holds, and the ledger says what a map of everything says.
#include "sim/history/result_builder.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/drawn_scenario.hpp"
#include "tests/support/naive_ledger.hpp"
#include "tests/support/rapidcheck.hpp"
#include "tests/support/rule_watch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// More events than any drawn scenario has reason for: something does not come to an end.
constexpr std::uint64_t steps_max = 300'000;

void run_to_the_end(Simulation& simulation, const Scenario& scenario) {
  for (std::uint64_t i = 0; simulation.step(); ++i) {
    if (i == steps_max) RC_FAIL("this run does not end" + described(scenario));
  }
}

void check_run(Simulation& simulation, const Scenario& scenario) {
  NaiveLedger naive;
  RuleWatch rules;
  simulation.watch(naive);
  simulation.watch(rules);
  run_to_the_end(simulation, scenario);
  if (!rules.complaints().empty()) RC_FAIL(rules.text() + described(scenario));
  const std::string differences =
      naive.differences(simulation.world(), simulation.history(), build_result(simulation, {}));
  if (!differences.empty()) RC_FAIL(differences + described(scenario));
}

}  // namespace

TEST_CASE("the ledger agrees with a map of everything") {
  check_property("seeded runs", [] {
    const Scenario scenario = drawn_scenario(true);
    Simulation simulation(make_plan(scenario));
    check_run(simulation, scenario);
  });
}

TEST_CASE("and under faults at every site") {
  check_property("runs with faults", [] {
    const Scenario scenario = drawn_scenario(true);
    DrawnFaults faults(scenario.seed, *rc::gen::inRange(0u, 30u));
    ModelledFunction function;
    Simulation simulation(make_plan(scenario), faults, function);
    check_run(simulation, scenario);
  });
}
