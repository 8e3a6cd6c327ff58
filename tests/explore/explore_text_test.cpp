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
  for (std::size_t i = 0; i < 5; ++i) found.stories[i].lines.back() += std::string(i + 1, '!');
  const std::string text = explore_text(report, {});
  CHECK(contains(text, "What happens to c\n"));
  CHECK_FALSE(contains(text, "What happens to d"));
  CHECK(contains(text, "d and e."));
}

TEST_CASE("the same story is not told once per record") {
  ExploreReport report = explored(one_record(), sites({Site::function_error}), 1);
  FoundViolation& found = report.violations[0];
  const auto story = [](const std::string& who, const std::string& at, const std::string& call) {
    return RecordStory{who,
                       {at + "  " + who + " is put", at + "  invocation " + call + " gets " + who},
                       {false, false},
                       1};
  };
  found.records = {"red", "r4", "blue"};
  found.stories = {story("red", "1s", "2"), story("r4", "1m 2.5s", "31"), story("blue", "9s", "4")};
  const std::string text = explore_text(report, {});
  CHECK(contains(text, "  What happens to red, and in the same steps to r4 and blue\n"));
  CHECK_FALSE(contains(text, "What happens to r4"));
  CHECK(contains(text, "continuation without a further fault saves red."));
  found.stories[2].lines[1] += ", attempt 2";
  CHECK(contains(explore_text(report, {}), "  What happens to blue\n"));
}

TEST_CASE("a run that breaks two properties is told once") {
  ExploreReport report = explored(one_record(), sites({Site::function_error}), 1);
  report.violations.push_back(report.violations[0]);
  report.violations[1].property = "all_processed";
  const std::string text = explore_text(report, {});
  CHECK(contains(text, "The run is that of no_loss, told above: r0."));
  CHECK(text.find("What happens to") == text.rfind("What happens to"));
  CHECK(contains(text, "Without fault 1: all_processed holds"));
  report.violations[1].token += "A";  // another run
  const std::string both = explore_text(report, {});
  CHECK(both.find("What happens to") != both.rfind("What happens to"));
}

TEST_CASE("what was looked at takes five lines, and all of them when asked for") {
  const ExploreReport report = explored(one_record(), sites({Site::function_error}), 1);
  const std::string text = explore_text(report, {});
  const std::string brief = text.substr(text.find("\nWhat was looked at\n") + 1);
  CHECK(brief ==
        "What was looked at\n"
        "  faults       1 of 15: function_error\n"
        "  situations   1 of 19: discard\n"
        "  assumptions  iterator_age = at_send\n"
        "  not varied   what is random, and the order of events at one instant\n"
        "  --details lists all of it, and what was left out\n"
        "\nreplay: \n");
  ExploreText how;
  how.details = true;
  const std::string all = explore_text(report, how);
  CHECK(contains(all, "  switched off  timeout, "));
  CHECK(contains(all, "  - events at the same instant happen in one order only\n"));
  CHECK_FALSE(contains(all, "--details"));
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
  const std::string held = text.substr(text.find("\nThese hold with at most 1 fault\n  no_loss, "));
  for (const std::string& property : report.properties) CHECK(contains(held, property));
  // Those that the search cannot see are named with the runs that could.
  CHECK(contains(held, "\n  conservation and checkpoint_covers_only_settled in "));
  CHECK(contains(held, " runs with the ledger,"));
}

TEST_CASE("a broken property does not stand among those that hold") {
  const ExploreReport report = explored(one_record(), sites({Site::function_error}), 2);
  const std::string text = explore_text(report, {});
  const std::string held = text.substr(text.find("\nThese hold with at most 2 faults\n"));
  CHECK_FALSE(contains(held.substr(0, held.find("\n\n", 1)), "no_loss"));
  CHECK(contains(held, "  conservation "));
  // Where not all was looked at, nobody says what holds with so many faults.
  ExploreReport cut = report;
  cut.complete_through = -1;
  CHECK(contains(explore_text(cut, {}),
                 "\nNot broken in any schedule that was tried; not all were\n"));
  cut.random_runs = 7;
  CHECK(contains(explore_text(cut, {}),
                 "\nNot broken in 7 random runs with at most 2 faults each\n"));
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
  ExploreText how;
  how.details = true;
  const std::string text =
      explore_text(explored(one_record(), sites({Site::function_error, Site::trim}), 0), how);
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
