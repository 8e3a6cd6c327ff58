// CPU time per record: 10 million generated records through 8 shards, all accounting and
// invariants on. `simulate_bench [RECORDS] [RUNS]` prints each run and the best.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "sim/history/result_builder.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/bench/bench.hpp"

namespace {

using namespace trimhorizon;
using namespace trimhorizon::testing;

// 4000/s over 8 shards, Zipf over 10,000 keys, PutRecords of 100, batches of 100, lognormal
// 80 ms, 1 % of invocations fail after part of the work.
Scenario heavy_scenario(std::uint64_t records) {
  Scenario s;
  s.duration = hours(100'000);
  s.streams.push_back({"orders", {.shard_count = 8}});
  ProducerSettings clicks;
  clicks.ids = "clicks-";
  GeneratedLoad load;
  load.rate = {{Instant{0}, 4'000'000'000, seconds(1)}};
  load.records = records;
  load.keys = {KeyDistribution::zipf, 10'000, 1'000'000, "key-"};
  load.size_bytes = 200;
  load.batch = 100;
  clicks.load = load;
  s.producers.push_back({"clicks", {0}, clicks});
  FunctionSettings billing;
  billing.duration.lognormal = Lognormal{milliseconds(80), 500'000};
  FailRule one_percent;
  one_percent.probability = Probability{10'000'000};
  one_percent.after = FailAfter::some;
  billing.fail.push_back(one_percent);
  s.functions.push_back({"billing", billing});
  s.mappings.push_back({"billing-orders", {0}, {0}, {}, {}});
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t records = argument(argc, argv, 1, 10'000'000);
  const std::uint64_t runs = argument(argc, argv, 2, 3);
  double best = 1e9;
  for (std::uint64_t i = 0; i < runs; ++i) {
    const double before = cpu_seconds();
    Simulation simulation(make_plan(heavy_scenario(records)));
    simulation.run();
    const Result result = build_result(simulation, {});
    const double spent = cpu_seconds() - before;
    best = std::min(best, spent);
    const ConsumerResult& mapping = result.consumers.front();
    fmt::print(
        "{} records, {} invocations, {} duplicates, {} lost, all invariants {}: "
        "{:.3f} s CPU, {:.1f} ns a record, peak {} MiB, digest {}\n",
        result.stored, mapping.invocations, mapping.duplicates, mapping.lost,
        std::all_of(result.invariants.begin(), result.invariants.end(),
                    [](const InvariantResult& r) { return r.holds(); })
            ? "hold"
            : "BROKEN",
        spent, spent * 1e9 / static_cast<double>(result.stored), peak_mib(), result.trace_digest);
  }
  fmt::print("best: {:.3f} s CPU, {:.1f} ns a record\n", best,
             best * 1e9 / static_cast<double>(records));
}
