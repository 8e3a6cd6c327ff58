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
  // The eighth attempt is at 26.1 s. From there on one follows every 15.1 s until a day is over.
  CHECK(told.metric("Invocations") == 8 + (86'400'000 - 26'100) / 15'100);
}

TEST_CASE("the waits double from 200 ms to 15 s, after each attempt [ESM-RTY-06, CON-19]") {
  const Told told = story().records(1).retries(10).poison("r0").work(20_ms).tell();
  CHECK(told.schedule() ==
        "0s[0] 0.22s[0] 0.64s[0] 1.46s[0] 3.08s[0] 6.3s[0] 12.72s[0] 25.54s[0] 40.56s[0] "
        "55.58s[0] 70.6s[0]");
  CHECK(told.met(Assumption::retry_backoff));
}

TEST_CASE("an age of 60 s leaves time for ten attempts, or for eight [ESM-RTY-06, ESM-AGE-04]") {
  const auto read_from = [](Duration age) {
    return story()
        .records(1)
        .batch(1)
        .age(60)
        .poison("r0")
        .work(20_ms)
        .created(age)
        .destination()
        .tell();
  };
  const Told fresh = read_from(0_s);
  CHECK(fresh.deliveries() == "10");
  CHECK(fresh.letters() == "RecordAgeExceeded count 10 of [r0]\n");
  CHECK(fresh.result.simulated == milliseconds(70'600));
  // Recorded on AWS: count 8. The record was put before the function and the mapping existed.
  const Told recorded = read_from(30_s);
  CHECK(recorded.schedule() ==
        "30s[0] 30.22s[0] 30.64s[0] 31.46s[0] 33.08s[0] 36.3s[0] 42.72s[0] 55.54s[0]");
  CHECK(recorded.letters() == "RecordAgeExceeded count 8 of [r0]\n");
  CHECK(recorded.result.simulated == milliseconds(70'560));
  // The eighth attempt comes 25.54 s after the first, the ninth 40.56 s after it.
  CHECK(read_from(19'440_ms).deliveries() == "9");
  CHECK(read_from(19'441_ms).deliveries() == "8");
  CHECK(read_from(34'460_ms).deliveries() == "8");
  CHECK(read_from(34'461_ms).deliveries() == "7");
}

TEST_CASE("a batch after one that was given up waits 200 ms again [ESM-RTY-12]") {
  const Told told =
      story().records(2).batch(1).retries(2).poison("r0").poison("r1").work(0_s).tell();
  CHECK(told.schedule() == "0s[0] 0.2s[0] 0.6s[0] 0.6s[1] 0.8s[1] 1.2s[1]");
}

TEST_CASE("a batch after one that became too old waits 200 ms again [ESM-RTY-12]") {
  const Told told = story()
                        .records(1)
                        .records(1, 50_s)
                        .batch(1)
                        .age(60)
                        .poison("r0")
                        .poison("r1")
                        .work(50_ms)
                        .lasts(73_s)
                        .tell();
  CHECK(told.schedule() ==
        "0s[0] 0.25s[0] 0.7s[0] 1.55s[0] 3.2s[0] 6.45s[0] 12.9s[0] 25.75s[0] 40.8s[0] 55.85s[0] "
        "70.9s[1] 71.15s[1] 71.6s[1] 72.45s[1]");
}

TEST_CASE("a batch after one that expired waits 200 ms again [ESM-RTY-12]") {
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
  // r0 was tried at 25.4 s and every 15 s from there on; at 86,410.4 s it was gone.
  CHECK(tail == "86410.4s[1] 86410.6s[1] 86411s[1] 86411.8s[1] 86413.4s[1] 86416.6s[1]");
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
  CHECK(told.schedule() == "0s[0-9] 3.2s[0-9] 6.6s[0-9]");  // Timeout 3, waits of 0.2 and 0.4 s
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
  CHECK(told.schedule() == "0s[0] 0.6s[0] 1s[1] 1.3s[1]");
  CHECK(told.duplicates() == "retry_after_crash 2");
  CHECK(told.result.simulated == milliseconds(1'700));
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

TEST_CASE("full jitter waits above 0 and at most its step, the same with one seed [CON-19]") {
  Backoff full;
  full.jitter = Backoff::Jitter::full;
  const auto told = [&](std::uint64_t seed) {
    return story().records(1).retries(6).poison("r0").work(0_s).backoff(full).seed(seed).tell();
  };
  const Told one = told(1);
  CHECK(one.schedule() == told(1).schedule());
  CHECK(one.schedule() != told(2).schedule());
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Told drawn = told(seed);
    REQUIRE(drawn.calls.size() == 7);
    Duration step = 200_ms;
    for (std::size_t i = 0; i < 6; ++i, step = step * 2) {
      CHECK(drawn.calls[i + 1].at > drawn.calls[i].at);
      CHECK(drawn.calls[i + 1].at - drawn.calls[i].at <= step);
    }
  }
}
