// The digest of a trace: two runs in which one fact differs never have the same.
#include "sim/history/digest.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

std::string hex_of(const Happening& what, Instant at = Instant{5}, EventNumber number = {2},
                   EventNumber cause = {1}) {
  TraceDigest digest;
  digest.on({at, number, cause, what});
  return digest.hex();
}

// Changes one member after the other; all that comes out must differ.
template <class Event, class... Change>
void check_members(Change... change) {
  std::set<std::string> seen = {hex_of(Event{})};
  const auto with = [](auto one) {
    Event event;
    one(event);
    return hex_of(event);
  };
  (seen.insert(with(change)), ...);
  CHECK(seen.size() == 1 + sizeof...(change));
}

}  // namespace

TEST_CASE("when it happened, its number and its cause are parts of an event") {
  const Happening what = TimelineActed{3};
  const std::set<std::string> seen = {
      hex_of(what), hex_of(what, Instant{6}), hex_of(what, Instant{5}, {3}),
      hex_of(what, Instant{5}, {2}, {2}), hex_of(what, Instant{5}, {1}, {2})};
  CHECK(seen.size() == 5);
}

TEST_CASE("each member of an invocation's end is a part of it") {
  check_members<Ended>(
      [](Ended& e) { e.reader = {1}; }, [](Ended& e) { e.call = {1}; },
      [](Ended& e) { e.batch.shard = {1}; }, [](Ended& e) { e.batch.span.first = 1; },
      [](Ended& e) { e.batch.span.end = 1; }, [](Ended& e) { e.batch.count = 1; },
      [](Ended& e) { e.batch.lane = {1}; }, [](Ended& e) { e.attempt = 2; },
      [](Ended& e) { e.started = Instant{1}; }, [](Ended& e) { e.took = Duration{1}; },
      [](Ended& e) { e.end = InvocationEnd::error; }, [](Ended& e) { e.cut = 1; },
      [](Ended& e) { e.ruling = Ruling::partial; }, [](Ended& e) { e.swallowed = true; },
      [](Ended& e) { e.stale = true; }, [](Ended& e) { e.replaced_by = DeliveryReason::bisect; });
}

TEST_CASE("what is given up, and the message about it, differ in each of their members") {
  check_members<MessageSent>(
      [](MessageSent& e) { e.reader = {1}; }, [](MessageSent& e) { e.what.why = LossCause::age; },
      [](MessageSent& e) { e.what.attempts = 1; },
      [](MessageSent& e) { e.what.function_error = true; },
      [](MessageSent& e) { e.what.batch.span.end = 1; },
      [](MessageSent& e) { e.what.request = {1}; }, [](MessageSent& e) { e.to = {1}; },
      [](MessageSent& e) { e.taken = false; });
  check_members<Settled>(
      [](Settled& e) { e.records.end = 1; }, [](Settled& e) { e.fate = Fate::dropped; },
      [](Settled& e) { e.cause = LossCause::age; }, [](Settled& e) { e.persists = false; },
      [](Settled& e) {
        static constexpr Position named[] = {3};
        e.reported = named;
      });
}

TEST_CASE("why a batch was refused, how often it was tried, and which request id it carries") {
  check_members<Throttled>([](Throttled& e) { e.in_a_row = 2; },
                           [](Throttled& e) { e.why = Refusal::slots; },
                           [](Throttled& e) { e.batch.span.end = 1; });
  check_members<TooLarge>([](TooLarge& e) { e.reader = {1}; }, [](TooLarge& e) { e.attempt = 2; },
                          [](TooLarge& e) { e.batch.span.end = 1; });
  check_members<Delivered>(
      [](Delivered& e) { e.call = {1}; }, [](Delivered& e) { e.request = {1}; },
      [](Delivered& e) { e.attempt = 2; }, [](Delivered& e) { e.retry = true; },
      [](Delivered& e) { e.reason = DeliveryReason::bisect; }, [](Delivered& e) { e.cold = true; });
  check_members<MappingSwitched>([](MappingSwitched& e) { e.mapping = {1}; },
                                 [](MappingSwitched& e) { e.enabled = false; },
                                 [](MappingSwitched& e) { e.polls_on = true; });
}

TEST_CASE("lists differ by their items, their order and where one ends and the next begins") {
  const auto ended = [](std::vector<Span> worked, std::vector<Position> failed) {
    Ended event;
    event.worked = worked;
    event.failed = failed;
    return hex_of(event);
  };
  const std::set<std::string> seen = {ended({}, {}),
                                      ended({{0, 1}}, {}),
                                      ended({{0, 2}}, {}),
                                      ended({{0, 1}, {2, 3}}, {}),
                                      ended({{2, 3}, {0, 1}}, {}),
                                      ended({}, {0, 1}),
                                      ended({}, {1, 0}),
                                      ended({}, {0})};
  CHECK(seen.size() == 8);
}

TEST_CASE("an entry of a put differs by its shard, its number, its end and whether it is a copy") {
  const auto put = [](ShardId shard, std::uint64_t number, PutEntry::Copy copy,
                      PutEnd end = PutEnd::stored) {
    PutEntry stored;
    stored.number = number;
    stored.shard = shard;
    stored.end = end;
    stored.copy = copy;
    Put event;
    event.entries = {&stored, 1};
    return hex_of(event);
  };
  using Copy = PutEntry::Copy;
  const std::set<std::string> seen = {put({0}, 0, Copy::none),
                                      put({1}, 0, Copy::none),
                                      put({0}, 1, Copy::none),
                                      put({0}, 0, Copy::of_last),
                                      put({0}, 0, Copy::follows),
                                      put({0}, 0, Copy::none, PutEnd::throttled),
                                      put({0}, 0, Copy::none, PutEnd::failed)};
  CHECK(seen.size() == 7);
}

TEST_CASE("events of two kinds with equal members differ, and so does their order") {
  CHECK(hex_of(CheckpointKept{{1}, {2}, 3}) != hex_of(Positioned{{1}, {2}, 3}));
  const Happening one = TimelineActed{1};
  const Happening two = TimelineActed{2};
  const auto both = [](const Happening& first, const Happening& second) {
    TraceDigest digest;
    digest.on({Instant{0}, {}, {}, first});
    digest.on({Instant{0}, {}, {}, second});
    return digest;
  };
  CHECK(both(one, two).hex() != both(two, one).hex());
  CHECK(both(one, two) == both(one, two));
  CHECK(TraceDigest{}.hex().size() == 32);
}
