// The invariants, broken on purpose: each by what it promises, and by nothing else.
#include "sim/history/invariants.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

constexpr EnumSet<Invariant> only(Invariant invariant) {
  EnumSet<Invariant> set;
  set.add(invariant);
  return set;
}

// One reader at one shard of ten records.
struct Stage {
  Stage() {
    world = story().records(10).tell().world();
    world.reader({0}).checkpoint = 4;
    ledger.on(ReaderOpened{{0}, {0}, {0}}, world);
  }
  void delivered(Span span, DeliveryReason reason = DeliveryReason::first,
                 bool with_ledger = true) {
    Delivered event;
    event.reader = ReaderId{0};
    event.call = {calls += 1};
    event.batch = Batch::whole({0}, span);
    event.reason = reason;
    ledger.on(event, world);
    invariants.on(event, world, with_ledger ? &ledger : nullptr);
  }
  void settled(Span span) {
    Settled event;
    event.reader = ReaderId{0};
    event.records = span;
    invariants.on(event, world, &ledger);
  }
  const InvariantState& of(Invariant invariant) const { return invariants.of(invariant); }

  World world;
  Ledger ledger;
  Invariants invariants;
  std::uint64_t calls = 0;
};

}  // namespace

TEST_CASE("in a run in which all is well every invariant is checked and none broken") {
  // Some are about reshards only.
  Story resharded = story().records(6).batch(2).poison("r3").retries(1).bisect();
  resharded.call(0_s, SplitShardCall{0, {}}).records(6, 60_s);
  const Told told = resharded.tell();
  const Invariants& invariants = told.simulation->history().invariants;
  CHECK(invariants.broken().empty());
  for (const Invariant each : all_of<Invariant>) CHECK(invariants.of(each).checks > 0);
}

TEST_CASE("a checkpoint that was asked to go back has regressed") {
  Stage stage;
  stage.invariants.on(CheckpointKept{{0}, {0}, 4}, stage.world, nullptr);
  CHECK(stage.invariants.broken().empty());
  stage.world.now = Instant{77};
  stage.invariants.on(CheckpointKept{{0}, {0}, 3}, stage.world, nullptr);
  stage.world.now = Instant{99};
  stage.invariants.on(CheckpointKept{{0}, {0}, 2}, stage.world, nullptr);
  CHECK(stage.invariants.broken() == only(Invariant::checkpoint_never_regresses));
  CHECK(stage.of(Invariant::checkpoint_never_regresses).checks == 3);
  CHECK(stage.of(Invariant::checkpoint_never_regresses).violations == 2);
  // The first violation is the one that is told.
  CHECK(stage.of(Invariant::checkpoint_never_regresses).first ==
        Violation{Instant{77}, ReaderId{0}, 3});
}

TEST_CASE("a lane that still has a call in flight may not begin another [ESM-POL-11]") {
  Stage stage;
  stage.delivered({0, 2});
  CHECK(stage.invariants.broken().empty());
  stage.world.reader({0}).lane({0}).in_flight = InvocationSlot{0};
  stage.delivered({2, 4}, DeliveryReason::overlapping_pollers);  // a fault is not a promise
  CHECK(stage.invariants.broken().empty());
  stage.delivered({2, 4});
  CHECK(stage.invariants.broken() == only(Invariant::one_batch_per_lane));
}

TEST_CASE("a record that comes first after later ones breaks the order of keys [ESM-POL-10]") {
  Stage stage;
  stage.delivered({0, 4});
  stage.delivered({2, 6});
  CHECK(stage.invariants.broken().empty());
  stage.delivered({7, 9});
  CHECK(stage.invariants.broken().empty());  // nothing has come out of order yet
  stage.delivered({6, 9});
  CHECK(stage.invariants.broken() == only(Invariant::key_order));
}

TEST_CASE("without a ledger the order is judged from the checkpoint") {
  Stage stage;
  stage.delivered({4, 6}, DeliveryReason::first, false);
  CHECK(stage.invariants.broken().empty());
  stage.delivered({5, 6}, DeliveryReason::first, false);
  CHECK(stage.invariants.broken() == only(Invariant::key_order));
}

TEST_CASE("a checkpoint covers what has a fate, and nothing more") {
  Stage stage;
  Settled event;
  event.reader = ReaderId{0};
  event.records = {0, 4};
  stage.ledger.on(event, stage.world);
  stage.settled({0, 4});
  CHECK(stage.invariants.broken().empty());
  CHECK(stage.of(Invariant::conservation).checks == 1);
  stage.settled({4, 5});  // the ledger was not told
  CHECK(stage.invariants.broken() == only(Invariant::checkpoint_covers_only_settled));
}

TEST_CASE("a child is read when its parents are drained, by the same consumer [ESM-POL-15]") {
  Stage stage;
  World& world = stage.world;
  StreamState& stream = world.streams[0];
  stream.lineage.add_child({0});
  stream.shards.push_back(ShardId{1});
  world.shards.push_back(world.shards[0]);
  world.shards[1].number = 1;
  Reader child = world.reader({0});
  child.shard = ShardId{1};
  world.readers.push_back(child);
  stage.ledger.on(ReaderOpened{{1}, {0}, {1}}, world);
  const auto read_child = [&] {
    Delivered event;
    event.reader = ReaderId{1};
    event.call = {stage.calls += 1};
    event.batch = Batch::whole({1}, {0, 1});
    stage.ledger.on(event, world);
    stage.invariants.on(event, world, &stage.ledger);
    return stage.invariants.broken();
  };
  world.reader({0}).checkpoint = 10;
  CHECK(read_child().empty());
  world.reader({0}).checkpoint = 9;
  world.reader({0}).consumer = ConsumerId{1};  // somebody else's
  CHECK(read_child().empty());
  world.reader({0}).consumer = ConsumerId{0};
  CHECK(read_child() == only(Invariant::parent_before_child));
  stage.invariants.clear();
  CHECK(stage.invariants == Invariants{});
}
