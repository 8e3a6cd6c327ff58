#include "sim/explore/fresh_search.hpp"

#include "tests/explore/witnessed.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

ExploreOptions options_with(FreshHandlers& handlers, std::uint32_t faults) {
  ExploreOptions options;
  options.sites = failing;
  options.faults = faults;
  options.properties = {Property::no_loss};
  options.handlers = options.fresh = &handlers;
  return options;
}

Exploration search(const Story& story, std::uint32_t faults, std::uint64_t runs = 0) {
  FreshHandlers modelled([] {});
  ExploreOptions options = options_with(modelled, faults);
  options.states = runs;
  const auto plan = exploring_plan(story, failing);
  return search_from_the_beginning(plan, RecordIndex(*plan), options, modelled);
}

// Sleeps longer each time; `forget` resets it.
struct Sleeper {
  int calls = 0;

  HandlerAnswer operator()(const HandlerCall&) {
    HandlerAnswer answer;
    answer.response = "null";
    answer.slept = milliseconds(++calls);
    return answer;
  }
};

}  // namespace

TEST_CASE("each schedule is one run: none, a failure before the record, a failure after it") {
  const Exploration found = search(one_record(), 1);
  CHECK(found.states == 3);
  CHECK(found.complete);
  CHECK(found.complete_through == 1);
  CHECK(found.taken == failing);
  REQUIRE(found.outcomes.size() == 2);
  CHECK(found.outcomes[0].minimum_faults == 0);
  CHECK(found.outcomes[1].minimum_faults == 1);
  CHECK(found.outcomes[1].end.lost == std::vector<std::uint32_t>{0});
  CHECK(search(one_record().retries(1), 2).states == 1 + 2 + 4);
}

TEST_CASE("the witness is the earliest and smallest of those with the fewest faults") {
  Story s = one_record();
  s.record("r1", "a").record("r2", "a");
  const Exploration found = search(s, 2);
  REQUIRE(found.violations.size() == 1);
  CHECK(found.violations[0].minimum_faults == 1);
  CHECK(found.violations[0].answers == std::vector<std::uint32_t>{1});
}

TEST_CASE("a bound on runs leaves its layer incomplete, with the outcomes of whole layers") {
  const Exploration found = search(one_record(), 1, 2);
  CHECK(found.states == 2);
  CHECK_FALSE(found.complete);
  CHECK(found.complete_through == 0);
  CHECK(found.outcomes.size() == 1);
}

TEST_CASE("a run that comes to the same state again and again is a loop") {
  const Exploration found = search(one_record().retries(-1).poison("r0"), 0);
  CHECK(found.outcomes.empty());
  REQUIRE(found.loops.size() == 1);
  CHECK(found.loops[0].minimum_faults == 0);
  CHECK(found.transitions < 1'000);
}

TEST_CASE("a memory that stays is noticed, fresh memory is not in the way") {
  const auto plan = exploring_plan(one_record(), failing);
  const RecordIndex index(*plan);
  Sleeper fresh;
  FreshHandlers forgets([&] { fresh.calls = 0; });
  forgets.answer_with({0}, [&](const HandlerCall& call) { return fresh(call); });
  const ExploreOptions options = options_with(forgets, 1);
  CHECK(undisturbed_run(plan, index, options, forgets) ==
        undisturbed_run(plan, index, options, forgets));
  CHECK(search_from_the_beginning(plan, index, options, forgets).complete);
  Sleeper stays;
  FreshHandlers remembers([] {});
  remembers.answer_with({0}, [&](const HandlerCall& call) { return stays(call); });
  const ExploreOptions stale = options_with(remembers, 1);
  CHECK(undisturbed_run(plan, index, stale, remembers) !=
        undisturbed_run(plan, index, stale, remembers));
  CHECK_THROWS_AS(search_from_the_beginning(plan, index, stale, remembers), MemoryNotFresh);
}

}  // namespace trimhorizon::testing
