// MaximumRecordAgeInSeconds: a property of records, looked at before every attempt.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("the age limit takes the old head and leaves the fresh rest [ESM-AGE-01, ESM-AGE-02]") {
  // Recorded on AWS: BatchSize 10, one record of 80 s, five fresh ones, limit 60; scenario 190.
  const Told told = story()
                        .records(1)
                        .records(5, 80_s)
                        .batch(10)
                        .age(60)
                        .retries(0)
                        .created(80_s)
                        .destination()
                        .tell();
  CHECK(told.invocations() == "[1-5]");
  CHECK(told.fates() == "processed 5, discarded 1");
  CHECK(told.letters() == "RecordAgeExceeded count 1 of [r0]\n");
  CHECK(told.in_message("KinesisBatchInfo.batchSize") == "1");
  CHECK(told.in_message("responseContext") == "absent");
  CHECK(told.schedule() == "80s[1-5]");  // the rest is invoked at once
  CHECK(told.happened(Situation::age_discard));
  CHECK(told.met(Assumption::age_scope));
}

TEST_CASE("a record too old before its first delivery is never delivered [ESM-AGE-03]") {
  const Told told = story().records(1).age(60).created(2_m).destination().tell();
  CHECK(told.invocations() == "");
  CHECK(told.letters() == "RecordAgeExceeded count 1 of [r0]\n");  // 1, as recorded
  REQUIRE(told.messages() == 1);
  CHECK(told.result.destinations[0].messages[0].true_invoke_count == 0);
  CHECK(told.met(Assumption::never_invoked_count));
  CHECK(told.metric("Invocations") == 0);
}

TEST_CASE("with never_invoked_count: zero the message tells the truth [CON-10]") {
  const Told told = story()
                        .records(1)
                        .age(60)
                        .created(2_m)
                        .destination()
                        .assume("never_invoked_count", "zero")
                        .tell();
  CHECK(told.letters() == "RecordAgeExceeded count 0 of [r0]\n");
}

TEST_CASE("the age limit ends endless retries [ESM-AGE-04]") {
  // Recorded on AWS: with endless retries the message says RecordAgeExceeded and count 8.
  const Told told =
      story().records(2).age(60).poison("r1").work(20_ms).created(30_s).destination().tell();
  CHECK(told.fates() == "discarded 2");
  CHECK(told.letters() == "RecordAgeExceeded count 8 of [r0 r1]\n");
  CHECK(told.deliveries() == "8 8");
  CHECK(told.effects() == "8 0");  // r0 each time
}

TEST_CASE(
    "a record of exactly the limit is not too old, unless assumed otherwise "
    "[ESM-AGE-05, ESM-AGE-06]") {
  const auto at_limit = [](const char* boundary) {
    return story()
        .records(1)
        .age(60)
        .created(60_s)
        .destination()
        .assume("age_boundary", boundary)
        .tell();
  };
  CHECK(at_limit("over").fates() == "processed 1");
  CHECK(at_limit("at_or_over").fates() == "discarded 1");
  CHECK(at_limit("at_or_over").met(Assumption::age_boundary));
}

TEST_CASE("with age_scope: whole_batch the fresh ones go too [CON-02]") {
  const Told told = story()
                        .records(1)
                        .records(5, 80_s)
                        .batch(10)
                        .age(60)
                        .retries(0)
                        .created(80_s)
                        .destination()
                        .assume("age_scope", "whole_batch")
                        .tell();
  CHECK(told.invocations() == "");
  CHECK(told.letters() == "RecordAgeExceeded count 1 of [r0 r1 r2 r3 r4 r5]\n");
}

TEST_CASE("an invocation in progress is not interrupted by age [ESM-AGE-07]") {
  const Told told = story().records(1).age(60).timeout(120).work(100_s).destination().tell();
  CHECK(told.fates() == "processed 1");
}

TEST_CASE("without an age limit only retention ends retries [ESM-AGE-08, ESM-DST-09]") {
  const Told told = story().records(1).poison("r0").destination().lasts(25_h).tell();
  CHECK(told.fates() == "expired 1");
  CHECK(told.messages() == 0);
  CHECK(told.metric("DroppedEventCount") == 0);
  CHECK(told.metric("LostToRetention") == 1);
}

TEST_CASE("a head that became too old leaves the counter of the rest [ESM-RTY-12]") {
  // r1 is 1 s younger: at 71.9 s, when the eleventh attempt is due, both are too old.
  const Told told = story()
                        .records(1)
                        .records(1, 1_s)
                        .created(1_s)
                        .age(60)
                        .poison("r0")
                        .poison("r1")
                        .work(50_ms)
                        .destination()
                        .retries(10)
                        .tell();
  CHECK(told.schedule() ==
        "1s[0-1] 1.25s[0-1] 1.7s[0-1] 2.55s[0-1] 4.2s[0-1] 7.45s[0-1] 13.9s[0-1] 26.75s[0-1] "
        "41.8s[0-1] 56.85s[0-1]");
  CHECK(told.letters() == "RecordAgeExceeded count 10 of [r0 r1]\n");
  // r1 is 50 s younger: at 62.9 s the batch loses r0. Its seventh attempt is [r1] alone, and the
  // wait before the eighth is 12.8 s.
  const Told later = story()
                         .records(1)
                         .records(1, 50_s)
                         .created(50_s)
                         .age(60)
                         .poison("r0")
                         .poison("r1")
                         .work(50_ms)
                         .destination()
                         .retries(7)
                         .tell();
  CHECK(later.schedule() ==
        "50s[0-1] 50.25s[0-1] 50.7s[0-1] 51.55s[0-1] 53.2s[0-1] 56.45s[0-1] 62.9s[1] 75.75s[1]");
  CHECK(later.requests() == "new same same same same same same same");
  CHECK(later.letters() ==
        "RecordAgeExceeded count 6 of [r0]\n"
        "RetryAttemptsExhausted count 8 of [r1] functionError Unhandled\n");
}

TEST_CASE("a half of a split batch keeps the ages of its records [ESM-BIS-11]") {
  const Told told = story()
                        .records(2)
                        .records(2, 50_s)
                        .created(50_s)
                        .age(60)
                        .bisect()
                        .poison("r0")
                        .work(4_s)
                        .timeout(10)
                        .destination()
                        .tell();
  // At 62.2 s r0 and r1 are too old, each in its own half; the other half is fresh.
  CHECK(told.schedule() == "50s[0-3] 54s[0-1] 58s[0] 62.2s[2-3]");
  CHECK(told.letters() ==
        "RecordAgeExceeded count 1 of [r0]\n"
        "RecordAgeExceeded count 1 of [r1]\n");
  REQUIRE(told.messages() == 2);
  CHECK(told.result.destinations[0].messages[0].true_invoke_count == 1);
  CHECK(told.result.destinations[0].messages[1].true_invoke_count == 0);
}

TEST_CASE("with age_scope: restarts_on_split a half is as old as its split [ESM-BIS-11, CON-02]") {
  const Story old_head = story()
                             .records(2)
                             .records(2, 50_s)
                             .created(50_s)
                             .age(60)
                             .bisect()
                             .poison("r0")
                             .work(4_s)
                             .timeout(10)
                             .destination()
                             .assume("age_scope", "restarts_on_split");
  const Told told = Story(old_head).retries(1).tell();
  CHECK(told.schedule() == "50s[0-3] 54s[0-1] 58s[0] 62.2s[0] 66.2s[1] 70.2s[2-3]");
  CHECK(told.letters() == "RetryAttemptsExhausted count 2 of [r0] functionError Unhandled\n");
  CHECK(told.met(Assumption::age_scope));
  // Without a limit on retries, r0 is tried until it is 60 s from the split at 58 s. By then all
  // the others are that old, too.
  CHECK(old_head.tell().letters() ==
        "RecordAgeExceeded count 8 of [r0]\n"
        "RecordAgeExceeded count 1 of [r1]\n"
        "RecordAgeExceeded count 1 of [r2 r3]\n");
}

TEST_CASE("ages count from the timestamps, which may be off either way [KDS-SHD-15, ESM-AGE-05]") {
  // 20 records wait for 60 s. Without a skew all are just within the limit.
  Story skewed = story().records(20).age(60).created(60_s).destination();
  CHECK(skewed.tell().fates() == "processed 20");
  const Told told = skewed.timestamp_skew(30_s).tell();
  const std::string fates = told.fates();
  CAPTURE(fates);
  CHECK(fates.starts_with("processed "));
  CHECK(fates.find("discarded") != std::string::npos);
  // Retention looks at the true arrival, and the metric at the timestamp.
  CHECK(told.age_max() != 60_s);
  CHECK(told.age_max() <= 90_s + 100_ms);
}
