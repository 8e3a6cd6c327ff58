// Where reading starts, and what becomes of the records before it.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("LATEST is wherever the tip is when polling starts [ESM-POL-12, KDS-ITR-05]") {
  // Test vector 10, scenario 110: 10/s for five minutes, 60 s until the mapping polls.
  const auto started = [](StartingPosition where) {
    return story().steady(10, 3000).created(0_s, 60_s).starting(where).tell();
  };
  const Told latest = started(StartingPosition::latest);
  CHECK(latest.fates() == "processed 2400, unread 600");
  CHECK(latest.lost() == "latest_gap 600");
  CHECK(latest.metric("LatestGap") == 600);
  CHECK(latest.metric("DroppedEventCount") == 0);  // no metric of AWS moves
  CHECK(latest.metric("Errors") == 0);
  CHECK(latest.metric("PolledEventCount") == 2400);
  CHECK(latest.happened(Situation::latest_gap));
  CHECK(started(StartingPosition::trim_horizon).fates() == "processed 3000");
  CHECK(started(StartingPosition::at_timestamp).fates() == "processed 3000");
}

TEST_CASE("LATEST promises nothing of what was stored before the mapping was created") {
  const Told told = story()
                        .records(5)
                        .records(2, 30_s)
                        .created(20_s, 20_s)
                        .starting(StartingPosition::latest)
                        .records(1, 50_s)
                        .tell();
  CHECK(told.fates() == "processed 1, unread 7");
  CHECK(told.lost() == "latest_gap 2");
}

TEST_CASE("AT_TIMESTAMP starts at the first record at or after it [KDS-ITR-06]") {
  const Told told = story()
                        .records(2)
                        .records(2, 10_s)
                        .records(1, 20_s)
                        .created(30_s)
                        .starting(StartingPosition::at_timestamp, 10_s)
                        .tell();
  CHECK(told.invocations() == "[2-4]");
  CHECK(told.fates() == "processed 3, unread 2");
  CHECK(told.lost() == "none");
}

TEST_CASE("TRIM_HORIZON is known when the mapping is created: what leaves later is lost") {
  // The record leaves the stream between the creation at 23 h and the first poll at 25 h.
  const Told told = story().records(1).created(23_h, 2_h).lasts(30_h).tell();
  CHECK(told.fates() == "expired 1");
  CHECK(told.lost() == "retention 1");
  const Told before = story().records(1).created(25_h).lasts(30_h).tell();
  CHECK(before.fates() == "unread 1");
  CHECK(before.lost() == "none");
}

TEST_CASE("AT_TIMESTAMP before all records starts at the first, after all of them past the last") {
  const auto started = [](Duration timestamp) {
    return story()
        .records(2, 10_s)
        .created(30_s)
        .starting(StartingPosition::at_timestamp, timestamp)
        .tell();
  };
  CHECK(started(0_s).fates() == "processed 2");
  CHECK(started(10_s).fates() == "processed 2");
  CHECK(started(20_s).fates() == "unread 2");
}

TEST_CASE(
    "what is unread is not a checkpoint: LATEST is resolved again at a restart [ESM-CHK-07]") {
  const Told told = story()
                        .records(2)
                        .records(1, 20_s)
                        .created(10_s)
                        .starting(StartingPosition::latest)
                        .crash(15_s)
                        .lasts(1_m)
                        .tell();
  CHECK(told.fates() == "processed 1, unread 2");
  CHECK(told.checkpoint() == "r2");
  const Told none =
      story().records(2).created(10_s).starting(StartingPosition::latest).lasts(1_m).tell();
  CHECK(none.checkpoint() == "none");
  CHECK(none.mapping().shards[0].pending == 0);
}
