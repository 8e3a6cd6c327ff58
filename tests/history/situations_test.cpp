// Which event marks which situation, and no other.
#include "sim/history/situations.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/given.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

using Names = std::vector<std::string>;

const World& world_of(Duration cold_start = {}) {
  static const Told warm = story().records(1).tell();
  static const Told cold = story().records(1).cold_start(1_s).tell();
  return cold_start > Duration{0} ? cold.world() : warm.world();
}

template <class Event>
Names seen(const Event& event, const World& world = world_of()) {
  Situations situations;
  situations.on(event, world);
  return names_in(situations.seen());
}

template <class Event, class Change>
Names seen_with(Change change, const World& world = world_of()) {
  Event event;
  if constexpr (requires { event.reader; }) event.reader = ReaderId{0};
  change(event);
  return seen(event, world);
}

}  // namespace

TEST_CASE("what goes well is not a situation") {
  CHECK(seen(Put{}).empty());
  CHECK(seen(PutAnswered{}).empty());
  CHECK(seen(Ended{}).empty());
  CHECK(seen(Settled{}).empty());
  CHECK(seen(ReaderRestarted{}).empty());
  CHECK(seen_with<Delivered>([](Delivered&) {}).empty());
}

TEST_CASE("a call put again, a copy and a missing answer are three different things") {
  CHECK(seen_with<Put>([](Put& put) { put.tries = 2; }) == Names{"producer_retry"});
  CHECK(seen_with<PutAnswered>([](PutAnswered& e) { e.acknowledged = false; }) ==
        Names{"ack_lost"});
  const auto stored_as = [](PutEntry::Copy copy) {
    PutEntry stored;
    stored.copy = copy;
    Put put;
    put.has_copies = true;
    put.entries = {&stored, 1};
    return seen(put);
  };
  CHECK(stored_as(PutEntry::Copy::of_last) == Names{"ack_lost", "producer_retry"});
  CHECK(stored_as(PutEntry::Copy::follows) == Names{"ack_lost"});
}

TEST_CASE("a cold start is one when the function takes time for it") {
  const auto cold = [](Delivered& delivered) { delivered.cold = true; };
  CHECK(seen_with<Delivered>(cold, world_of(1_s)) == Names{"cold_start"});
  CHECK(seen_with<Delivered>(cold).empty());
  CHECK(seen_with<Delivered>([](Delivered& d) { d.retry = true; }) == Names{"retry"});
}

TEST_CASE("the end of an invocation is known by how it ended and what it said") {
  CHECK(seen_with<Ended>([](Ended& e) { e.end = InvocationEnd::timeout; }) == Names{"timeout"});
  CHECK(seen_with<Ended>([](Ended& e) { e.end = InvocationEnd::error; }).empty());
  CHECK(seen_with<Ended>([](Ended& e) { e.swallowed = true; }) == Names{"swallow"});
  CHECK(seen_with<Ended>([](Ended& e) { e.ruling = Ruling::partial; }) ==
        Names{"partial_response"});
  CHECK(seen_with<Ended>([](Ended& e) { e.ruling = Ruling::malformed; }) ==
        Names{"malformed_response"});
}

TEST_CASE("records given up for their age are another situation than the others") {
  CHECK(seen_with<GaveUp>([](GaveUp& e) { e.what.why = LossCause::age; }) == Names{"age_discard"});
  CHECK(seen_with<GaveUp>([](GaveUp&) {}) == Names{"discard"});
  CHECK(seen_with<MessageSent>([](MessageSent& e) { e.taken = false; }) ==
        Names{"destination_failure"});
  CHECK(seen_with<MessageSent>([](MessageSent&) {}).empty());
}

TEST_CASE("fates, restarts, throttles and splits have their situations") {
  CHECK(seen_with<Settled>([](Settled& e) { e.fate = Fate::expired; }) == Names{"expire"});
  CHECK(seen_with<Settled>([](Settled& e) { e.cause = LossCause::latest_gap; }) ==
        Names{"latest_gap"});
  CHECK(seen_with<ReaderRestarted>([](ReaderRestarted& e) {
          e.reason = DeliveryReason::poller_crash;
        }) == Names{"poller_crash"});
  CHECK(seen_with<ReaderRestarted>([](ReaderRestarted& e) {
          e.reason = DeliveryReason::checkpoint_lost;
        }) == Names{"checkpoint_lost"});
  CHECK(seen(Throttled{}) == Names{"throttle"});
  CHECK(seen(SplitInTwo{}) == Names{"bisect"});
}

TEST_CASE("a retry is marked when it is decided only while exploring, else when it happens") {
  WillRetry retry;
  retry.same_batch = true;
  CHECK(seen(retry).empty());
  World exploring = world_of();
  Plan plan = *exploring.plan;
  plan.exploring = true;
  exploring.plan = std::make_shared<const Plan>(plan);
  CHECK(seen(retry, exploring) == Names{"retry"});
  retry.same_batch = false;
  CHECK(seen(retry, exploring).empty());
}

TEST_CASE("what was seen once stays") {
  Situations situations;
  situations.on(SplitInTwo{}, world_of());
  situations.on(Ended{}, world_of());
  situations.on(Throttled{}, world_of());
  CHECK(situations.seen() == set_of({Situation::bisect, Situation::throttle}));
}
