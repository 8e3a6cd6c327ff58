#include "sim/report/json.hpp"

#include "tests/report/samples.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_text.hpp"

using namespace trimhorizon;
using samples::Sample;
using trimhorizon::testing::to_text;

namespace {

Json parsed(const std::string& text) {
  const std::variant<Json, std::string> json = parse_json(text);
  REQUIRE(std::holds_alternative<Json>(json));
  return std::get<Json>(json);
}

Report of(const Sample& sample) {
  Report report;
  report.base = sample.view();
  return report;
}

}  // namespace

TEST_CASE("the JSON of a run, with a row for each record") {
  CHECK_APPROVED("report", "holds.json", report_json(of(samples::partial_response()), true));
}

TEST_CASE("rows stand there only when they were asked for") {
  const Sample sample = samples::partial_response();
  CHECK(parsed(report_json(of(sample), false)).find("rows") == nullptr);
  CHECK(parsed(report_json(of(sample), true)).find("rows")->array()->size() == 6);
}

TEST_CASE("the verdict is that of the exit code; the base keeps its own") {
  const Sample base = samples::partial_response();
  Sample variant = samples::partial_response();
  variant.judgement.verdict = Verdict::violated;
  Report report = of(base);
  report.variants = {variant.view("other")};
  const Json json = parsed(report_json(report, false));
  CHECK(*json.find("verdict")->string() == "violated");
  CHECK(*json.find("base_verdict")->string() == "holds");
  const Json* other = json.find("variants")->find("other");
  REQUIRE(other != nullptr);
  CHECK(*other->find("verdict")->string() == "violated");
  CHECK(other->find("variants") == nullptr);
}

TEST_CASE("an undecided expectation has neither a value nor an answer") {
  Sample sample = samples::partial_response();
  sample.judgement.expectations = {
      {"metrics.m.Duration.max", "< 1s", "never occurred", {}, Verdict::undecided, "no samples"}};
  const Json json = parsed(report_json(of(sample), false));
  const Json& each = json.find("expectations")->array()->front();
  CHECK(each.find("actual")->is_null());
  CHECK(each.find("holds")->is_null());
  CHECK(*each.find("why")->string() == "no samples");
}

TEST_CASE("a metric without samples has a count and nothing else") {
  Sample sample = samples::partial_response();
  sample.result.consumers[0].metrics = {{MetricId::Duration, 0, Histogram{}}};
  const Json json = parsed(report_json(of(sample), false));
  const Json* metrics = json.find("mappings")->find("billing-orders")->find("metrics");
  CHECK(to_text(*metrics) == R"({"Duration":{"count":0}})");
}

TEST_CASE("ranges stand there when other values were tried, each with its switches") {
  const Sample sample = samples::partial_response();
  Report report = of(sample);
  CHECK(parsed(report_json(report, false)).find("ranges") == nullptr);
  report.base.ranges = {true, 5, {}};
  CHECK(to_text(*parsed(report_json(report, false)).find("ranges")) == "[]");
  report.base.ranges.numbers = {{"lost", 3, 0, 9, {"split", "age_scope"}}};
  CHECK(to_text(*parsed(report_json(report, false)).find("ranges")) ==
        R"([{"number":"lost","value":3,"least":0,"most":9,"assumptions":["split","age_scope"]}])");
}

TEST_CASE("a consumer that has not caught up has null there") {
  Sample sample = samples::partial_response();
  sample.result.consumers[0].caught_up.reset();
  const Json json = parsed(report_json(of(sample), false));
  CHECK(json.find("mappings")->find("billing-orders")->find("caught_up")->is_null());
}

TEST_CASE("hostile names are escaped") {
  Sample sample = samples::partial_response();
  sample.scenario.title = "\"\\\n\x01\xff";
  const Json json = parsed(report_json(of(sample), false));
  CHECK(*json.find("scenario")->find("title")->string() == "\"\\\n\x01\xef\xbf\xbd");
}

TEST_CASE("the digest of a scenario knows its text and what was set beside it") {
  Scenario scenario;
  scenario.source_text = "a";
  const std::string plain = scenario_digest(scenario, {});
  CHECK(plain.size() == 32);
  CHECK(plain == scenario_digest(scenario, {}));
  CHECK(plain != scenario_digest(scenario, {"BatchSize=1"}));
  scenario.source_text = "b";
  CHECK(plain != scenario_digest(scenario, {}));
}
