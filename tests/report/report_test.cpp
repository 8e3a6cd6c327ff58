#include "sim/report/report.hpp"

#include "tests/report/samples.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/given.hpp"

using namespace trimhorizon;

TEST_CASE("the verdict of a report is the worst of base and variants") {
  samples::Sample held = samples::partial_response();
  samples::Sample other = samples::partial_response();
  Report report;
  report.base = held.view();
  CHECK(report.verdict() == Verdict::holds);
  report.variants = {held.view("a"), other.view("b")};
  other.judgement.verdict = Verdict::undecided;
  CHECK(report.verdict() == Verdict::undecided);
  held.judgement.verdict = Verdict::violated;
  CHECK(report.verdict() == Verdict::violated);
}

TEST_CASE("a scenario's digest changes with its text and with what was set, piece by piece") {
  Scenario scenario;
  scenario.source_text = "trimhorizon: 1\n";
  const std::string plain = scenario_digest(scenario, {});
  CHECK(plain.size() == 32);
  CHECK(scenario_digest(scenario, {}) == plain);
  CHECK(scenario_digest(scenario, {"A=1"}) != plain);
  CHECK(scenario_digest(scenario, {"A=1", "B=2"}) != scenario_digest(scenario, {"A=1B=2"}));
  scenario.file = "elsewhere.yaml";
  CHECK(scenario_digest(scenario, {}) == plain);
  scenario.source_text += "\n";
  CHECK(scenario_digest(scenario, {}) != plain);
}

TEST_CASE("the sums of a run are over all its mappings, the age is the largest") {
  Result result;
  result.consumers.resize(3);
  result.consumers[0].invocations = 1, result.consumers[1].invocations = 2;
  result.consumers[0].deliveries = 10, result.consumers[1].deliveries = 20;
  result.consumers[0].effects = 100, result.consumers[1].effects = 200;
  result.consumers[0].fates =
      testing::given<Fate>({{Fate::processed, 1}, {Fate::discarded, 2}, {Fate::expired, 4}});
  result.consumers[1].fates =
      testing::given<Fate>({{Fate::processed, 8}, {Fate::dropped, 16}, {Fate::pending, 32}});
  CHECK_FALSE(run_sums(result).max_iterator_age.has_value());
  result.consumers[0].max_iterator_age = seconds(5);
  result.consumers[1].max_iterator_age = seconds(3);
  const RunSums sums = run_sums(result);
  CHECK(sums.invocations == 3);
  CHECK(sums.deliveries == 30);
  CHECK(sums.effects == 300);
  CHECK(sums.processed == 9);
  CHECK(sums.given_up == 18);
  CHECK(sums.expired == 4);
  CHECK(sums.pending == 32);
  CHECK(sums.max_iterator_age == seconds(5));
}
