#include "sim/experiment/trace_diff.hpp"

#include "sim/base/json.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

RunAgain shop_again(const std::string& set = "") {
  std::vector<Override> overrides;
  if (!set.empty()) overrides.push_back(parse_override(set));
  Scenario scenario = read_scenario(R"(trimhorizon: 1
streams: {orders: {ShardCount: 1}}
producers: {shop: {stream: orders, ids: r, rate: 10/s, records: 40}}
functions: {billing: {duration: 70ms, fail: [{probability: 20%}]}}
event_source_mappings:
  m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON, BatchSize: 4}
)",
                                    "shop.yaml", overrides);
  return {std::make_shared<const Scenario>(std::move(scenario)), 1, {}, {}};
}

TimelineAction crash_now() {
  TimelineAction action;
  action.kind = ActionKind::crash_poller;
  action.mapping = {0};
  return action;
}

// The number that a line of the trace says.
std::uint64_t number_in(const std::string& line) {
  const auto parsed = parse_json(line);
  REQUIRE(std::holds_alternative<Json>(parsed));
  return std::stoull(*std::get<Json>(parsed).find("n")->number());
}

}  // namespace

TEST_CASE("the first difference of two runs is the event after which they part") {
  const RunAgain a = shop_again();
  RunAgain b = a;
  b.recipe.injections.push_back({30, crash_now()});
  CHECK_FALSE(first_difference(a, a).has_value());
  const std::optional<FirstDifference> found = first_difference(a, b);
  REQUIRE(found.has_value());
  REQUIRE(found->a.has_value());
  REQUIRE(found->b.has_value());
  CHECK(found->b->find(R"("event":"fault")") != std::string::npos);
  CHECK(number_in(*found->a) == found->event);
  CHECK(number_in(*found->b) == found->event);
  const std::optional<FirstDifference> turned = first_difference(b, a);
  REQUIRE(turned.has_value());
  CHECK(turned->event == found->event);
  CHECK(turned->a == found->b);
}

TEST_CASE("a run that was stopped is the other one up to its end") {
  const RunAgain whole = shop_again();
  RunAgain stopped = whole;
  stopped.recipe.stop = Stop{20, {}};
  const std::optional<FirstDifference> found = first_difference(whole, stopped);
  REQUIRE(found.has_value());
  CHECK(found->event > 5);
  CHECK(found->a.has_value());
  CHECK_FALSE(found->b.has_value());
  CHECK_FALSE(first_difference(stopped, stopped).has_value());
}

TEST_CASE("another seed or another setting makes the runs part") {
  RunAgain other = shop_again();
  other.seed = 2;
  CHECK(first_difference(shop_again(), other).has_value());
  const std::optional<FirstDifference> found =
      first_difference(shop_again(), shop_again("BatchSize=3"));
  REQUIRE(found.has_value());
  CHECK(found->a != found->b);
}

}  // namespace trimhorizon::testing
