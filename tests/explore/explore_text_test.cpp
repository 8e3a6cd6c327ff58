#include "sim/explore/explore_report.hpp"
#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::testing {
TEST_CASE("every violated record is named, the first eight with their story") {
  Story s;
  s.records(12).batch(12).retries(0).created(1_s);
  const ExploreReport report = explored(s, sites({Site::function_error}), 1);
  CHECK(only(report).records.size() == 12);
  CHECK(only(report).stories.size() == 8);
  const std::string text = explore_text(report, {});
  CHECK(text.find("  Also broken for 4 more.\n") != std::string::npos);
}

TEST_CASE("only faults are numbered among the decisions; free choices stand between them") {
  Scenario scenario = one_record().record("r1", "a").batch(2).scenario();
  scenario.explore.sites = sites({Site::function_error});
  scenario.explore.any_batch_size = true;
  ExploreRequest request;
  request.random = 100;
  ExploreReport report = explore_scenario(scenario, request);
  FoundViolation found = only(report);
  found.decisions.insert(found.decisions.begin(), "the read of shard 0 returns 1 of 2 records");
  found.is_fault.insert(found.is_fault.begin(), false);
  report.violations = {found};
  CHECK(explore_text(report, {})
            .find("  -  the read of shard 0 returns 1 of 2 records\n"
                  "  1. invocation 1 on shard 0 fails at r0\n") != std::string::npos);
}

TEST_CASE("a line of a story after which nothing helps is marked, and only that one") {
  ExploreReport report = explored(one_record(), sites({Site::function_error}), 1);
  const std::string text = explore_text(report, {});
  CHECK(contains(text, " ▶  3  "));
  CHECK(contains(text, "    2  "));
  CHECK_FALSE(contains(text, "▶  2"));
  report.violations[0].stories[0].point_of_no_return = 0;  // it was not found
  CHECK_FALSE(contains(explore_text(report, {}), "▶"));
}

TEST_CASE("records that went the same way share a story, three stories at most are told") {
  ExploreReport report = explored(one_record(), sites({Site::function_error}), 1);
  FoundViolation& found = report.violations[0];
  const RecordStory story = found.stories[0];
  found.records = {"a", "b", "c", "d", "e"};
  found.stories.assign(5, story);
  for (std::size_t i = 0; i < 5; ++i) found.stories[i].record = found.records[i];
  CHECK(contains(explore_text(report, {}), "a, b, c, d and e"));
  for (std::size_t i = 0; i < 5; ++i) found.stories[i].lines.back() += found.records[i];
  const std::string text = explore_text(report, {});
  CHECK(contains(text, "What happens to c\n"));
  CHECK_FALSE(contains(text, "What happens to d"));
  CHECK(contains(text, "d and e."));
}

TEST_CASE("each violation ends with the line that replays it") {
  ExploreReport report = explored(one_record(), sites({Site::function_error}), 1);
  ExploreText how;
  how.replay = "trimhorizon explore x.yaml";
  how.replay_found = "trimhorizon replay x.yaml";
  const std::string text = explore_text(report, how);
  CHECK(contains(text,
                 "\n  trimhorizon replay x.yaml --decisions " + report.violations[0].token + "\n"));
  CHECK(text.ends_with("\nreplay: trimhorizon explore x.yaml\n"));
  report.own_handlers = true;  // no program has the user's functions
  how.replay_found = "report.violations[{}].replay()";
  CHECK(contains(explore_text(report, how), "\n  report.violations[0].replay()\n"));
}

TEST_CASE("each property that holds is named with the number of faults that were tried") {
  const SiteSet open = sites({Site::function_error});
  // With one retry more than faults nothing is lost.
  const ExploreReport report = explored(Story().record("r0", "a").retries(1), open, 1);
  CHECK(report.verdict == Verdict::holds);
  const std::string text = explore_text(report, {});
  for (const std::string& property : report.properties) {
    CHECK(contains(text, "\n  " + property + " "));
  }
  CHECK(contains(text, "\nThese hold\n  no_loss "));
  CHECK(contains(text, "  key_order "));
  std::size_t lines = 0;
  const std::string how = "  with at most 1 fault\n";
  for (std::size_t at = 0; (at = text.find(how, at)) != std::string::npos; ++at) ++lines;
  CHECK(lines == report.properties.size());
}

TEST_CASE("a broken property does not stand among those that hold") {
  const ExploreReport report = explored(one_record(), sites({Site::function_error}), 2);
  const std::string text = explore_text(report, {});
  const std::string held = text.substr(text.find("\nThese hold\n"));
  CHECK_FALSE(contains(held.substr(0, held.find("\n\n", 1)), "no_loss"));
  CHECK(contains(held, "  conservation "));
  CHECK(contains(held, "  with at most 2 faults\n"));
  // Where not all was looked at, nobody says what holds with so many faults.
  ExploreReport cut = report;
  cut.complete_through = -1;
  CHECK(contains(explore_text(cut, {}), "  in every schedule that was tried; not all were\n"));
  cut.random_runs = 7;
  CHECK_FALSE(contains(explore_text(cut, {}), "These hold"));
}

TEST_CASE("that only the first records were explored stands under the verdict") {
  ExploreReport report = explored(one_record(), sites({Site::function_error}), 0);
  CHECK_FALSE(contains(explore_text(report, {}), "Note: explored"));
  report.first_records = "explored on its first 6 records of 720,000";
  CHECK(
      contains(explore_text(report, {}), "  Note: explored on its first 6 records of 720,000.\n"));
}

TEST_CASE("outcomes are listed when they are asked for, forty at most") {
  ExploreReport report = explored(one_record(), sites({Site::function_error}), 1);
  REQUIRE(report.outcomes.size() == 2);
  ExploreText how;
  CHECK_FALSE(contains(explore_text(report, how), "no effect and in no destination: r0"));
  how.outcomes = true;
  CHECK(contains(explore_text(report, how),
                 "       1       1  0 no effect and in no destination: r0\n"));
  report.outcomes[0].effects[0].second = 15;
  CHECK(contains(explore_text(report, how), "  >=15\n"));
  report.outcomes.resize(47, report.outcomes[0]);
  CHECK(contains(explore_text(report, how), "7 more"));
}

TEST_CASE("sites that were open, never taken and closed stand in rows of their own") {
  const std::string text =
      explore_text(explored(one_record(), sites({Site::function_error, Site::trim}), 0), {});
  CHECK(contains(text, "  sites         function_error, trim\n"));
  CHECK(contains(text, "  never taken   function_error, trim\n"));
  CHECK(contains(text, "  switched off  timeout, poller_crash, "));
  CHECK(contains(text, "  batch sizes   full\n"));
}

TEST_CASE("the line of an exploration says what was asked, and nothing that was not") {
  ExploreRequest request;
  CHECK(explore_line(request, "a b.yaml", {}, "") == "trimhorizon explore 'a b.yaml'");
  request.seed = 3, request.faults = 0, request.seconds = 1.5, request.states = 10;
  request.random = 20, request.assumptions = true;
  CHECK(explore_line(request, "a.yaml", {"A=1"}, "v") ==
        "trimhorizon explore a.yaml --seed 3 --set A=1 --variant v --faults 0 --seconds 1.5 "
        "--states 10 --random 20 --assumptions");
}

}  // namespace trimhorizon::testing
