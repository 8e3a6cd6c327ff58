// What a run came to, as a value beside the world.
#include "sim/history/history.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

History history_of(const Story& story) { return story.tell().simulation->history(); }

// Told of one event that happens to this story at its end.
History after(const Told& told, const Happening& what) {
  History history(*told.world().plan);
  history.on({told.world().now, EventNumber{1}, EventNumber{}, what}, told.world());
  return history;
}

}  // namespace

TEST_CASE("a record is produced once and stored as often as it is put") {
  const History plain = history_of(story().records(3));
  CHECK(plain.produced == 3);
  CHECK(plain.stored == 3);
  const History lost = history_of(
      story().records(3).lose_acknowledgements(0_s, 10_ms).producer_retry(RetryMode::retries, 1));
  CHECK(lost.produced == 3);
  CHECK(lost.stored == 6);
}

TEST_CASE("each part is told of an event that is its own") {
  const Told told = story().records(2).destination().tell();
  const Batch both = Batch::whole({0}, {0, 2});
  MessageSent sent;
  sent.reader = ReaderId{0};
  sent.to = DestinationId{0};
  sent.what.batch = both;
  const History message = after(told, sent);
  CHECK(message.letters.messages({0}).size() == 1);
  CHECK(
      message.metrics.of(ConsumerId{0}).value(MetricId::OnFailureDestinationDeliveredEventCount) ==
      2);
  const History throttled = after(told, Throttled{ReaderId{0}, both, 1});
  CHECK(throttled.metrics.of(ConsumerId{0}).value(MetricId::Throttles) == 1);
  CHECK(throttled.situations.seen().has(Situation::throttle));
  const History kept = after(told, CheckpointKept{ReaderId{0}, ShardId{0}, 2});
  CHECK(kept.invariants.of(Invariant::checkpoint_never_regresses).checks == 1);
  CHECK(after(told, ReaderOpened{ReaderId{0}, ConsumerId{0}, ShardId{0}}).ledger.size() == 1);
}

TEST_CASE("every event is in the digest, also one that nothing else has a use for") {
  const Told told = story().records(1).tell();
  const History none(*told.world().plan);
  History some = after(told, FaultStruck{Site::function_error, ReaderId{0}, ShardId{0}});
  CHECK(some.digest.hex() != none.digest.hex());
  some.digest = none.digest;
  CHECK(some == none);
}

TEST_CASE("a copy stays where it was when the other goes on") {
  const Told told = story().records(2).tell();
  const History before = told.simulation->history();
  History other = before;
  CHECK(other == before);
  const Happening acted = TimelineActed{0};
  other.on({told.world().now, EventNumber{1}, EventNumber{}, acted}, told.world());
  CHECK_FALSE(other == before);
  CHECK(before.digest.hex() == told.result.trace_digest);
}
