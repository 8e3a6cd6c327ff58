// What AWS would show for things of the world.
#include "sim/world/names.hpp"

#include "sim/kinesis/sequence_number.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

constexpr std::int64_t epoch_s = 1'767'225'600;

// Ten records a second later each, over two shards.
const Told& told() {
  static const Told told = [] {
    Story ten = story().shards(2).another_mapping("audit");
    for (int i = 0; i < 10; ++i) ten.records(1, milliseconds(1'900 * i));
    return ten.tell();
  }();
  return told;
}

}  // namespace

TEST_CASE(
    "the number of a record has its shard, its place and its second of arrival [KDS-SHD-09]") {
  const World& world = told().world();
  for (const ShardId shard : {ShardId{0}, ShardId{1}}) {
    const RecordLog& log = world.shard(shard).log;
    REQUIRE(log.end() > 2);
    for (Position p = 0; p < log.end(); ++p) {
      const auto fields = parse_sequence_number(sequence_number_of(world, shard, p));
      REQUIRE(fields);
      CHECK(fields->shard_created_s == epoch_s);
      CHECK(position_of_index(fields->index) == p);
      CHECK(fields->arrival_s == epoch_s + log.arrival(p).us / 1'000'000);
      CHECK(fields->shard_number == shard.value);
    }
  }
}

TEST_CASE("whoever knows the arrival needs no log to tell the number") {
  const World& world = told().world();
  const Instant arrival = world.shard({1}).log.arrival(2);
  CHECK(sequence_number_of(world, {1}, 2, arrival) == sequence_number_of(world, {1}, 2));
  World forgetful = world;
  forgetful.shard({1}).log.clear();
  CHECK(sequence_number_of(forgetful, {1}, 2, arrival) == sequence_number_of(world, {1}, 2));
}

TEST_CASE("a shard is named by its number in its stream, not by its place in the world") {
  World world = told().world();
  CHECK(shard_name(world, {1}) == "shardId-000000000001");
  world.shard({1}).number = 12;
  CHECK(shard_name(world, {1}) == "shardId-000000000012");
}

TEST_CASE("records have the ids of their producer, readers the name of their consumer") {
  const World& world = told().world();
  std::vector<std::string> ids;
  for (const ShardId shard : {ShardId{0}, ShardId{1}}) {
    for (Position p = 0; p < world.shard(shard).log.end(); ++p) {
      ids.push_back(record_name(world, shard, p));
      CHECK(ids.back() == "r" + std::to_string(world.shard(shard).log.record(p).number()));
    }
  }
  CHECK(ids.size() == 10);
  CHECK(reader_name(world, {0}) == "billing-orders on shardId-000000000000");
  CHECK(reader_name(world, {3}) == "audit on shardId-000000000001");
}
