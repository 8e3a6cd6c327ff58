#include "sim/explore/replayed.hpp"

#include "sim/experiment/run_scenario.hpp"
#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::testing {
namespace {

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what is found replays, as a token and as a scenario that is run") {
  Story s;
  s.record("r0", "a").record("r1", "a").record("r2", "a").batch(2).retries(1).created(1_s);
  const ExploreReport report =
      explored(s, sites({Site::function_error, Site::poller_crash, Site::ack_lost}), 2,
               {"no_loss", "at_most_once", "order_regress"});
  REQUIRE(report.violations.size() == 3);
  for (const FoundViolation& found : report.violations) {
    const auto scenario = found_scenario(s.scenario(), found);
    const Replayed replayed = replay_decisions(*scenario, std::nullopt);
    CHECK(replayed.matches);
    CHECK(replayed.decisions == found.decisions);
    const ScenarioRun run = run_scenario(scenario);
    if (found.property == "no_loss") CHECK(run.result.lost > 0);
    if (found.property == "at_most_once") CHECK(run.result.duplicates > 0);
  }
}

TEST_CASE("decisions of another scenario drift, with what was expected and what came") {
  Story s = one_record();
  const ExploreReport report = explored(s, sites({Site::function_error}), 1);
  Story other = one_record();
  other.record("r1", "a").batch(2);
  const Replayed replayed =
      replay_decisions(*found_scenario(other.scenario(), only(report)), std::nullopt);
  CHECK_FALSE(replayed.matches);
  CHECK(replayed.drift ==
        "decision 1 at question 1\n"
        "  expected: function_error of entity 0, number 1, 3 answers\n"
        "  got:      function_error of entity 0, number 1, 4 answers");
}

TEST_CASE("a replay has the decisions, the story and what it breaks, for how many records") {
  Story s;
  s.record("r0", "a").record("r1", "a").batch(2).retries(0).created(1_s);
  const FoundViolation found = only(explored(s, sites({Site::function_error}), 1));
  const Replayed replayed = replay_decisions(*found_scenario(s.scenario(), found), std::nullopt);
  CHECK(replayed.at_rest);
  CHECK(replayed.questions > 0);
  CHECK(replayed.broken == Lines{"no_loss (r0 and r1)", "all_processed (r0 and r1)"});
  const std::string text = replayed_text(replayed);
  CHECK(text.starts_with("MATCH: 1 decision at "));
  CHECK(contains(text, "  1. " + found.decisions[0] + "\n"));
  CHECK(contains(text, "no_loss (r0 and r1)"));
}

TEST_CASE("a token that is damaged is refused, one of no decision breaks nothing") {
  Scenario scenario = one_record().scenario();
  scenario.decisions = "th1:AAAA";
  CHECK_THROWS_AS(replay_decisions(scenario, std::nullopt), TokenError);
  Replayed nothing;
  nothing.matches = nothing.at_rest = true;
  CHECK_FALSE(contains(replayed_text(nothing), "broken at"));
  nothing.at_rest = false;
  CHECK(contains(replayed_text(nothing),
                 "when the replay stopped, something was still left to happen"));
}

TEST_CASE("of a run that never comes to rest two hundred lines are told") {
  Story s;
  s.record("r0", "a").poison("r0").created(1_s).backoff({true, 1_s, 1'000, 1_s});
  const FoundViolation found = only(explored(s, sites({Site::function_error}), 0, {"quiescence"}));
  const Replayed replayed = replay_decisions(*found_scenario(s.scenario(), found), std::nullopt);
  CHECK(replayed.matches);
  CHECK_FALSE(replayed.at_rest);
  CHECK(replayed.broken == Lines{"quiescence (it repeats itself and never ends)"});
  CHECK(contains(replayed_text(replayed), "broken: quiescence"));
  REQUIRE(replayed.story.size() == 201);
  CHECK(contains(replayed.story.back(), "more"));
}

TEST_CASE("a run without end is told to break quiescence, though `duration` stops its replay") {
  Story s;
  s.record("r0", "a").poison("r0").created(1_s).lasts(3_s);
  const FoundViolation found = only(explored(s, sites({Site::function_error}), 0, {"quiescence"}));
  const Replayed replayed = replay_decisions(*found_scenario(s.scenario(), found), std::nullopt);
  CHECK_FALSE(replayed.at_rest);
  CHECK(replayed.story.size() < 200);
  CHECK(replayed.broken == Lines{"quiescence (it repeats itself and never ends)"});
}

}  // namespace trimhorizon::testing
