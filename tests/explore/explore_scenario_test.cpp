#include "sim/explore/explore_scenario.hpp"

#include <algorithm>

#include "sim/experiment/run_scenario.hpp"
#include "sim/explore/explore_report.hpp"
#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::testing {
namespace {

// The properties of the findings, in their order.
std::vector<std::string> broken_in(const ExploreReport& report) {
  std::vector<std::string> properties;
  for (const FoundViolation& each : report.violations) properties.push_back(each.property);
  return properties;
}

}  // namespace

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
  for (int i = 0; i < 21; ++i) many.records(500);
  CHECK_THROWS_AS(explore_scenario(many.scenario()), ExploreError);
}

TEST_CASE("generated traffic is explored on its first six records, and the report says so") {
  Story s;
  s.steady(10, 720'000).retries(0);
  const ExploreReport report = explored(s, failing, 1);
  CHECK(fewest(report, "no_loss") == 1);
  CHECK(report.outcomes.front().effects.size() == 6);
  CHECK(report.outcomes.front().effects.back().first == "g5");
  const std::string note =
      "explored on its first 6 records of 720,000; `explore: {first_records: N}` takes more";
  CHECK(report.first_records == note);
  CHECK(contains(explore_json(report, false), "\"notes\": [\n  \"" + note));
}

TEST_CASE("how many generated records are explored can be said, and put records always are") {
  Story s;
  s.records(9).steady(10, 100).retries(0);
  Scenario scenario = s.scenario();
  scenario.explore.sites = failing;
  scenario.explore.faults = 0;
  const auto all = [&] { return explore_scenario(scenario).outcomes.front().effects.size(); };
  CHECK(all() == 9 + 6);
  scenario.explore.records = 2;
  CHECK(all() == 9 + 2);
  scenario.explore.records = 100;
  CHECK(all() == 109);
  CHECK(explore_scenario(scenario).first_records.empty());
  // Two producers share them.
  scenario.producers.push_back(scenario.producers.back());
  scenario.producers.back().name = "more";
  scenario.producers.back().settings.ids = "more";
  scenario.explore.records = 6;
  CHECK(all() == 9 + 3 + 3);
}

TEST_CASE("a schedule that was found on the first records is replayed on them") {
  Story s;
  s.steady(10, 1'000).retries(0);
  Scenario scenario = s.scenario();
  scenario.explore.sites = failing;
  const FoundViolation found = only(explore_scenario(scenario));
  const ScenarioRun again = run_scenario(found_scenario(scenario, found));
  CHECK(again.result.produced == 6);
  CHECK(again.result.lost == found.records.size());
}

TEST_CASE("findings come in the order of what the settings can change") {
  // A failure loses r0, and so does retention; a crash and a lost acknowledgement repeat it.
  Story s;
  s.record("r0", "a").retries(0);
  const std::vector<std::string> all = {"at_most_once", "no_loss"};
  const ExploreReport report =
      explored(s, sites({Site::function_error, Site::poller_crash}), 1, all);
  REQUIRE(report.violations.size() == 2);
  CHECK(broken_in(report) == std::vector<std::string>{"no_loss", "at_most_once"});
  CHECK(report.violations[0].sites == std::vector<Site>{Site::function_error});
  CHECK(report.violations[1].sites == std::vector<Site>{Site::poller_crash});
  // When only retention can lose it, that comes after what a mapping can change.
  const ExploreReport trimmed = explored(s, sites({Site::poller_crash, Site::trim}), 1, all);
  CHECK(broken_in(trimmed) == std::vector<std::string>{"at_most_once", "no_loss"});
  const ExploreReport producer = explored(s, sites({Site::ack_lost, Site::function_error}), 1, all);
  CHECK(broken_in(producer) == std::vector<std::string>{"no_loss", "at_most_once"});
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

TEST_CASE("without a word about it four sites are open and no_loss is judged") {
  const ExploreReport report = explore_scenario(Story().record("r0", "a").scenario());
  CHECK(report.sites ==
        sites({Site::function_error, Site::poller_crash, Site::ack_lost, Site::ack_lost_late}));
  CHECK(report.properties.front() == "no_loss");
  CHECK(std::count(report.properties.begin(), report.properties.end(), "quiescence") == 0);
  CHECK(std::count(report.properties.begin(), report.properties.end(), "key_order") == 1);
}

TEST_CASE("trim is open without a word where the scenario is about retention") {
  const auto trims = [](ExpectKind kind, std::string_view subject) {
    Scenario scenario = Story().record("r0", "a").scenario();
    Expectation expectation;
    expectation.kind = kind;
    expectation.subject = subject;
    scenario.expect.push_back(expectation);
    ExploreRequest request;
    request.faults = 0;
    return explore_scenario(scenario, request).sites.has(Site::trim);
  };
  CHECK(trims(ExpectKind::fates, "expired"));
  CHECK(trims(ExpectKind::sometimes, "expire"));
  CHECK(trims(ExpectKind::lost_by_cause, "retention"));
  CHECK_FALSE(trims(ExpectKind::fates, "processed"));
  CHECK_FALSE(trims(ExpectKind::sometimes, "retry"));
  CHECK_FALSE(trims(ExpectKind::lost_by_cause, "retries"));
}

TEST_CASE("a verdict is violated, holds, or undecided where not all was looked at") {
  Story s;
  s.record("r0", "a").retries(0);
  const SiteSet open = sites({Site::function_error});
  CHECK(explored(s, open, 1).verdict == Verdict::violated);
  CHECK(explored(s, open, 1).verdict_words == "VIOLATED (1 fault, minimum)");
  CHECK(explored(s, open, 0).verdict == Verdict::holds);
  CHECK(explored(s, open, 0).verdict_words == "HOLDS for all schedules with at most 0 faults");
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
