#include "sim/kinesis/shard_plan.hpp"

#include <algorithm>

#include "sim/base/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

namespace trimhorizon::testing {
namespace {

using Shards = std::vector<OpenShard>;

Shards fresh(std::uint32_t count) {
  Shards shards;
  for (const HashKeyRange& range : initial_hash_ranges(count)) {
    shards.push_back({static_cast<std::uint32_t>(shards.size()), range});
  }
  return shards;
}

// What a plan leads to: the history in words, the open shards in hash order, the number of all.
struct Outcome {
  std::string history;
  Shards open;
  std::uint32_t all = 0;

  std::vector<std::uint32_t> numbers() const {
    std::vector<std::uint32_t> numbers;
    for (const OpenShard& shard : open) numbers.push_back(shard.number);
    return numbers;
  }
  std::vector<HashKeyRange> ranges() const {
    std::vector<HashKeyRange> ranges;
    for (const OpenShard& shard : open) ranges.push_back(shard.range);
    return ranges;
  }
};

std::size_t place_of(const Shards& open, std::uint32_t number) {
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (open[i].number == number) return i;
  }
  FAIL("shard " << number << " is not open");
  return 0;
}

Outcome carry_out(const std::vector<PlanStep>& steps, Shards open, std::uint32_t next_number) {
  Outcome outcome;
  const auto tell = [&](const std::string& text) {
    outcome.history += (outcome.history.empty() ? "" : "; ") + text;
  };
  for (const PlanStep& step : steps) {
    const std::size_t place = place_of(open, step.shard);
    const auto where = open.begin() + static_cast<std::ptrdiff_t>(place);
    const std::string first = std::to_string(step.shard);
    if (step.adjacent) {
      REQUIRE(place_of(open, *step.adjacent) == place + 1);
      tell(first + "+" + std::to_string(*step.adjacent) + "->" + std::to_string(next_number));
      open[place] = {next_number++, {where->range.first, (where + 1)->range.last}};
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(place) + 1);
      continue;
    }
    const HashKeyRange range = where->range;
    const HashKey key = step.new_starting_hash_key;
    REQUIRE((range.first < key && key <= range.last));
    tell(first + "->" + std::to_string(next_number) + "," + std::to_string(next_number + 1));
    open[place] = {next_number++, {range.first, key - 1}};
    open.insert(open.begin() + static_cast<std::ptrdiff_t>(place) + 1,
                {next_number++, {key, range.last}});
  }
  outcome.open = open;
  outcome.all = next_number;
  return outcome;
}

Outcome equal_ranges(std::uint32_t from, std::uint32_t to) {
  return carry_out(equal_ranges_plan(fresh(from), from, to), fresh(from), from);
}
Outcome split_then_merge(std::uint32_t from, std::uint32_t to) {
  return carry_out(split_then_merge_plan(fresh(from), from, to), fresh(from), from);
}

using Numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("equal ranges: the worked examples, with parents, numbers and borders [KDS-RSH-13]") {
  struct Example {
    std::uint32_t from, to;
    std::string history;
    Numbers open;
    std::uint32_t listed;
  };
  const Example examples[] = {
      {4, 3, "1->4,5; 0+4->6; 2->7,8; 5+7->9; 8+3->10", {6, 9, 10}, 11},
      {2, 4, "0->2,3; 1->4,5", {2, 3, 4, 5}, 6},
      {4, 8, "0->4,5; 1->6,7; 2->8,9; 3->10,11", {4, 5, 6, 7, 8, 9, 10, 11}, 12},
      {4, 2, "0+1->4; 2+3->5", {4, 5}, 6},
      {4,
       5,
       "0->4,5; 1->6,7; 5+6->8; 2->9,10; 7+9->11; 3->12,13; 10+12->14",
       {4, 8, 11, 14, 13},
       15},
      {2, 3, "0->2,3; 1->4,5; 3+4->6", {2, 6, 5}, 7},
  };
  for (const Example& example : examples) {
    INFO(example.from << " -> " << example.to);
    const Outcome outcome = equal_ranges(example.from, example.to);
    CHECK(outcome.history == example.history);
    CHECK(outcome.numbers() == example.open);
    CHECK(outcome.all == example.listed);
    CHECK(outcome.ranges() == initial_hash_ranges(example.to));
  }
  CHECK(equal_ranges(5, 3).all == 15);
  CHECK(equal_ranges(10, 13).all == 43);
}

TEST_CASE("split then merge: the worked examples [KDS-RSH-14]") {
  struct Example {
    std::uint32_t from, to;
    std::string history;
    Numbers open;
    std::uint32_t listed;
  };
  const Example examples[] = {
      {4, 3, "0+1->4", {4, 2, 3}, 5},
      {2, 4, "0->2,3; 1->4,5", {2, 3, 4, 5}, 6},
      {4, 8, "0->4,5; 1->6,7; 2->8,9; 3->10,11", {4, 5, 6, 7, 8, 9, 10, 11}, 12},
      {4, 2, "0+1->4; 2+3->5", {4, 5}, 6},
      {4,
       5,
       "0->4,5; 1->6,7; 2->8,9; 3->10,11; 4+5->12; 6+7->13; 8+9->14",
       {12, 13, 14, 10, 11},
       15},
      {5, 3, "0+1->5; 2+3->6", {5, 6, 4}, 7},
      {2, 3, "0->2,3; 1->4,5; 2+3->6", {6, 4, 5}, 7},
  };
  for (const Example& example : examples) {
    INFO(example.from << " -> " << example.to);
    const Outcome outcome = split_then_merge(example.from, example.to);
    CHECK(outcome.history == example.history);
    CHECK(outcome.numbers() == example.open);
    CHECK(outcome.all == example.listed);
  }
  CHECK(split_then_merge(10, 13).all == 37);
  // Split at (start + end) / 2, rounded down.
  CHECK(split_then_merge(1, 2).open[1].range.first == last_hash_key / 2);
}

TEST_CASE("a round of merges may not be enough, then another one follows [KDS-RSH-14]") {
  const Outcome outcome = split_then_merge(6, 2);
  CHECK(outcome.history == "0+1->6; 2+3->7; 4+5->8; 6+7->9");
  CHECK(outcome.numbers() == Numbers{9, 8});
}

TEST_CASE("a border fewer than 2^20 keys away from an existing one is that one [KDS-RSH-13]") {
  // 3 -> 6: the borders of 3 are one or two keys away from every second one of 6.
  CHECK(equal_ranges(3, 6).all == 3 + 6);
  const HashKey half = HashKey{1} << 127;
  const auto steps = [&](HashKey border) {
    return equal_ranges_plan({{0, {0, border - 1}}, {1, {border, last_hash_key}}}, 2, 2).size();
  };
  constexpr HashKey tolerance = HashKey{1} << 20;
  CHECK(steps(half) == 0);
  CHECK(steps(half + tolerance - 1) == 0);
  CHECK(steps(half - (tolerance - 1)) == 0);
  CHECK(steps(half + tolerance) == 2);
  CHECK(steps(half - tolerance) == 2);
}

TEST_CASE("of several borders near by, the nearest counts; the last key is never one") {
  const HashKey half = HashKey{1} << 127;
  const Shards narrow{
      {0, {0, half - 11}}, {1, {half - 10, half + 1}}, {2, {half + 2, last_hash_key}}};
  const Outcome outcome = carry_out(equal_ranges_plan(narrow, 3, 2), narrow, 3);
  CHECK(outcome.history == "0+1->3");
  CHECK(outcome.numbers() == Numbers{3, 2});
}

TEST_CASE("a shard that is too narrow for a split stays whole [KDS-RSH-14] [KDS-RSH-02]") {
  const Shards shards{{0, {0, 1}}, {1, {2, last_hash_key}}};
  const Outcome outcome = carry_out(split_then_merge_plan(shards, 2, 4), shards, 2);
  CHECK(outcome.history == "1->2,3; 2->4,5; 3->6,7; 0+4->8");
  CHECK(outcome.open.size() == 4);
}

TEST_CASE("where a range may be split [KDS-RSH-02]") {
  const HashKeyRange range{100, 200};
  CHECK_FALSE(can_be_split_at(range, 99));
  CHECK_FALSE(can_be_split_at(range, 100));
  CHECK_FALSE(can_be_split_at(range, 101));
  CHECK(can_be_split_at(range, 102));
  CHECK(can_be_split_at(range, 199));
  CHECK_FALSE(can_be_split_at(range, 200));
  CHECK(middle_of(range) == 150);
  CHECK(middle_of({0, last_hash_key}) == last_hash_key / 2);
  CHECK(middle_of({last_hash_key - 3, last_hash_key}) == last_hash_key - 2);
}

TEST_CASE("a plan needs shards and a target") {
  CHECK_THROWS_AS(equal_ranges_plan({}, 0, 1), InternalError);
  CHECK_THROWS_AS(split_then_merge_plan(fresh(1), 1, 0), InternalError);
}

TEST_CASE(
    "any plan from any shards leads to so many shards [KDS-RSH-13] [KDS-RSH-14] [KDS-SHD-05]") {
  check_property(
      "plans reach their targets",
      [] {
        const auto count = *rc::gen::inRange<std::uint32_t>(1, 12);
        std::vector<HashKey> borders;
        for (std::uint32_t i = 1; i < count; ++i) {
          borders.push_back(HashKey{*rc::gen::inRange<std::uint64_t>(1, UINT64_MAX)} << 64);
        }
        std::sort(borders.begin(), borders.end());
        borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
        Shards open;
        HashKey first = 0;
        for (const HashKey border : borders) {
          open.push_back({static_cast<std::uint32_t>(open.size()), {first, border - 1}});
          first = border;
        }
        open.push_back({static_cast<std::uint32_t>(open.size()), {first, last_hash_key}});
        const auto next = static_cast<std::uint32_t>(open.size());
        const auto target = *rc::gen::inRange<std::uint32_t>(1, 30);
        const Outcome equal = carry_out(equal_ranges_plan(open, next, target), open, next);
        const Outcome other = carry_out(split_then_merge_plan(open, next, target), open, next);
        RC_ASSERT(equal.open.size() == target);
        RC_ASSERT(other.open.size() == target);
      },
      10);
}

}  // namespace trimhorizon::testing
