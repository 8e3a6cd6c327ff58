#include "sim/explore/found_file.hpp"

#include "sim/experiment/run_scenario.hpp"
#include "sim/explore/replayed.hpp"
#include "tests/explore/explored.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::testing {
namespace {

constexpr std::string_view shop = R"(trimhorizon: 1  # a remark
title: Two "records"
streams: {orders: {ShardCount: 1}}
producers: {shop: {stream: orders, ids: r, put: [{at: 0s, records: [{}, {}]}]}}
functions: {billing: {}}
event_source_mappings:
  m:
    EventSourceArn: orders
    FunctionName: billing
    StartingPosition: TRIM_HORIZON
    BatchSize: 2
    MaximumRetryAttempts: 3
explore: {faults: 4, sites: [function_error, throttle], properties: [no_loss]}
expect: {lost: 99}
variants:
  no_retries: {set: {MaximumRetryAttempts: 0}, expect: {lost: 98}}
)";

Scenario read(std::string_view text, const std::vector<std::string>& set = {}) {
  std::vector<Override> overrides;
  for (const std::string& each : set) overrides.push_back(parse_override(each));
  return read_scenario(text, "shop.yaml", overrides);
}

}  // namespace

TEST_CASE("a violation becomes a scenario that reads, replays, and expects what it comes to") {
  const Scenario scenario = read(shop, {"MaximumRetryAttempts=1"});
  const ExploreReport report = explore_scenario(scenario);
  REQUIRE(report.violations.size() == 1);
  const FoundViolation& found = report.violations[0];
  const std::string text = found_file(scenario, {"MaximumRetryAttempts=1"}, "", report, found);
  const Scenario again = read(text);
  CHECK(parse_token(*again.decisions).decisions == parse_token(found.token).decisions);
  CHECK(again.mappings[0].settings.maximum_retry_attempts == 1);
  CHECK(again.explore.faults == 4);
  CHECK(again.explore.sites == sites({Site::function_error, Site::throttle}));
  CHECK(again.variants.empty());
  CHECK(replay_decisions(again, std::nullopt).matches);
  const ScenarioRun run = run_scenario(std::make_shared<const Scenario>(again));
  CHECK(run.judgement.verdict == Verdict::holds);
  CHECK(run.result.lost > 0);
  CHECK_FALSE(contains(text, "99"));
  CHECK_FALSE(contains(text, "a remark"));
}

TEST_CASE("a found file says how many generated records were explored, unless it is the handful") {
  const std::string generated = [] {
    std::string text(shop);
    const std::size_t put = text.find("put: [");
    return text.replace(put, text.find("}}\n", put) - put, "rate: 10/s, for: 1h");
  }();
  const Scenario first = read(generated, {"MaximumRetryAttempts=0"});
  const ExploreReport report = explore_scenario(first);
  REQUIRE(report.violations.size() == 1);
  const std::string text =
      found_file(first, {"MaximumRetryAttempts=0"}, "", report, report.violations[0]);
  CHECK_FALSE(contains(text, "first_records"));
  CHECK(replay_decisions(read(text), std::nullopt).matches);

  const Scenario more = read(generated, {"MaximumRetryAttempts=0", "explore.first_records=9"});
  const ExploreReport of_nine = explore_scenario(more);
  REQUIRE(of_nine.violations.size() == 1);
  const std::string nine = found_file(more, {"MaximumRetryAttempts=0", "explore.first_records=9"},
                                      "", of_nine, of_nine.violations[0]);
  CHECK(contains(nine, "records: 9"));
  const Scenario again = read(nine);
  CHECK(again.explore.records == 9);
  CHECK(replay_decisions(again, std::nullopt).matches);
  CHECK(run_scenario(std::make_shared<const Scenario>(again)).judgement.verdict == Verdict::holds);
}

TEST_CASE("a violation of a variant has the settings of the variant, and needs no variants") {
  const Scenario scenario = read(shop);
  const Scenario& variant = *scenario.variants.at(0).scenario;
  const ExploreReport report = explore_scenario(variant);
  REQUIRE(report.violations.size() == 1);
  CHECK(report.violations[0].faults == 1);
  const std::string text = found_file(scenario, {}, "no_retries", report, report.violations[0]);
  CHECK(read(text).mappings[0].settings.maximum_retry_attempts == 0);
  CHECK(replay_decisions(read(text), std::nullopt).matches);
}

TEST_CASE("its head tells the faults by number, and from which file it comes") {
  const Scenario scenario = read(shop, {"MaximumRetryAttempts=1"});
  ExploreReport report = explore_scenario(scenario);
  const FoundViolation& found = report.violations.at(0);
  REQUIRE(found.decisions.size() == 2);
  const std::string text = found_file(scenario, {"MaximumRetryAttempts=1"}, "", report, found);
  CHECK(text.starts_with("# "));
  CHECK(contains(text, "#   1. " + found.decisions[0] + "\n"));
  CHECK(contains(text, "#   2. " + found.decisions[1] + "\n"));
  CHECK(contains(text, "# In shop.yaml\n"));
  CHECK(contains(text, R"(title: "no_loss is broken: Two \"records\"")"));
  report.file = "-";  // standard input has no name
  CHECK_FALSE(
      contains(found_file(scenario, {"MaximumRetryAttempts=1"}, "", report, found), "# In "));
}

TEST_CASE("what the user's own functions did is not run again to be expected") {
  const Scenario scenario = read(shop, {"MaximumRetryAttempts=0"});
  ExploreReport report = explore_scenario(scenario);
  report.own_handlers = true;
  const std::string text =
      found_file(scenario, {"MaximumRetryAttempts=0"}, "", report, report.violations[0]);
  CHECK_FALSE(contains(text, "expect"));
  CHECK(read(text).decisions.has_value());
}

TEST_CASE("a counterexample of a scenario with an export needs no other file") {
  std::string text(shop);
  const std::string_view put = "put: [{at: 0s, records: [{}, {}]}]";
  text.replace(text.find(put), put.size(), "rate: {cloudwatch: incoming.csv}");
  const auto files = std::make_shared<AttachedFiles>();
  (*files)["incoming.csv"] =
      "Label,IncomingRecords Sum\n2026/10/01 10:05:00,2\n2026/10/01 10:06:00,7\n";
  const Scenario scenario = read_scenario(text, "shop.yaml", {}, files);
  const ExploreReport report = explore_scenario(scenario);
  REQUIRE_FALSE(report.violations.empty());
  const std::string found = found_file(scenario, {}, "", report, report.violations[0]);
  CHECK_FALSE(contains(found, "incoming.csv"));
  CHECK(replay_decisions(read(found), std::nullopt).matches);
}

}  // namespace trimhorizon::testing
