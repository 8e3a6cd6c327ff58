// States per second of the explorer on one core: the abstract model with 6 records, batch 4, 4
// faults, all its sites and the switches set to what is known of AWS; and with `large` 8 records,
// which must complete within 4 GB. `explore_bench [small|large] [RUNS]`
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "tests/bench/bench.hpp"
#include "tests/explore/model_scenario.hpp"

namespace {

using namespace trimhorizon;
using namespace trimhorizon::testing;
using testing::ModelConfig;

// RESET, SPLIT0 and floor are the setting closest to AWS; bounded retries, a destination, partial
// responses and split batches give every rule something to do.
ModelConfig everything(std::uint32_t records) {
  ModelConfig c;
  c.records = records;
  c.batch = 4;
  c.faults = 4;
  c.keys = 2;
  c.retries = 2;
  c.report = 1;
  c.bisect = c.destination = c.reset = c.split0 = true;
  c.crash = c.dup = c.trim = c.any = true;
  return c;
}

}  // namespace

int main(int argc, char** argv) {
  const bool large = argc > 1 && std::string_view(argv[1]) == "large";
  const std::uint64_t runs = argument(argc, argv, 2, large ? 1 : 3);
  const ModelConfig config = everything(large ? 8 : 6);
  double best = 0;
  for (std::uint64_t i = 0; i < runs; ++i) {
    const double start = cpu_seconds();
    Explorer explorer(testing::exploring_plan(config), testing::options_of(config));
    const Exploration found = explorer.run();
    const double spent = cpu_seconds() - start;
    best = std::max(best, static_cast<double>(found.states) / spent);
    fmt::print(
        "{} states, {} steps, {} outcomes in {:.2f}s: {:.2f} M states/s, {:.2f} M steps/s, "
        "table {} MiB, peak {} MiB{}\n",
        found.states, found.transitions, found.outcomes.size(), spent,
        static_cast<double>(found.states) / spent * 1e-6,
        static_cast<double>(found.transitions) / spent * 1e-6, found.table_bytes >> 20, peak_mib(),
        found.exact ? "" : ", hashed");
  }
  fmt::print("best: {:.2f} M states/s on one core\n", best * 1e-6);
  return 0;
}
