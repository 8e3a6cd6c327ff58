// How much faster a sweep of small runs is on two threads than on one: at least 1.7 times.
// `sweep_bench [RUNS] [REPEATS]`: the two are taken in turn, the best of each is compared. Busy
// neighbours make the ratio smaller: beside it stands the CPU time, which they hardly change.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "sim/experiment/sweep.hpp"
#include "tests/bench/bench.hpp"

namespace {

using namespace trimhorizon;
using namespace trimhorizon::testing;

constexpr double wanted_ratio = 1.7;

constexpr std::string_view shop = R"(trimhorizon: 1
streams: {orders: {ShardCount: 2}}
producers: {p: {stream: orders, rate: 40/s, for: 1m, arrivals: poisson}}
functions: {billing: {duration: {batch: 60ms, record: 4ms}, fail: [{probability: 1%}]}}
event_source_mappings:
  m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON}
)";

struct Spent {
  double wall = 1e9;
  double cpu = 1e9;
};

void measure(std::uint64_t runs, std::uint32_t threads, Spent& best) {
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t s = 0; s < runs / 4; ++s) seeds.push_back(s);
  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  const SweepOptions options{threads, {}};
  const SweepPlan plan = plan_sweep({std::string(shop), "shop.yaml", {}, ""},
                                    {{"BatchSize", {"5", "10", "100", "1000"}}}, seeds, options);
  if (run_sweep(plan, options).runs.size() != plan.head.tasks()) std::abort();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  best.wall = std::min(best.wall, wall.count());
  best.cpu = std::min(best.cpu, cpu_seconds() - cpu);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t runs = argument(argc, argv, 1, 1000);
  const std::uint64_t repeats = argument(argc, argv, 2, 5);
  Spent one;
  Spent two;
  for (std::uint64_t i = 0; i < repeats; ++i) {
    measure(runs, 1, one);
    measure(runs, 2, two);
  }
  const double ratio = one.wall / two.wall;
  fmt::print(
      "{} runs: {:.3f} s on one thread ({:.3f} s of CPU), {:.3f} s on two ({:.3f} s of "
      "CPU): {:.2f} times as fast; at least {} is wanted\n",
      runs, one.wall, one.cpu, two.wall, two.cpu, ratio, wanted_ratio);
  return ratio >= wanted_ratio ? 0 : 1;
}
