#include "sim/kinesis/resharding.hpp"

#include <map>

#include "sim/kinesis/shard_plan.hpp"
#include "tests/kinesis/some_stream.hpp"
#include "tests/support/kinesis_oracle.hpp"

namespace trimhorizon::testing {
namespace {

using Numbers = SomeStream::Numbers;

constexpr ReshardRules at_cut{.split_then_merge = false, .early_listing = false};

HashKey key_of(const char* text) { return *parse_hash_key(text); }

// ---------- the oracle ----------

Reshard asked(SomeStream& stream, const Json& op, Instant now) {
  const std::uint32_t shard = number_of(testing::at(op, "shard"));
  if (text_at(op, "op") == "split") {
    return split_shard(stream.control(now), shard, hash_key_of(testing::at(op, "new_start")));
  }
  return merge_shards(stream.control(now), shard, number_of(testing::at(op, "adjacent")));
}

void check_oracle_shards(const SomeStream& stream, const Json::Array& wanted, Instant now) {
  const auto answer = list_shards(stream.at(now));
  const ShardRows& rows = std::get<ShardRows>(answer);
  REQUIRE(rows.size() == wanted.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Json::Array& row = *wanted[i].array();  // id, parent, adjacent, start, end, open
    const auto id = [](const std::optional<std::uint32_t>& number) {
      return number ? shard_id_text(*number) : "";
    };
    const auto wanted_id = [](const Json& json) { return json.is_null() ? "" : text_of(json); };
    CHECK(shard_id_text(rows[i].number) == text_of(row[0]));
    CHECK(id(rows[i].parent) == wanted_id(row[1]));
    CHECK(id(rows[i].adjacent_parent) == wanted_id(row[2]));
    CHECK(hash_key_range_texts(rows[i]) == std::pair(text_of(row[3]), text_of(row[4])));
    CHECK(rows[i].is_open() == *row[5].boolean());
  }
}

}  // namespace

TEST_CASE("splits and merges do what the emulators agree on [KDS-RSH-01..03] [KDS-SHD-05]") {
  const std::vector<HashKey> hashes = oracle_hashes();
  int asked_for = 0;
  for (const Json& scene : list_at(kinesis_oracle(), "reshard")) {
    INFO(text_at(scene, "name"));
    SomeStream stream(number_of(at(scene, "initial_shards")));
    Instant now = second(100);
    for (const Json& op : list_at(scene, "ops")) {
      const SomeStream before = stream;
      const Reshard answer = asked(stream, op, now);
      ++asked_for;
      if (!*at(op, "accepted").boolean()) {
        REQUIRE(std::holds_alternative<ApiRefusal>(answer));
        CHECK(std::get<ApiRefusal>(answer).error == ApiError::InvalidArgumentException);
        CHECK(stream == before);
        continue;
      }
      REQUIRE(std::holds_alternative<Cuts>(answer));
      CHECK(stream.state.status(now) == StreamStatus::UPDATING);
      now = now + seconds(60);
      check_oracle_shards(stream, list_at(op, "shards_after"), now);
      const Json::Array& routing = list_at(op, "routing_after");
      for (std::size_t i = 0; i < hashes.size(); ++i) {
        CHECK(stream.route(hashes[i], now) == number_of(routing[i]));
      }
    }
  }
  CHECK(asked_for == 12);
}

TEST_CASE(
    "UpdateShardCount 2 -> 3 goes as recorded on AWS, to the second [KDS-RSH-09] [KDS-RSH-15]") {
  SomeStream stream(2);
  const Instant call = second(1'000);
  const Cuts cuts = stream.update(call, 3);
  CHECK(stream.history() == "0->2,3; 1->4,5; 3+4->6");
  CHECK(stream.state.lineage.parents_of(6)[0] == 3);
  CHECK(stream.without_children() == Numbers{2, 6, 5});
  CHECK(stream.state.shards.size() == 7);
  CHECK(stream.shard(3).range.first == key_of("113427455640312821154458202477256070485"));
  CHECK(stream.shard(5).range.first == key_of("226854911280625642308916404954512140970"));

  const auto after = [&](std::int64_t ms) { return call + milliseconds(ms); };
  CHECK(stream.listed_as_open(after(800)) == 2);
  CHECK(stream.listed_as_open(after(3'999)) == 2);
  CHECK(stream.listed_as_open(after(4'000)) == 4);
  CHECK(stream.listed_as_open(after(8'999)) == 4);
  CHECK(stream.listed_as_open(after(9'500)) == 3);
  CHECK(stream.state.status(after(15'000)) == StreamStatus::UPDATING);
  CHECK(stream.state.active_from == after(17'000));

  // The seconds encoded in the sequence numbers, after the call.
  const auto starts = [&](std::uint32_t number) {
    return shard_row(stream.at(after(60'000)), number).starting.shard_created_s -
           stream.clock.s(call);
  };
  const auto ends = [&](std::uint32_t number) {
    return shard_row(stream.at(after(60'000)), number).ending->arrival_s - stream.clock.s(call);
  };
  CHECK(std::vector{ends(0), ends(1), ends(3), ends(4)} ==
        std::vector<std::int64_t>{25, 26, 31, 31});
  CHECK(std::vector{starts(2), starts(3), starts(4), starts(5), starts(6)} ==
        std::vector<std::int64_t>{26, 26, 27, 27, 32});
  REQUIRE(cuts.size() == 3);
  CHECK(cuts[0] == Cut{after(25'000), {{0}}, {{2}, {3}}});
  CHECK(cuts[1] == Cut{after(26'000), {{1}}, {{4}, {5}}});
  CHECK(cuts[2] == Cut{after(31'000), {{3}, {4}}, {{6}}});
}

TEST_CASE("a split is listed and ACTIVE after 4 s, puts go to the parent until 25 s [KDS-RSH-15]") {
  SomeStream stream(1);
  const Instant call = second(50);
  const Cuts cuts = stream.split(call, 0);
  CHECK(cuts == Cuts{{call + seconds(25), {{0}}, {{1}, {2}}}});
  const auto after = [&](std::int64_t ms) { return call + milliseconds(ms); };
  CHECK(stream.state.status(after(1'500)) == StreamStatus::UPDATING);
  CHECK(stream.listed(after(3'999)) == Numbers{0});
  CHECK(stream.listed(after(4'000)) == Numbers{0, 1, 2});
  CHECK(stream.state.status(after(4'000)) == StreamStatus::ACTIVE);
  CHECK(stream.route(7, after(10'000)) == 0);
  CHECK(stream.route(7, after(24'999)) == 0);
  CHECK(stream.route(7, after(25'000)) == 1);
  CHECK(stream.route(last_hash_key, after(25'000)) == 2);
}

TEST_CASE("listed at the cut, if that is assumed: nothing is announced [KDS-RSH-15]") {
  SomeStream stream(2, at_cut);
  stream.split(second(0), 0);
  CHECK(stream.listed(second(0) + milliseconds(24'999)) == Numbers{0, 1});
  CHECK(stream.state.active_from == second(25));
  CHECK(stream.listed(second(25)) == Numbers{0, 1, 2, 3});

  SomeStream counted(2, at_cut);
  counted.update(second(0), 3);
  CHECK(counted.state.active_from == second(31));
  CHECK(counted.listed(second(25)) == Numbers{0, 1, 2, 3});
  CHECK(counted.listed(second(26)) == Numbers{0, 1, 2, 3, 4, 5});
  CHECK(counted.listed_as_open(second(30)) == 4);
  CHECK(counted.listed(second(31)) == Numbers{0, 1, 2, 3, 4, 5, 6});
  CHECK(counted.listed_as_open(second(31)) == 3);
}

TEST_CASE("a split wants a key above start + 1 and below the end [KDS-RSH-02]") {
  SomeStream stream(2);
  const HashKeyRange range = stream.shard(1).range;
  const auto refused_at = [&](HashKey key) {
    check_refused(stream, ApiError::InvalidArgumentException, ApiReason::hash_key_outside,
                  [&] { return refusal_of(split_shard(stream.control(second(0)), 1, key)); });
  };
  refused_at(0);
  refused_at(range.first - 1);
  refused_at(range.first);
  refused_at(range.first + 1);
  refused_at(range.last);
  SomeStream other = stream;
  stream.split(second(0), 1, range.first + 2);
  CHECK(stream.shard(2).range == HashKeyRange{range.first, range.first + 1});
  CHECK(stream.shard(3).range == HashKeyRange{range.first + 2, range.last});
  other.split(second(0), 1, range.last - 1);
  CHECK(other.shard(3).range == HashKeyRange{range.last - 1, range.last});
}

TEST_CASE("without a key a shard is split in the middle; two keys have none [KDS-RSH-02]") {
  SomeStream stream(1, {.duration = seconds(0)});
  stream.split(second(0), 0);
  CHECK(stream.shard(2).range.first == key_of("170141183460469231731687303715884105727"));
  stream.split(second(10), 1, 2);
  check_refused(stream, ApiError::InvalidArgumentException, ApiReason::hash_key_outside, [&] {
    return refusal_of(split_shard(stream.control(second(20)), 3, std::nullopt));
  });
}

TEST_CASE(
    "a shard that is missing or closed is neither split nor merged [KDS-RSH-02] [KDS-RSH-03]") {
  SomeStream stream(3);
  stream.split(second(0), 1);
  for (const Instant now : {second(5), second(60)}) {
    const Control control = stream.control(now);
    const auto split = [&](std::uint32_t n) { return refusal_of(split_shard(control, n, {})); };
    const auto merge = [&](std::uint32_t a, std::uint32_t b) {
      return refusal_of(merge_shards(control, a, b));
    };
    using enum ApiError;
    check_refused(stream, ResourceNotFoundException, ApiReason::no_such_shard,
                  [&] { return split(9); });
    check_refused(stream, InvalidArgumentException, ApiReason::shard_is_closed,
                  [&] { return split(1); });
    check_refused(stream, ResourceNotFoundException, ApiReason::no_such_shard,
                  [&] { return merge(0, 9); });
    check_refused(stream, InvalidArgumentException, ApiReason::shard_is_closed,
                  [&] { return merge(0, 1); });
    check_refused(stream, InvalidArgumentException, ApiReason::shard_is_closed,
                  [&] { return merge(1, 2); });
  }
}

TEST_CASE("only neighbours are merged [KDS-RSH-03]") {
  SomeStream stream(3);
  const auto merge = [&](std::uint32_t a, std::uint32_t b) {
    return [&stream, a, b] { return refusal_of(merge_shards(stream.control(second(0)), a, b)); };
  };
  using enum ApiError;
  check_refused(stream, InvalidArgumentException, ApiReason::not_adjacent, merge(0, 2));
  check_refused(stream, InvalidArgumentException, ApiReason::not_adjacent, merge(2, 0));
  check_refused(stream, InvalidArgumentException, ApiReason::same_shard, merge(1, 1));
  stream.merge(second(0), 0, 1);
  CHECK(stream.without_children() == Numbers{3, 2});
  CHECK(stream.shard(3).range == HashKeyRange{0, stream.shard(2).range.first - 1});
}

TEST_CASE("the shard that is named first in a merge is ParentShardId [KDS-RSH-08]") {
  SomeStream stream(2);
  stream.merge(second(0), 1, 0);
  const ShardRow row = shard_row(stream.at(second(60)), 2);
  CHECK(row.parent == 1u);
  CHECK(row.adjacent_parent == 0u);
  CHECK(row.range == HashKeyRange{});
  CHECK(stream.shard(0).children == std::array<ShardId, 2>{ShardId{2}, ShardId{}});
}

TEST_CASE(
    "a stream that is UPDATING refuses, one that is ACTIVE before its cut does not [KDS-RSH-04]") {
  SomeStream stream(2);
  stream.split(second(0), 0);
  const Instant early = second(4) - microseconds(1);
  using enum ApiError;
  const auto updating = [&](auto&& call) {
    check_refused(stream, ResourceInUseException, ApiReason::stream_is_updating,
                  [&] { return refusal_of(call()); });
  };
  updating([&] { return split_shard(stream.control(early), 1, {}); });
  updating([&] { return merge_shards(stream.control(early), 0, 1); });
  updating([&] { return update_shard_count(stream.control(early), 4); });
  // What is not listed yet is not known.
  check_refused(stream, ResourceNotFoundException, ApiReason::no_such_shard,
                [&] { return refusal_of(split_shard(stream.control(early), 2, {})); });
  stream.split(second(4), 1);
  CHECK(stream.shard(1).closes == second(29));
}

TEST_CASE("a second reshard may use children that are not open yet [KDS-RSH-15]") {
  SomeStream stream(1);
  stream.split(second(0), 0);
  const Cuts later = stream.split(second(10), 1);
  CHECK(later.front().at == second(35));

  SomeStream hurried(1);
  hurried.split(second(0), 0);
  hurried.rules.duration = seconds(2);
  // 2 s after the call the child would not be open yet: it takes records for one second.
  CHECK(hurried.split(second(10), 1).front().at == second(26));
  CHECK(hurried.listed_as_open(second(12)) == 3);
  CHECK(hurried.open(second(24)) == Numbers{0});
  CHECK(hurried.open(second(25)) == Numbers{1, 2});
  CHECK(hurried.open(second(26)) == Numbers{3, 4, 2});
}

TEST_CASE("UpdateShardCount: from half, rounded down, to twice the shards [KDS-LIM-08]") {
  using enum ApiError;
  SomeStream three(3);
  const auto update = [&](SomeStream& stream, std::uint32_t target) {
    return [&stream, target] {
      return refusal_of(update_shard_count(stream.control(second(0)), target));
    };
  };
  check_refused(three, InvalidArgumentException, ApiReason::more_than_double, update(three, 7));
  check_refused(three, InvalidArgumentException, ApiReason::less_than_half, update(three, 0));
  SomeStream copy = three;
  CHECK(copy.update(second(0), 6).size() == 3);
  copy = three;
  CHECK(copy.update(second(0), 1).size() == 2);
  SomeStream four(4);
  check_refused(four, InvalidArgumentException, ApiReason::less_than_half, update(four, 1));
  SomeStream one(1);
  check_refused(one, InvalidArgumentException, ApiReason::less_than_half, update(one, 0));
  SomeStream many(6'000);
  check_refused(many, LimitExceededException, ApiReason::too_many_shards, update(many, 10'001));
}

TEST_CASE("the same count is accepted and does nothing [KDS-RSH-09]") {
  SomeStream stream(3);
  const SomeStream before = stream;
  CHECK(stream.update(second(0), 3).empty());
  CHECK(stream == before);
}

TEST_CASE("ten accepted UpdateShardCount in 24 rolling hours, and no more [KDS-LIM-08]") {
  SomeStream stream(2);
  const auto update = [&](Instant now, std::uint32_t target) {
    return update_shard_count(stream.control(now), target);
  };
  for (int i = 0; i < 10; ++i) {
    const Instant now = second(100 * i);
    CHECK(refusal_of(update(now, 100)));  // refused: it does not count
    CHECK_FALSE(refusal_of(update(now, i % 2 == 0 ? 3 : 2)));
  }
  const Instant first_is_a_day_old = second(0) + hours(24);
  check_refused(stream, ApiError::LimitExceededException, ApiReason::updates_used_up,
                [&] { return refusal_of(update(first_is_a_day_old - microseconds(1), 3)); });
  CHECK_FALSE(refusal_of(update(first_is_a_day_old, 3)));
  CHECK(refusal_of(update(first_is_a_day_old + seconds(99), 2)) ==
        ApiRefusal{ApiError::LimitExceededException, ApiReason::updates_used_up});
}

TEST_CASE("a stream on demand refuses all three [KDS-RSH-04]") {
  SomeStream stream(4);
  stream.state.mode = StreamMode::ON_DEMAND;
  const auto refused = [&](const Reshard& answer) {
    return answer ==
           Reshard{ApiRefusal{ApiError::ValidationException, ApiReason::on_demand_stream}};
  };
  CHECK(refused(split_shard(stream.control(second(0)), 0, {})));
  CHECK(refused(merge_shards(stream.control(second(0)), 0, 1)));
  CHECK(refused(update_shard_count(stream.control(second(0)), 4)));
}

TEST_CASE("what AWS does to a stream on demand by itself [KDS-LIM-12] [KDS-LIM-13]") {
  SomeStream stream(4);
  CHECK(split_on_demand(stream.control(second(0)), 0).empty());  // it is provisioned
  CHECK(merge_on_demand(stream.control(second(0)), 0, 1).empty());
  stream.state.mode = StreamMode::ON_DEMAND;
  CHECK(split_on_demand(stream.control(second(0)), 0).size() == 1);
  CHECK(stream.shard(4).range == HashKeyRange{0, middle_of(stream.shard(0).range) - 1});
  CHECK(split_on_demand(stream.control(second(1)), 0).empty());      // it has children
  CHECK(split_on_demand(stream.control(second(1)), 1).size() == 1);  // also while UPDATING
  CHECK(merge_on_demand(stream.control(second(2)), 3, 2).empty());   // the lower one comes first
  CHECK(merge_on_demand(stream.control(second(2)), 2, 3).size() == 1);
  CHECK(stream.history() == "0->4,5; 1->6,7; 2+3->8");
}

TEST_CASE("a reshard of no duration is well formed [KDS-RSH-09]") {
  for (const bool early : {true, false}) {
    SomeStream stream(4, {.early_listing = early, .duration = seconds(0)});
    const Instant now = second(7) + milliseconds(300);
    stream.update(now, 5);
    for (const std::uint32_t number : stream.all()) {
      const Shard& shard = stream.shard(number);
      CHECK(shard.listed <= std::max(shard.opens, now));
      CHECK(shard.listed_closed <= shard.closes);
      if (shard.opens != start_of_time) CHECK(shard.closes - shard.opens >= seconds(1));
    }
    CHECK(stream.open(now).size() == 4 + 1);  // the first split is at once
    CHECK(stream.without_children() == Numbers{4, 8, 11, 14, 13});
    CHECK(stream.state.active_from > now);
  }
}

TEST_CASE("a reshard now: cut, listing and ACTIVE at once, as often as one likes") {
  SomeStream stream(2);
  const Instant now = second(3) + milliseconds(500);
  CHECK_FALSE(refusal_of(split_shard_now(stream.control(now), 0, {})));
  CHECK(stream.open(now) == Numbers{2, 3, 1});
  CHECK(stream.listed(now) == Numbers{0, 1, 2, 3});
  CHECK_FALSE(refusal_of(merge_shards_now(stream.control(now), 2, 3)));
  CHECK_FALSE(refusal_of(split_shard_now(stream.control(now), 4, {})));
  CHECK(stream.state.status(now) == StreamStatus::ACTIVE);
  CHECK(stream.open(now) == Numbers{5, 6, 1});
  // Sequence numbers grow along the lineage, whatever happens within one second.
  CHECK(stream.shard(2).created == second(4));
  CHECK(stream.shard(4).created == second(5));
  CHECK(stream.shard(5).created == second(6));
  check_refused(stream, ApiError::InvalidArgumentException, ApiReason::shard_is_closed,
                [&] { return refusal_of(split_shard_now(stream.control(now), 0, {})); });
  check_refused(stream, ApiError::InvalidArgumentException, ApiReason::not_adjacent,
                [&] { return refusal_of(merge_shards_now(stream.control(now), 5, 1)); });
}

TEST_CASE("children are created in whole seconds of the wall clock, after the cut [KDS-SHD-09]") {
  SomeStream stream(1);
  stream.clock.epoch_ms = 1'700'000'000'400;
  stream.split(second(0), 0);  // cut at ...025.4
  CHECK(stream.clock.ms(stream.shard(1).created) == 1'700'000'026'000);
}

TEST_CASE("shards of another stream may lie between those of one stream") {
  SomeStream stream(1);
  stream.shards.emplace_back();  // of another stream
  stream.split(second(0), 0);
  CHECK(stream.state.shards == std::vector<ShardId>{{0}, {2}, {3}});
  CHECK(stream.shard(0).children == std::array<ShardId, 2>{ShardId{2}, ShardId{3}});
  CHECK(stream.shard(1).number == 1);
  CHECK(stream.shard(1).stream == StreamId{0});
}

TEST_CASE("from 5,000 shards to 10,000 in one call [KDS-LIM-08]") {
  SomeStream stream(5'000);
  CHECK(stream.update(second(0), 10'000).size() == 5'000);
  CHECK(stream.without_children().size() == 10'000);
  CHECK(stream.shard(4'999).closes == second(25 + 4'999));
}

}  // namespace trimhorizon::testing
