// Where reading goes on after a crash, a pause or an update; what that repeats and what it loses.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("the checkpoint moves on complete success only, and is shown [ESM-CHK-01, ESM-CHK-02]") {
  const Told told = story().records(4).batch(2).poison("r2").lasts(10_s).tell();
  CHECK(told.checkpoint() == "r1");
  CHECK(told.fates() == "processed 2, pending 2");
  const Told never = story().records(4).poison("r3").lasts(10_s).tell();
  CHECK(never.checkpoint() == "none");
}

TEST_CASE("giving up moves the checkpoint too [ESM-CHK-03]") {
  const Told told = story().records(4).batch(2).poison("r3").retries(0).tell();
  CHECK(told.checkpoint() == "r3");
}

TEST_CASE("enabled again, a mapping goes on after the last processed record [ESM-CHK-04]") {
  const Told told = story()
                        .records(2)
                        .records(2, 5_m)
                        .records(2, 20_m)
                        .disable(1_m)
                        .enable(10_m)
                        .tell();  // scenario 360 without work in flight
  CHECK(told.schedule() == "0s[0-1] 600s[2-3] 1200.1s[4-5]");
  CHECK(told.fates() == "processed 6");
  CHECK(told.duplicates() == "none");
}

TEST_CASE("work in flight at a pause is checkpointed, or done again [ESM-CHK-05, CON-20]") {
  const auto paused = [](const char* value) {
    return story()
        .records(4)
        .batch(2)
        .work(2_s)
        .disable(1_s)
        .enable(10_m)
        .assume("in_flight_at_disable", value)
        .tell();
  };
  const Told kept = paused("checkpointed");
  CHECK(kept.schedule() == "0s[0-1] 600s[2-3]");
  CHECK(kept.duplicates() == "none");
  CHECK(kept.met(Assumption::in_flight_at_disable));
  const Told forgotten = paused("forgotten");
  CHECK(forgotten.schedule() == "0s[0-1] 600s[0-1] 602s[2-3]");
  CHECK(forgotten.duplicates() == "re_enabled 2");
  CHECK(forgotten.lost() == "none");
}

TEST_CASE("a failing batch that is paused starts afresh [ESM-CHK-05]") {
  const Told told =
      story().records(2).retries(2).poison("r1").destination().disable(500_ms).enable(1_m).tell();
  CHECK(told.schedule() == "0s[0-1] 0.3s[0-1] 60s[0-1] 60.3s[0-1] 60.8s[0-1]");
  CHECK(told.letters() == "RetryAttemptsExhausted count 3 of [r0 r1] functionError Unhandled\n");
  CHECK(told.duplicates() == "retry_after_error 3, re_enabled 1");
}

TEST_CASE("an update stops polling for update_delay [CON-07, ESM-POL-12]") {
  const Told told =
      story().records(1, 20_s).created(0_s, 0_s, 90_s).disable(10_s).enable(30_s).tell();
  CHECK(told.schedule() == "120s[0]");
}

TEST_CASE("LATEST from which nothing was read is resolved again at a restart [ESM-CHK-07]") {
  const Told told = story()
                        .records(2, 20_s)
                        .records(1, 40_s)
                        .starting(StartingPosition::latest)
                        .disable(10_s)
                        .enable(30_s)
                        .tell();
  CHECK(told.fates() == "processed 1, unread 2");
  CHECK(told.lost() == "latest_gap 2");
}

TEST_CASE("LATEST with a checkpoint resumes there [ESM-CHK-07]") {
  const Told told = story()
                        .records(1, 5_s)
                        .records(2, 20_s)
                        .starting(StartingPosition::latest)
                        .disable(10_s)
                        .enable(30_s)
                        .tell();
  CHECK(told.fates() == "processed 3");
}

TEST_CASE("TRIM_HORIZON without a checkpoint loses nothing at a restart [ESM-CHK-07]") {
  const Told told = story().records(2, 20_s).disable(10_s).enable(30_s).tell();
  CHECK(told.fates() == "processed 2");
}

TEST_CASE("a mapping created disabled reads when it is enabled [ESM-PAR-14]") {
  const Told told = story().records(1).disabled().enable(1_m).tell();
  CHECK(told.schedule() == "60s[0]");
  const Told never = story().records(1).disabled().tell();
  CHECK(never.fates() == "pending 1");
}

TEST_CASE("a crashed poller repeats what it had not checkpointed [ESM-POL-17, ESM-CHK-09]") {
  const Told told = story().records(2).work(2_s).crash(1_s).tell();
  // The first call comes home at 2 s: its effects stay, it moves nothing.
  CHECK(told.schedule() == "0s[0-1] 1s[0-1]");
  CHECK(told.effects() == "2 2");
  CHECK(told.duplicates() == "poller_crash 2");
  CHECK(told.result.simulated == seconds(3));
  CHECK(told.happened(Situation::poller_crash));
}

TEST_CASE("a call of a crashed poller that comes home last moves nothing") {
  FailRule slow;
  slow.until = Instant{1'000'000};
  slow.as = FailAs::timeout;
  slow.after = FailAfter::all;
  const Told told = story().records(4).batch(2).fail(slow).timeout(60).crash(5_s).tell();
  CHECK(told.schedule() == "0s[0-1] 5s[0-1] 5.1s[2-3]");
  CHECK(told.effects() == "2 2 1 1");
  CHECK(told.duplicates() == "poller_crash 2");
  CHECK(told.fates() == "processed 4");
  CHECK(told.result.simulated == seconds(60));
  CHECK(told.checkpoint() == "r3");
}

TEST_CASE("a success of a crashed poller does not move the checkpoint of the new one") {
  // The first call succeeds at 2 s while the second, begun at 1 s, fails until it is given up.
  FailRule later;
  later.from = Instant{500'000};
  const Told told =
      story().records(1).work(2_s).crash(1_s).fail(later).retries(1).destination().tell();
  CHECK(told.schedule() == "0s[0] 1s[0] 3.2s[0]");
  CHECK(told.fates() == "discarded 1");
  CHECK(told.effects() == "1");
  CHECK(told.lost() == "none");
}

TEST_CASE("a new poller may form another batch [ESM-POL-17]") {
  const Told told = story().records(2).records(2, 500_ms).work(2_s).crash(1_s).tell();
  CHECK(told.schedule() == "0s[0-1] 1s[0-3]");
  CHECK(told.duplicates() == "poller_crash 2");
}

TEST_CASE("a new poller knows neither attempts nor halves [ESM-RTY-12]") {
  const Told waiting =
      story().records(1).retries(1).poison("r0").destination().crash(250_ms).tell();
  CHECK(waiting.schedule() == "0s[0] 0.25s[0] 0.55s[0]");
  CHECK(waiting.requests() == "new new same");
  CHECK(waiting.letters() == "RetryAttemptsExhausted count 2 of [r0] functionError Unhandled\n");
  const Told halves = story().records(4).retries(0).bisect().poison("r3").crash(150_ms).tell();
  CHECK(halves.invocations() == "[0-3][0-1][0-3][0-1][2-3][2][3]");
}

TEST_CASE("until the new poller reads, poller_failover passes [ESM-POL-17]") {
  const Told told = story().records(2).work(2_s).crash(1_s).failover(10_s).tell();
  CHECK(told.schedule() == "0s[0-1] 11s[0-1]");
  CHECK(told.met(Assumption::poller_failover));
}

TEST_CASE("the crash of a poller that does not read yet brings nothing forward") {
  const Told told = story().records(2, 20_s).created(0_s, 60_s).crash(10_s).tell();
  CHECK(told.schedule() == "60s[0-1]");
  const Told update =
      story().records(1, 20_s).created(0_s, 0_s, 60_s).disable(5_s).enable(10_s).crash(30_s).tell();
  CHECK(update.schedule() == "70s[0]");
}

TEST_CASE("a disabled mapping does not read because a poller of it crashed") {
  const Told told =
      story().records(2).work(10_s).timeout(20).disable(1_s).crash(2_s).enable(1_m).tell();
  CHECK(told.schedule() == "0s[0-1] 60s[0-1]");
  CHECK(told.duplicates() == "poller_crash 2");
}

TEST_CASE("work in flight over a pause and its end goes on") {
  const Told told =
      story().records(2).batch(1).work(10_s).timeout(20).disable(1_s).enable(2_s).tell();
  CHECK(told.schedule() == "0s[0] 10s[1]");
  CHECK(told.duplicates() == "none");
}

TEST_CASE("disabling twice is disabling once") {
  const Told told =
      story().records(1, 20_s).disable(5_s).disable(6_s).enable(30_s).enable(31_s).tell();
  CHECK(told.schedule() == "30s[0]");
}

TEST_CASE("an update while the mapping is being created brings nothing forward [ESM-POL-12]") {
  const Told told = story().records(1).created(0_s, 60_s).disable(10_s).enable(20_s).tell();
  CHECK(told.schedule() == "60s[0]");
  const Told later = story().records(1).created(0_s, 60_s, 50_s).disable(10_s).enable(20_s).tell();
  CHECK(later.schedule() == "70s[0]");
}

TEST_CASE("an update waits for the invocation in flight, then for its delay [ESM-POL-12]") {
  const Story updated = story()
                            .records(1)
                            .records(1, 5_s)
                            .work(10_s)
                            .timeout(30)
                            .created(0_s, 0_s, 60_s)
                            .disable(1_s)
                            .enable(2_s);
  CHECK(updated.tell().schedule() == "0s[0] 62s[1]");
  CHECK(updated.tell().duplicates() == "none");
  CHECK(Story(updated).crash(5_s).tell().schedule() == "0s[0] 62s[0-1]");
}

TEST_CASE("a failing batch is formed again when its mapping was updated meanwhile [ESM-RTY-12]") {
  FailRule first;
  first.attempts = {1};
  const Told told =
      story().records(1).fail(first).work(10_s).timeout(30).disable(1_s).enable(2_s).tell();
  CHECK(told.schedule() == "0s[0] 10s[0] 20.2s[0]");
  CHECK(told.calls[1].attempt == 1);
}

TEST_CASE("an update of an enabled mapping restarts its polling [ESM-CHK-07]") {
  const Told told = story().records(1).records(1, 20_s).created(0_s, 0_s, 90_s).enable(10_s).tell();
  CHECK(told.schedule() == "0s[0] 100s[1]");
  const Told latest = story()
                          .records(1, 20_s)
                          .records(1, 200_s)
                          .starting(StartingPosition::latest)
                          .created(0_s, 0_s, 90_s)
                          .enable(10_s)
                          .tell();
  CHECK(latest.schedule() == "200s[1]");
  CHECK(latest.lost() == "latest_gap 1");
}

TEST_CASE("at one instant a mapping is created before the timeline acts, wherever it stands") {
  const Story crashed = story().records(1).crash(0_s).failover(5_s);
  CHECK(crashed.tell().schedule() == "5s[0]");
  CHECK(story().records(1).throttle(30_m, 1_s).crash(0_s).failover(5_s).tell().schedule() ==
        "5s[0]");
}

TEST_CASE("LATEST is kept once a record was read, or once one is settled [ESM-CHK-07, CON-27]") {
  // Nothing succeeds in the first four minutes; enabled again after five, the function is mended.
  FailRule at_first;
  at_first.until = Instant{0} + 4_m;
  const auto told = [&](const char* value) {
    return story()
        .steady(3, 1'200)
        .starting(StartingPosition::latest)
        .fail(at_first)
        .disable(4_m)
        .enable(5_m)
        .assume("latest_position", value)
        .tell();
  };
  const Told once_read = told("kept_once_read");
  CHECK(once_read.fates() == "processed 1200");
  CHECK(once_read.lost() == "none");
  CHECK(once_read.met(Assumption::latest_position));
  const Told once_settled = told("kept_once_settled");
  CHECK(once_settled.fates() == "processed 300, unread 900");
  CHECK(once_settled.lost() == "latest_gap 900");
  CHECK(once_settled.met(Assumption::latest_position));
}

TEST_CASE("LATEST that was read from is kept over a crash and an update as well [ESM-CHK-07]") {
  FailRule at_first;
  at_first.until = Instant{0} + 10_s;
  const Story failing =
      story().records(2, 5_s).records(1, 20_s).starting(StartingPosition::latest).fail(at_first);
  CHECK(Story(failing).crash(8_s).tell().fates() == "processed 3");
  CHECK(Story(failing).created(0_s, 0_s, 30_s).enable(8_s).tell().fates() == "processed 3");
  const Story settled = Story(failing).assume("latest_position", "kept_once_settled");
  CHECK(Story(settled).crash(8_s).tell().fates() == "processed 1, unread 2");
  CHECK(Story(settled).created(0_s, 0_s, 30_s).enable(8_s).tell().fates() == "unread 3");
}

TEST_CASE("for disable_delay a disabled mapping goes on as before [ESM-CHK-05, CON-07]") {
  // Recorded on AWS: a record put 17.5 s after the call was invoked.
  const Told told = story()
                        .records(1)
                        .records(1, 27'500_ms)
                        .records(1, 71_s)
                        .disable_delay(60_s)
                        .disable(10_s)
                        .enable(100_s)
                        .tell();
  CHECK(told.schedule() == "0s[0] 28.1s[1] 100s[2]");
  CHECK(told.fates() == "processed 3");
  CHECK(told.duplicates() == "none");
}

TEST_CASE("enabled again within disable_delay, a mapping notices nothing [ESM-CHK-05]") {
  const Story failing = story()
                            .records(1)
                            .records(1, 20_s)
                            .created(0_s, 0_s, 90_s)
                            .work(2_s)
                            .retries(4)
                            .poison("r0")
                            .disable_delay(60_s);
  const Told plain = failing.tell();
  const Told paused = Story(failing).disable(1_s).enable(3_s).tell();
  CHECK(plain.schedule() == "0s[0] 2.2s[0] 4.6s[0] 7.4s[0] 11s[0] 20s[1]");
  CHECK(paused.schedule() == plain.schedule());
  CHECK(paused.requests() == plain.requests());
  CHECK(Story(failing).disable(1_s).disable(2_s).enable(59_s).tell().schedule() ==
        plain.schedule());
}
