// Duplicates: effects beyond the first of one record in one consumer, over all its copies.
#include "sim/history/ledger.hpp"

#include "sim/world/world.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

constexpr RecordId r0 = RecordId::of({0}, 0);
constexpr RecordId r1 = RecordId::of({0}, 1);

// A ledger that is told of events, as a run tells them.
struct Fed {
  Ledger ledger;

  explicit Fed(bool with_reader = true) {
    if (with_reader) reader({0}, {0});
  }
  ReaderId reader(ConsumerId consumer, ShardId shard) {
    const ReaderId id{ledger.size()};
    ledger.on(ReaderOpened{id, consumer, shard}, world);
    return id;
  }
  // A copy of a record whose call is made more than once.
  void copy(RecordId record, ShardId shard, Position position) {
    const PutEntry at{position, record.number(), shard};
    Put put;
    put.producer = record.producer();
    put.will_repeat = true;
    put.entries = {&at, 1};
    ledger.on(put, world);
  }
  InvocationNumber call(Span span, DeliveryReason reason = DeliveryReason::first,
                        ReaderId reader = {0}) {
    Delivered delivered;
    delivered.reader = reader;
    delivered.call = {++calls};
    delivered.batch = Batch::whole(ledger.account(reader).shard(), span);
    delivered.reason = reason;
    ledger.on(delivered, world);
    return delivered.call;
  }
  void end(InvocationNumber call, const std::vector<Span>& worked = {}, ReaderId reader = {0}) {
    Ended ended;
    ended.reader = reader;
    ended.call = call;
    ended.worked = worked;
    ledger.on(ended, world);
  }
  void crash() { ledger.on(ReaderRestarted{{0}, {0}, DeliveryReason::poller_crash}, world); }

  std::uint64_t duplicates(DeliveryReason reason, ReaderId reader = {0}) const {
    return ledger.totals(reader).duplicates[reason];
  }
  std::uint64_t duplicates(ReaderId reader = {0}) const {
    return sum_of(ledger.totals(reader).duplicates);
  }

  World world;
  std::uint64_t calls = 0;
};

}  // namespace

TEST_CASE("a first effect is not a duplicate, however often the record was delivered") {
  Fed told;
  told.end(told.call({0, 2}));
  told.end(told.call({0, 2}, DeliveryReason::retry_after_error));
  told.end(told.call({0, 2}, DeliveryReason::retry_after_error), {{0, 2}});
  CHECK(told.duplicates() == 0);
  CHECK(told.ledger.totals({0}).invocations == 3);
  CHECK(told.ledger.totals({0}).deliveries == 6);
  CHECK(told.ledger.totals({0}).effects == 2);
}

TEST_CASE("each further effect is one duplicate of the reason that brought it") {
  Fed told;
  told.end(told.call({0, 4}), {{0, 2}});
  told.end(told.call({0, 4}, DeliveryReason::retry_after_timeout), {{0, 4}});
  told.end(told.call({0, 4}, DeliveryReason::bisect), {{0, 1}, {2, 4}});
  CHECK(told.duplicates(DeliveryReason::retry_after_timeout) == 2);
  CHECK(told.duplicates(DeliveryReason::bisect) == 3);
  CHECK(told.duplicates() == 5);
  CHECK(told.ledger.account({0}).at(1).effects == 2);
  CHECK(told.ledger.account({0}).at(3).effects == 2);
}

TEST_CASE("copies in one batch: the second effect is the producer's [KDS-PRD-07]") {
  Fed told;
  for (const Position p : {0, 2, 3}) told.copy(r0, {0}, p);
  told.end(told.call({0, 4}), {{0, 4}});
  CHECK(told.duplicates(DeliveryReason::producer_retry) == 2);
  CHECK(told.duplicates() == 2);
}

TEST_CASE("copies in two batches: the later effect is the producer's [KDS-PRD-07]") {
  Fed told;
  for (const Position p : {0, 1}) told.copy(r0, {0}, p);
  told.end(told.call({0, 1}), {{0, 1}});
  CHECK(told.duplicates() == 0);
  told.end(told.call({1, 2}), {{1, 2}});
  CHECK(told.duplicates(DeliveryReason::producer_retry) == 1);
}

TEST_CASE("an orphan's effect is surplus because its poller was replaced, or for its copy") {
  Fed told;
  for (const Position p : {0, 1}) told.copy(r0, {0}, p);
  const InvocationNumber orphan = told.call({0, 2});
  told.crash();
  const InvocationNumber again = told.call({0, 2}, DeliveryReason::poller_crash);
  SECTION("the new poller is first: the copies, then the orphan that had both for the first time") {
    told.end(again, {{0, 2}});
    CHECK(told.duplicates(DeliveryReason::poller_crash) == 1);
    told.end(orphan, {{0, 2}});
    CHECK(told.duplicates(DeliveryReason::poller_crash) == 3);
  }
  SECTION("the orphan is first") {
    told.end(orphan, {{0, 2}});
    CHECK(told.duplicates(DeliveryReason::producer_retry) == 1);
    told.end(again, {{0, 2}});
    CHECK(told.duplicates(DeliveryReason::poller_crash) == 2);
  }
}

TEST_CASE("a copy without an effect makes no duplicate of the other") {
  Fed told;
  for (const Position p : {0, 1}) told.copy(r0, {0}, p);
  told.end(told.call({0, 2}), {{1, 2}});
  CHECK(told.duplicates() == 0);
}

TEST_CASE("copies of one record are not copies of another") {
  Fed told;
  told.copy(r0, {0}, 0);
  told.copy(r1, {0}, 1);
  told.end(told.call({0, 2}), {{0, 2}});
  CHECK(told.duplicates() == 0);
  CHECK(told.ledger.copies_of(r0).size() == 1);
  CHECK(told.ledger.copies_within({0}, {1, 5}).size() == 1);
}

TEST_CASE("a copy in another shard of the consumer counts, one in another consumer does not") {
  Fed told(false);
  const ReaderId first = told.reader({0}, {0});
  const ReaderId second = told.reader({0}, {1});
  const ReaderId other = told.reader({1}, {0});
  told.copy(r0, {0}, 0);
  told.copy(r0, {1}, 0);
  for (const ReaderId reader : {first, other}) {
    told.end(told.call({0, 1}, DeliveryReason::first, reader), {{0, 1}}, reader);
    CHECK(told.duplicates(reader) == 0);
  }
  told.end(told.call({0, 1}, DeliveryReason::first, second), {{0, 1}}, second);
  CHECK(told.duplicates(DeliveryReason::producer_retry, second) == 1);
}

TEST_CASE("a batch repeats only what was delivered, unless its reader went back too far") {
  Fed told;
  const auto repeats = [&](Span span) {
    const InvocationNumber call = told.call(span, DeliveryReason::poller_crash);
    return told.ledger.repeats_only_delivered({0}, call, Batch::whole({0}, span));
  };
  told.call({2, 4});
  CHECK(repeats({2, 4}));
  CHECK(repeats({3, 9}));
  CHECK_FALSE(repeats({0, 4}));
}

TEST_CASE("records that nobody puts again are not noted as copies") {
  Fed told;
  const PutEntry at{0, 0, {0}};
  Put put;
  put.producer = {0};
  put.entries = {&at, 1};
  told.ledger.on(put, told.world);
  CHECK(told.ledger.copies_of(RecordId::of({0}, 0)).empty());
}
