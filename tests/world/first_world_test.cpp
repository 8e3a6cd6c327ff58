// The world at its beginning; and which shard a record goes to, put by a producer: as two public
// emulators put it.
#include "sim/world/first_world.hpp"

#include "sim/scenario/build_world.hpp"
#include "sim/world/names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kinesis_oracle.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

struct Wanted {
  std::string key;
  std::optional<std::string> explicit_hash_key;
};

// Puts each record into a stream of so many shards; which shard has it then, in order of the puts.
std::vector<std::uint32_t> shards_of(const std::vector<Wanted>& puts, std::uint32_t shard_count) {
  Scenario scenario = story().shards(shard_count).scenario();
  for (std::size_t i = 0; i < puts.size(); ++i) {
    const std::string id = "r" + std::to_string(i);
    scenario.producers[0].settings.put.push_back(
        {Instant{0}, false, {{id, puts[i].key, id, puts[i].explicit_hash_key}}});
  }
  Simulation simulation(make_plan(scenario));
  simulation.run();
  const World& world = simulation.world();
  std::vector<std::uint32_t> found(puts.size(), UINT32_MAX);
  for (std::uint32_t s = 0; s < shard_count; ++s) {
    const RecordLog& log = world.shards[s].log;
    for (Position p = 0; p < log.end(); ++p) {
      const std::uint64_t number = log.record(p).number();
      CHECK(found[number] == UINT32_MAX);
      CHECK(world.plan->keys[log.key(p).value].name == puts[number].key);
      found[number] = s;
    }
  }
  return found;
}

}  // namespace

TEST_CASE("keys go to the shards that the emulators chose [KDS-SHD-01, KDS-SHD-03, KDS-SHD-04]") {
  const std::size_t keys = oracle_keys().size();
  std::vector<Wanted> puts;
  for (int time = 0; time < 2; ++time) {  // the second time a key goes where it went before
    for (const std::string& key : oracle_keys()) puts.push_back({key, std::nullopt});
  }
  const Json& oracle = at(kinesis_oracle(), "routing");
  REQUIRE(oracle.object()->size() == 5);
  for (const auto& [count, wanted] : *oracle.object()) {
    const std::vector<std::uint32_t> found =
        shards_of(puts, static_cast<std::uint32_t>(std::stoul(count)));
    REQUIRE(wanted.array()->size() == keys);
    for (std::size_t i = 0; i < puts.size(); ++i) {
      INFO("put " << i << " of " << count << " shards");
      CHECK(found[i] == number_of(wanted.array()->at(i % keys)));
    }
  }
}

TEST_CASE("an explicit hash key decides, the partition key stays [KDS-SHD-02, KDS-SHD-04]") {
  const Json& oracle = at(kinesis_oracle(), "hash_ranges");
  for (const auto& [count, ranges] : *oracle.object()) {
    std::vector<Wanted> puts;  // the ends of every range, all with one key
    for (const Json& range : *ranges.array()) {
      puts.push_back({"same", text_of(range.array()->at(0))});
      puts.push_back({"same", text_of(range.array()->at(1))});
    }
    const std::vector<std::uint32_t> found =
        shards_of(puts, static_cast<std::uint32_t>(std::stoul(count)));
    for (std::size_t i = 0; i < found.size(); ++i) {
      INFO("hash key " << *puts[i].explicit_hash_key << " of " << count << " shards");
      CHECK(found[i] == i / 2);
    }
  }
}

TEST_CASE("at its beginning a world has its shards, nothing stored and nobody who reads") {
  const World world = first_world(make_plan(story().shards(3).records(2).scenario()));
  CHECK(world.now == Instant{0});
  CHECK(world.steps == 0);
  REQUIRE(world.shards.size() == 3);
  CHECK(world.shards[2].number == 2);
  CHECK(world.shards[2].log.end() == 0);
  CHECK(world.streams[0].shards == std::vector{ShardId{0}, ShardId{1}, ShardId{2}});
  CHECK(world.streams[0].lineage.shard_count() == 3);
  CHECK(world.readers.empty());
  CHECK_FALSE(world.mappings[0].exists);
}

TEST_CASE("each stream has shards of its own, and a key goes to one of its stream") {
  Scenario scenario = story().shards(2).records(20).scenario();
  scenario.streams.push_back({"clicks", {}});
  scenario.streams[1].settings.shard_count = 3;
  ProducerEntry other = scenario.producers[0];
  other.stream = StreamId{1};
  scenario.producers.push_back(other);
  const World world = first_world(make_plan(scenario));
  REQUIRE(world.shards.size() == 5);
  CHECK(world.shards[2].number == 0);
  CHECK(world.streams[1].shards == std::vector{ShardId{2}, ShardId{3}, ShardId{4}});
  REQUIRE(world.shard_of_key.size() == world.plan->keys.size());
  for (std::size_t k = 0; k < world.shard_of_key.size(); ++k) {
    const Shard& shard = world.shard(world.shard_of_key[k]);
    CHECK(shard.stream == world.plan->keys[k].stream);
    CHECK(shard.range.contains(world.plan->keys[k].hash));
  }
}

TEST_CASE("what the scenario says is pending: creations, the timeline, each producer's first put") {
  const World world = first_world(make_plan(story()
                                                .records(1, 5_s)
                                                .records(1, 3_s)
                                                .another_mapping("audit")
                                                .created(7_s)
                                                .disabled()
                                                .throttle(9_s, 1_s)
                                                .scenario()));
  const std::vector<Event> events = world.events.in_order();
  REQUIRE(events.size() == 4);
  CHECK(events[0].what == What{MappingCreated{{0}}});
  CHECK(events[1].what == What{PutDue{{0}}});
  CHECK(events[1].at == Instant{0} + 3_s);  // the earliest of its calls, and no other yet
  CHECK(events[2].what == What{MappingCreated{{1}}});
  CHECK(events[3].what == What{TimelineDue{0}});
  for (const Event& event : events) CHECK_FALSE(event.cause.valid());
  CHECK(world.mappings[0].enabled);
  CHECK_FALSE(world.mappings[1].enabled);
}
