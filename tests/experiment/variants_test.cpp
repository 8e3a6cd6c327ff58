#include "sim/experiment/run_scenario.hpp"

#include <algorithm>
#include <sstream>

#include "sim/scenario/yaml_reader.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

std::shared_ptr<const Scenario> shop_with_variants(
    const std::string& put = "put: [{at: 0s, records: [{}, {}, {}, {}]}]") {
  return std::make_shared<const Scenario>(read_scenario(R"(trimhorizon: 1
streams: {orders: {ShardCount: 1}}
producers: {shop: {stream: orders, ids: r, )" + put + R"(}}
functions: {billing: {}}
event_source_mappings:
  m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON, BatchSize: 4}
variants:
  small: {set: {BatchSize: 1}}
  middle: {set: {BatchSize: 2}}
)",
                                                        "shop.yaml"));
}

}  // namespace

TEST_CASE("the base comes first, then the variants in the order of the file, with their settings") {
  const std::vector<ScenarioRun> runs = run_with_variants(shop_with_variants());
  REQUIRE(runs.size() == 3);
  CHECK(runs[0].name == "");
  CHECK(runs[1].name == "small");
  CHECK(runs[2].name == "middle");
  CHECK(runs[0].result.consumers[0].invocations == 1);
  CHECK(runs[1].result.consumers[0].invocations == 4);
  CHECK(runs[2].result.consumers[0].invocations == 2);
}

TEST_CASE("only the base is traced") {
  std::ostringstream alone, all;
  RunOptions options;
  options.trace = &alone;
  run_scenario(shop_with_variants(), options);
  options.trace = &all;
  run_with_variants(shop_with_variants(), options);
  CHECK(alone.str().size() > 100);
  CHECK(all.str() == alone.str());
}

TEST_CASE("progress goes from nothing to all over all runs, and never back") {
  std::vector<double> parts;
  RunOptions options;
  options.progress = [&](double part) { parts.push_back(part); };
  run_with_variants(shop_with_variants("rate: 200/s, records: 2000"), options);
  REQUIRE(parts.size() > 3);
  CHECK(std::is_sorted(parts.begin(), parts.end()));
  CHECK(parts.front() < 0.1);
  CHECK(parts.back() > 0.66);
  CHECK(parts.back() <= 1);
}

TEST_CASE("a variant is found by its whole name") {
  const std::shared_ptr<const Scenario> scenario = shop_with_variants();
  REQUIRE(variant_named(*scenario, "small") != nullptr);
  CHECK(variant_named(*scenario, "middle")->mappings[0].settings.batch_size == 2);
  CHECK(variant_named(*scenario, "smal") == nullptr);
  CHECK(variant_named(*scenario, "") == nullptr);
}

}  // namespace trimhorizon::testing
