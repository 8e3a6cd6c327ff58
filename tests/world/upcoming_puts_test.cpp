// Looking ahead at the memory of later records changes nothing that is stored.
#include "sim/world/upcoming_puts.hpp"

#include <algorithm>

#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

// 400 shards are many enough for the look ahead.
Scenario many_shards(std::uint32_t batch) {
  Scenario s;
  s.duration = hours(1);
  s.streams.push_back({"orders", {.shard_count = 400}});
  ProducerSettings clicks;
  GeneratedLoad load;
  load.rate = {{Instant{0}, 1'000'000'000, seconds(1)}};
  load.records = 5'000;
  load.keys = {KeyDistribution::uniform, 3'000, 1'000'000, "key-"};
  load.batch = batch;
  clicks.load = load;
  s.producers.push_back({"a", {0}, clicks});
  s.producers.push_back({"b", {0}, clicks});
  return s;
}

}  // namespace

TEST_CASE("with many shards every record lies in the shard of its key, in the order of its puts") {
  for (const std::uint32_t batch : {1u, 50u}) {
    Simulation simulation(make_plan(many_shards(batch)));
    simulation.run();
    const World& world = simulation.world();
    std::size_t stored = 0;
    for (const Shard& shard : world.shards) {
      std::vector<std::uint64_t> last(2, 0);
      for (Position p = shard.log.first(); p < shard.log.end(); ++p) {
        const StoredRecord record = shard.log.at(p);
        CHECK(shard.range.contains(world.plan->keys[record.key.value].hash));
        std::uint64_t& before = last[record.record.producer().value];
        CHECK(before <= record.record.number());
        before = record.record.number();
      }
      stored += shard.log.end();
    }
    CHECK(stored == 10'000);
  }
}
