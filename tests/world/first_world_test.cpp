// Which shard a record goes to, put by a producer: as two public emulators put it.
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
