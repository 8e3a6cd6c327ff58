#include "sim/experiment/run_scenario.hpp"

#include <algorithm>
#include <sstream>

#include "sim/handlers/recorded_handlers.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

std::shared_ptr<const Scenario> shop_expecting(const std::string& expect = "") {
  return std::make_shared<const Scenario>(read_scenario(R"(trimhorizon: 1
seed: 5
streams: {orders: {ShardCount: 1}}
producers: {shop: {stream: orders, ids: r, rate: 10/s, records: 30, arrivals: poisson}}
functions: {billing: {fail: [{records: [r7]}]}}
event_source_mappings:
  m:
    EventSourceArn: orders
    FunctionName: billing
    StartingPosition: TRIM_HORIZON
    BatchSize: 3
    MaximumRetryAttempts: 1
)" + expect,
                                                        "shop.yaml"));
}

}  // namespace

TEST_CASE("tables are filled only for those who ask, and change nothing else") {
  const ScenarioRun plain = run_scenario(shop_expecting());
  CHECK(plain.name == "");
  CHECK(plain.result.rows.empty());
  RunOptions options;
  options.records = true;
  const ScenarioRun records = run_scenario(shop_expecting(), options);
  CHECK(records.result.rows.size() == 30);
  options.records = false;
  options.each_record = true;
  std::uint64_t invocations = 0;
  std::uint64_t deliveries = 0;
  options.take_invocation = [&](InvocationRow&& row, std::vector<DeliveryRow>&& handed) {
    CHECK(row.number == ++invocations);
    deliveries += handed.size();
  };
  const ScenarioRun streamed = run_scenario(shop_expecting(), options);
  CHECK(streamed.result.rows.empty());
  std::vector<std::string> taken;
  streamed.result.each_row([&](const RecordRow& row) { taken.push_back(row.id); });
  REQUIRE(taken.size() == 30);
  for (std::size_t i = 0; i < taken.size(); ++i) CHECK(taken[i] == records.result.rows[i].id);
  CHECK(invocations == plain.result.consumers[0].invocations);
  CHECK(deliveries == plain.result.consumers[0].deliveries);
  for (const ScenarioRun* each : {&records, &streamed}) {
    CHECK(each->result.trace_digest == plain.result.trace_digest);
  }
}

TEST_CASE("a run of more than a million records has its picture as well") {
  const ScenarioRun run =
      run_scenario(std::make_shared<const Scenario>(read_scenario(R"(trimhorizon: 1
streams: {orders: {ShardCount: 1}}
producers: {shop: {stream: orders, rate: 900/s, records: 1200000, batch: 300}}
functions: {billing: {}}
event_source_mappings:
  m:
    EventSourceArn: orders
    FunctionName: billing
    StartingPosition: TRIM_HORIZON
    BatchSize: 1000
)",
                                                                  "large.yaml")));
  REQUIRE(run.result.consumers[0].pictures.size() == 1);
  const ShardPicture& picture = run.result.consumers[0].pictures[0];
  REQUIRE_FALSE(picture.points.empty());
  CHECK(picture.points.back().tip == 1'200'000);
  CHECK(picture.points.back().checkpoint == 1'200'000);
}

TEST_CASE("a seed of the caller's stands before that of the file") {
  CHECK(run_scenario(shop_expecting()).result.seed == 5);
  RunOptions options;
  options.seed = 6;
  const Result other = run_scenario(shop_expecting(), options).result;
  CHECK(other.seed == 6);
  CHECK(other.trace_digest != run_scenario(shop_expecting()).result.trace_digest);
}

TEST_CASE("a run is judged, and keeps the records that are expected by name") {
  const ScenarioRun run = run_scenario(shop_expecting("expect: {lost: 0, deliveries: {r7: 2}}\n"));
  REQUIRE(run.judgement.expectations.size() == 2);
  CHECK(run.judgement.verdict == Verdict::violated);
  CHECK(run.judgement.expectations[0].name == "lost");
  CHECK(run.judgement.expectations[0].verdict == Verdict::violated);
  CHECK(run.judgement.expectations[1].verdict == Verdict::holds);
  REQUIRE(run.result.watched.size() == 1);
  CHECK(run.result.watched[0].id == "r7");
}

TEST_CASE("pictures are drawn of a run that keeps its log") {
  RunOptions options;
  options.records = true;
  CHECK_FALSE(run_scenario(shop_expecting(), options).result.consumers[0].pictures.empty());
}

TEST_CASE("a run that is traced is the same run, its lines numbered from one") {
  std::ostringstream trace;
  RunOptions options;
  options.trace = &trace;
  const Result result = run_scenario(shop_expecting(), options).result;
  const std::string text = trace.str();
  const auto lines = std::count(text.begin(), text.end(), '\n');
  CHECK(text.find("\"n\":1,") < text.find('\n'));
  CHECK(text.rfind("\"n\":" + std::to_string(lines) + ",") != std::string::npos);
  CHECK(result.trace_digest == run_scenario(shop_expecting()).result.trace_digest);
}

TEST_CASE("a recipe drives the run, and handlers answer instead of the modelled functions") {
  Simulation probe(make_plan(*shop_expecting()));
  while (probe.world().steps < 10) probe.step();
  Recipe recipe;
  recipe.stop = Stop{10, probe.world().now};
  RunOptions options;
  options.recipe = &recipe;
  CHECK(run_scenario(shop_expecting(), options).result.ended == RunEnd::running);
  RecordedHandlers handlers;
  int calls = 0;
  handlers.answer_with({0}, [&](const HandlerCall&) {
    ++calls;
    return HandlerAnswer{};
  });
  RunOptions with_handlers;
  with_handlers.handlers = &handlers;
  const Result result = run_scenario(shop_expecting(), with_handlers).result;
  CHECK(static_cast<std::uint64_t>(calls) == result.consumers[0].invocations);
  CHECK(result.lost == 0);  // r7 fails in the modelled function only
}

TEST_CASE("checks see the run at their instants and change nothing of it") {
  const ScenarioRun plain = run_scenario(shop_expecting());
  const std::string throttled = "timeline: [{at: 0s, for: 1m, throttle: {function: billing}}]\n";
  const ScenarioRun run = run_scenario(shop_expecting(throttled + R"(expect:
  caught_up: {m: ["> 1m", "< 2m"]}
  first_delivery: {r0: ">= 1m", r7: "> 1m"}
  across: {orders: {nobody: ">= 1", several: 0}}
  checks:
    - {at: 10s, backlog: {m: 30}, iterator_age: {m: [">= 5s", "<= 10s"]}}
    - {at: 50m, backlog: {m: 0}, iterator_age: {m: 0s}}
    - {until: 5s, metrics: {Throttles: "> 0"}}
    - {from: 3m, until: 40m, metrics: {m: {Throttles: 0}}}
)"));
  CHECK(run.judgement.verdict == plain.judgement.verdict);
  for (const JudgedExpectation& each : run.judgement.expectations) {
    INFO(each.name << ": " << each.actual << " " << each.why);
    CHECK(each.verdict == Verdict::holds);
  }
  CHECK(run.judgement.expectations.size() == 11);
  const ScenarioRun without = run_scenario(shop_expecting(throttled));
  CHECK(run.result.trace_digest == without.result.trace_digest);
  CHECK(run.result.simulated == without.result.simulated);
  CHECK(run.result.ended == without.result.ended);
}

}  // namespace trimhorizon::testing
