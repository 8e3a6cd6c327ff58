// When generated records arrive: closed formulas against one record after the other.
#include "sim/producer/arrivals.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

struct Put {
  std::uint32_t records;
  std::int64_t at_us;
  friend bool operator==(const Put&, const Put&) = default;
};

std::vector<Put> all_puts(const GeneratedLoad& load, std::uint64_t seed = 1,
                          std::uint32_t producer = 0) {
  std::vector<Put> puts;
  ArrivalCursor cursor;
  while (true) {
    const NextCall call = next_call(load, cursor, seed, producer);
    if (call.records == 0) return puts;
    puts.push_back({call.records, call.at.us});
    REQUIRE(puts.size() <= 50'000);  // a load that never ends is not waited for
  }
}

std::uint64_t records_of(const std::vector<Put>& puts) {
  std::uint64_t sum = 0;
  for (const Put& put : puts) sum += put.records;
  return sum;
}

GeneratedLoad steady(std::int64_t per_second) {
  GeneratedLoad load;
  load.rate = {{Instant{0}, per_second * 1'000'000, seconds(1)}};
  return load;
}

}  // namespace

TEST_CASE("for: 60s at 10/s is exactly 600 records") {
  GeneratedLoad load = steady(10);
  load.lasts = seconds(60);
  const std::vector<Put> puts = all_puts(load);
  CHECK(puts.size() == 600);
  CHECK(puts.front().at_us == 100'000);
  CHECK(puts.back().at_us == 60'000'000);
}

TEST_CASE("steady arrivals are rounded down to a microsecond") {
  GeneratedLoad load = steady(3);
  load.records = 4;
  CHECK(all_puts(load) ==
        std::vector<Put>{{1, 333'333}, {1, 666'666}, {1, 1'000'000}, {1, 1'333'333}});
}

TEST_CASE("a PutRecords call is made when its last record has arrived") {
  GeneratedLoad load = steady(10);
  load.records = 7;
  load.batch = 3;
  CHECK(all_puts(load) == std::vector<Put>{{3, 300'000}, {3, 600'000}, {1, 700'000}});
}

TEST_CASE("a rate holds from its instant to the next one's") {
  GeneratedLoad load = steady(10);
  load.rate.push_back({Instant{0} + seconds(1), 0, seconds(1)});
  load.rate.push_back({Instant{0} + seconds(5), 2'000'000, seconds(1)});
  load.records = 12;
  const std::vector<Put> puts = all_puts(load);
  REQUIRE(puts.size() == 12);
  CHECK(puts[9].at_us == 1'000'000);
  CHECK(puts[10].at_us == 5'500'000);
  CHECK(puts[11].at_us == 6'000'000);
}

TEST_CASE("a call may collect records over a change of rate") {
  GeneratedLoad load = steady(2);
  load.rate.push_back({Instant{0} + seconds(1), 10'000'000, seconds(1)});
  load.records = 6;
  load.batch = 3;
  CHECK(all_puts(load) == std::vector<Put>{{3, 1'100'000}, {3, 1'400'000}});
}

TEST_CASE("rates by the minute and by the hour, with fractions") {
  GeneratedLoad load;
  load.rate = {{Instant{0}, 1'500'000, minutes(1)}};  // 1.5/m
  load.records = 2;
  CHECK(all_puts(load) == std::vector<Put>{{1, 40'000'000}, {1, 80'000'000}});
  load.rate = {{Instant{0}, 2'000'000, hours(1)}};
  CHECK(all_puts(load) == std::vector<Put>{{1, 1'800'000'000}, {1, 3'600'000'000}});
}

TEST_CASE("Poisson arrivals have the mean rate, are sorted and belong to their seed") {
  GeneratedLoad load = steady(100);
  load.arrivals = Arrivals::poisson;
  load.records = 20'000;
  const std::vector<Put> puts = all_puts(load);
  REQUIRE(puts.size() == 20'000);
  CHECK(puts.back().at_us > 194'000'000);
  CHECK(puts.back().at_us < 206'000'000);
  for (std::size_t i = 1; i < puts.size(); ++i) REQUIRE(puts[i - 1].at_us <= puts[i].at_us);
  CHECK(all_puts(load) == puts);
  CHECK(all_puts(load, 2) != puts);
  CHECK(all_puts(load, 1, 1) != puts);
}

TEST_CASE("Poisson arrivals stop where their time is over") {
  GeneratedLoad load = steady(100);
  load.arrivals = Arrivals::poisson;
  load.lasts = seconds(10);
  const std::vector<Put> puts = all_puts(load);
  CHECK(puts.back().at_us <= 10'000'000);
  CHECK(records_of(puts) > 850);
  CHECK(records_of(puts) < 1'150);
}

TEST_CASE("the closed formula of steady arrivals agrees with counting") {
  check_property("steady calls", [] {
    GeneratedLoad load;
    Instant from{*rc::gen::inRange<std::int64_t>(0, 3'000'000)};
    const Instant start = from;
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
      load.rate.push_back({from, *rc::gen::inRange<std::int64_t>(0, 40) * 250'000,
                           seconds(*rc::gen::inRange(1, 3))});
      from = from + microseconds(*rc::gen::inRange<std::int64_t>(1, 4'000'000));
    }
    load.lasts = (from - start) + microseconds(*rc::gen::inRange<std::int64_t>(0, 2'000'000));
    load.batch = *rc::gen::inRange(1u, 6u);

    std::vector<std::int64_t> arrivals;  // one record after the other
    for (std::size_t s = 0; s < load.rate.size(); ++s) {
      const RateStep& step = load.rate[s];
      const Instant end = s + 1 < load.rate.size() ? load.rate[s + 1].from : start + *load.lasts;
      for (std::int64_t k = 1; step.events_millionths > 0; ++k) {
        const std::int64_t at = step.from.us + k * step.per.us * 1'000'000 / step.events_millionths;
        if (at > end.us) break;
        arrivals.push_back(at);
      }
    }
    std::vector<Put> expected;
    for (std::size_t i = 0; i < arrivals.size(); i += load.batch) {
      const std::size_t last = std::min(i + load.batch, arrivals.size()) - 1;
      expected.push_back({std::uint32_t(last - i + 1), arrivals[last]});
    }
    RC_ASSERT(all_puts(load) == expected);
  });
}

TEST_CASE("record a billion arrives where exact arithmetic has it") {
  check_property("large counts", [] {
    GeneratedLoad load;
    const std::int64_t events = *rc::gen::inRange<std::int64_t>(1, 40'000) *
                                *rc::gen::element<std::int64_t>(1, 250'000, 1'000'000);
    const Duration per = *rc::gen::element(microseconds(1), seconds(1), minutes(5), hours(24));
    load.rate = {{Instant{*rc::gen::inRange<std::int64_t>(0, 3'000'000)}, events, per}};
    ArrivalCursor cursor;
    cursor.in_step = *rc::gen::inRange<std::uint64_t>(0, 10'000'000'000);
    const auto us = static_cast<unsigned __int128>(cursor.in_step + 1) *
                    static_cast<std::uint64_t>(per.us) * 1'000'000 /
                    static_cast<std::uint64_t>(events);
    RC_PRE(us < static_cast<std::uint64_t>(INT64_MAX / 2));
    const NextCall call = next_call(load, cursor, 1, 0);
    RC_ASSERT(call.records == 1u);
    RC_ASSERT(call.at.us == load.rate[0].from.us + static_cast<std::int64_t>(us));
  });
}
