// What every handler of a reader shares, called on a world that stands still.
#include "sim/world/reader.hpp"

#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

constexpr ReaderId id{0};

class SeenEvents : public Observer {
 public:
  std::vector<Settled> settled;
  std::vector<CheckpointKept> kept;
  std::vector<MessageSent> sent;
  std::vector<ReaderRestarted> restarted;

  void on(const Happened& event, const World&) override {
    if (const auto* e = std::get_if<Settled>(&event.what)) settled.push_back(*e);
    if (const auto* e = std::get_if<CheckpointKept>(&event.what)) kept.push_back(*e);
    if (const auto* e = std::get_if<MessageSent>(&event.what)) sent.push_back(*e);
    if (const auto* e = std::get_if<ReaderRestarted>(&event.what)) restarted.push_back(*e);
  }
};

// A world at `at`, and what the reader does there.
struct Stage {
  explicit Stage(const Story& story, Duration at = 1_s)
      : simulation(make_plan(story.scenario())), choices(1, 0) {
    simulation.run_until(Instant{0} + at);
    world = simulation.world();
  }
  Moment moment() { return {world, outside, EventNumber{}}; }
  Reader& reader() { return world.reader(id); }
  // Instants of pending events of one kind.
  template <class What>
  std::vector<Instant> pending() const {
    std::vector<Instant> at;
    for (const Event& event : world.events.in_order()) {
      if (std::holds_alternative<What>(event.what)) at.push_back(event.at);
    }
    return at;
  }

  Simulation simulation;
  World world;
  SeenEvents heard;
  SeededChoices choices;
  ModelledFunction function;
  Outside outside{choices, function, &heard};
};

Story stopped() { return story().records(10).disabled(); }
GivingUp two_records() { return {Batch::whole({0}, {0, 2}), LossCause::retries, 3, true}; }

}  // namespace

TEST_CASE("settling moves the checkpoint on and never back") {
  Stage stage(stopped());
  settle(stage.moment(), id, {4, Fate::processed});
  CHECK(stage.reader().checkpoint == 4);
  CHECK(stage.reader().has_checkpoint);
  settle(stage.moment(), id, {4, Fate::processed});
  settle(stage.moment(), id, {2, Fate::dropped});
  CHECK(stage.reader().checkpoint == 4);
  REQUIRE(stage.heard.settled.size() == 1);
  CHECK(stage.heard.settled[0].records == Span{0, 4});
  REQUIRE(stage.heard.kept.size() == 2);
  CHECK(stage.heard.kept[1].asked == 2);
}

TEST_CASE("a position that does not persist is not a checkpoint [ESM-CHK-07]") {
  Stage stage(stopped());
  settle(stage.moment(), id, {4, Fate::unread, LossCause::none, false});
  CHECK(stage.reader().checkpoint == 4);
  CHECK_FALSE(stage.reader().has_checkpoint);
}

TEST_CASE("what is given up goes to the destination, if there is one and it takes it") {
  const auto fate = [](const Story& story) {
    Stage stage(story);
    give_up(stage.moment(), id, two_records());
    REQUIRE(stage.heard.settled.size() == 1);
    CHECK(stage.heard.settled[0].records == Span{0, 2});
    CHECK(stage.heard.sent.size() == stage.world.plan->destinations.size());
    return stage.heard.settled[0].fate;
  };
  CHECK(fate(stopped()) == Fate::dropped);
  CHECK(fate(stopped().destination()) == Fate::discarded);
  CHECK(fate(stopped().destination().fail_destination(0_s, 1_h)) == Fate::dropped);
}

TEST_CASE("a message about what was never handed to the function names no call [CON-10]") {
  Stage stage(stopped().destination());
  stage.reader().last_call = {7};
  give_up(stage.moment(), id, {Batch::whole({0}, {0, 1}), LossCause::age, 0, false, {}});
  give_up(stage.moment(), id, {Batch::whole({0}, {1, 2}), LossCause::retries, 2, true, {7}});
  REQUIRE(stage.heard.sent.size() == 2);
  CHECK_FALSE(stage.heard.sent[0].what.request.valid());
  CHECK(stage.heard.sent[1].what.request == InvocationNumber{7});
  CHECK(stage.outside.met.has(Assumption::never_invoked_count));
}

TEST_CASE("a reader that restarts forgets what it read, keeps its checkpoint, and has no event") {
  Stage stage(story().records(10).batch(4).retries(-1).poison("r5"), 2_s);
  const Position checkpoint = stage.reader().checkpoint;
  const std::uint32_t incarnation = stage.reader().incarnation;
  REQUIRE(checkpoint == 4);
  REQUIRE_FALSE(stage.reader().lane({0}).ranges.empty());
  restart_reader(stage.moment(), id, DeliveryReason::poller_crash);
  CHECK(stage.reader().phase == ReaderPhase::stopped);
  CHECK(stage.reader().checkpoint == checkpoint);
  CHECK(stage.reader().incarnation == incarnation + 1);
  CHECK(stage.reader().lane({0}).ranges.empty());
  CHECK(stage.reader().lane({0}).retry_step == 0);
  CHECK(stage.reader().positioned);
  CHECK(stage.pending<PollDue>().empty());
  CHECK(stage.pending<LaneReady>().empty());
  CHECK(stage.heard.restarted.size() == 1);
}

TEST_CASE("only LATEST that was never read from loses its position at a restart [ESM-CHK-07]") {
  const auto positioned = [](StartingPosition where, bool has_read, bool has_checkpoint,
                             const char* kept = "kept_once_read") {
    Stage stage(story().records(1).starting(where).assume("latest_position", kept), 500_ms);
    stage.reader().positioned = true;
    stage.reader().has_read = has_read;
    stage.reader().has_checkpoint = has_checkpoint;
    restart_reader(stage.moment(), id, DeliveryReason::re_enabled);
    return stage.reader().positioned;
  };
  CHECK_FALSE(positioned(StartingPosition::latest, false, false));
  CHECK(positioned(StartingPosition::latest, true, false));
  CHECK(positioned(StartingPosition::latest, true, true));
  CHECK(positioned(StartingPosition::trim_horizon, false, false));
  CHECK_FALSE(positioned(StartingPosition::latest, true, false, "kept_once_settled"));
  CHECK(positioned(StartingPosition::latest, true, true, "kept_once_settled"));
}

TEST_CASE("a position of LATEST that may be lost asks from when it is kept [ESM-CHK-07, CON-27]") {
  const auto asks = [](StartingPosition where, bool positioned, bool has_checkpoint) {
    Stage stage(story().records(1).starting(where), 500_ms);
    stage.reader().positioned = positioned;
    stage.reader().has_read = false;
    stage.reader().has_checkpoint = has_checkpoint;
    stage.outside.met = {};
    restart_reader(stage.moment(), id, DeliveryReason::poller_crash);
    return stage.outside.met.has(Assumption::latest_position);
  };
  CHECK(asks(StartingPosition::latest, true, false));  // polled, and nothing was read yet
  CHECK_FALSE(asks(StartingPosition::latest, false, false));
  CHECK_FALSE(asks(StartingPosition::latest, true, true));
  CHECK_FALSE(asks(StartingPosition::trim_horizon, true, false));
}

TEST_CASE("a new poller reads after the failover; a disabled mapping has none [ESM-POL-17]") {
  Stage stage(story().records(1).failover(5_s), 2_s);
  replace_reader(stage.moment(), id, DeliveryReason::poller_crash);
  CHECK(stage.pending<PollDue>() == std::vector{stage.world.now + 5_s});
  Stage off(stopped(), 2_s);
  replace_reader(off.moment(), id, DeliveryReason::poller_crash);
  CHECK(off.pending<PollDue>().empty());
  CHECK(off.reader().phase == ReaderPhase::stopped);
}

TEST_CASE("a parked reader wakes at the next second of its rhythm [ESM-POL-01]") {
  Stage stage(story().records(1), 10_s);
  REQUIRE(stage.reader().phase == ReaderPhase::parked);
  stage.reader().last_poll = Instant{0} + 100_ms;
  stage.world.now = Instant{0} + 10'500_ms;
  wake(stage.moment(), id);
  wake(stage.moment(), id);  // it is awake
  CHECK(stage.pending<PollDue>() == std::vector{Instant{0} + 11'100_ms});
}

TEST_CASE("a stopped reader has one alarm, for the first instant after the retention") {
  Stage stage(stopped());
  stage.world.events.clear();
  stage.reader().retention_due = false;
  wake(stage.moment(), id);
  wake(stage.moment(), id);
  CHECK(stage.pending<RetentionDue>() == std::vector{Instant{0} + 24_h + microseconds(1)});
  Stage settled_all(stopped());
  settled_all.world.events.clear();
  settled_all.reader().retention_due = false;
  settled_all.reader().checkpoint = 10;
  wake(settled_all.moment(), id);
  CHECK(settled_all.world.events.empty());
}

TEST_CASE("what retention took at the head has expired, also of a batch that waits [ESM-RTY-12]") {
  Stage stage(story().records(2).records(2, 1_s).disabled(), 2_s);
  Lane& lane = stage.reader().lane({0});
  lane.ranges = {{Batch::whole({0}, {0, 4}), 3, 4, DeliveryReason::first}};
  stage.world.now = Instant{0} + 24_h;
  expire_head(stage.moment(), id);
  CHECK(stage.heard.settled.empty());
  stage.world.now = Instant{0} + 24_h + microseconds(1);
  expire_head(stage.moment(), id);
  REQUIRE(stage.heard.settled.size() == 1);
  CHECK(stage.heard.settled[0].fate == Fate::expired);
  CHECK(stage.heard.settled[0].cause == LossCause::retention);
  CHECK(lane.ranges[0].batch.span == Span{2, 4});
  CHECK(lane.ranges[0].retries_used == 3);
}

TEST_CASE("a wait with jitter is drawn, again each time, and never longer than without [CON-19]") {
  Stage stage(stopped());
  const Backoff steady{.first = 10_s};
  CHECK(next_wait(stage.moment(), id, steady, 0) == 10_s);
  CHECK(next_wait(stage.moment(), id, steady, 1) == 15_s);
  CHECK(stage.reader().waits == 0);
  Backoff jitter = steady;
  jitter.jitter = Backoff::Jitter::full;
  const Duration one = next_wait(stage.moment(), id, jitter, 0);
  const Duration two = next_wait(stage.moment(), id, jitter, 0);
  CHECK(one != two);
  CHECK(one > 0_s);
  CHECK(two > 0_s);
  CHECK(one <= 10_s);
  CHECK(two <= 10_s);
  stage.reader().waits = 0;
  CHECK(next_wait(stage.moment(), id, jitter, 0) == one);
}
