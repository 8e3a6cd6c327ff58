#include "sim/producer/kpl_map.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

constexpr HashKey middle_key = HashKey{1} << 127;
constexpr KplShardRange the_parent{0, {}};
constexpr KplShardRange left_child{1, {0, middle_key - 1}};
constexpr KplShardRange right_child{2, {middle_key, last_hash_key}};

Instant at_s(std::int64_t s) { return Instant{0} + seconds(s); }

}  // namespace

TEST_CASE("KPL reads its map when it starts, and predicts nothing until it has it [KDS-PRD-16]") {
  KplMap map(at_s(5));
  CHECK(map.asks_at() == at_s(5));
  CHECK(map.shard_of(7) == std::nullopt);
  map.ask();
  CHECK(map.asks_at() == end_of_time);
  map.give({right_child, left_child}, at_s(6));
  CHECK(map.shard_of(0) == 1u);
  CHECK(map.shard_of(middle_key - 1) == 1u);
  CHECK(map.shard_of(middle_key) == 2u);
  CHECK(map.shard_of(last_hash_key) == 2u);
  CHECK(map.range_of(0) == std::nullopt);
  CHECK(map.range_of(2) == right_child.range);
}

TEST_CASE("KPL asks again after 1 s, then 1.5 times as long, at most 30 s [KDS-PRD-16]") {
  KplMap map(at_s(0));
  std::vector<std::int64_t> waits_ms;
  Instant now = at_s(0);
  for (int i = 0; i < 11; ++i) {
    map.ask();
    map.fail(now);
    waits_ms.push_back((map.asks_at() - now).us / 1000);
    now = map.asks_at();
  }
  CHECK(waits_ms == std::vector<std::int64_t>{1000, 1500, 2250, 3375, 5062, 7593, 11390, 17085,
                                              25628, 30000, 30000});
  map.give({the_parent}, now);
  map.invalidate(now + seconds(1), 0, false, now + seconds(2));
  map.ask();
  map.fail(now + seconds(3));
  CHECK(map.asks_at() == now + seconds(4));  // from the beginning
}

TEST_CASE("a map is read again once, for a call that is newer than it [KDS-PRD-16]") {
  KplMap map(at_s(0));
  map.ask();
  map.give({the_parent}, at_s(1));
  map.invalidate(at_s(1), 0, false, at_s(2));  // the call was made before
  CHECK(map.is_ready());
  map.invalidate(at_s(2), 1, false, at_s(3));  // it does not have this shard any more
  CHECK(map.is_ready());
  SECTION("KPL before 0.15.11 does not ask for that") {
    map.invalidate(at_s(2), 1, true, at_s(3));
    CHECK_FALSE(map.is_ready());
  }
  map.invalidate(at_s(2), 0, false, at_s(3));
  CHECK_FALSE(map.is_ready());
  CHECK(map.asks_at() == at_s(3));
  CHECK(map.shard_of(0) == std::nullopt);
  CHECK(map.range_of(0) == the_parent.range);
  map.ask();
  map.invalidate(at_s(3), 0, false, at_s(4));
  CHECK(map.asks_at() == end_of_time);  // it is being read already
}

TEST_CASE("KPL remembers closed shards for 60 s, and looks every 30 s [KDS-PRD-16]") {
  KplMap map(at_s(0));
  map.ask();
  map.give({the_parent}, at_s(0));
  map.invalidate(at_s(9), 0, false, at_s(10));
  map.ask();
  map.give({left_child, right_child}, at_s(11));
  CHECK(map.range_of(0) == the_parent.range);
  map.forget_closed(at_s(89));
  CHECK(map.range_of(0) == the_parent.range);
  map.forget_closed(at_s(90));  // 60 s are over since 71 s
  CHECK(map.range_of(0) == std::nullopt);
  CHECK(map.range_of(1) == left_child.range);
}
