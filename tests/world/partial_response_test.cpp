// ReportBatchItemFailures: what an answer says about a batch, and what the mapping makes of it.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// One record, BatchSize 1, MaximumRetryAttempts 2: the matrix recorded on AWS.
Told answered(const std::string& response) {
  return story().records(1).batch(1).retries(2).report().returns(response).destination().tell();
}

Story budget() {
  return story().records(6).batch(3).retries(3).report().poison("r5").destination();
}

}  // namespace

TEST_CASE("progress resets the retry budget [ESM-PBR-06, CON-04]") {
  // Recorded on AWS: r5 is delivered 5 times, all others once; count 4, batchSize 1. Scenario 050.
  const Told told = budget().tell();
  CHECK(told.invocations() == "[0-2][3-5][5][5][5][5]");
  CHECK(told.deliveries() == "1 1 1 1 1 5");
  CHECK(told.effects() == "1 1 1 1 1 0");
  CHECK(told.fates() == "processed 5, discarded 1");
  CHECK(told.duplicates() == "none");
  CHECK(told.lost() == "none");
  CHECK(told.letters() == "RetryAttemptsExhausted count 4 of [r5] functionError null\n");
  CHECK(told.in_message("KinesisBatchInfo.batchSize") == "1");
  CHECK(told.in_message("requestContext.approximateInvokeCount") == "4");
  CHECK(told.happened(Situation::partial_response));
  CHECK(told.met(Assumption::partial_progress));
  CHECK(told.metric("Errors") == 0);
}

TEST_CASE("with partial_progress: keeps_retries the first attempt counts [CON-04]") {
  const Told told = budget().assume("partial_progress", "keeps_retries").tell();
  CHECK(told.invocations() == "[0-2][3-5][5][5][5]");
  CHECK(told.letters() == "RetryAttemptsExhausted count 3 of [r5] functionError null\n");
}

TEST_CASE("six answers that say nothing are a success [ESM-PBR-02]") {
  for (const char* response : {"\"\"", "null", "{}", "{\"batchItemFailures\": []}",
                               "{\"batchItemFailures\": null}", "[]"}) {
    CAPTURE(response);
    const Told told = answered(response);
    CHECK(told.deliveries() == "1");
    CHECK(told.fates() == "processed 1");
    CHECK(told.messages() == 0);
  }
}

TEST_CASE("five answers that name nothing of the batch fail it whole [ESM-PBR-03]") {
  for (const char* response : {"{\"batchItemFailures\": [{\"itemIdentifier\": 123}]}",
                               "{\"batchItemFailures\": [{\"itemIdentifier\": \"\"}]}",
                               "{\"batchItemFailures\": [{\"itemIdentifier\": null}]}",
                               "{\"batchItemFailures\": [{\"foo\": 123}]}",
                               "{\"batchItemFailures\": [{\"foo\": null}]}"}) {
    CAPTURE(response);
    const Told told = answered(response);
    CHECK(told.deliveries() == "3");
    CHECK(told.letters() == "RetryAttemptsExhausted count 3 of [r0] functionError null\n");
    CHECK(told.in_message("responseContext.functionError") == "null");
    CHECK(told.happened(Situation::malformed_response));
    CHECK(told.metric("Errors") == 0);
  }
}

TEST_CASE("the sixth failure is an unhandled exception, and says so [ESM-PBR-03, ESM-DST-04]") {
  const Told told = story()
                        .records(1)
                        .batch(1)
                        .retries(2)
                        .report()
                        .respond(Respond::raise)
                        .poison("r0")
                        .destination()
                        .tell();
  CHECK(told.deliveries() == "3");
  CHECK(told.letters() == "RetryAttemptsExhausted count 3 of [r0] functionError Unhandled\n");
  CHECK(told.in_message("responseContext.functionError") == "Unhandled");
  CHECK(told.metric("Errors") == 3);
}

TEST_CASE("an identifier of another shard is not in the batch [ESM-PBR-12]") {
  const Told told = answered(
      "{\"batchItemFailures\": [{\"itemIdentifier\": "
      "\"49590338271490256608559692538361571095921575989136588898\"}]}");
  CHECK(told.deliveries() == "3");
  CHECK(told.letters() == "RetryAttemptsExhausted count 3 of [r0] functionError null\n");
}

TEST_CASE("an identifier named twice is like one of another batch [ESM-PBR-12, ESM-PBR-10]") {
  const Told told = story()
                        .records(3)
                        .report()
                        .retries(0)
                        .destination()
                        .returns(
                            "{\"batchItemFailures\": [{\"itemIdentifier\": \"$sequence[1]\"},"
                            "{\"itemIdentifier\": \"$sequence[1]\"}]}")
                        .tell();
  CHECK(told.invocations() == "[0-2]");
  CHECK(told.letters() == "RetryAttemptsExhausted count 1 of [r0 r1 r2] functionError null\n");
}

TEST_CASE("the lowest of several identifiers is the checkpoint [ESM-PBR-04, ESM-PBR-05]") {
  const Told told = story()
                        .records(10)
                        .retries(1)
                        .report()
                        .respond(Respond::report_failures)
                        .poison("r3")
                        .poison("r7")
                        .destination()
                        .tell();
  CHECK(told.invocations() == "[0-9][3-9][3-9]");
  CHECK(told.effects() == "1 1 1 0 3 3 3 0 3 3");
  CHECK(told.duplicates() == "retry_after_partial_response 10");
  CHECK(told.letters() ==
        "RetryAttemptsExhausted count 2 of [r3 r4 r5 r6 r7 r8 r9] functionError null\n");
}

TEST_CASE("a handler that progresses is never cut off by the retries [ESM-PBR-07]") {
  // It names its second record each time: five invocations without a single retry.
  const Told told = story()
                        .records(5)
                        .retries(0)
                        .report()
                        .destination()
                        .returns(
                            "{\"batchItemFailures\": [{\"itemIdentifier\": "
                            "\"$sequence[1]\"}]}")
                        .tell();
  CHECK(told.invocations() == "[0-4][1-4][2-4][3-4][4]");
  CHECK(told.fates() == "processed 4, discarded 1");  // [4] has no second record
}

TEST_CASE("naming the first record is not progress and counts as a retry [ESM-PBR-09]") {
  const Told told = story().records(2).retries(2).report().poison("r0").destination().tell();
  CHECK(told.schedule() == "0s[0-1] 0.3s[0-1] 0.8s[0-1]");
  CHECK(told.letters() == "RetryAttemptsExhausted count 3 of [r0 r1] functionError null\n");
}

TEST_CASE("what is left after progress is tried at once") {
  const Told told = story().records(2).retries(0).report().poison("r1").tell();
  CHECK(told.schedule() == "0s[0-1] 0.1s[1]");
}

TEST_CASE("without ReportBatchItemFailures an answer is not looked at [ESM-PBR-01]") {
  for (const Respond how : {Respond::report_first_failure, Respond::report_failures}) {
    const Told told = story().records(4).retries(3).respond(how).poison("r2").destination().tell();
    CHECK(told.invocations() == "[0-3]");
    CHECK(told.fates() == "processed 4");
    // A function that stops at r2 leaves r3 undone, and does not name it.
    CHECK(told.lost() ==
          (how == Respond::report_failures ? "report_ignored 1" : "swallowed 1, report_ignored 1"));
    CHECK(told.metric("Errors") == 0);
    CHECK(told.metric("Swallowed") == (how == Respond::report_failures ? 0 : 1));
  }
}

TEST_CASE("a malformed answer without the setting is a success too [ESM-PBR-01]") {
  const Told told = story()
                        .records(1)
                        .retries(2)
                        .returns("{\"batchItemFailures\": [{\"itemIdentifier\": \"\"}]}")
                        .tell();
  CHECK(told.fates() == "processed 1");
  CHECK(told.deliveries() == "1");
}

TEST_CASE("a handler that swallows an error loses the record silently") {
  const Told told = story()
                        .records(100)
                        .report()
                        .respond(Respond::swallow)
                        .poison("r7")
                        .poison("r50")
                        .poison("r99")
                        .tell();  // scenario 080
  CHECK(told.fates() == "processed 100");
  CHECK(told.lost() == "swallowed 3");
  CHECK(told.duplicates() == "none");
  CHECK(told.metric("Errors") == 0);
  CHECK(told.metric("Swallowed") == 3);
  CHECK(told.happened(Situation::swallow));
}

TEST_CASE("naming a record above the real failure skips the failed one [ESM-PBR-13]") {
  const Told told = story()
                        .records(4)
                        .retries(0)
                        .report()
                        .poison("r1")
                        .destination()
                        .returns(
                            "{\"batchItemFailures\": [{\"itemIdentifier\": "
                            "\"$sequence[3]\"}]}")
                        .tell();
  CHECK(told.invocations() == "[0-3][3]");
  CHECK(told.effects() == "1 0 1 2");
  CHECK(told.lost() == "skipped_by_handler 1");
}

TEST_CASE("a valid and an unknown identifier together fail the batch whole [ESM-PBR-10]") {
  const auto mixed = [](const char* value) {
    return story()
        .records(3)
        .retries(0)
        .report()
        .destination()
        .returns(
            "{\"batchItemFailures\": [{\"itemIdentifier\": \"$sequence[1]\"},"
            "{\"itemIdentifier\": \"nothing\"}]}")
        .assume("mixed_identifiers", value)
        .tell();
  };
  CHECK(mixed("whole_batch").invocations() == "[0-2]");
  CHECK(mixed("whole_batch").fates() == "discarded 3");
  CHECK(mixed("lowest_valid").invocations() == "[0-2][1-2][2]");
  CHECK(mixed("lowest_valid").fates() == "processed 2, discarded 1");
}

TEST_CASE("a malformed answer retries whole; as malformed_report: bisects it splits [ESM-PBR-03]") {
  const auto malformed = [](const char* value) {
    return story()
        .records(4)
        .retries(0)
        .report()
        .bisect()
        .destination()
        .returns("{\"batchItemFailures\": [{\"itemIdentifier\": \"\"}]}")
        .assume("malformed_report", value)
        .tell();
  };
  CHECK(malformed("retries").invocations() == "[0-3]");
  CHECK(malformed("retries").met(Assumption::malformed_report));
  CHECK(malformed("bisects").invocations() == "[0-3][0-1][0][1][2-3][2][3]");
  CHECK(malformed("bisects").letters() ==
        "RetryAttemptsExhausted count 1 of [r0] functionError null\n"
        "RetryAttemptsExhausted count 1 of [r1] functionError null\n"
        "RetryAttemptsExhausted count 1 of [r2] functionError null\n"
        "RetryAttemptsExhausted count 1 of [r3] functionError null\n");
}

TEST_CASE("a batch library that goes on does everything after the failure again") {
  const Told told = story()
                        .records(10)
                        .batch(10)
                        .retries(2)
                        .report()
                        .respond(Respond::report_failures)
                        .poison("r3")
                        .destination()
                        .tell();
  CHECK(told.deliveries() == "1 1 1 4 4 4 4 4 4 4");  // scenario 070
  CHECK(told.effects() == "1 1 1 0 4 4 4 4 4 4");
  CHECK(told.duplicates() == "retry_after_partial_response 18");
  CHECK(told.letters() ==
        "RetryAttemptsExhausted count 3 of [r3 r4 r5 r6 r7 r8 r9] functionError null\n");
}

TEST_CASE("the rest after progress is sent at once, whatever the window [ESM-RTY-14, ESM-PBR-06]") {
  // Recorded on AWS: N=1, the second of three is bad; one message, count 2, batchSize 2.
  const Story bad = story().records(3).retries(1).report().poison("r1").destination();
  const Told told = bad.tell();
  CHECK(told.schedule() == "0s[0-2] 0.1s[1-2] 0.4s[1-2]");
  CHECK(told.requests() == "new new same");
  CHECK(told.letters() == "RetryAttemptsExhausted count 2 of [r1 r2] functionError null\n");
  CHECK(told.in_message("KinesisBatchInfo.batchSize") == "2");
  const Told with_window = Story(bad).window(5).tell();
  CHECK(with_window.schedule() == "5s[0-2] 5.1s[1-2] 5.4s[1-2]");
  CHECK(with_window.letters() == told.letters());
}

TEST_CASE("the rest after progress goes alone, or is filled up [ESM-POL-17, ESM-RTY-14, CON-30]") {
  const Story behind = story().records(3).records(2, 50_ms).retries(1).report().poison("r1");
  const auto told = [](Story story, const char* value) {
    return story.assume("partial_remainder", value).tell();
  };
  const Told alone = told(Story(behind).batch(3), "alone");
  CHECK(alone.schedule() == "0s[0-2] 0.1s[1-2] 0.4s[1-2] 0.5s[3-4]");
  CHECK(alone.met(Assumption::partial_remainder));
  const Told filled = told(Story(behind).batch(3), "topped_up");
  CHECK(filled.schedule() == "0s[0-2] 0.1s[1-3] 0.4s[1-3] 0.5s[4]");
  CHECK(filled.requests() == "new new same new");
  CHECK(filled.met(Assumption::partial_remainder));
  // With nothing behind it there is no question.
  CHECK_FALSE(story().records(3).retries(1).report().poison("r1").tell().met(
      Assumption::partial_remainder));
}

TEST_CASE("what fills up the rest waits for no window [ESM-POL-17, ESM-RTY-14]") {
  const Told told = story()
                        .records(3)
                        .records(1, 5'050_ms)
                        .window(5)
                        .retries(1)
                        .report()
                        .poison("r1")
                        .assume("partial_remainder", "topped_up")
                        .tell();
  CHECK(told.schedule() == "5s[0-2] 5.1s[1-3] 5.4s[1-3]");
}

TEST_CASE("a text, a number, true or a list is a success, or fails it whole [ESM-PBR-14, CON-28]") {
  for (const char* response : {"\"done\"", "7", "true", "[1]"}) {
    CAPTURE(response);
    const Story said =
        story().records(2).retries(1).report().poison("r1").returns(response).destination();
    const Told success = said.tell();
    CHECK(success.invocations() == "[0-1]");
    CHECK(success.fates() == "processed 2");
    CHECK(success.lost() == "swallowed 1");
    CHECK(success.metric("Swallowed") == 1);
    CHECK(success.met(Assumption::other_answers));
    const Told failure = Story(said).assume("other_answers", "failure").tell();
    CHECK(failure.invocations() == "[0-1][0-1]");
    CHECK(failure.letters() == "RetryAttemptsExhausted count 2 of [r0 r1] functionError null\n");
    CHECK(failure.happened(Situation::malformed_response));
    CHECK(failure.met(Assumption::other_answers));
  }
}

TEST_CASE("without the setting an answer that is no object swallows too [ESM-PBR-14, ESM-PBR-01]") {
  for (const char* response : {"\"done\"", "7", "true", "[1]", "null"}) {
    CAPTURE(response);
    const Told told = story().records(2).retries(1).poison("r1").returns(response).tell();
    CHECK(told.invocations() == "[0-1]");
    CHECK(told.lost() == "swallowed 1");
    CHECK_FALSE(told.met(Assumption::other_answers));
  }
}

TEST_CASE("of an ignored report only the records it names are lost by that [ESM-PBR-01]") {
  const auto told = [](const char* items) {
    return story()
        .records(4)
        .poison("r1")
        .poison("r2")
        .returns(std::string("{\"batchItemFailures\": [") + items + "]}")
        .tell();
  };
  const char* first_and_third =
      "{\"itemIdentifier\": \"$sequence[0]\"}, {\"itemIdentifier\": \"$sequence[2]\"}";
  const Told named = told(first_and_third);  // r0 had its effect, so it is not lost
  CHECK(named.effects() == "1 0 0 1");
  CHECK(named.lost() == "swallowed 1, report_ignored 1");
  CHECK(named.metric("Swallowed") == 1);
  CHECK(told("{\"itemIdentifier\": \"\"}").lost() == "swallowed 2");
}
