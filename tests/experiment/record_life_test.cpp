#include "sim/experiment/run_scenario.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "sim/report/narrator.hpp"
#include "sim/scenario/build_world.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/obstacles.hpp"
#include "tests/support/places.hpp"
#include "tests/support/text.hpp"

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

// A record that waited more than ten seconds before it was first handed over or settled, and what
// stood in its way.
struct LongWait {
  std::string id;
  Instant turn;
  Obstacles::Ways ways;
};

// Of the first mapping; at most `most` of each shard, spread over the run.
std::vector<LongWait> long_waits(const Scenario& scenario, std::size_t most) {
  Simulation simulation(make_plan(scenario, {{}, true}));
  Obstacles obstacles;
  simulation.watch(obstacles);
  simulation.run();
  const World& world = simulation.world();
  std::vector<LongWait> some;
  for (std::uint32_t r = 0; r < world.readers.size(); ++r) {
    if (world.readers[r].consumer.value != 0) continue;
    const RecordLog& log = world.shard(world.readers[r].shard).log;
    const std::vector<Instant> turns = obstacles.turns({r}, world);
    std::vector<Position> late;
    for (Position p = 0; p < turns.size(); ++p) {
      if (turns[p] - log.arrival(p) > seconds(10)) late.push_back(p);
    }
    const std::size_t n = std::min(most, late.size());
    for (std::size_t i = 0; i < n; ++i) {
      const Position p = late[(late.size() - 1) * i / std::max<std::size_t>(n - 1, 1)];
      some.push_back({world.plan->record_id(log.record(p)), turns[p],
                      obstacles.ways({r}, p, turns[p], world)});
    }
  }
  return some;
}

// What `explain` says about the time before the first delivery.
struct SaidWait {
  std::string words;
  Duration waited;
  std::uint64_t tries = 0;
};
std::vector<SaidWait> said_of(const LongWait& one, const LifeInMapping& mapping) {
  std::vector<SaidWait> said;
  for (const LifeEntry& entry : mapping.entries) {
    if (entry.kind != LifeKind::waited || entry.at >= one.turn) continue;
    said.push_back({say(entry), entry.waited, entry.repeats});
  }
  return said;
}

// Every long reason is told with its time and tries, and nothing else is told.
void check_waits(const Scenario& scenario, const LongWait& one) {
  INFO(scenario.file << " " << one.id);
  const std::optional<RecordLife> life = life_of_record(scenario, one.id);
  REQUIRE(life.has_value());
  const std::vector<SaidWait> said = said_of(one, life->mappings.at(0));
  if (life->mappings[0].fates == std::vector<Fate>{Fate::unread}) {
    CHECK(said.empty());  // it was never waited for
    return;
  }
  for (const auto& [reason, way] : one.ways) {
    INFO(reason);
    Duration told{0};
    std::uint64_t tries = 0;
    for (const SaidWait& each : said) {
      if (!contains(each.words, reason)) continue;
      told = told + each.waited;
      tries += each.tries;
    }
    CHECK(told <= way.lasted);
    if (reason == "its own" || reason == "nothing" || way.longest < seconds(1)) continue;
    CHECK(way.lasted - told < seconds(1));
    CHECK(tries == way.tries);
  }
  for (const SaidWait& each : said) {
    INFO(each.words);
    CHECK(std::any_of(one.ways.begin(), one.ways.end(), [&](const auto& way) {
      return contains(each.words, way.first) && way.second.lasted > Duration{0};
    }));
  }
}

Scenario of_library(const std::string& file) {
  const std::string path = tests::source_dir() + "/scenarios/" + file;
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return read_scenario(text.str(), file);
}

std::size_t check_long_waits(const Scenario& scenario, std::size_t most) {
  const std::vector<LongWait> some = long_waits(scenario, most);
  for (const LongWait& each : some) check_waits(scenario, each);
  return some.size();
}

}  // namespace

TEST_CASE("explain names what stood in the way of records that waited for more than ten seconds") {
  std::size_t checked = 0;
  for (const char* file : {"020-poison-pill-default.yaml", "110-latest-gap-on-create.yaml",
                           "190-record-age-prefix-drop.yaml", "200-retention-cliff.yaml"}) {
    const Scenario scenario = of_library(file);
    std::size_t here = check_long_waits(scenario, 6);
    for (const VariantEntry& variant : scenario.variants) {
      here += check_long_waits(*variant.scenario, 3);
    }
    INFO(file);
    CHECK(here > 0);
    checked += here;
  }
  CHECK(checked >= 20);
}

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

TEST_CASE("a record that KPL gives up before any call has it has a life too [KDS-PRD-13]") {
  const Scenario scenario = read_scenario(
      "trimhorizon: 1\nstreams: {orders: {ShardCount: 1}}\n"
      "producers: {p: {stream: orders, ids: u, rate: 10/s, records: 5, "
      "kpl: {RecordTtl: 100, RecordMaxBufferedTime: 200}}}\n",
      "kpl.yaml");
  const std::optional<RecordLife> life = life_of_record(scenario, "u2");
  REQUIRE(life.has_value());
  CHECK(life->never_accepted);
  CHECK(life->put_tries == 0);
}

}  // namespace trimhorizon::testing
