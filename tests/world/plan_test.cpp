// What a run never changes: names to ids and back.
#include "sim/world/plan.hpp"

#include "sim/history/result_builder.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

// Producers `a` and `b` with 5 records each, named after their prefixes.
Scenario two_producers(const std::string& of_a, const std::string& of_b,
                       const std::string& poison) {
  return read_scenario(
      "trimhorizon: 1\n"
      "streams: {orders: {}}\n"
      "producers:\n"
      "  a: {stream: orders, ids: " +
          of_a +
          ", rate: 10/s, records: 5}\n"
          "  b: {stream: orders, ids: " +
          of_b +
          ", rate: 10/s, records: 5}\n"
          "functions: {billing: {fail: [{records: [" +
          poison +
          "]}]}}\n"
          "event_source_mappings:\n"
          "  m: {EventSourceArn: orders, FunctionName: billing, BatchSize: 1,\n"
          "      StartingPosition: TRIM_HORIZON, MaximumRetryAttempts: 0}\n",
      "s.yaml");
}

// Ids of the records that were lost.
std::vector<std::string> lost_of(const Scenario& scenario) {
  Simulation simulation(make_plan(scenario, {{}, true}));
  simulation.run();
  const Result result = build_result(simulation, {});
  std::vector<std::string> ids;
  for (const auto& examples : result.consumers.front().lost_examples.values) {
    ids.insert(ids.end(), examples.begin(), examples.end());
  }
  return ids;
}

}  // namespace

TEST_CASE("a wrong record fails: an id above 2^48 is not a record of another producer") {
  // Its number once ran over into the producer: 281474976710659 is 3 of the next one.
  CHECK(lost_of(two_producers("r", "q", "r281474976710659")).empty());
  CHECK(lost_of(two_producers("r", "q", "q3")) == std::vector<std::string>{"q3"});
}

TEST_CASE("a wrong record fails: of producers r and r1, r12 is the one that makes it") {
  CHECK(lost_of(two_producers("r", "r1", "r12")) == std::vector<std::string>{"r12"});
  const auto plan = make_plan(two_producers("r", "r1", "r12"), {{}, true});
  CHECK(plan->record_named("r12") == RecordId::of({1}, 2));
  CHECK(plan->record_named("r4") == RecordId::of({0}, 4));
  CHECK(!plan->record_named("r5"));
  CHECK(!plan->record_named("r15"));
}

TEST_CASE("a record's id is the name under which it is found") {
  const auto plan = make_plan(two_producers("r", "q0", "r0"), {{}, true});
  for (std::uint32_t p = 0; p < 2; ++p) {
    for (std::uint64_t n = 0; n < 5; ++n) {
      const RecordId record = RecordId::of({p}, n);
      CHECK(plan->record_named(plan->record_id(record)) == record);
    }
  }
}
