// What is said about a violation: the decisions, the story, the point of no return, what each fault
// is needed for, and the loop of a run that never ends.
#include "sim/experiment/run_scenario.hpp"
#include "sim/explore/replayed.hpp"
#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("without retries and destination one failure loses a record") {
  const ExploreReport report = explored(one_record(), sites({Site::function_error}), 2);
  CHECK(report.verdict == Verdict::violated);
  CHECK(report.verdict_words == "VIOLATED (1 fault, minimum)");
  const FoundViolation found = only(report);
  CHECK(found.property == "no_loss");
  CHECK(found.decisions == Lines{"invocation 1 on shard 0 fails at r0"});
  REQUIRE(found.stories.size() == 1);
  CHECK(found.stories[0].record == "r0");
  CHECK(found.stories[0].lines ==
        Lines{"0s  r0 is put", "1s  invocation 1 on shard 0 gets r0",
              "1s  fault 1: invocation 1 on shard 0 fails at r0",
              "1.1s  invocation 1 ends in error, no work is done",
              "1.1s  r0 is given up after the last attempt; no destination has it",
              "1.1s  the checkpoint passes r0"});
  CHECK(found.stories[0].point_of_no_return == 3);
  REQUIRE(found.without.size() == 1);
  CHECK(found.without[0].judged == Standing::holds);
  CHECK(found.without[0].instead == "r0 has 1 effect");
}

TEST_CASE("with one retry two failures lose it, and the second is the point of no return") {
  Story s = one_record();
  s.retries(1);
  CHECK(explored(s, sites({Site::function_error}), 1).verdict_words ==
        "HOLDS for all schedules with at most 1 fault");
  const ExploreReport report = explored(s, sites({Site::function_error}), 3);
  const FoundViolation found = only(report);
  CHECK(found.faults == 2);
  const RecordStory& story = found.stories[0];
  REQUIRE(story.point_of_no_return > 0);
  CHECK(story.lines[story.point_of_no_return - 1] ==
        "1.3s  fault 2: invocation 2 on shard 0 fails at r0");
  REQUIRE(found.without.size() == 2);
  CHECK(found.without[0].judged == Standing::holds);
  CHECK(found.without[1].judged == Standing::holds);
  CHECK(found.near_miss ==
        "without fault 2 everything is the same until invocation 2 succeeds, its work is done; r0 "
        "has 1 "
        "effect");
}

TEST_CASE("the point of no return of a duplicate is the crash, not the second delivery") {
  const ExploreReport report =
      explored(one_record(), sites({Site::poller_crash}), 1, {"at_most_once"});
  const RecordStory story = only(report).stories[0];
  REQUIRE(story.point_of_no_return > 0);
  CHECK(story.lines[story.point_of_no_return - 1] ==
        "1.1s  fault 1: the poller of shard 0 crashes after invocation 1, before its checkpoint");
}

TEST_CASE("with free batch sizes the point of no return is looked for over all of them") {
  // A batch of one that fails costs one record, a batch of two both: free choices alone save none
  // of what has failed, but the failure of r0 leaves r1 to be saved.
  Story s;
  s.record("r0", "a").record("r1", "a").batch(2).retries(0).created(1_s);
  Scenario scenario = s.scenario();
  scenario.explore = {1, sites({Site::function_error}), true, {"no_loss"}};
  const ExploreReport report = explore_scenario(scenario);
  const FoundViolation found = only(report);
  for (const RecordStory& story : found.stories) {
    REQUIRE(story.point_of_no_return > 0);
    CHECK(story.lines[story.point_of_no_return - 1].find("fault 1") != std::string::npos);
  }
}

TEST_CASE("every violated record has its story") {
  Story s;
  s.record("r0", "a").record("r1", "b").record("r2", "a").batch(3).retries(0).created(1_s);
  const FoundViolation found = only(explored(s, sites({Site::function_error}), 1, {"no_loss"}));
  REQUIRE(found.stories.size() == 3);
  CHECK(found.stories[0].record == "r0");
  CHECK(found.stories[2].record == "r2");
}

TEST_CASE("a violation that needs no fault says so") {
  Story s = one_record();
  s.poison("r0");
  const ExploreReport report = explored(s, sites({Site::function_error}), 1);
  const FoundViolation found = only(report);
  CHECK(found.faults == 0);
  CHECK(found.decisions.empty());
  CHECK(report.verdict_words == "VIOLATED (0 faults, minimum)");
  CHECK(found.stories[0].point_of_no_return == 1);
}

TEST_CASE("a counterexample longer than `duration` is told, replayed and run to its end") {
  Story s;
  s.record("r0", "a").poison("r0").retries(300).created(1_s);
  const FoundViolation found = only(explored(s, sites({Site::function_error}), 1));
  CHECK(found.faults == 0);
  CHECK(found.stories[0].lines.back() == "1h 14m 11.5s  the checkpoint passes r0");
  const auto scenario = found_scenario(s.scenario(), found);
  const Replayed replayed = replay_decisions(*scenario, std::nullopt);
  CHECK(replayed.matches);
  CHECK(replayed.at_rest);
  CHECK(run_scenario(scenario).result.lost == 1);
  ExploreRequest random;
  random.random = 5;
  CHECK(fewest(explored(s, sites({Site::function_error}), 1, {}, random), "no_loss") == 0);
}

TEST_CASE("a fault after `duration` is told, and its counterfactual comes to rest") {
  Story s;
  s.record("r0", "a").record("r1", "a", 5_s).retries(0).lasts(1_s).throttle(4_s, 7200_s);
  const FoundViolation found = only(explored(s, sites({Site::function_error}), 1));
  CHECK(found.faults == 1);
  CHECK(found.without[0].judged == Standing::holds);
  CHECK(replay_decisions(*found_scenario(s.scenario(), found), std::nullopt).matches);
}

TEST_CASE("a counterfactual that does not come to rest is judged only where nothing can mend it") {
  // Retention takes the poison record: without that fault the run never ends.
  Story poison;
  poison.record("r0", "a").poison("r0").created(1_s);
  const FoundViolation found = only(explored(poison, sites({Site::trim}), 1, {"no_loss"}));
  CHECK(found.faults == 1);
  CHECK(found.without[0].judged == Standing::not_judged);
  CHECK(found.without[0].instead == "r0 has no effect, and that run does not end");
  CHECK(found.near_miss.empty());
  Story second;
  second.record("r0", "a").record("r1", "a").batch(1).poison("r1").created(1_s);
  const SiteSet open = sites({Site::poller_crash, Site::trim});
  const FoundViolation twice = only(explored(second, open, 2, {"at_most_once"}));
  CHECK(twice.faults == 2);
  CHECK(twice.without[1].judged == Standing::broken);
  CHECK(twice.without[1].instead == "r0 has 2 effects, and that run does not end");
}

TEST_CASE("a throttle names the shard and the records that wait") {
  Story s;
  s.record("r0", "a").age(60).throttle_backoff({true, 70_s, 1'000, 70_s}).retries(0);
  const FoundViolation found = only(explored(s, sites({Site::throttle}), 1));
  REQUIRE(found.decisions.size() == 1);
  CHECK(found.decisions[0].find(" on shard 0 with r0 is throttled") != std::string::npos);
}

}  // namespace trimhorizon::testing
