#include "sim/world/event_records.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

// A shard with ten positions, of which 2 to 4 and 6 to 8 are aggregates; the second does not fit.
World with_packs(bool fan_out) {
  Story told = story().records(10);
  if (fan_out) told.fan_out();
  World world = told.tell().world();
  world.shards[0].packs.add(2, 3, 100, true);
  world.shards[0].packs.add(6, 3, 100, false);
  return world;
}

NextStep split(std::uint64_t first, std::uint64_t second) {
  NextStep next;
  next.then = NextStep::Then::split;
  next.rest.batch = Batch::whole({0}, {0, first});
  next.second.batch = Batch::whole({0}, {first, 10});
  next.second.batch.count = second;
  return next;
}

}  // namespace

TEST_CASE("a mapping that polls gets an aggregate as one record [KDS-PRD-18]") {
  const World world = with_packs(false);
  CHECK(event_records(world, {0}, {0}, {0, 10}) == 6);
  CHECK(event_records(world, {0}, {0}, {2, 5}) == 1);
  const Batch batch = batch_of(world, {0}, {0}, {0, 10});
  CHECK(batch.count == 6);
  CHECK(batch.has_aggregates());
  CHECK_FALSE(batch.unpacked);
  CHECK(offset_after(world, {0}, batch, 0) == 0);
  CHECK(offset_after(world, {0}, batch, 3) == 5);
  CHECK(offset_after(world, {0}, batch, 5) == 9);
  CHECK(offset_after(world, {0}, batch, 9) == 10);
  using Offsets = std::vector<std::uint32_t>;
  CHECK(whole_records(world, batch, {1, 4, 5}) == Offsets{1, 2, 3, 4, 5});
  CHECK(whole_records(world, batch, {2, 3}) == Offsets{2, 3, 4});
}

TEST_CASE("a fan-out mapping gets user records, without what does not fit [KDS-PRD-21]") {
  const World world = with_packs(true);
  CHECK(event_records(world, {0}, {0}, {0, 10}) == 7);
  const Batch batch = batch_of(world, {0}, {0}, {0, 10});
  CHECK(batch.unpacked);
  CHECK_FALSE(batch.has_aggregates());
  std::vector<Span> runs;
  each_run(world, batch, [&](Span run) { runs.push_back(run); });
  CHECK(runs == std::vector<Span>{{0, 6}, {9, 10}});
  CHECK(offset_after(world, {0}, batch, 6) == 6);
  CHECK(offset_after(world, {0}, batch, 7) == 10);
}

TEST_CASE("halves of a batch end where records of the event end [ESM-BIS-01]") {
  const World polls = with_packs(false);
  NextStep next = split(3, 3);
  fit_to_records(polls, {0}, next);
  CHECK(next.rest.batch.span == Span{0, 5});
  CHECK(next.rest.batch.count == 3);
  CHECK(next.second.batch.span == Span{5, 10});
  CHECK(next.second.batch.count == 3);

  const World pushed = with_packs(true);
  next = split(3, 4);
  next.rest.batch.unpacked = next.second.batch.unpacked = true;
  fit_to_records(pushed, {0}, next);
  CHECK(next.rest.batch.span == Span{0, 3});
  CHECK(next.second.batch.span == Span{3, 10});
  CHECK(next.second.batch.count == 4);
}

}  // namespace trimhorizon::testing
