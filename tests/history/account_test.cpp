// The ledger in runs against a ledger with a line a record.
#include "sim/history/account.hpp"

#include "sim/history/ledger.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

constexpr Position records = 24;

// One line a record.
struct PlainAccount {
  std::vector<RecordHistory> lines = std::vector<RecordHistory>(records);
  Position settled = 0;

  void settle(Position end, Fate fate, LossCause cause) {
    for (; settled < end; ++settled) {
      lines[settled].fate = fate;
      lines[settled].cause = lines[settled].effects == 0 ? cause : LossCause::none;
    }
  }
};

Span drawn_span() {
  const auto first = *rc::gen::inRange<Position>(0, records);
  const auto count = *rc::gen::inRange<Position>(1, records + 1 - first);
  return {first, first + count};
}

// Sorted, disjoint, not empty, and none that says what is said without it.
void check_runs(const Account& account) {
  Position last = 0;
  for (const HistoryRun& run : account.runs()) {
    RC_ASSERT(!run.span.empty());
    RC_ASSERT(run.span.first >= last);
    last = run.span.end;
    const bool straddles = run.span.first < account.settled() && account.settled() < run.span.end;
    RC_ASSERT(!straddles);
    RC_ASSERT(!(run.span.end <= account.settled() &&
                run.history == RecordHistory{1, 1, Fate::processed}));
    RC_ASSERT(!(run.span.first >= account.settled() && run.history == RecordHistory{}));
  }
}

void check_same(const Account& account, const PlainAccount& plain) {
  std::array<std::uint64_t, count_of<Fate>> fates{};
  for (Position p = 0; p < records; ++p) {
    RC_ASSERT(account.at(p) == plain.lines[p]);
    if (p < plain.settled) fates[static_cast<std::size_t>(plain.lines[p].fate)] += 1;
  }
  for (std::size_t f = 0; f < count_of<Fate>; ++f) {
    RC_ASSERT(account.fates(static_cast<Fate>(f)) == fates[f]);
  }
  Position at = 0;
  account.for_each({0, records}, [&](Span part, const RecordHistory& history) {
    RC_ASSERT(part.first == at && !part.empty());
    for (Position p = part.first; p < part.end; ++p) RC_ASSERT(history == plain.lines[p]);
    at = part.end;
  });
  RC_ASSERT(at == records);
}

void one_change(Account& account, PlainAccount& plain) {
  const int kind = *rc::gen::inRange(0, 4);
  if (kind == 3) {
    const auto end = *rc::gen::inRange<Position>(plain.settled, records + 1);
    const auto fate = static_cast<Fate>(*rc::gen::inRange(0, 6));
    const auto cause = static_cast<LossCause>(*rc::gen::inRange<int>(0, count_of<LossCause>));
    account.settle(end, fate, cause);
    plain.settle(end, fate, cause);
    return;
  }
  const Span span = drawn_span();
  const auto reason =
      static_cast<DeliveryReason>(*rc::gen::inRange<int>(0, count_of<DeliveryReason>));
  const auto change = [&](RecordHistory& h) {
    if (kind < 2) {
      h.deliveries += 1;
      return;
    }
    if (h.effects > 0) h.surplus = reason;
    h.effects += 1;
    h.cause = LossCause::none;
  };
  account.update(span, [&](Span, RecordHistory& h) { change(h); });
  for (Position p = span.first; p < span.end; ++p) change(plain.lines[p]);
}

}  // namespace

TEST_CASE("an account in runs says the same as one line a record") {
  check_property("account and plain account", [] {
    Account account({0}, {0});
    PlainAccount plain;
    const int changes = *rc::gen::inRange(1, 40);
    for (int i = 0; i < changes; ++i) {
      one_change(account, plain);
      check_runs(account);
    }
    check_same(account, plain);
  });
}

TEST_CASE("a healthy run leaves no trace: memory does not grow with settled records") {
  Account account({0}, {0});
  for (Position p = 0; p < 100'000; p += 100) {
    account.update({p, p + 100}, [](Span, RecordHistory& h) { h.deliveries += 1; });
    account.update({p, p + 100}, [](Span, RecordHistory& h) { h.effects += 1; });
    account.settle(p + 100, Fate::processed, LossCause::swallowed);
    CHECK(account.runs().empty());
  }
  CHECK(account.at(99'999) == RecordHistory{1, 1, Fate::processed});
  CHECK(account.at(100'000) == RecordHistory{});
  CHECK(account.fates(Fate::processed) == 100'000);
}

TEST_CASE("equal exceptions side by side are one run") {
  Account account({0}, {0});
  for (Position p = 0; p < 1'000; p += 10) {
    account.update({p, p + 10}, [](Span, RecordHistory& h) { h.deliveries += 2; });
    account.settle(p + 10, Fate::dropped, LossCause::retries);
  }
  CHECK(account.runs().size() <= 100);
  CHECK(account.at(500) == RecordHistory{2, 0, Fate::dropped, LossCause::retries});
}

TEST_CASE("an effect after the fate takes the cause away: the record is not lost") {
  Account account({0}, {0});
  account.update({0, 2}, [](Span, RecordHistory& h) { h.deliveries += 1; });
  account.settle(2, Fate::dropped, LossCause::retries);
  account.update({1, 2}, [](Span, RecordHistory& h) {
    h.effects += 1;
    h.cause = LossCause::none;
  });
  CHECK(account.at(0).cause == LossCause::retries);
  CHECK(account.at(1) == RecordHistory{1, 1, Fate::dropped, LossCause::none});
}
