// What happens at one instant, in which order: the timeline, puts, ends of
// invocations with their checkpoints, retention, polls.
#include <algorithm>

#include "sim/world/names.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("at one instant: the timeline comes before the read") {
  CHECK(story().records(1).disable(0_s).tell().invocations() == "");
  const Told throttled =
      story().records(1).throttle(0_s, 1_s).throttle_backoff(exact_throttles).tell();
  CHECK(throttled.schedule() == "1.5s[0]");
  CHECK(story().records(1).disabled().enable(5_s).tell().schedule() == "5s[0]");
}

TEST_CASE("at one instant: the timeline comes before the put") {
  const Told told = story()
                        .records(1, 5_s)
                        .lose_acknowledgements(5_s, 1_ms)
                        .producer_retry(RetryMode::retries, 1)
                        .tell();
  CHECK(told.result.stored == 2);
}

TEST_CASE("at one instant: puts come before the read, those of a retry too") {
  const Told told = story()
                        .records(2, 5_s)
                        .records(1, 5_s)
                        .lose_acknowledgements(5_s, 1_ms)
                        .producer_retry(RetryMode::retries, 1, 0_s)
                        .created(5_s)
                        .tell();
  CHECK(told.schedule() == "5s[0-5]");
  std::string order;
  for (const RecordRow& row : told.result.rows) order += row.id + " ";
  CHECK(told.result.stored == 6);
  CHECK(told.duplicates() == "producer_retry 3");
}

TEST_CASE("at one instant: puts come in the order of the file") {
  const Told told = story()
                        .record("a", "k", 1_s)
                        .record("b", "k", 1_s)
                        .record("c", "k", 500_ms)
                        .created(2_s)
                        .tell();
  std::string order;
  for (Position p = 0; p < 3; ++p) order += record_name(told.world(), {0}, p) + " ";
  CHECK(order == "c a b ");
}

TEST_CASE("at one instant: a crash comes before the end of the invocation") {
  const Told told = story().records(1).work(2_s).crash(2_s).tell();
  CHECK(told.schedule() == "0s[0] 2s[0]");
  CHECK(told.effects() == "2");
}

TEST_CASE("at one instant: a put comes before the end of an invocation") {
  const Told told = story().records(1).records(3, 100_ms).tell();
  CHECK(told.schedule() == "0s[0] 0.1s[1-3]");
}

TEST_CASE("at one instant: the end of an invocation frees its place for a read [rule 4]") {
  // Both mappings share one environment. The second reads for the first time at 3.5 s, which is
  // when the first one's call ends.
  const Told told = story()
                        .records(1)
                        .reserved(1)
                        .work(3'500_ms)
                        .timeout(10)
                        .another_mapping("audit")
                        .same_function()
                        .created(3'500_ms)
                        .tell();
  CHECK(told.schedule(0) == "0s[0]");
  CHECK(told.schedule(1) == "3.5s[0]");
  CHECK(told.metric("Throttles", 1) == 0);
}

TEST_CASE("at one instant: retention comes before the read") {
  const Duration gone = 24_h + microseconds(1);
  const Told told = story().records(1).disable(0_s).enable(gone).lasts(30_h).tell();
  CHECK(told.invocations() == "");
  const Told in_time = story().records(1).disable(0_s).enable(24_h).lasts(30_h).tell();
  CHECK(in_time.schedule() == "86400s[0]");
}

TEST_CASE("a record comes again after later ones, but first in its turn [ESM-POL-10]") {
  const Told told = story().records(4).batch(4).retries(1).bisect().poison("r0").tell();
  CHECK(told.invocations() == "[0-3][0-1][0][0][1][2-3]");  // r0 to r1 after the first r3
  const InvariantResult& order = told.result.invariants[index_of(Invariant::key_order)];
  CHECK(order.holds());
  CHECK(order.checks == 6);
}

TEST_CASE("LATEST at 60 s is after a record put at 60 s") {
  const Told told = story()
                        .records(1, 60_s)
                        .records(1, 61_s)
                        .created(60_s)
                        .starting(StartingPosition::latest)
                        .tell();
  CHECK(told.fates() == "processed 1, unread 1");
  CHECK(told.lost() == "latest_gap 1");
}
