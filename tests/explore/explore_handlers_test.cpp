// Exploring with functions of one's own: as a table where they are functions of their event, run by
// run where they remember, and never with a memory that stays.
#include <map>
#include <set>

#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

std::string id_of(const HandlerCall& call, Position p) {
  return call.world.plan->record_id(call.world.shard(call.records.shard).log.record(p));
}

// Does each record once, as long as it remembers.
struct Idempotent {
  std::set<std::string> seen;

  HandlerAnswer operator()(const HandlerCall& call) {
    HandlerAnswer answer = done();
    answer.reports_effects = true;
    for (Position p = call.records.first(); p < call.records.span.end; ++p) {
      if (!seen.insert(id_of(call, p)).second) continue;
      answer.effects.push_back(static_cast<std::uint32_t>(p - call.records.first()));
    }
    return answer;
  }
};

ExploreReport explored_with(const Story& story, SiteSet open, std::uint32_t faults,
                            const std::vector<std::string>& properties, const OwnHandlers& own) {
  ExploreRequest request;
  request.own = &own;
  return explored(story, open, faults, properties, request);
}

OwnHandlers own(HandlerFunction call) {
  OwnHandlers handlers;
  handlers.functions.push_back({"billing", std::move(call)});
  handlers.how_to_forget = "make a new one";
  return handlers;
}

Story three_records() { return story().records(3).batch(2).retries(1).destination(); }

const SiteSet all_five =
    sites({Site::function_error, Site::poller_crash, Site::ack_lost, Site::trim});

bool has_note(const ExploreReport& report, const std::string& words) {
  for (const std::string& note : report.notes) {
    if (note.find(words) != std::string::npos) return true;
  }
  return false;
}

std::string refused(const Story& story, const OwnHandlers& handlers) {
  try {
    explored_with(story, all_five, 1, {"at_most_once"}, handlers);
  } catch (const ExploreError& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
  return "not refused";
}

}  // namespace

TEST_CASE("a handler that does what the modelled function does has the same ways to end") {
  const OwnHandlers plain = own([](const HandlerCall&) { return done(); });
  const ExploreReport modelled = explored(three_records(), all_five, 2, {"no_loss"});
  const ExploreReport called = explored_with(three_records(), all_five, 2, {"no_loss"}, plain);
  CHECK(endings(called) == endings(modelled));
  CHECK(called.verdict == modelled.verdict);
  CHECK(has_note(called, "its answers were always the same"));
}

TEST_CASE("a handler that raises at a record has the ways to end of a poison record") {
  const OwnHandlers raises = own([](const HandlerCall& call) {
    HandlerAnswer answer = done();
    for (Position p = call.records.first(); p < call.records.span.end; ++p) {
      if (id_of(call, p) == "r1") {
        answer.end = InvocationEnd::error;
        answer.reports_effects = true;
        break;
      }
      answer.effects.push_back(static_cast<std::uint32_t>(p - call.records.first()));
    }
    return answer;
  });
  const Story poisoned = three_records().poison("r1");
  for (const bool bisect : {false, true}) {
    Story with = poisoned;
    Story without = three_records();
    if (bisect) with.bisect(), without.bisect();
    CHECK(endings(explored_with(without, all_five, 2, {"no_loss"}, raises)) ==
          endings(explored(with, all_five, 2, {"no_loss"})));
  }
}

TEST_CASE("run by run finds what a table finds") {
  // A memory that changes nothing: the first call of a run sleeps, which is not an outcome.
  bool called = false;
  OwnHandlers sleeper = own([&](const HandlerCall&) {
    HandlerAnswer answer = done();
    if (!called) answer.slept = milliseconds(1);
    called = true;
    return answer;
  });
  sleeper.forget = [&] { called = false; };
  sleeper.forgetful = {"billing"};
  const OwnHandlers plain = own([](const HandlerCall&) { return done(); });
  for (const char* property : {"no_loss", "at_most_once", "order_first"}) {
    const ExploreReport table = explored_with(three_records(), all_five, 2, {property}, plain);
    const ExploreReport runs = explored_with(three_records(), all_five, 2, {property}, sleeper);
    CHECK(runs.whole_runs);
    CHECK(endings(runs) == endings(table));
    CHECK(fewest(runs, property) == fewest(table, property));
  }
}

TEST_CASE("idempotency with fresh memory holds where a plain handler does twice") {
  Idempotent memory;
  OwnHandlers remembers = own([&](const HandlerCall& call) { return memory(call); });
  remembers.forget = [&] { memory.seen.clear(); };
  remembers.forgetful = {"billing"};
  const OwnHandlers plain = own([](const HandlerCall&) { return done(); });
  const SiteSet crash = sites({Site::poller_crash});
  CHECK(fewest(explored_with(three_records(), crash, 2, {"at_most_once"}, plain), "at_most_once") ==
        1);
  const ExploreReport found = explored_with(three_records(), crash, 2, {"at_most_once"}, remembers);
  CHECK(found.verdict == Verdict::holds);
  CHECK(found.complete_through == 2);
  CHECK(has_note(found, "it depends on what it remembers"));
  CHECK(has_note(found, "every run started from the beginning"));
}

TEST_CASE("a violation found run by run is told with its point of no return") {
  // Does every record once, but forgets when a batch fails.
  Idempotent memory;
  OwnHandlers forgets = own([&](const HandlerCall& call) {
    if (call.records.count == 1) memory.seen.clear();
    return memory(call);
  });
  forgets.forget = [&] { memory.seen.clear(); };
  forgets.forgetful = {"billing"};
  const ExploreReport found =
      explored_with(three_records(), sites({Site::function_error}), 3, {"at_most_once"}, forgets);
  REQUIRE(found.verdict == Verdict::violated);
  CHECK(found.violations[0].stories[0].point_of_no_return > 0);
  CHECK(found.violations[0].without.size() == found.violations[0].faults);
}

TEST_CASE("a memory that stays is refused, whether it was said or is found out") {
  Idempotent stays;
  const OwnHandlers unsaid = own([&](const HandlerCall& call) { return stays(call); });
  CHECK(refused(three_records(), unsaid) ==
        "the handler of billing gave another result when it received r0 and r1 again: its effects: "
        "r0 and r1, then none; it depends on what it remembers | make a new one");
  Idempotent lies;
  OwnHandlers said = own([&](const HandlerCall& call) { return lies(call); });
  said.forgetful = {"billing"};
  const std::string words = refused(three_records(), said);
  CHECK(words.find("its memory stays between two runs: the same calls had other results") !=
        std::string::npos);
  // Forgets once too little: noticed in the runs themselves.
  Idempotent forgets_twice;
  int forgotten = 0;
  OwnHandlers at_first = own([&](const HandlerCall& call) { return forgets_twice(call); });
  at_first.forget = [&] {
    if (++forgotten <= 3) forgets_twice.seen.clear();
  };
  at_first.forgetful = {"billing"};
  CHECK(refused(three_records(), at_first).find("its memory stays between two runs: ") !=
        std::string::npos);
}

TEST_CASE("a run without end is shown as a loop, run by run as well") {
  bool called = false;
  OwnHandlers never = own([&](const HandlerCall&) {
    HandlerAnswer answer = done();
    answer.end = InvocationEnd::error;
    if (!called) answer.slept = milliseconds(1);
    called = true;
    return answer;
  });
  never.forget = [&] { called = false; };
  never.forgetful = {"billing"};
  const ExploreReport found =
      explored_with(story().records(1).batch(1), sites({Site::trim}), 1, {"quiescence"}, never);
  REQUIRE(found.violations.size() == 1);
  CHECK(found.violations[0].property == "quiescence");
  CHECK_FALSE(found.violations[0].loop.empty());
}

TEST_CASE("a name that no function has is refused with the nearest") {
  OwnHandlers handlers = own([](const HandlerCall&) { return done(); });
  handlers.functions[0].name = "biling";
  CHECK_THROWS_AS(explored_with(three_records(), all_five, 1, {}, handlers), SessionError);
}

}  // namespace trimhorizon::testing
