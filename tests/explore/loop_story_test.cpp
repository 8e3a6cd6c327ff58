// A run that never ends, told as what leads into its loop and one turn of it.
#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a poison record with endless retries is told as stem and loop") {
  Story s;
  s.record("r0", "a").record("r1", "a").batch(2).poison("r1").created(1_s);
  const ExploreReport report =
      explored(s, sites({Site::function_error}), 1, {"no_loss", "quiescence"});
  const FoundViolation found = only(report);
  CHECK(found.property == "quiescence");
  CHECK(found.faults == 0);
  CHECK(found.stories[0].lines.front() == "0s  r0 is put");
  CHECK(found.loop == Lines{"1.3s  invocation 2 on shard 0 gets r0 and r1, attempt 2",
                            "1.4s  invocation 2 ends in error, the work for 1 of 2 is done"});
  CHECK(report.outcomes.empty());
}

TEST_CASE("when no run ends nothing was judged, so the loop is a violation without being asked") {
  Story s;
  s.record("r0", "a").batch(1).poison("r0").created(1_s);
  const ExploreReport report = explored(s, sites({Site::function_error}), 1);
  CHECK(only(report).property == "quiescence");
  // With `trim` some runs do come to rest.
  const ExploreReport some = explored(s, sites({Site::trim}), 1, {"at_most_once"});
  CHECK(some.violations.empty());
  REQUIRE(some.loops.size() == 1);
  CHECK(some.loops[0].faults == 0);
}

TEST_CASE("a loop that needs a fault has it in its stem") {
  // Whatever fails after the first attempt fails for ever.
  Story s;
  FailRule again;
  again.records = {"r0"};
  again.attempts = {2, 3};
  s.record("r0", "a").batch(1).created(1_s).backoff({true, 500_ms, 1'000, 500_ms}).fail(again);
  const ExploreReport holds = explored(s, sites({Site::function_error}), 1, {"quiescence"});
  CHECK(holds.violations.empty());
  again.attempts.clear();
  again.from = Instant{0} + 1200_ms;
  Story late;
  late.record("r0", "a").batch(1).created(1_s).fail(again);
  const ExploreReport report = explored(late, sites({Site::function_error}), 1, {"quiescence"});
  const FoundViolation found = only(report);
  CHECK(found.faults == 1);
  CHECK(found.decisions == Lines{"invocation 1 on shard 0 fails at r0"});
  CHECK_FALSE(found.loop.empty());
}

TEST_CASE("a literal sequence number in the answer does not hide the loop") {
  Story s;
  s.record("r0", "a").record("r1", "a").batch(3).report().created(1_s).returns(
      R"({"batchItemFailures": [)"
      R"({"itemIdentifier": "49670424472731169861061894383144094351084855353575211010"}]})");
  const ExploreReport report = explored(s, sites({Site::function_error}), 1);
  CHECK(only(report).property == "quiescence");
  CHECK(report.states < 100);
}

}  // namespace trimhorizon::testing
