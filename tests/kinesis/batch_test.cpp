#include "sim/kinesis/batch.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

constexpr Batch ten = Batch::whole({3}, {100, 110});

}  // namespace

TEST_CASE("a whole span is a batch of all its records, counted from 0") {
  CHECK(ten.shard == ShardId{3});
  CHECK(ten.count == 10);
  CHECK(ten.at(0) == ten.first());
  CHECK(ten.at(9) == 109);
  CHECK(ten.last() == 109);
  CHECK_FALSE(ten.empty());
  CHECK(Batch::whole({3}, {100, 100}).empty());
}

TEST_CASE("a batch is cut in two parts that follow one another") {
  for (const std::uint64_t n : {0, 1, 4, 10}) {
    const Batch head = ten.head(n);
    const Batch rest = ten.after(n);
    CHECK(head.span == Span{100, 100 + n});
    CHECK(rest.span == Span{100 + n, 110});
    CHECK(head.count == n);
    CHECK(rest.count == 10 - n);
    CHECK(head.shard == ten.shard);
    CHECK(rest.shard == ten.shard);
  }
  CHECK(ten.head(0).empty());
  CHECK(ten.after(10).empty());
}

TEST_CASE("parts stay in their lane") {
  Batch batch = ten;
  batch.lane = LaneId{2};
  CHECK(batch.head(3).lane == LaneId{2});
  CHECK(batch.after(3).lane == LaneId{2});
  CHECK(batch.from(105).lane == LaneId{2});
}

TEST_CASE("from a position on: the whole batch before it, a part inside, nothing after") {
  CHECK(ten.from(7) == ten);
  CHECK(ten.from(100) == ten);
  CHECK(ten.from(101) == ten.after(1));
  CHECK(ten.from(109).count == 1);
  for (const Position p : {Position{110}, Position{500}}) {
    CHECK(ten.from(p).empty());
    CHECK(ten.from(p).span.empty());
  }
}
