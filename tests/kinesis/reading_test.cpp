// What GetRecords returns from an iterator on: how much, how far behind, and when it is the last.
#include "sim/kinesis/limits.hpp"
#include "tests/kinesis/told_shard.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("a limit is from 1 to 10,000 records and an upper bound [KDS-ITR-14]") {
  const ToldShard shard = oracle_shard();
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  CHECK(error_of(shard.read(horizon, 0)) == text_at(oracle_scene("limit_0"), "result"));
  CHECK(error_of(shard.read(horizon, -1)) == "ValidationException");
  CHECK(error_of(shard.read(horizon, 10'001)) == text_at(oracle_scene("limit_10001"), "result"));
  CHECK(names(shard.good_read(horizon, 1).records) == std::vector<std::string>{"r0"});
  CHECK(shard.good_read(horizon, 10'000).records.count() == 5);
}

TEST_CASE("a reader whom retention overtook goes on at the horizon [KDS-ITR-16]") {
  ToldShard shard = oracle_shard();
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  shard.trim_horizon = 2;
  CHECK(shard.good_read(horizon, 2).records == Span{2, 4});
  shard.trim_horizon = 5;
  CHECK(shard.good_read(horizon).records.empty());
}

TEST_CASE("a reader is as far behind as the last record that it got is old [KDS-ITR-13]") {
  const ToldShard shard = oracle_shard();
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  const ReadResult two = shard.good_read(horizon, 2);
  // r1 is four seconds old: three records came after it, and then a second without any.
  CHECK(two.millis_behind_latest == 4'000);
  CHECK(two.millis_behind_latest == shard.now_ms - shard.arrivals_ms[1]);
  CHECK(shard.good_read(*two.next, 1).millis_behind_latest == 3'000);
}

TEST_CASE("a reader at the tip is not behind, however old the newest record is [KDS-ITR-13]") {
  ToldShard shard = oracle_shard();
  shard.now_ms += 86'000;
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  const ReadResult all = shard.good_read(horizon);
  CHECK(names(all.records) == std::vector<std::string>{"r0", "r1", "r2", "r3", "r4"});
  CHECK(all.millis_behind_latest == 0);
  // After the newest record there is none, and the reader is at the tip.
  const ReadResult none = shard.good_read(*all.next, 1);
  CHECK(none.records.empty());
  CHECK(none.millis_behind_latest == 0);
  CHECK(none.next->issued == shard.now());
}

TEST_CASE("a read that its limit ended at the newest record does not know the tip [KDS-ITR-13]") {
  ToldShard shard = oracle_shard();
  const ShardIterator horizon = shard.good_iterator(of_type(IteratorType::trim_horizon));
  CHECK(shard.good_read(horizon, 5).millis_behind_latest == 1'000);
  CHECK(shard.good_read(horizon, 6).millis_behind_latest == 0);
  // It says whole seconds, and grows with the clock.
  shard.now_ms += 999;
  CHECK(shard.good_read(horizon, 5).millis_behind_latest == 1'000);
  shard.now_ms += 1;
  CHECK(shard.good_read(horizon, 5).millis_behind_latest == 2'000);
}

TEST_CASE("a read returns at most 10 MiB, but at least one record [KDS-LIM-05] [KDS-ITR-14]") {
  ToldShard shard = oracle_shard();
  const ShardIterator horizon{0, shard.now()};
  shard.record_bytes = 5 * mib;
  CHECK(shard.good_read(horizon).records == Span{0, 2});
  CHECK(shard.good_read(horizon).bytes == 10 * mib);
  shard.record_bytes = 5 * mib + 1;
  CHECK(shard.good_read(horizon).records == Span{0, 1});
  shard.record_bytes = 10 * mib + 1;
  CHECK(shard.good_read(horizon).records == Span{0, 1});
  CHECK(shard.good_read(ShardIterator{1, shard.now()}).records == Span{1, 2});
}

TEST_CASE("a read that 10 MiB ended at the newest record does not know the tip [KDS-ITR-13]") {
  ToldShard shard = oracle_shard();
  shard.record_bytes = 2 * mib;
  CHECK(shard.good_read(ShardIterator{0, shard.now()}).records == Span{0, 5});
  CHECK(shard.good_read(ShardIterator{0, shard.now()}).millis_behind_latest == 1'000);
  CHECK(shard.good_read(ShardIterator{1, shard.now()}).millis_behind_latest == 0);
}

TEST_CASE("after a read of 10 MiB the shard refuses reads for five seconds [KDS-LIM-06]") {
  ToldShard shard = oracle_shard();
  shard.record_bytes = 2 * mib;
  const ReadResult all = shard.good_read(ShardIterator{0, shard.now()});
  ShardLimits limits;
  REQUIRE(admit_read(limits, ReadThrottle::debt, shard.now()) == ReadRefusal::none);
  count_read(limits, ReadThrottle::debt, all.bytes, shard.now());
  ShardLimits later = limits;
  CHECK(admit_read(limits, ReadThrottle::debt, shard.now() + microseconds(4'999'999)) ==
        ReadRefusal::bytes);
  CHECK(admit_read(later, ReadThrottle::debt, shard.now() + seconds(5)) == ReadRefusal::none);
}

TEST_CASE("the end of a closed shard: no next iterator and its children [KDS-ITR-11, KDS-ITR-12]") {
  ToldShard shard = oracle_shard();
  const std::array<ShardId, 2> none{};
  shard.closes_ms = shard.now_ms + 1;
  // Still open: a read to the tip goes on.
  const ReadResult open = shard.good_read(ShardIterator{0, shard.now()});
  CHECK(open.next == ShardIterator{5, shard.now()});
  CHECK(open.children == none);
  shard.now_ms += 1;
  const ReadResult part = shard.good_read(ShardIterator{0, shard.now()}, 4);
  CHECK(part.next == ShardIterator{4, shard.now()});
  CHECK(part.children == none);
  const ReadResult last = shard.good_read(*part.next);
  CHECK(last.records == Span{4, 5});
  CHECK(last.next == std::nullopt);
  CHECK(last.children == std::array{ShardId{7}, ShardId{8}});
  CHECK(last.millis_behind_latest == 0);
  // A read that its limit ended there does not know that it is the last one.
  const ReadResult full = shard.good_read(*part.next, 1);
  REQUIRE(full.next.has_value());
  CHECK(full.children == none);
  CHECK(shard.good_read(*full.next, 1).next == std::nullopt);
}

TEST_CASE("an iterator on a finished shard: the answer is the last one at once [KDS-ITR-09]") {
  ToldShard shard = oracle_shard();
  shard.closes_ms = shard.now_ms;
  for (const ShardIterator& it : {shard.good_iterator(of_type(IteratorType::latest)),
                                  shard.good_iterator(after_number(shard.sequence(4)))}) {
    const ReadResult end = shard.good_read(it);
    CHECK(end.records.empty());
    CHECK(end.next == std::nullopt);
    CHECK(end.children == std::array{ShardId{7}, ShardId{8}});
  }
}

TEST_CASE("children begin after their parent: who waits for the end keeps the order [KDS-RSH-07]") {
  ToldShard parent = oracle_shard();
  parent.closes_ms = parent.now_ms;
  std::uint64_t read = 0;
  std::optional<ShardIterator> next = parent.good_iterator(of_type(IteratorType::trim_horizon));
  while (next) {
    const ReadResult one = parent.good_read(*next, 2);
    read += one.records.count();
    // The children are named only when every record of the parent was returned.
    CHECK(one.children[0].valid() == (read == 5));
    next = one.next;
  }
  CHECK(read == 5);
}

TEST_CASE("a record is readable its delay after it arrived, and the tip agrees [KDS-ITR-15]") {
  ToldShard shard = oracle_shard();  // r4 arrived a second ago, r3 two seconds ago
  shard.times.delay.fixed = milliseconds(1'001);
  CHECK(shard.good_iterator(of_type(IteratorType::latest)).position == 4);
  const ReadResult seen = shard.good_read(ShardIterator{0, shard.now()});
  CHECK(seen.records == Span{0, 4});
  CHECK(seen.millis_behind_latest == 0);
  CHECK(shard.good_read(*seen.next).records.empty());
  // Its producer knows its number, and may begin after it.
  CHECK(shard.good_iterator(after_number(shard.sequence(4))).position == 5);
  const ReadResult unseen = shard.good_read(ShardIterator{5, shard.now()});
  CHECK(unseen.records.empty());
  CHECK(unseen.millis_behind_latest == 0);
  shard.now_ms += 1;
  CHECK(shard.good_iterator(of_type(IteratorType::latest)).position == 5);
  CHECK(shard.good_read(*seen.next).records == Span{4, 5});
}

TEST_CASE("a closed shard is read to its end only when its last record is readable [KDS-ITR-15]") {
  ToldShard shard = oracle_shard();
  shard.closes_ms = shard.now_ms;
  shard.times.delay.fixed = milliseconds(1'001);
  const ReadResult seen = shard.good_read(ShardIterator{0, shard.now()});
  CHECK(seen.records == Span{0, 4});
  REQUIRE(seen.next.has_value());
  shard.now_ms += 1;
  CHECK(shard.good_read(*seen.next).next == std::nullopt);
}

TEST_CASE("a walk from a trimmed number is empty for 15 minutes [KDS-ITR-08] [CON-29]") {
  ToldShard shard = oracle_shard();
  shard.trim_horizon = 2;
  ShardIterator it =
      shard.good_iterator(at_number(shard.sequence(1)), TrimmedPosition::walk_from_horizon);
  const auto expect_empty = [&] {
    const ReadResult empty = shard.good_read(it);
    CHECK(empty.records.empty());
    CHECK(empty.millis_behind_latest == 86'400'000);
    REQUIRE(empty.next.has_value());
    it = *empty.next;
  };
  for (int minute = 0; minute < 15; ++minute) {
    expect_empty();
    shard.now_ms += 60'000;
  }
  shard.now_ms -= 1;
  expect_empty();
  shard.now_ms += 1;
  shard.trim_horizon = 3;  // the horizon moved meanwhile
  CHECK(shard.good_read(it).records == Span{3, 5});
  // A number that is still there does not walk.
  const ShardIterator kept =
      shard.good_iterator(at_number(shard.sequence(3)), TrimmedPosition::walk_from_horizon);
  CHECK(shard.good_read(kept).records == Span{3, 5});
}

TEST_CASE("at the instant of its cut a shard is not read to its end until it is cut [KDS-ITR-11]") {
  ToldShard told;
  told.arrivals_ms = {told.created_s * 1'000 + 1'000};
  told.now_ms = told.created_s * 1'000 + 5'000;
  told.closes_ms = told.now_ms;
  Shard shard = told.shard();
  const auto read = [&] {
    const auto bytes = [](const StoredRecord&) { return std::int64_t{100}; };
    const auto answer = get_records(ShardIterator{0, told.now()}, told.view(shard), 10, bytes);
    REQUIRE(std::holds_alternative<ReadResult>(answer));
    return std::get<ReadResult>(answer).next.has_value();
  };
  CHECK_FALSE(read());
  shard.is_cut = false;
  CHECK(read());
}
