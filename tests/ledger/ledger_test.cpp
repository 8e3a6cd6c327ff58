// Duplicates: effects beyond the first of one record in one mapping, over all its copies.
#include "sim/ledger/ledger.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

constexpr RecordId r0 = RecordId::of({0}, 0);
constexpr RecordId r1 = RecordId::of({0}, 1);

Ledger one_account() {
  Ledger ledger;
  ledger.open_account({0}, {0}, {0});
  return ledger;
}

std::uint64_t duplicates(const Ledger& ledger, DeliveryReason reason, std::uint32_t reader = 0) {
  return ledger.totals({reader}).duplicates[static_cast<std::size_t>(reason)];
}

std::uint64_t all_duplicates(const Ledger& ledger, std::uint32_t reader = 0) {
  std::uint64_t sum = 0;
  for (const std::uint64_t n : ledger.totals({reader}).duplicates) sum += n;
  return sum;
}

}  // namespace

TEST_CASE("a first effect is no duplicate, however often the record was delivered") {
  Ledger ledger = one_account();
  for (int i = 0; i < 3; ++i) ledger.deliver({0}, {0, 2});
  ledger.effects({0}, {0, 2}, {}, {DeliveryReason::retry_after_error, 2});
  CHECK(all_duplicates(ledger) == 0);
  CHECK(ledger.totals({0}).deliveries == 6);
  CHECK(ledger.totals({0}).effects == 2);
}

TEST_CASE("each further effect is one duplicate of the reason that brought it") {
  Ledger ledger = one_account();
  ledger.deliver({0}, {0, 4});
  ledger.effects({0}, {0, 2}, {}, {});
  ledger.deliver({0}, {0, 4});
  ledger.effects({0}, {0, 4}, {}, {DeliveryReason::retry_after_timeout, 4});
  ledger.deliver({0}, {0, 4});
  ledger.effects({0}, {0, 4}, {1}, {DeliveryReason::bisect, 4});
  CHECK(duplicates(ledger, DeliveryReason::retry_after_timeout) == 2);
  CHECK(duplicates(ledger, DeliveryReason::bisect) == 3);
  CHECK(all_duplicates(ledger) == 5);
  CHECK(ledger.account({0}).at(1).effects == 2);
  CHECK(ledger.account({0}).at(3).effects == 2);
}

TEST_CASE("copies in one batch: the second effect is the producer's [KDS-PRD-07]") {
  Ledger ledger = one_account();
  ledger.note_copy(r0, {0}, 0);
  ledger.note_copy(r0, {0}, 2);
  ledger.note_copy(r0, {0}, 3);
  ledger.deliver({0}, {0, 4});
  ledger.effects({0}, {0, 4}, {}, {});
  CHECK(duplicates(ledger, DeliveryReason::producer_retry) == 2);
  CHECK(all_duplicates(ledger) == 2);
}

TEST_CASE("copies in two batches: the later effect is the producer's [KDS-PRD-07]") {
  Ledger ledger = one_account();
  ledger.note_copy(r0, {0}, 0);
  ledger.note_copy(r0, {0}, 1);
  ledger.deliver({0}, {0, 1});
  ledger.effects({0}, {0, 1}, {}, {});
  CHECK(all_duplicates(ledger) == 0);
  ledger.deliver({0}, {1, 2});
  ledger.effects({0}, {1, 2}, {}, {});
  CHECK(duplicates(ledger, DeliveryReason::producer_retry) == 1);
}

TEST_CASE("an orphan's effect is surplus because its poller was replaced, or for its copy") {
  Ledger ledger = one_account();
  ledger.note_copy(r0, {0}, 0);
  ledger.note_copy(r0, {0}, 1);
  for (int i = 0; i < 2; ++i) ledger.deliver({0}, {0, 2});
  // The new poller is first: the copies, then the orphan that had both for the first time.
  ledger.effects({0}, {0, 2}, {}, {DeliveryReason::poller_crash, 2});
  CHECK(duplicates(ledger, DeliveryReason::poller_crash) == 1);
  ledger.effects({0}, {0, 2}, {}, {DeliveryReason::first, 0, DeliveryReason::poller_crash});
  CHECK(duplicates(ledger, DeliveryReason::poller_crash) == 3);

  Ledger orphan_first = one_account();
  orphan_first.note_copy(r0, {0}, 0);
  orphan_first.note_copy(r0, {0}, 1);
  for (int i = 0; i < 2; ++i) orphan_first.deliver({0}, {0, 2});
  orphan_first.effects({0}, {0, 2}, {}, {DeliveryReason::first, 0, DeliveryReason::poller_crash});
  CHECK(duplicates(orphan_first, DeliveryReason::producer_retry) == 1);
  orphan_first.effects({0}, {0, 2}, {}, {DeliveryReason::poller_crash, 2});
  CHECK(duplicates(orphan_first, DeliveryReason::poller_crash) == 2);
}

TEST_CASE("a copy without an effect makes no duplicate of the other") {
  Ledger ledger = one_account();
  ledger.note_copy(r0, {0}, 0);
  ledger.note_copy(r0, {0}, 1);
  ledger.deliver({0}, {0, 2});
  ledger.effects({0}, {0, 2}, {0}, {});
  CHECK(all_duplicates(ledger) == 0);
}

TEST_CASE("copies of one record are not copies of another") {
  Ledger ledger = one_account();
  ledger.note_copy(r0, {0}, 0);
  ledger.note_copy(r1, {0}, 1);
  ledger.deliver({0}, {0, 2});
  ledger.effects({0}, {0, 2}, {}, {});
  CHECK(all_duplicates(ledger) == 0);
  CHECK(ledger.copies_of(r0).size() == 1);
  CHECK(ledger.copies_within({0}, {1, 5}).size() == 1);
}

TEST_CASE("a copy in another shard of the mapping counts, one in another mapping does not") {
  Ledger ledger;
  ledger.open_account({0}, {0}, {0});
  ledger.open_account({1}, {0}, {1});
  ledger.open_account({2}, {1}, {0});
  ledger.note_copy(r0, {0}, 0);
  ledger.note_copy(r0, {1}, 0);
  for (const std::uint32_t reader : {0u, 2u}) {
    ledger.deliver({reader}, {0, 1});
    ledger.effects({reader}, {0, 1}, {}, {});
    CHECK(all_duplicates(ledger, reader) == 0);
  }
  ledger.deliver({1}, {0, 1});
  ledger.effects({1}, {0, 1}, {}, {});
  CHECK(duplicates(ledger, DeliveryReason::producer_retry, 1) == 1);
}

TEST_CASE("all_delivered looks at every record of the span") {
  Ledger ledger = one_account();
  ledger.deliver({0}, {0, 3});
  CHECK(ledger.all_delivered({0}, {0, 3}));
  CHECK_FALSE(ledger.all_delivered({0}, {0, 4}));
  ledger.settle({0}, 3, Fate::expired, LossCause::retention);
  CHECK(ledger.all_delivered({0}, {0, 3}));
}

TEST_CASE("a ledger that is off enters nothing") {
  Ledger ledger = one_account();
  ledger.on = false;
  ledger.deliver({0}, {0, 3});
  ledger.effects({0}, {0, 3}, {}, {});
  ledger.note_copy(r0, {0}, 0);
  CHECK(ledger.totals({0}) == Totals{});
  CHECK(ledger.copies().empty());
}
