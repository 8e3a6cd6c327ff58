// A sweep as plain values: which runs it has, what is kept of each, how seeds are written.
#include "sim/run/sweep.hpp"

#include <algorithm>
#include <set>

#include "sim/history/result_builder.hpp"
#include "sim/run/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"
#include "tests/support/small_world.hpp"

namespace trimhorizon::testing {
namespace {

using Seeds = std::vector<std::uint64_t>;

SweepHead grid() {
  SweepHead head;
  head.axes = {{"BatchSize", {"1", "10"}}, {"Timeout", {"3", "4", "5"}}};
  head.seeds = {8, 9};
  return head;
}

Seeds seeds_of(std::string_view text) {
  const auto read = read_seeds(text);
  REQUIRE(std::holds_alternative<Seeds>(read));
  return std::get<Seeds>(read);
}
std::string wrong_seeds(std::string_view text) {
  const auto read = read_seeds(text);
  return std::holds_alternative<std::string>(read) ? std::get<std::string>(read) : "fine";
}

std::optional<std::int64_t> value_in(const SweepRun& run, const std::vector<std::string>& mappings,
                                     std::string_view column) {
  const std::vector<SweepColumn> columns = sweep_columns(mappings);
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const SweepColumn& each) { return each.name == column; });
  REQUIRE(found != columns.end());
  return run.values[static_cast<std::size_t>(found - columns.begin())];
}

}  // namespace

TEST_CASE("the last axis turns fastest, and within a point the seeds") {
  const SweepHead head = grid();
  CHECK(head.points() == 6);
  CHECK(head.tasks() == 12);
  CHECK(head.settings_at(0) == std::vector<std::string>{"BatchSize=1", "Timeout=3"});
  CHECK(head.settings_at(2) == std::vector<std::string>{"BatchSize=1", "Timeout=5"});
  CHECK(head.settings_at(5) == std::vector<std::string>{"BatchSize=10", "Timeout=5"});
  CHECK(head.point_of(11) == 5);
  CHECK(head.seed_of(10) == 8);
  CHECK(head.seed_of(11) == 9);
  SweepHead no_axes;
  no_axes.seeds = {1};
  CHECK(no_axes.tasks() == 1);
  CHECK(no_axes.settings_at(0).empty());
}

TEST_CASE("shards have every task once between them") {
  for (const std::uint64_t of : {1, 5, 12, 20}) {
    std::multiset<std::uint64_t> seen;
    for (std::uint64_t index = 1; index <= of; ++index) {
      SweepHead head = grid();
      head.shard = SweepShard{index, of};
      for (const std::uint64_t task : head.own_tasks()) seen.insert(task);
    }
    CHECK(seen.size() == 12);
    CHECK(std::set(seen.begin(), seen.end()).size() == 12);
  }
  CHECK(grid().own_tasks().size() == 12);
}

TEST_CASE("a sweep is as good as its worst run, and knows how many are missing") {
  Sweep sweep{grid(), {}};
  CHECK(sweep.verdict() == Verdict::holds);
  CHECK(sweep.missing() == 12);
  sweep.runs = {{0, Verdict::holds, true, {}}, {1, Verdict::undecided, true, {}}};
  CHECK(sweep.verdict() == Verdict::undecided);
  sweep.runs.push_back({2, Verdict::violated, true, {}});
  sweep.runs.push_back({3, Verdict::holds, true, {}});
  CHECK(sweep.verdict() == Verdict::violated);
  CHECK(sweep.missing() == 8);
}

TEST_CASE("columns have names of their own, and a row has a value for each") {
  SmallWorld small;
  small.producer = "put: [{at: 0s, records: [{}, {}, {}]}]\n";
  small.function = "fail: [{records: [r2]}]\n";
  small.mapping = "BatchSize: 2\nMaximumRetryAttempts: 1\n";
  Simulation simulation(small.plan());
  simulation.run();
  const Result result = build_result(simulation, {});
  const std::vector<std::string> mappings = {"absent", "billing-orders"};
  const SweepRun run = sweep_run(7, mappings, result,
                                 Judgement{Verdict::violated,
                                           {{"lost", "== 0", "1", 1, Verdict::violated, ""},
                                            {"a", "", "", {}, Verdict::holds, ""}}});
  const std::vector<SweepColumn> columns = sweep_columns(mappings);
  CHECK(run.values.size() == columns.size());
  std::set<std::string> names;
  for (const SweepColumn& each : columns) CHECK(names.insert(each.name).second);
  CHECK(run.task == 7);
  CHECK(run.verdict == Verdict::violated);
  CHECK(run.broken == std::vector<std::string>{"lost"});
  CHECK(run.drained);

  const auto value = [&](std::string_view name) { return value_in(run, mappings, name); };
  CHECK(value("simulated") == result.simulated.us);
  CHECK(value("produced") == 3);
  CHECK(value("stored") == 3);
  CHECK(value("lost") == 1);
  CHECK(value("invocations.billing-orders") == 3);
  CHECK(value("deliveries.billing-orders") == 4);
  CHECK(value("effects.billing-orders") == 2);
  CHECK(value("fates.billing-orders.processed") == 2);
  CHECK(value("fates.billing-orders.dropped") == 1);
  CHECK(value("metrics.billing-orders.Errors") == 2);
  CHECK(value("metrics.billing-orders.ConcurrentExecutions.max") == 1);
  CHECK(value("metrics.billing-orders.Duration.count") == 3);
  CHECK(value("metrics.billing-orders.Duration.max") == 100'000);
  CHECK(value("invocations.absent") == std::nullopt);  // no such mapping in this run
  CHECK(value("metrics.absent.Errors") == std::nullopt);
}

TEST_CASE("without samples there is no statistic of them, but a count") {
  const std::vector<std::string> mappings = {"billing-orders"};
  Simulation simulation(SmallWorld{}.plan());
  simulation.run();
  const SweepRun run = sweep_run(0, mappings, build_result(simulation, {}), Judgement{});
  CHECK(value_in(run, mappings, "metrics.billing-orders.IteratorAge.count") == 0);
  CHECK(value_in(run, mappings, "metrics.billing-orders.IteratorAge.max") == std::nullopt);
  CHECK(value_in(run, mappings, "metrics.billing-orders.Errors") == 0);
}

TEST_CASE("seeds are single ones and ranges with both ends") {
  CHECK(seeds_of("7") == Seeds{7});
  CHECK(seeds_of("0..3, 9") == Seeds{0, 1, 2, 3, 9});
  CHECK(seeds_of(" 5 .. 5 ") == Seeds{5});
  CHECK(seeds_of("9223372036854775807") == Seeds{seed_max});
  CHECK(seeds_text({0, 1, 2, 3, 9, 8, 10, 11}) == "0..3,9,8,10..11");
  CHECK(seeds_text({}).empty());
}

TEST_CASE("what is not a list of seeds is said in words") {
  for (const char* text : {"", "a", "1,", "1..", "..2", "-1", "1...3", "1 2", "1.5"}) {
    INFO(text);
    CHECK(wrong_seeds(text).starts_with("seeds must be whole numbers or ranges, not `"));
  }
  CHECK(wrong_seeds("9223372036854775808") ==
        "`9223372036854775808`: a seed of a sweep must be at most 9223372036854775807");
  CHECK(wrong_seeds("3..2") == "the range of seeds `3..2` is empty");
  CHECK(wrong_seeds("0..999999") == "fine");
  CHECK(wrong_seeds("0..1000000") == "`0..1000000` makes more than 1000000 seeds");
  CHECK(wrong_seeds("0..999998,1000000,1000001") == "`1000001` makes more than 1000000 seeds");
  CHECK(wrong_seeds("1,5..7,6") == "the seed 6 appears twice");
}

TEST_CASE("seeds that are written are read again") {
  check_property("seeds go round", [] {
    Seeds seeds = *rc::gen::unique<Seeds>(rc::gen::inRange<std::uint64_t>(0, 60));
    if (seeds.empty()) seeds.push_back(1);
    RC_ASSERT(std::get<Seeds>(read_seeds(seeds_text(seeds))) == seeds);
  });
}

}  // namespace trimhorizon::testing
