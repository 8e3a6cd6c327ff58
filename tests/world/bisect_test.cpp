// BisectBatchOnFunctionError: a batch that fails is split until the poison record stands alone.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

Story ten_with_a_bad_seventh() {  // scenario 040
  return story().records(10).batch(10).retries(0).bisect().poison("r7").destination();
}

}  // namespace

TEST_CASE("four records, the second bad, no retries: sizes 4, 2, 1, 1, 2 [ESM-BIS-03]") {
  const Told told =
      story().records(4).batch(4).retries(0).bisect().poison("r1").destination().tell();
  CHECK(told.invocations() == "[0-3][0-1][0][1][2-3]");
  CHECK(told.letters() == "RetryAttemptsExhausted count 1 of [r1] functionError Unhandled\n");
  CHECK(told.fates() == "processed 3, discarded 1");
}

TEST_CASE("a batch of 2^k with one bad record takes 2k+1+R invocations [ESM-BIS-03]") {
  for (const int k : {1, 2, 3, 4, 5}) {
    for (const int r : {0, 1, 2, 3}) {
      for (const int bad : {0, 1, (1 << k) - 1}) {
        CAPTURE(k, r, bad);
        const Told told = story()
                              .records(1 << k)
                              .batch(1 << k)
                              .retries(r)
                              .bisect()
                              .poison("r" + std::to_string(bad))
                              .destination()
                              .tell();
        CHECK(told.calls.size() == std::size_t(2 * k + 1 + r));
        CHECK(told.letters() == "RetryAttemptsExhausted count " + std::to_string(1 + r) + " of [r" +
                                    std::to_string(bad) + "] functionError Unhandled\n");
      }
    }
  }
}

TEST_CASE("neighbours of the poison are repeated once a failing ancestor [ESM-BIS-04]") {
  const Told told = ten_with_a_bad_seventh().tell();
  CHECK(told.invocations() == "[0-9][0-4][5-9][5-6][7-9][7][8-9]");
  CHECK(told.deliveries() == "2 2 2 2 2 3 3 4 4 4");
  CHECK(told.effects() == "2 2 2 2 2 3 3 0 1 1");
  CHECK(told.duplicates() == "bisect 9");
  CHECK(told.mapping().deliveries == 28);
  CHECK(told.happened(Situation::bisect));
  CHECK(told.met(Assumption::odd_split));
}

TEST_CASE("rounding the first half up splits elsewhere [ESM-BIS-09]") {
  const Told told = ten_with_a_bad_seventh().assume("odd_split", "ceil").tell();
  CHECK(told.invocations() == "[0-9][0-4][5-9][5-7][5-6][7][8-9]");
  CHECK(told.mapping().deliveries == 28);
}

TEST_CASE("halves are tried at once, the first before the second [ESM-BIS-08]") {
  const Told told =
      story().records(4).batch(4).retries(1).bisect().poison("r2").work(100_ms).tell();
  CHECK(told.schedule() == "0s[0-3] 0.1s[0-1] 0.2s[2-3] 0.3s[2] 0.6s[2] 0.7s[3]");
}

TEST_CASE("a split is not a retry and forgets the retries before [ESM-BIS-02, CON-01]") {
  const auto after_retries = [](const char* split) {
    return story()
        .records(4)
        .batch(4)
        .retries(1)
        .bisect()
        .poison("r1")
        .destination()
        .assume("split_when", "after_retries")
        .assume("split", split)
        .tell();
  };
  const Told fresh = after_retries("resets_retries");
  CHECK(fresh.invocations() == "[0-3][0-3][0-1][0-1][0][1][1][2-3]");
  CHECK(fresh.letters() == "RetryAttemptsExhausted count 2 of [r1] functionError Unhandled\n");
  CHECK(fresh.met(Assumption::split_when));
  const Told inherits = after_retries("inherits_retries");
  CHECK(inherits.invocations() == "[0-3][0-3][0-1][0][1][2-3]");
  CHECK(inherits.letters() == "RetryAttemptsExhausted count 1 of [r1] functionError Unhandled\n");
}

TEST_CASE("with endless retries after_retries never splits [CON-01]") {
  const Told told = story()
                        .records(2)
                        .bisect()
                        .poison("r1")
                        .assume("split_when", "after_retries")
                        .lasts(3_s)
                        .tell();
  CHECK(told.invocations() == "[0-1][0-1][0-1][0-1]");
}

TEST_CASE("bisect happens whether or not failures are reported [ESM-BIS-05]") {
  const Told told = story()
                        .records(4)
                        .batch(4)
                        .retries(0)
                        .bisect()
                        .report()
                        .respond(Respond::raise)
                        .poison("r1")
                        .destination()
                        .tell();
  CHECK(told.invocations() == "[0-3][0-1][0][1][2-3]");
}

TEST_CASE("a timeout is a function error and is split [ESM-BIS-06]") {
  const Told told =
      story().records(8).batch(8).bisect().work(0_s, 500_ms).timeout(2).retries(0).tell();
  // 4 s of work do not fit into 2 s, two halves of 2 s do; half the records had their effect.
  CHECK(told.schedule() == "0s[0-7] 2s[0-3] 4s[4-7]");
  CHECK(told.effects() == "2 2 2 2 1 1 1 1");
  CHECK(told.duplicates() == "bisect 4");
  CHECK(told.fates() == "processed 8");
}

TEST_CASE("throttles do not split [ESM-BIS-07]") {
  const Told told = story()
                        .records(4)
                        .bisect()
                        .retries(0)
                        .throttle(0_s, 3_s)
                        .throttle_backoff(exact_throttles)
                        .tell();
  CHECK(told.schedule() == "3.5s[0-3]");
  CHECK(told.fates() == "processed 4");
  CHECK_FALSE(told.happened(Situation::bisect));
}

TEST_CASE("a report cuts the batch at its identifier; three ways to go on [ESM-PBR-08, CON-03]") {
  const auto reported = [](const char* value) {
    return ten_with_a_bad_seventh()
        .report()
        .respond(Respond::report_failures)
        .assume("bisect_with_report", value)
        .tell();
  };
  const Told cut = reported("at_identifier");
  CHECK(cut.invocations() == "[0-9][7-9]");
  CHECK(cut.mapping().deliveries == 13);
  CHECK(cut.letters() == "RetryAttemptsExhausted count 1 of [r7 r8 r9] functionError null\n");
  CHECK(cut.met(Assumption::bisect_with_report));

  const Told stuck = reported("halve_on_no_progress");
  CHECK(stuck.invocations() == "[0-9][7-9][7][8-9]");
  CHECK(stuck.mapping().deliveries == 16);

  const Told halved = reported("halve_remainder");
  CHECK(halved.invocations() == "[0-9][7][8-9]");
  CHECK(halved.mapping().deliveries == 13);
  CHECK(halved.effects() == "1 1 1 1 1 1 1 0 2 2");
  CHECK(halved.duplicates() == "bisect 2");
}

TEST_CASE("BatchSize itself is not changed by a split [ESM-BIS-01]") {
  const Told told = story().records(8).batch(4).bisect().retries(0).poison("r0").tell();
  CHECK(told.invocations() == "[0-3][0-1][0][1][2-3][4-7]");
}

TEST_CASE("one bad record among four, one retry: the calls that were recorded [ESM-BIS-03]") {
  const auto told = [](const char* bad) {
    return story().records(4).retries(1).bisect().poison(bad).destination().tell();
  };
  const Told second = told("r1");
  CHECK(second.invocations() == "[0-3][0-1][0][1][1][2-3]");
  CHECK(second.requests() == "new new new new same new");
  CHECK(second.letters() == "RetryAttemptsExhausted count 2 of [r1] functionError Unhandled\n");
  CHECK(told("r0").invocations() == "[0-3][0-1][0][0][1][2-3]");
}

TEST_CASE("the eighth of ten is bad: seven calls, or four with reports [ESM-BIS-03, ESM-PBR-09]") {
  CHECK(ten_with_a_bad_seventh().tell().invocations() == "[0-9][0-4][5-9][5-6][7-9][7][8-9]");
  const Told reported = ten_with_a_bad_seventh().report().tell();
  CHECK(reported.invocations() == "[0-9][7-9][7][8-9]");
  CHECK(reported.letters() == "RetryAttemptsExhausted count 1 of [r7] functionError null\n");
  CHECK(reported.fates() == "processed 9, discarded 1");
}

TEST_CASE("without progress a reported batch is halved at once, for free [ESM-PBR-09, CON-03]") {
  const auto told = [](int n) {
    return story().records(n).retries(1).bisect().report().poison("r1").destination().tell();
  };
  const Told five = told(5);
  CHECK(five.invocations() == "[0-4][1-4][1-2][1][1][2][3-4]");
  CHECK(five.schedule() == "0s[0-4] 0.1s[1-4] 0.2s[1-2] 0.3s[1] 0.6s[1] 0.7s[2] 0.8s[3-4]");
  CHECK(five.letters() == "RetryAttemptsExhausted count 2 of [r1] functionError null\n");
  CHECK(five.fates() == "processed 4, discarded 1");
}

TEST_CASE("the rest, a half and the next batch have request ids of their own [ESM-RTY-12]") {
  // Recorded on AWS: five calls, four ids.
  const Told told =
      story().records(4).retries(1).bisect().report().poison("r1").destination().tell();
  CHECK(told.invocations() == "[0-3][1-3][1][1][2-3]");
  CHECK(told.requests() == "new new new same new");
  CHECK(told.letters() == "RetryAttemptsExhausted count 2 of [r1] functionError null\n");
}
