// What a run needs of memory, tried with a limit: the program fails when it needs more.
#include <fmt/format.h>

#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

// Sanitizers reserve terabytes of addresses.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool limits_work = false;
#elif defined(__has_feature)
constexpr bool limits_work = !__has_feature(address_sanitizer);
#else
constexpr bool limits_work = true;
#endif

// Does the program run this scenario within so many MiB? Its output is thrown away.
bool runs_within(int mib, const std::string& scenario, const std::string& options = "") {
  const Folder folder("memory");
  folder.write("s.yaml", scenario);
  const std::string limit = limits_work ? fmt::format("ulimit -v {}; ", mib * 1024) : "";
  const ProgramRun run =
      run_shell(limit + "\"$TH\" run '" + folder / "s.yaml" + "' " + options + " > /dev/null");
  INFO(run.err);
  return run.code == 0;
}

std::string scenario_of(const std::string& traffic, const std::string& rest) {
  return "trimhorizon: 1\nduration: 10h\nstreams: {orders: {ShardCount: 1}}\n"
         "producers:\n  shop: {stream: orders, " +
         traffic + "}\n" + rest;
}

// A function and a mapping of this number.
std::string mappings(int n, const std::string& function, const std::string& settings) {
  std::string functions = "functions:\n";
  std::string sources = "event_source_mappings:\n";
  for (int i = 0; i < n; ++i) {
    functions += fmt::format("  f{}: {{{}}}\n", i, function);
    sources += fmt::format(
        "  m{}: {{EventSourceArn: orders, FunctionName: f{}, StartingPosition: TRIM_HORIZON, "
        "BatchSize: 100{}}}\n",
        i, i, settings);
  }
  return functions + sources;
}

}  // namespace

TEST_CASE("--format json --records holds no row: it writes one after the other") {
  const std::string put = "rate: 4000/s, records: 300_000, batch: 100";
  CHECK(runs_within(120, scenario_of(put, mappings(1, "Timeout: 30", "")),
                    "--format json --records"));
}

TEST_CASE("the payloads for S3 are made when they are written, and not kept") {
  const std::string destination =
      ", MaximumRetryAttempts: 0, DestinationConfig: {OnFailure: {Destination: lake}}";
  const std::string file =
      scenario_of("rate: 10/s, records: 200, size: 900KiB",
                  mappings(1, "Timeout: 30, fail: [{probability: 100%}]", destination)) +
      "destinations: {lake: {type: s3}}\n";
  CHECK(runs_within(120, file, "--format json"));
  CHECK(runs_within(120, file));
}

TEST_CASE("1,000 mappings need little more than one, when they have little to do") {
  CHECK(runs_within(150, scenario_of("put: [{at: 0s, record: {id: a, key: k}}]",
                                     mappings(1'000, "duration: 80ms", ""))));
}

TEST_CASE("1,000 mappings that read 2,000 records each keep one copy of their histograms") {
  CHECK(runs_within(
      200, scenario_of("rate: 1000/s, records: 2000", mappings(1'000, "duration: 10ms", ""))));
}
