// Less concurrency than shards: who gets a slot that becomes free. LAM-CON-13.
#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

constexpr std::uint32_t four_shards = 4;

// One function with one slot, for four shards of each of its mappings.
struct Load {
  Duration work;
  bool drawn = false;  // lognormal, with this mean
  std::uint32_t mappings = 1;

  // Each shard gets one record an interval, for ten minutes: `percent` of what the slot can do.
  Story story(std::int64_t percent, std::int64_t age) const {
    const Duration interval{work.us * (four_shards * mappings) * 100 / percent};
    Story told = testing::story();
    told.shards(four_shards).evenly(interval, static_cast<int>((10_m).us / interval.us));
    for (std::uint32_t m = 0; m < mappings; ++m) {
      if (m > 0) told.another_mapping("other").same_function();
      told.batch(1).age(age);
    }
    drawn ? told.drawn_work(work, 500'000) : told.work(work);
    return told.reserved(1).timeout(30).lasts(11_m);
  }
};

const Load loads[] = {{500_ms}, {250_ms}, {500_ms, true}, {500_ms, false, 2}, {500_ms, true, 2}};

std::size_t calls_of(const Told& told, std::uint32_t mapping, std::uint32_t shard) {
  return static_cast<std::size_t>(std::count_if(
      told.calls.begin(), told.calls.end(),
      [&](const ToldCall& call) { return call.mapping == mapping && call.shard == shard; }));
}

}  // namespace

TEST_CASE("the slot goes to who was refused first, before the shard that just ended [LAM-CON-13]") {
  const Told told = story()
                        .shards(3)
                        .evenly(100_ms, 2)
                        .created(1_s)
                        .batch(1)
                        .reserved(1)
                        .work(1_s)
                        .throttle_backoff(exact_throttles)
                        .tell();
  CHECK(told.schedule(0, 0) == "1s[0] 4s[1]");
  CHECK(told.schedule(0, 1) == "2s[0] 5s[1]");
  CHECK(told.schedule(0, 2) == "3s[0] 6s[1]");
}

TEST_CASE("attempts while waiting count as throttles and move nobody [LAM-CON-13, LAM-CON-06]") {
  // The waits are drawn, so the shards ask again in another order than that of the line.
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Told told = story()
                          .shards(4)
                          .evenly(100_ms, 1)
                          .created(1_s)
                          .reserved(1)
                          .work(20_s)
                          .timeout(30)
                          .seed(seed)
                          .tell();
    CHECK(told.schedule(0, 1) == "21s[0]");
    CHECK(told.schedule(0, 2) == "41s[0]");
    CHECK(told.schedule(0, 3) == "61s[0]");
    CHECK(told.metric("Throttles") > 10);
  }
}

TEST_CASE("two slots that become free at one instant go to the first two [LAM-CON-13]") {
  const Told told = story().shards(4).evenly(100_ms, 1).created(1_s).reserved(2).work(1_s).tell();
  CHECK(told.schedule(0, 0) == "1s[0]");
  CHECK(told.schedule(0, 1) == "1s[0]");
  CHECK(told.schedule(0, 2) == "2s[0]");
  CHECK(told.schedule(0, 3) == "2s[0]");
}

TEST_CASE("at 80 % load every shard is served long before its records are old [LAM-CON-13]") {
  for (const Load& load : loads) {
    CAPTURE(load.work.us, load.drawn, load.mappings);
    const Told told = load.story(80, 60).tell();
    for (std::uint32_t m = 0; m < load.mappings; ++m) {
      CHECK(told.mapping(m).fates[Fate::processed] == told.result.stored);
      CHECK(told.age_max(m) < 30_s);
    }
  }
}

TEST_CASE("at 200 % load each shard has an equal share, within a fifth [LAM-CON-13]") {
  for (const Load& load : loads) {
    CAPTURE(load.work.us, load.drawn, load.mappings);
    const Told told = load.story(200, -1).tell();
    const std::size_t share = told.calls.size() / (four_shards * load.mappings);
    CHECK(share > 100);
    for (std::uint32_t m = 0; m < load.mappings; ++m) {
      for (std::uint32_t shard = 0; shard < four_shards; ++shard) {
        CAPTURE(m, shard);
        CHECK(calls_of(told, m, shard) * 5 >= share * 4);
        CHECK(calls_of(told, m, shard) * 5 <= share * 6);
      }
    }
  }
}

TEST_CASE("when a throttle of the timeline ends, the line moves [LAM-CON-13]") {
  const Told told = story()
                        .shards(2)
                        .evenly(100_ms, 1)
                        .created(1_s)
                        .reserved(1)
                        .work(1_s)
                        .throttle(1'500_ms, 10_s)
                        .tell();
  CHECK(told.schedule(0, 0) == "1s[0]");
  CHECK(told.schedule(0, 1) == "11.5s[0]");
}
