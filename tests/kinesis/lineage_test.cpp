#include "sim/kinesis/lineage.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "sim/base/check.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kinesis_oracle.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

using Shards = std::vector<std::uint32_t>;

// The shards of a stream that is resharded: lineage from our code, ranges from the oracle's words.
struct Stream {
  explicit Stream(std::uint32_t initial_shards)
      : lineage(initial_shards),
        ranges(initial_hash_ranges(initial_shards)),
        open(initial_shards, true) {}

  void add(const Shards& parents, HashKeyRange range) {
    const std::uint32_t child = lineage.add_child(parents);
    CHECK(child == ranges.size());
    ranges.push_back(range);
    open.push_back(true);
    for (const std::uint32_t parent : parents) open[parent] = false;
  }

  void split(std::uint32_t shard, HashKey new_start) {
    const HashKeyRange whole = ranges[shard];
    add({shard}, {whole.first, new_start - 1});
    add({shard}, {new_start, whole.last});
  }

  void merge(std::uint32_t shard, std::uint32_t adjacent) {
    const HashKeyRange a = ranges[shard];
    const HashKeyRange b = ranges[adjacent];
    add({shard, adjacent}, {std::min(a.first, b.first), std::max(a.last, b.last)});
  }

  std::uint32_t route(HashKey key) const {
    Shards found;
    for (std::uint32_t i = 0; i < ranges.size(); ++i) {
      if (open[i] && ranges[i].contains(key)) found.push_back(i);
    }
    REQUIRE(found.size() == 1);  // KDS-SHD-05
    return found.front();
  }

  Lineage lineage;
  std::vector<HashKeyRange> ranges;
  std::vector<bool> open;
};

void apply(Stream& stream, const Json& op) {
  const std::uint32_t shard = number_of(at(op, "shard"));
  if (text_at(op, "op") == "split") return stream.split(shard, hash_key_of(at(op, "new_start")));
  stream.merge(shard, number_of(at(op, "adjacent")));
}

Shards listed(std::span<const std::uint32_t> shards) { return {shards.begin(), shards.end()}; }

void check_shards(const Stream& stream, const Json::Array& wanted) {
  REQUIRE(wanted.size() == stream.lineage.shard_count());
  for (std::uint32_t i = 0; i < wanted.size(); ++i) {
    const Json::Array& row = *wanted[i].array();  // id, parent, adjacent, start, end, open
    CHECK(shard_id_text(i) == text_of(row[0]));
    Shards parents;
    for (const Json& parent : {row[1], row[2]}) {
      if (!parent.is_null()) parents.push_back(*parse_shard_id(text_of(parent)));
    }
    CHECK(listed(stream.lineage.parents_of(i)) == parents);
    CHECK(stream.ranges[i] == HashKeyRange{hash_key_of(row[3]), hash_key_of(row[4])});
    CHECK(stream.open[i] == *row[5].boolean());
  }
}

Shards ascending(std::uint32_t count) {
  Shards numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0u);
  return numbers;
}

}  // namespace

TEST_CASE("reshards number shards and name parents as the emulators do [KDS-RSH-01] [KDS-SHD-06]") {
  const std::vector<HashKey> hashes = oracle_hashes();
  int applied = 0;
  for (const Json& scene : list_at(kinesis_oracle(), "reshard")) {
    INFO(text_at(scene, "name"));
    Stream stream(number_of(at(scene, "initial_shards")));
    for (const Json& op : list_at(scene, "ops")) {
      if (!*at(op, "accepted").boolean()) continue;  // resharding_test.cpp asks
      apply(stream, op);
      ++applied;
      check_shards(stream, list_at(op, "shards_after"));
      const Json::Array& routing = list_at(op, "routing_after");
      REQUIRE(routing.size() == hashes.size());
      for (std::size_t i = 0; i < hashes.size(); ++i) {
        CHECK(stream.route(hashes[i]) == number_of(routing[i]));
      }
      CHECK(stream.lineage.reading_order() == ascending(stream.lineage.shard_count()));
    }
  }
  CHECK(applied == 8);
}

TEST_CASE("a new stream has shards without relatives") {
  const Lineage lineage(3);
  CHECK(lineage.shard_count() == 3);
  for (std::uint32_t shard = 0; shard < 3; ++shard) {
    CHECK(lineage.parents_of(shard).empty());
    CHECK(lineage.children_of(shard).empty());
    CHECK(lineage.ancestors_of(shard).empty());
  }
  CHECK(lineage.reading_order() == ascending(3));
  CHECK(Lineage().shard_count() == 0);
  CHECK(Lineage().reading_order().empty());
  CHECK(Lineage() == Lineage(0));
}

TEST_CASE("ancestors are told parents first, each once, also over a split that merged again") {
  Lineage lineage(2);
  CHECK(lineage.add_child({0}) == 2);
  CHECK(lineage.add_child({0}) == 3);
  CHECK(lineage.add_child({3, 2}) == 4);
  CHECK(lineage.add_child({4, 1}) == 5);
  CHECK(lineage.children_of(0) == Shards{2, 3});
  CHECK(listed(lineage.parents_of(4)) == Shards{3, 2});  // ParentShardId first
  CHECK(lineage.children_of(5).empty());
  const Shards ancestors = lineage.ancestors_of(5);
  CHECK(std::set<std::uint32_t>(ancestors.begin(), ancestors.end()) ==
        std::set<std::uint32_t>{0, 1, 2, 3, 4});
  CHECK(ancestors.size() == 5);
  CHECK(std::set<std::uint32_t>(ancestors.begin(), ancestors.begin() + 2) ==
        std::set<std::uint32_t>{1, 4});
  CHECK(ancestors.back() == 0);
}

TEST_CASE("a copy keeps its own lineage when the other grows") {
  Lineage one(1);
  const Lineage before = one;
  CHECK(one == before);
  one.add_child({0});
  CHECK(one != before);
  CHECK(before.shard_count() == 1);
  CHECK(before.children_of(0).empty());
  Lineage same(1);
  same.add_child({0});
  CHECK(one == same);
}

TEST_CASE("children are ready when all their parents are finished [KDS-RSH-07]") {
  Lineage lineage(3);
  lineage.add_child({0});     // 3
  lineage.add_child({0});     // 4
  lineage.add_child({4, 1});  // 5
  CHECK(lineage.children_ready({}).empty());
  CHECK(lineage.children_ready({1}).empty());  // 5 waits for 4 as well
  CHECK(lineage.children_ready({2}).empty());
  CHECK(lineage.children_ready({0}) == Shards{3, 4});
  CHECK(lineage.children_ready({4, 0}) == Shards{3});
  CHECK(lineage.children_ready({4, 3, 1, 0}) == Shards{5});
  CHECK(lineage.children_ready({0, 1, 3, 4, 5}).empty());
}

TEST_CASE("more than two relatives, unknown shards and merges with oneself are bugs of ours") {
  Lineage lineage(3);
  CHECK_THROWS_AS(lineage.add_child({}), InternalError);
  CHECK_THROWS_AS(lineage.add_child({0, 1, 2}), InternalError);
  CHECK_THROWS_AS(lineage.add_child({0, 0}), InternalError);
  CHECK_THROWS_AS(lineage.add_child({3}), InternalError);
  CHECK_THROWS_AS(lineage.parents_of(3), InternalError);
  lineage.add_child({0});
  lineage.add_child({0});
  CHECK_THROWS_AS(lineage.add_child({0}), InternalError);
  CHECK(lineage.shard_count() == 5);
}

TEST_CASE("any history of splits and merges reads parents before children [KDS-SHD-06]") {
  check_property(
      "parents come first",
      [] {
        const auto first = *rc::gen::inRange<std::uint32_t>(1, 5);
        Lineage lineage(first);
        Shards open = ascending(first);
        const int steps = *rc::gen::inRange(0, 12);
        for (int step = 0; step < steps; ++step) {
          const auto place = *rc::gen::inRange<std::size_t>(0, open.size());
          const std::uint32_t shard = open[place];
          if (place + 1 < open.size() && *rc::gen::arbitrary<bool>()) {
            open[place] = lineage.add_child({shard, open[place + 1]});
            open.erase(open.begin() + static_cast<std::ptrdiff_t>(place) + 1);
          } else {
            open[place] = lineage.add_child({shard});
            open.push_back(lineage.add_child({shard}));
          }
        }
        RC_ASSERT(lineage.reading_order() == ascending(lineage.shard_count()));
        for (std::uint32_t shard = 0; shard < lineage.shard_count(); ++shard) {
          const Shards ancestors = lineage.ancestors_of(shard);
          for (const std::uint32_t ancestor : ancestors) RC_ASSERT(ancestor < shard);
          const std::set<std::uint32_t> unique(ancestors.begin(), ancestors.end());
          RC_ASSERT(unique.size() == ancestors.size());
        }
      },
      10);
}
