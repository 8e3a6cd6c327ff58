// Throttles and outages: the batch waits, in order, and nothing is counted that should not be.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("throttled attempts never count [ESM-RTY-01, ESM-RTY-13, LAM-CON-06]") {
  const Told told =
      story().records(2).retries(0).throttle(0_s, 30_s).throttle_backoff(exact_throttles).tell();
  CHECK(told.schedule() == "30.5s[0-1]");  // after waits of 0.5, 1, 2, 4, 8 and 15 s
  CHECK(told.fates() == "processed 2");
  CHECK(told.metric("Throttles") == 6);
  CHECK(told.metric("Invocations") == 1);
  CHECK(told.metric("Errors") == 0);
  CHECK(told.happened(Situation::throttle));
  CHECK(told.met(Assumption::throttle_backoff));
}

TEST_CASE("a throttle between two attempts counts for nothing [ESM-RTY-01]") {
  const Told told = story()
                        .records(1)
                        .retries(2)
                        .poison("r0")
                        .destination()
                        .work(0_s)
                        .throttle(100_ms, 5_s)
                        .throttle_backoff(exact_throttles)
                        .tell();
  // The first retry, due at 0.2 s, is throttled then and at 0.7, 1.7 and 3.7 s. The second comes
  // 0.4 s after the first, as if nothing had been.
  CHECK(told.schedule() == "0s[0] 7.7s[0] 8.1s[0]");
  CHECK(told.requests() == "new same same");  // ESM-RTY-12: still the same batch object
  CHECK(told.letters() == "RetryAttemptsExhausted count 3 of [r0] functionError Unhandled\n");
}

TEST_CASE("throttles have a series of waits of their own [ESM-RTY-06]") {
  const Backoff second{true, 1_s, 1'000, 1_s, Backoff::Jitter::none};
  const Told told = story().records(1).throttle(0_s, 4'500_ms).throttle_backoff(second).tell();
  CHECK(told.schedule() == "5s[0]");
  CHECK(told.metric("Throttles") == 5);
}

TEST_CASE("records too old while throttled go without a delivery [ESM-RTY-01, ESM-AGE-03]") {
  const Told told = story().records(3).age(60).destination().throttle(0_s, 2_m).tell();
  CHECK(told.invocations() == "");
  CHECK(told.letters() == "RecordAgeExceeded count 1 of [r0 r1 r2]\n");
  CHECK(told.in_message("responseContext") == "absent");
}

TEST_CASE("records that expire while throttled are lost without a trace [ESM-RTY-01]") {
  const Told told = story().records(3).destination().throttle(0_s, 25_h).lasts(30_h).tell();
  CHECK(told.fates() == "expired 3");
  CHECK(told.messages() == 0);
  CHECK(told.metric("DroppedEventCount") == 0);
}

TEST_CASE("ReservedConcurrentExecutions 0 stops the function [LAM-CON-03]") {
  const Told told = story().records(3).reserved(0).lasts(1_m).tell();
  CHECK(told.metric("Invocations") == 0);
  CHECK(told.metric("Throttles") > 0);
  CHECK(told.fates() == "pending 3");
}

TEST_CASE("a throttle is a throttle, whatever its reason [LAM-CON-05]") {
  const auto throttles = [](Story story) {
    return story.throttle_backoff(exact_throttles).tell().metric("Throttles");
  };
  CHECK(throttles(story().records(1).lasts(30_s).reserved(0)) == 6);
  CHECK(throttles(story().records(1).lasts(30_s).throttle(0_s, 1_m)) == 6);
}

TEST_CASE("less concurrency than shards makes shards wait and loses nothing [LAM-CON-04]") {
  const Told told = story().shards(4).records(40).batch(1000).reserved(1).work(1_s).tell();
  CHECK(told.fates() == "processed 40");
  CHECK(told.duplicates() == "none");
  CHECK(told.metric("Throttles") > 0);
  for (std::size_t i = 1; i < told.calls.size(); ++i) {
    CHECK(told.calls[i].at >= told.calls[i - 1].at + seconds(1));
  }
}

TEST_CASE("two mappings share the concurrency of their one function [LAM-CON-03]") {
  const Told told = story()
                        .records(4)
                        .batch(4)
                        .reserved(1)
                        .work(2_s)
                        .another_mapping("audit")
                        .same_function()
                        .batch(4)
                        .throttle_backoff(exact_throttles)
                        .tell();
  CHECK(told.schedule(0) == "0s[0-3]");
  CHECK(told.schedule(1) == "2s[0-3]");  // refused at 0, 0.5 and 1.5 s, then first in the line
  CHECK(told.metric("Throttles", 0) == 0);
  CHECK(told.metric("Throttles", 1) == 3);
}

TEST_CASE("an outage is errors without effects, after the usual time") {
  const Told told = story().records(2).retries(5).outage(0_s, 2_s).tell();
  CHECK(told.schedule() == "0s[0-1] 0.3s[0-1] 0.8s[0-1] 1.7s[0-1] 3.4s[0-1]");
  CHECK(told.effects() == "1 1");
  CHECK(told.metric("Errors") == 4);
  CHECK(told.duplicates() == "none");
}

TEST_CASE("an invocation during an outage ends by its Timeout at the latest") {
  const Told told = story().records(1).retries(0).work(100_s).timeout(3).outage(0_s, 1_s).tell();
  CHECK(told.result.simulated == seconds(3));
}

TEST_CASE("an interval includes its start and excludes its end") {
  const auto put_at = [](Duration at) {
    return story().records(1, at).throttle(1_s, 1_s).throttle_backoff(exact_throttles).tell();
  };
  CHECK(put_at(1_s).schedule() == "2.5s[0]");
  CHECK(put_at(2_s).schedule() == "2s[0]");
}

TEST_CASE("without any back-off time still passes") {
  Backoff none;
  none.on = false;
  const Told throttled = story().records(1).throttle(0_s, 1_s).throttle_backoff(none).tell();
  CHECK(throttled.schedule() == "1s[0]");
  CHECK(throttled.metric("Throttles") == 1'000);
  const Told failing = story().records(1).poison("r0").work(0_s).backoff(none).lasts(1_s).tell();
  CHECK(failing.metric("Errors") == 1'001);
}

TEST_CASE("by default the waits of a throttled batch are drawn [ESM-RTY-06, CON-19]") {
  // Two shards that are refused at one instant do not come back at one instant.
  const Told told = story().shards(2).evenly(1_s, 1).throttle(0_s, 10_s).tell();
  REQUIRE(told.calls.size() == 2);
  CHECK(told.calls[0].at != told.calls[1].at);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Told one = story().records(1).throttle(0_s, microseconds(1)).seed(seed).tell();
    CHECK(one.calls[0].at > Instant{0});
    CHECK(one.calls[0].at <= Instant{0} + 500_ms);
  }
}
