// An invocation starts, and ends: environments, effects, and what is handed to the function next.
#include "sim/base/diagnostic.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/world/first_world.hpp"
#include "sim/world/step.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// Keeps what is told of calls: how they began, how they ended.
class CallWatch : public Observer {
 public:
  std::vector<Delivered> began;
  struct End {
    std::uint64_t call = 0;
    Instant at;
    Duration took;
    bool stale = false;
    DeliveryReason replaced_by = DeliveryReason::first;
  };
  std::vector<End> ended;

  void on(const Happened& event, const World&) override {
    if (const auto* e = std::get_if<Delivered>(&event.what)) began.push_back(*e);
    if (const auto* e = std::get_if<Ended>(&event.what)) {
      ended.push_back({e->call.value, event.at, e->took, e->stale, e->replaced_by});
    }
  }
};

void watch(const Story& story, CallWatch& calls) {
  Simulation simulation(make_plan(story.scenario()));
  simulation.watch(calls);
  simulation.run();
}

}  // namespace

TEST_CASE("attempts count the batch object; a split makes new ones without a past [ESM-BIS-02]") {
  CallWatch calls;
  watch(story().records(2).poison("r1").retries(1).bisect(), calls);
  std::string attempts;
  std::string retries;
  for (const Delivered& each : calls.began) {
    attempts += std::to_string(each.attempt) + " ";
    retries += each.retry ? "yes " : "no ";
  }
  CHECK(attempts == "1 1 1 2 ");
  CHECK(retries == "no no no yes ");
  CHECK(calls.began[1].reason == DeliveryReason::bisect);
}

TEST_CASE("what a call took is its work, without the cold start before it [LAM-CON-09]") {
  CallWatch calls;
  watch(story().records(2).batch(1).cold_start(2_s).work(300_ms), calls);
  REQUIRE(calls.ended.size() == 2);
  CHECK(calls.began[0].cold);
  CHECK_FALSE(calls.began[1].cold);
  CHECK(calls.ended[0].at == Instant{0} + 2'300_ms);
  CHECK(calls.ended[0].took == 300_ms);
  CHECK(calls.ended[1].at == Instant{0} + 2'600_ms);
}

TEST_CASE("the end of a crashed poller's call is stale, and says why [ESM-CHK-09]") {
  CallWatch calls;
  watch(story().records(1).work(2_s).crash(1_s), calls);
  REQUIRE(calls.ended.size() == 2);
  CHECK(calls.ended[0].call == 1);
  CHECK(calls.ended[0].stale);
  CHECK(calls.ended[0].replaced_by == DeliveryReason::poller_crash);
  CHECK_FALSE(calls.ended[1].stale);
}

TEST_CASE("places of calls that have ended are used again") {
  const Told told = story().records(50).batch(1).tell();
  CHECK(told.calls.size() == 50);
  CHECK(told.world().invocations.size() == 1);
  const Told crashed = story().records(1).work(2_s).crash(1_s).tell();
  CHECK(crashed.world().invocations.size() == 2);
}

TEST_CASE(
    "the first half is handed to the function first, directly and without a wait [ESM-BIS-08]") {
  const Told told = story().records(4).poison("r3").retries(0).bisect().destination().tell();
  CHECK(told.invocations() == "[0-3][0-1][2-3][2][3]");
  CHECK(told.schedule() == "0s[0-3] 0.1s[0-1] 0.2s[2-3] 0.3s[2] 0.4s[3]");
}

TEST_CASE("back-off grows with each retry of a batch and starts again with the next [ESM-RTY-06]") {
  const Told told = story().records(2).batch(1).retries(2).fail({}).tell();
  CHECK(told.schedule() == "0s[0] 0.3s[0] 0.8s[0] 0.9s[1] 1.2s[1] 1.7s[1]");
}

TEST_CASE("an invocation without duration that fails does not stop time") {
  const Told told = story().records(1).work(0_s).fail({}).backoff({.on = false}).retries(3).tell();
  CHECK(told.calls.size() == 4);
  CHECK(told.calls[3].at > told.calls[0].at);
}

TEST_CASE("a batch that is tried ten million times, with no end in sight, ends the run") {
  const Story told = story().records(1).work(Duration{100}).fail({}).backoff({.on = false});
  World world = first_world(make_plan(told.scenario()));
  SeededChoices choices{1, 0};
  ModelledFunction function;
  Outside outside{choices, function};
  const auto attempts = [&]() -> std::uint32_t& {
    return world.readers.at(0).lanes.at(0).ranges.at(0).attempts;
  };
  while (world.last_call.value == 0) step(world, outside);
  attempts() = 9'999'998;
  while (world.last_call.value < 3) step(world, outside);
  CHECK(attempts() == 10'000'000);
  step(world, outside);  // it fails once more
  try {
    step(world, outside);
    FAIL("the attempt after ten million was made");
  } catch (const HintedError& error) {
    CHECK(std::string(error.what()) ==
          "billing-orders on shardId-000000000000 has tried one batch 10,000,000 times until "
          "0.0003s of simulated time, and goes on");
    CHECK(error.hint() ==
          "give it a back-off, or MaximumRetryAttempts, or a longer duration of its function");
  }
}
