#include "sim/experiment/run_scenario.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

Scenario clicks() {
  return read_scenario(R"(trimhorizon: 1
title: clicks
streams:
  orders: {ShardCount: 4}
producers:
  clicks: {stream: orders, rate: 10/s, records: 50, keys: {count: 20, distribution: uniform}}
functions:
  billing: {duration: {lognormal: {mean: 80ms, sigma: 0.5}}}
  audit: {duration: 10ms}
event_source_mappings:
  billing-orders: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON}
  audit-orders: {EventSourceArn: orders, FunctionName: audit, StartingPosition: TRIM_HORIZON}
)",
                       "clicks.yaml");
}

}  // namespace

TEST_CASE("a record has the same life by its id and by the place where it is stored") {
  const std::optional<RecordLife> by_id = life_of_record(clicks(), "clicks-42");
  REQUIRE(by_id.has_value());
  REQUIRE(by_id->copies.size() == 1);
  REQUIRE(by_id->mappings.size() == 2);
  CHECK(by_id->mappings[1].mapping == "audit-orders");
  CHECK(by_id->mappings[1].entries.size() == 2);
  const std::string place = by_id->copies[0].shard + ":" + by_id->copies[0].sequence_number;
  const std::optional<RecordLife> by_place = life_of_record(clicks(), place);
  REQUIRE(by_place.has_value());
  CHECK(by_place->id == "clicks-42");
  CHECK(by_place->mappings[0].entries.size() == by_id->mappings[0].entries.size());
}

TEST_CASE("a record's life follows the seed") {
  const auto end_of_life = [](std::uint64_t seed) {
    const std::optional<RecordLife> life = life_of_record(clicks(), "clicks-42", {.seed = seed});
    REQUIRE(life.has_value());
    CHECK(life->seed == seed);
    return life->mappings[0].entries.back().at;
  };
  CHECK(end_of_life(7) == end_of_life(7));
  CHECK(end_of_life(7) != end_of_life(8));
}

TEST_CASE("a record nobody puts has no life") {
  for (const char* record : {"clicks-50", "nobody", "", ":", "shardId-",
                             "shardId-000000000000:", "shardId-000000000000:1",
                             "shardId-000000000009:"
                             "49670424472731169861061894383144094351084855353575211010"}) {
    CHECK(!life_of_record(clicks(), record).has_value());
  }
}

}  // namespace trimhorizon::testing
