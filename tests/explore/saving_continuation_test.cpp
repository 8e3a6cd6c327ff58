#include "sim/explore/saving_continuation.hpp"

#include "tests/explore/witnessed.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

// Moments of a run, and whether no_loss can still hold from each of them on.
struct Chances {
  std::vector<std::optional<bool>> as_it_is;       // before each step
  std::vector<std::optional<bool>> after_a_fault;  // the next step's first question gets 1
};

Chances chances(const Story& story, SiteSet open, std::vector<std::uint32_t> answers = {}) {
  const auto plan = exploring_plan(story, open);
  const RecordIndex index(*plan);
  ExploreOptions options;
  options.sites = open;
  options.faults = 1;
  options.any_batch_size = open.has(Site::batch_size);
  SavingContinuation saving(
      plan, index, options, [](const OutcomeMonitor& end) { return holds(Property::no_loss, end); },
      std::nullopt);
  Chances found;
  const auto look = [&](const Simulation& run, OutcomeMonitor& monitor) {
    OutcomeMonitor copy = monitor;
    found.as_it_is.push_back(saving.exists(run.world(), copy));
    if (!run.world().events.empty()) {
      found.after_a_fault.push_back(saving.exists_after(run.world(), monitor, {1}, open));
    }
    return run.world().steps < 200;
  };
  ListedChoices choices(std::move(answers), open);
  WitnessOptions watching;
  watching.before_first = look;
  watching.after_step = look;
  run_witness(plan, index, choices, watching);
  return found;
}

std::size_t hopeless(const std::vector<std::optional<bool>>& moments) {
  std::size_t count = 0;
  for (const std::optional<bool>& each : moments) count += each == false ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("while no fault is taken all can turn out well; the one that loses the record ends it") {
  const Chances found = chances(one_record(), failing);
  REQUIRE(found.as_it_is.size() > 3);
  CHECK(hopeless(found.as_it_is) == 0);
  CHECK(hopeless(found.after_a_fault) == 1);  // the step that asks whether the invocation fails
  CHECK(hopeless(chances(one_record().retries(1), failing).after_a_fault) == 0);
}

TEST_CASE("after the fault nothing helps from there to the end, its end included") {
  const Chances found = chances(one_record(), failing, {1});
  REQUIRE(found.as_it_is.size() > 3);
  CHECK(found.as_it_is.front() == true);
  CHECK(found.as_it_is.back() == false);
  bool was_hopeless = false;
  for (const std::optional<bool>& each : found.as_it_is) {
    CHECK_FALSE((was_hopeless && each != false));
    was_hopeless = was_hopeless || each == false;
  }
}

TEST_CASE("a continuation that never comes to rest saves nothing") {
  const Chances found = chances(one_record().retries(-1).poison("r0"), failing);
  CHECK(found.as_it_is.front() == false);
}

TEST_CASE("a free choice may save what the ordinary course loses") {
  FailRule at_first;
  at_first.records = {"r1"};
  at_first.until = Instant{0} + 1050_ms;
  Story s = one_record();
  s.record("r1", "a").batch(2).fail(at_first);
  CHECK(chances(s, {}).as_it_is.front() == false);
  // In a batch of its own, after r0, it comes when nothing fails any more.
  CHECK(chances(s, sites({Site::batch_size})).as_it_is.front() == true);
}

}  // namespace trimhorizon::testing
