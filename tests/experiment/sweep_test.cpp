#include "sim/experiment/sweep.hpp"

#include <algorithm>

#include "sim/base/diagnostic.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

using Words = std::vector<std::string>;

constexpr std::string_view shop = R"(trimhorizon: 1
streams: {orders: {ShardCount: 1}}
producers: {p: {stream: orders, rate: 10/s, records: 60, arrivals: poisson}}
functions: {billing: {fail: [{probability: 20%}]}}
event_source_mappings:
  m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON}
variants:
  small: {set: {BatchSize: 2}}
)";

SweepBase base(const std::string& variant = "") {
  return {std::string(shop), "shop.yaml", {}, variant};
}

std::string mistakes(const std::vector<SweepAxis>& axes, const std::string& variant = "") {
  try {
    plan_sweep(base(variant), axes, {1});
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "";
}

std::vector<std::uint64_t> seeds(std::uint64_t count) {
  std::vector<std::uint64_t> some;
  for (std::uint64_t s = 0; s < count; ++s) some.push_back(s);
  return some;
}

}  // namespace

TEST_CASE("a grid is read as a command line has it") {
  CHECK(parse_grid("BatchSize=1, 10") == SweepAxis{"BatchSize", {"1", "10"}});
  CHECK(parse_grid("A=").values.empty());
  CHECK_THROWS_AS(parse_grid("BatchSize"), ScenarioError);
  CHECK_THROWS_AS(parse_grid("=1"), ScenarioError);
}

TEST_CASE("the last axis turns fastest, and each point has its settings") {
  const SweepPlan plan =
      plan_sweep(base(), {{"BatchSize", {"1", "5"}}, {"Timeout", {"3", "4", "5"}}}, {8, 9});
  CHECK(plan.head.points() == 6);
  CHECK(plan.head.tasks() == 12);
  CHECK(plan.head.settings_at(0) == Words{"BatchSize=1", "Timeout=3"});
  CHECK(plan.head.settings_at(1) == Words{"BatchSize=1", "Timeout=4"});
  CHECK(plan.head.settings_at(3) == Words{"BatchSize=5", "Timeout=3"});
  CHECK(plan.head.point_of(7) == 3);
  CHECK(plan.head.seed_of(7) == 9);
  CHECK(plan.scenarios[5]->functions[0].settings.timeout_s == 5);
}

TEST_CASE("all mistakes of a grid are told at their places, each once") {
  CHECK(mistakes({{"BatchSize", {"1", "0", "x"}}, {"Timeuot", {"3", "4"}}}) ==
        "--grid:1:1: error: the scenario has no path `Timeuot`\n"
        "  Timeuot=3,4\n"
        "  ^\n"
        "  did you mean `Timeout`?\n"
        "--grid:1:13: error: BatchSize must be from 1 to 10000, not 0\n"
        "  BatchSize=1,0,x\n"
        "              ^\n"
        "--grid:1:15: error: BatchSize must be a whole number, not `x`\n"
        "  BatchSize=1,0,x\n"
        "                ^");
}

TEST_CASE("axes that say the same setting twice, the seed, or nothing are refused") {
  const auto says = [](const std::string& text, const char* words) {
    INFO(text);
    return text.find(words) != std::string::npos;
  };
  CHECK(says(mistakes({{"BatchSize", {"1"}}, {"event_source_mappings.m.BatchSize", {"2"}}}),
             "`BatchSize` is already an axis"));
  CHECK(mistakes({{"duration", {"10m"}}, {"functions.billing.duration", {"2s"}}}) == "");
  CHECK(says(mistakes({{"seed", {"1"}}}), "cannot be an axis of the grid"));
  CHECK(says(mistakes({{"BatchSize", {}}}), "no values"));
  CHECK(says(mistakes({{"BatchSize", {"1", "1"}}}), "appears twice"));
  CHECK(says(mistakes({{"BatchSize", {"1"}}}, "small"), "sets `BatchSize` itself"));
  CHECK(mistakes({{"Timeout", {"4"}}}, "small") == "");
  Words many;
  for (int i = 1; i <= 10'000; ++i) many.push_back(std::to_string(i));
  Words seconds;
  for (int i = 1; i <= 900; ++i) seconds.push_back(std::to_string(i));
  CHECK(says(mistakes({{"BatchSize", many}, {"Timeout", seconds}}), "more than 1000000 runs"));
}

TEST_CASE("rows do not depend on the number of threads, nor on how tasks are dealt out") {
  SweepPlan plan = plan_sweep(base(), {{"BatchSize", {"1", "7", "50"}}}, seeds(11));
  const SweepPart alone = run_sweep(plan, {1, {}});
  REQUIRE(alone.runs.size() == 33);
  CHECK(alone.failures.empty());
  CHECK(run_sweep(plan, {4, {}}).runs == alone.runs);
  std::vector<SweepRun> together;
  for (std::uint64_t index = 1; index <= 5; ++index) {
    plan.head.shard = SweepShard{index, 5};
    for (const SweepRun& run : run_sweep(plan, {2, {}}).runs) together.push_back(run);
  }
  std::sort(together.begin(), together.end(),
            [](const SweepRun& a, const SweepRun& b) { return a.task < b.task; });
  CHECK(together == alone.runs);
}

TEST_CASE("a row has the numbers of its run") {
  const SweepPlan plan = plan_sweep(base(), {{"BatchSize", {"7"}}}, {5});
  const SweepRun row = run_sweep(plan, {}).runs.at(0);
  RunOptions options;
  options.seed = 5;
  const Result result = run_scenario(read_point(base(), {"BatchSize=7"}), options).result;
  const std::vector<SweepColumn> columns = sweep_columns(plan.head.mappings);
  REQUIRE(columns.size() == row.values.size());
  const auto value = [&](std::string_view name) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (columns[c].name == name) return row.values[c].value_or(-1);
    }
    return std::int64_t{-2};
  };
  const ConsumerResult& mapping = result.consumers[0];
  CHECK(value("duplicates") == static_cast<std::int64_t>(result.duplicates));
  CHECK(value("invocations.m") == static_cast<std::int64_t>(mapping.invocations));
  CHECK(value("metrics.m.Invocations") == static_cast<std::int64_t>(mapping.invocations));
  CHECK(value("metrics.m.IteratorAge.max") == mapping.max_iterator_age->us);
  CHECK(value("fates.m.processed") == 60);
}

TEST_CASE("whoever watches may stop a sweep, on one thread and on many") {
  struct Enough {};
  const SweepPlan plan = plan_sweep(base(), {}, seeds(2000));
  for (const std::uint32_t threads : {1u, 3u}) {
    const SweepOptions options{threads, [](double done) {
                                 if (done > 0) throw Enough{};
                               }};
    CHECK_THROWS_AS(run_sweep(plan, options), Enough);
  }
}
