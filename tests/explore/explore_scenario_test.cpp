#include "sim/explore/explore_scenario.hpp"

#include <algorithm>

#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {}  // namespace

TEST_CASE("a producer that generates `for:` a time makes as many records as that gives") {
  Story s;
  s.steady(1, 3).retries(0);
  Scenario scenario = s.scenario();
  scenario.producers.back().settings.load->records.reset();
  scenario.producers.back().settings.load->lasts = seconds(3);
  scenario.explore.sites = sites({Site::function_error});
  const ExploreReport report = explore_scenario(scenario);
  CHECK(fewest(report, "no_loss") == 1);
  CHECK(report.outcomes.front().effects.size() == 3);
}

TEST_CASE("the ledger's own promises are judged in runs made again, and the report says so") {
  Story s;
  s.record("r0", "a").retries(0);
  const ExploreReport report = explored(s, sites({Site::function_error}), 1);
  CHECK(report.ledger_runs == 2);
  CHECK(noted(report,
              "conservation and checkpoint_covers_only_settled are judged in 2 runs "
              "repeated with the ledger, which is off while searching"));
}

TEST_CASE("what cannot be explored is refused before any search") {
  Scenario none = Story().records(1).scenario();
  none.mappings.clear();
  CHECK_THROWS_AS(explore_scenario(none), ExploreError);
  Story many;
  many.steady(10, 10'001);
  CHECK_THROWS_AS(explore_scenario(many.scenario()), ExploreError);
}

TEST_CASE("the request stands before the file, and a budget is a hundred faults at most") {
  Story s;
  s.record("r0", "a").retries(0);
  Scenario scenario = s.scenario();
  scenario.explore.faults = 1;
  scenario.explore.sites = sites({Site::function_error});
  ExploreRequest request;
  CHECK(explore_scenario(scenario, request).faults == 1);
  request.faults = 0;
  request.seed = 77;
  const ExploreReport report = explore_scenario(scenario, request);
  CHECK(report.faults == 0);
  CHECK(report.seed == 77);
  CHECK(report.violations.empty());
  request.faults = 1'000;
  CHECK(explore_scenario(scenario, request).faults == 100);
}

TEST_CASE("without a word about it five sites are open and no_loss is judged") {
  const ExploreReport report = explore_scenario(Story().record("r0", "a").scenario());
  CHECK(report.sites == sites({Site::function_error, Site::poller_crash, Site::ack_lost,
                               Site::ack_lost_late, Site::trim}));
  CHECK(report.properties.front() == "no_loss");
  CHECK(std::count(report.properties.begin(), report.properties.end(), "quiescence") == 0);
  CHECK(std::count(report.properties.begin(), report.properties.end(), "key_order") == 1);
}

TEST_CASE("a verdict is violated, holds, or undecided where not all was looked at") {
  Story s;
  s.record("r0", "a").retries(0);
  const SiteSet open = sites({Site::function_error});
  CHECK(explored(s, open, 1).verdict == Verdict::violated);
  CHECK(explored(s, open, 0).verdict == Verdict::holds);
  ExploreRequest bound;
  bound.states = 1;
  const ExploreReport cut = explored(s, open, 1, {}, bound);
  CHECK(cut.verdict == Verdict::undecided);
  CHECK(cut.complete_through == -1);
}

TEST_CASE("an outcome names its records, counts saturate and that is said") {
  Story s;
  s.record("good", "a").record("bad", "a").poison("bad").batch(2).retries(20).destination();
  const ExploreReport report = explored(s, sites({Site::function_error}), 0);
  REQUIRE(report.outcomes.size() == 1);
  const OutcomeRow& row = report.outcomes[0];
  REQUIRE(row.effects.size() == 2);
  CHECK(row.effects[0] == std::pair<std::string, std::uint32_t>{"good", 15});
  CHECK(row.effects[1] == std::pair<std::string, std::uint32_t>{"bad", 0});
  CHECK(row.discarded == std::vector<std::string>{"good", "bad"});
  CHECK(row.lost.empty());
  CHECK(report.effects_saturated);
}

}  // namespace trimhorizon::testing
