#include "sim/explore/fresh_handlers.hpp"

#include "sim/run/simulation.hpp"
#include "tests/explore/witnessed.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

// What the functions came to in a run from its beginning.
std::uint64_t rolling_of_run(FreshHandlers& handlers, int records = 4) {
  Story s;
  s.records(records).batch(2);
  ListedChoices choices({}, {});
  handlers.begin_run();
  Simulation simulation(exploring_plan(s), choices, handlers);
  simulation.run();
  return handlers.rolling();
}

}  // namespace

TEST_CASE("every run begins with fresh memory, and with functions that are asked again") {
  int forgotten = 0;
  int calls = 0;
  FreshHandlers handlers([&] { ++forgotten; });
  handlers.answer_with({0}, [&](const HandlerCall&) {
    ++calls;
    return done();
  });
  const std::uint64_t first = rolling_of_run(handlers);
  CHECK(forgotten == 1);
  CHECK(calls == 2);
  CHECK(rolling_of_run(handlers) == first);
  CHECK(forgotten == 2);
  CHECK(calls == 4);
  handlers.begin_run();
  CHECK(handlers.rolling() == 0);
}

TEST_CASE("what a function came to is in the hash: its end, its time, its effects, how often") {
  const auto rolling_with = [](HandlerAnswer answer, int records = 2) {
    FreshHandlers handlers([] {});
    handlers.answer_with({0}, [answer, first = true](const HandlerCall&) mutable {
      const HandlerAnswer now = first ? answer : done();
      first = false;
      return now;
    });
    return rolling_of_run(handlers, records);
  };
  const std::uint64_t plain = rolling_with(done());
  CHECK(plain != 0);
  CHECK(rolling_with(done()) == plain);
  HandlerAnswer failed = done();
  failed.end = InvocationEnd::error;
  CHECK(rolling_with(failed) != plain);
  HandlerAnswer slept = done();
  slept.slept = milliseconds(1);
  CHECK(rolling_with(slept) != plain);
  HandlerAnswer idle = done();
  idle.reports_effects = true;
  CHECK(rolling_with(idle) != plain);
  HandlerAnswer one = idle;
  one.effects = {1};
  CHECK(rolling_with(one) != rolling_with(idle));
  CHECK(rolling_with(done(), 3) != plain);
}

TEST_CASE("only functions that were given are the user's own") {
  FreshHandlers handlers([] {});
  handlers.answer_with({1}, [](const HandlerCall&) { return done(); });
  handlers.begin_run();
  CHECK_FALSE(handlers.is_own({0}));
  CHECK(handlers.is_own({1}));
}

}  // namespace trimhorizon::testing
