// An export written as a list of rates.
#include "sim/scenario/written_rates.hpp"

#include "sim/producer/arrivals.hpp"
#include "sim/producer/sizes.hpp"
#include "sim/scenario/rewrite.hpp"
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

Scenario of_export(const std::string& lines) {
  const auto files = std::make_shared<AttachedFiles>();
  (*files)["incoming.csv"] =
      "Label,IncomingRecords Sum,IncomingBytes Sum\n2026/10/01 10:00:00,0,0\n"
      "2026/10/01 10:05:00,7,700\n2026/10/01 10:10:00,1234,123400\n2026/10/01 10:15:00,59,9999\n";
  return read_scenario(with_producer("    rate: {cloudwatch: incoming.csv}\n" + lines), "s.yaml",
                       {}, files);
}

GeneratedLoad without_export(const Scenario& scenario, std::uint64_t records) {
  Rewrite rewrite;
  rewrite.overrides = written_rates(scenario, records);
  return read(rewrite_scenario(scenario.source_text, rewrite)).producers[0].settings.load.value();
}

std::vector<std::pair<std::uint32_t, Instant>> first_calls(const GeneratedLoad& load, int most) {
  std::vector<std::pair<std::uint32_t, Instant>> calls;
  ArrivalCursor cursor;
  for (int i = 0; i < most; ++i) {
    const NextCall call = next_call(load, cursor, 1, 0);
    if (call.records > 0) calls.emplace_back(call.records, call.at);
  }
  return calls;
}

}  // namespace

TEST_CASE("an export that is written as a list is the same traffic") {
  for (const char* lines :
       {"", "    for: 12m\n", "    records: 100\n", "    arrivals: poisson\n"}) {
    INFO(lines);
    const Scenario scenario = of_export(lines);
    const GeneratedLoad& whole = *scenario.producers[0].settings.load;
    const GeneratedLoad listed = without_export(scenario, 1'000'000);
    CHECK(first_calls(listed, 2'000) == first_calls(whole, 2'000));
    CHECK(sizes_of(listed) == sizes_of(whole));
  }
}

TEST_CASE("the list ends when it has enough records") {
  const Scenario scenario = of_export("");
  const std::vector<Override> settings = written_rates(scenario, 6);
  REQUIRE(settings.size() == 2);
  CHECK(settings[0].path == "producers.shop.rate");
  CHECK(settings[0].value ==
        "[{from: 0s, rate: 0/h, size: 103B}, {from: 5m, rate: 84/h, size: 100B}]");
  CHECK(settings[1].path == "producers.shop.for");
  CHECK(settings[1].value == "10m");
  CHECK(first_calls(without_export(scenario, 6), 6) ==
        first_calls(*scenario.producers[0].settings.load, 6));
  CHECK(written_rates(read(with_producer("    rate: 1/s\n    for: 1m\n")), 6).empty());
}
