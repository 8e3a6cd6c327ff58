// Failing invocations: how often a batch is tried, when, and what becomes of its neighbours.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("a batch that always fails is delivered once and retried N times [ESM-PAR-05]") {
  // Recorded on AWS: N=1 gives approximateInvokeCount 2, N=2 three invocations and count 3.
  for (const int n : {0, 1, 2, 3}) {
    const Told told = story().records(1).retries(n).poison("r0").destination().tell();
    CAPTURE(n);
    CHECK(told.deliveries() == std::to_string(1 + n));
    CHECK(told.letters() == "RetryAttemptsExhausted count " + std::to_string(1 + n) +
                                " of [r0] functionError Unhandled\n");
    CHECK(told.fates() == "discarded 1");
    CHECK(told.metric("Invocations") == std::uint64_t(1 + n));
    CHECK(told.metric("Errors") == std::uint64_t(1 + n));
  }
}

TEST_CASE("N = -1 retries until the record expires [ESM-PAR-05, ESM-RTY-03]") {
  const Told told = story().records(1).poison("r0").destination().lasts(30_h).tell();
  CHECK(told.fates() == "expired 1");
  CHECK(told.lost() == "retention 1");
  CHECK(told.messages() == 0);
  // Seven attempts until the waits reach 15 s, then one every 15.1 s until a day is over.
  CHECK(told.metric("Invocations") == 7 + (86'400'000 - 31'100) / 15'100);
}

TEST_CASE("under the default back-off eight attempts fit before an age of 60 s [ESM-RTY-06]") {
  // Recorded on AWS: BatchSize 1, always failing, MaximumRecordAge 60, retries -1, 50 ms of work.
  const Told told =
      story().records(1).batch(1).age(60).poison("r0").work(50_ms).destination().tell();
  CHECK(told.schedule() == "0s[0] 0.55s[0] 1.6s[0] 3.65s[0] 7.7s[0] 15.75s[0] 30.8s[0] 45.85s[0]");
  CHECK(told.letters() == "RecordAgeExceeded count 8 of [r0]\n");
  CHECK(told.result.simulated == milliseconds(60'900));
  CHECK(told.met(Assumption::retry_backoff));
}

TEST_CASE("a batch after one that was given up waits half a second again [ESM-RTY-12]") {
  const Told told =
      story().records(2).batch(1).retries(2).poison("r0").poison("r1").work(0_s).tell();
  CHECK(told.schedule() == "0s[0] 0.5s[0] 1.5s[0] 1.5s[1] 2s[1] 3s[1]");
}

TEST_CASE("a batch after one that became too old waits half a second again [ESM-RTY-12]") {
  const Told told = story()
                        .records(1)
                        .records(1, 50_s)
                        .batch(1)
                        .age(60)
                        .poison("r0")
                        .poison("r1")
                        .work(50_ms)
                        .lasts(65_s)
                        .tell();
  CHECK(told.schedule() ==
        "0s[0] 0.55s[0] 1.6s[0] 3.65s[0] 7.7s[0] 15.75s[0] 30.8s[0] 45.85s[0] "
        "60.9s[1] 61.45s[1] 62.5s[1] 64.55s[1]");
}

TEST_CASE("a batch after one that expired waits half a second again [ESM-RTY-12]") {
  const Told told = story()
                        .records(1)
                        .records(1, 1_h)
                        .batch(1)
                        .poison("r0")
                        .poison("r1")
                        .work(0_s)
                        .lasts(Duration{86'420'000'000})
                        .tell();
  const std::string schedule = told.schedule();
  const std::size_t first_of_second = schedule.find("[1]");
  REQUIRE(first_of_second != std::string::npos);
  const std::string tail = schedule.substr(schedule.rfind(' ', first_of_second) + 1);
  CHECK(tail == "86400.5s[1] 86401s[1] 86402s[1] 86404s[1] 86408s[1] 86416s[1]");
}

TEST_CASE("healthy records of a poisoned batch are tried and given up with it [ESM-RTY-07]") {
  const Told told =
      story().records(10).batch(10).retries(3).poison("r3").destination().tell();  // scenario 030
  CHECK(told.invocations() == "[0-9][0-9][0-9][0-9]");
  CHECK(told.deliveries() == "4 4 4 4 4 4 4 4 4 4");
  CHECK(told.effects() == "4 4 4 0 0 0 0 0 0 0");
  CHECK(told.fates() == "discarded 10");
  CHECK(told.duplicates() == "retry_after_error 9");
  CHECK(told.lost() == "none");
  CHECK(told.letters() ==
        "RetryAttemptsExhausted count 4 of [r0 r1 r2 r3 r4 r5 r6 r7 r8 r9] "
        "functionError Unhandled\n");
}

TEST_CASE("without a destination the healthy records are lost with it [ESM-RTY-07, ESM-DST-08]") {
  const Told told = story().records(4).retries(0).poison("r2").tell();
  CHECK(told.fates() == "dropped 4");
  CHECK(told.effects() == "1 1 0 0");
  CHECK(told.lost() == "retries 2");
  CHECK(told.metric("DroppedEventCount") == 4);
}

TEST_CASE("after the last retry the next batch follows [ESM-RTY-05]") {
  const Told told = story().records(6).batch(3).retries(1).poison("r1").destination().tell();
  CHECK(told.invocations() == "[0-2][0-2][3-5]");
  CHECK(told.fates() == "processed 3, discarded 3");
  CHECK(told.checkpoint() == "r5");
}

TEST_CASE("the settings of a mapping hold for each of its shards [ESM-PAR-18]") {
  const Told told =
      story().shards(2).records(20).batch(20).retries(1).fail({}).destination().tell();
  for (const std::uint32_t shard : {0u, 1u}) {
    CHECK(told.mapping().shards[shard].stored > 0);
    CHECK(told.deliveries(0, shard).find_first_not_of("2 ") == std::string::npos);
  }
  CHECK(told.fates() == "discarded 20");
  CHECK(told.messages() == 2);
}

TEST_CASE("only the affected shard waits [ESM-RTY-04]") {
  const Told told = story().shards(2).records(20).poison("r0").lasts(1_m).tell();
  const std::uint32_t sick = told.result.rows.front().shard == "shardId-000000000000" ? 0 : 1;
  CHECK(told.mapping().shards[sick].checkpoint == std::nullopt);
  CHECK(told.mapping().shards[1 - sick].pending == 0);
  CHECK(told.mapping().shards[1 - sick].checkpoint.has_value());
}

TEST_CASE("a timeout after the work repeats all of it [ESM-RTY-02, ESM-RTY-08]") {
  FailRule twice;  // scenario 090
  twice.attempts = {1, 2};
  twice.as = FailAs::timeout;
  twice.after = FailAfter::all;
  const Told told = story().records(10).batch(10).fail(twice).tell();
  CHECK(told.invocations() == "[0-9][0-9][0-9]");
  CHECK(told.effects() == "3 3 3 3 3 3 3 3 3 3");
  CHECK(told.duplicates() == "retry_after_timeout 20");
  CHECK(told.lost() == "none");
  CHECK(told.schedule() == "0s[0-9] 3.5s[0-9] 7.5s[0-9]");  // Timeout 3, back-off 0.5 s and 1 s
  CHECK(told.metric("Errors") == 2);
  CHECK(told.happened(Situation::timeout));
}

TEST_CASE("a crash is an error after which the next invocation starts cold [LAM-CON-09]") {
  FailRule once;
  once.attempts = {1};
  once.as = FailAs::crash;
  once.after = FailAfter::all;
  const Told told = story().records(2).batch(1).fail(once).cold_start(300_ms).work(100_ms).tell();
  // Cold, crash at 0.4 s; cold again after the back-off; then r1 crashes a warm one.
  CHECK(told.schedule() == "0s[0] 0.9s[0] 1.3s[1] 1.9s[1]");
  CHECK(told.duplicates() == "retry_after_crash 2");
  CHECK(told.result.simulated == milliseconds(2'300));
  CHECK(told.metric("Duration") == 4);
  CHECK(told.mapping().metrics.size() > 0);
}

TEST_CASE("the back-off doubles up to its cap [CON-19]") {
  const Backoff backoff{true, 2_s, 3'000, 10_s, Backoff::Jitter::none};
  const Told told = story().records(1).retries(5).poison("r0").work(0_s).backoff(backoff).tell();
  CHECK(told.schedule() == "0s[0] 2s[0] 8s[0] 18s[0] 28s[0] 38s[0]");
}

TEST_CASE("without back-off attempts follow each other [CON-19]") {
  Backoff none;
  none.on = false;
  const Told told = story().records(1).retries(3).poison("r0").backoff(none).tell();
  CHECK(told.schedule() == "0s[0] 0.1s[0] 0.2s[0] 0.3s[0]");
}

TEST_CASE("full jitter waits at most as long, and the same with the same seed [CON-19]") {
  Backoff full;
  full.jitter = Backoff::Jitter::full;
  const auto told = [&](std::uint64_t seed) {
    return story().records(1).retries(6).poison("r0").work(0_s).backoff(full).seed(seed).tell();
  };
  const Told one = told(1);
  CHECK(one.schedule() == told(1).schedule());
  CHECK(one.schedule() != told(2).schedule());
  const std::int64_t caps_us[] = {500'000, 1'000'000, 2'000'000, 4'000'000, 8'000'000, 15'000'000};
  REQUIRE(one.calls.size() == 7);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK((one.calls[i + 1].at - one.calls[i].at).us <= caps_us[i]);
  }
}
