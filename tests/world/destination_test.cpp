// The on-failure destination: the message byte for byte, and what happens when it is not taken.
#include "sim/base/json.hpp"
#include "sim/kinesis/sequence_number.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

std::string number(int position, int arrival_s) {
  constexpr std::int64_t epoch_s = 1'767'225'600;
  return sequence_number_text(
      {epoch_s, sequence_index(Position(position)), epoch_s + arrival_s, 0});
}

}  // namespace

TEST_CASE("the message for exhausted retries, whole [ESM-DST-01, ESM-DST-02, ESM-DST-04]") {
  const Told told = story()
                        .records(1, 500_ms)
                        .records(1, 2_s)
                        .created(3_s)
                        .retries(0)
                        .poison("r1")
                        .destination()
                        .tell();
  REQUIRE(told.messages() == 1);
  const std::string request = told.in_message("requestContext.requestId");
  CHECK(told.message_text() ==
        "{\"requestContext\":{\"requestId\":\"" + request +
            "\","
            "\"functionArn\":\"arn:aws:lambda:us-east-1:123456789012:function:billing\","
            "\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":1},"
            "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"$LATEST\","
            "\"functionError\":\"Unhandled\"},"
            "\"version\":\"1.0\",\"timestamp\":\"2026-01-01T00:00:03.100Z\","
            "\"KinesisBatchInfo\":{\"shardId\":\"shardId-000000000000\","
            "\"startSequenceNumber\":\"" +
            number(0, 0) +
            "\","
            "\"endSequenceNumber\":\"" +
            number(1, 2) +
            "\","
            "\"approximateArrivalOfFirstRecord\":\"2026-01-01T00:00:00.500Z\","
            "\"approximateArrivalOfLastRecord\":\"2026-01-01T00:00:02.000Z\","
            "\"batchSize\":2,"
            "\"streamArn\":\"arn:aws:kinesis:us-east-1:123456789012:stream/orders\"}}");
}

TEST_CASE("the message for records too old has no responseContext [ESM-DST-03]") {
  const Told told = story().records(1).created(2_m).age(60).destination().tell();
  REQUIRE(told.messages() == 1);
  const std::string request = told.in_message("requestContext.requestId");
  CHECK(told.message_text() ==
        "{\"requestContext\":{\"requestId\":\"" + request +
            "\","
            "\"functionArn\":\"arn:aws:lambda:us-east-1:123456789012:function:billing\","
            "\"condition\":\"RecordAgeExceeded\",\"approximateInvokeCount\":1},"
            "\"version\":\"1.0\",\"timestamp\":\"2026-01-01T00:02:00.000Z\","
            "\"KinesisBatchInfo\":{\"shardId\":\"shardId-000000000000\","
            "\"startSequenceNumber\":\"" +
            number(0, 0) +
            "\","
            "\"endSequenceNumber\":\"" +
            number(0, 0) +
            "\","
            "\"approximateArrivalOfFirstRecord\":\"2026-01-01T00:00:00.000Z\","
            "\"approximateArrivalOfLastRecord\":\"2026-01-01T00:00:00.000Z\","
            "\"batchSize\":1,"
            "\"streamArn\":\"arn:aws:kinesis:us-east-1:123456789012:stream/orders\"}}");
}

TEST_CASE("functionError is null after a report and Unhandled after an error [ESM-DST-04]") {
  const auto error = [](Respond how) {
    return story()
        .records(1)
        .retries(0)
        .report()
        .respond(how)
        .poison("r0")
        .destination()
        .tell()
        .in_message("responseContext.functionError");
  };
  CHECK(error(Respond::raise) == "Unhandled");
  CHECK(error(Respond::report_first_failure) == "null");
  CHECK(error(Respond::report_failures) == "null");
}

TEST_CASE("the last attempt decides what functionError says") {
  FailRule raises_first;
  raises_first.attempts = {1};
  const Told told =
      story().records(1).retries(1).report().fail(raises_first).poison("r0").destination().tell();
  CHECK(told.letters() == "RetryAttemptsExhausted count 2 of [r0] functionError null\n");
}

TEST_CASE("SQS and SNS get metadata only, S3 the whole event as a text [ESM-DST-01]") {
  const auto told = [](DestinationType type) {
    return story().records(2).retries(0).poison("r0").destination(type).tell();
  };
  CHECK(told(DestinationType::sqs).in_message("payload") == "absent");
  CHECK(told(DestinationType::sns).in_message("payload") == "absent");
  const Told in_bucket = told(DestinationType::s3);
  CHECK(in_bucket.message_text().find(R"("payload":"{\"Records\":[{\"kinesis\":)") !=
        std::string::npos);
  const std::string event = in_bucket.in_message("payload");
  CHECK(std::holds_alternative<Json>(parse_json(event)));
  CHECK(event.starts_with("{\"Records\":[{\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\","));
  CHECK(event.find(number(0, 0)) != std::string::npos);
  CHECK(event.find(number(1, 0)) != std::string::npos);
}

TEST_CASE("a message that is not taken loses the records [ESM-DST-07]") {
  const Told told = story()
                        .records(4)
                        .batch(2)
                        .retries(0)
                        .poison("r0")
                        .poison("r2")
                        .destination()
                        .fail_destination(0_s, 150_ms)
                        .tell();
  CHECK(told.fates() == "discarded 2, dropped 2");
  CHECK(told.lost() == "destination_failed 2");
  CHECK(told.metric("DestinationDeliveryFailures") == 1);
  CHECK(told.metric("DroppedEventCount") == 2);
  CHECK(told.letters() == "RetryAttemptsExhausted count 1 of [r2 r3] functionError Unhandled\n");
  CHECK(told.happened(Situation::destination_failure));
}

TEST_CASE("without a destination records are given up silently [ESM-DST-08, MET-08]") {
  const Told told = story().records(3).retries(0).poison("r0").tell();
  CHECK(told.fates() == "dropped 3");
  CHECK(told.lost() == "retries 3");
  CHECK(told.metric("DroppedEventCount") == 3);
  CHECK(told.metric("DestinationDeliveryFailures") == 0);
}

TEST_CASE("a destination that has the record keeps it from DroppedEventCount [MET-08]") {
  const Told told = story().records(3).retries(0).poison("r0").destination().tell();
  CHECK(told.fates() == "discarded 3");
  CHECK(told.metric("DroppedEventCount") == 0);
}

TEST_CASE("every discarded record is covered by a message [ESM-DST-06]") {
  const Told told = story()
                        .records(8)
                        .batch(8)
                        .retries(1)
                        .bisect()
                        .poison("r2")
                        .poison("r3")
                        .poison("r6")
                        .destination()
                        .tell();
  CHECK(told.letters() ==
        "RetryAttemptsExhausted count 2 of [r2] functionError Unhandled\n"
        "RetryAttemptsExhausted count 2 of [r3] functionError Unhandled\n"
        "RetryAttemptsExhausted count 2 of [r6] functionError Unhandled\n");
  CHECK(told.fates() == "processed 5, discarded 3");
}

TEST_CASE("records lost to retention leave no message [ESM-DST-09]") {
  const Told told = story().records(2).poison("r0").destination().lasts(25_h).tell();
  CHECK(told.fates() == "expired 2");
  CHECK(told.messages() == 0);
}

TEST_CASE("a record above 6 MB is given up without a response, for its size [ESM-POL-07]") {
  const Story large = story().records(1).big_record(5'000'000).records(1).retries(0).destination();
  const Told told = large.tell();
  CHECK(told.letters() == "RetryAttemptsExhausted count 1 of [r1]\n");
  CHECK(told.in_message("responseContext") == "absent");
  CHECK(story().big_record(5'000'000).retries(0).tell().lost() == "oversized 1");
}

TEST_CASE("attempts at a record above 6 MB count, though the function never ran [CON-10]") {
  const Story large =
      story().big_record(5'000'000).retries(0).destination().assume("never_invoked_count", "zero");
  CHECK(large.tell().letters() == "RetryAttemptsExhausted count 1 of [r0]\n");
  CHECK_FALSE(large.tell().met(Assumption::never_invoked_count));
  CHECK(large.tell().metric("Invocations") == 0);
}

TEST_CASE("a batch given up right after progress was invoked all the same [ESM-RTY-12, CON-10]") {
  const Told told = story()
                        .records(2)
                        .report()
                        .respond(Respond::report_failures)
                        .poison("r1")
                        .retries(0)
                        .destination()
                        .assume("partial_progress", "keeps_retries")
                        .assume("never_invoked_count", "zero")
                        .tell();
  CHECK(told.invocations() == "[0-1]");
  CHECK(told.letters() == "RetryAttemptsExhausted count 1 of [r1] functionError null\n");
}

TEST_CASE("parts of a split batch may share a message until the next success [ESM-BIS-10]") {
  const Story split =
      story().records(8).bisect().retries(0).destination().poison("r1").poison("r2").poison("r5");
  CHECK(split.tell().messages() == 3);
  const Told merged = Story(split).assume("consolidate_failures", "until_next_success").tell();
  CHECK(merged.letters() ==
        "RetryAttemptsExhausted count 1 of [r1 r2] functionError Unhandled\n"
        "RetryAttemptsExhausted count 1 of [r5] functionError Unhandled\n");
  CHECK(merged.met(Assumption::consolidate_failures));
  CHECK(merged.fates() == "processed 5, discarded 3");
}

TEST_CASE("a record above 6 MB is attempted 1 + N times without a call [ESM-POL-07, ESM-RTY-06]") {
  // Recorded on AWS: count 1 with N=0 and 3 with N=2, no responseContext.
  const auto told = [](int n) {
    return story().records(1).big_record(5'242'880).records(1).retries(n).destination().tell();
  };
  CHECK(told(0).schedule() == "0s[0] 0.1s[2]");
  CHECK(told(0).letters() == "RetryAttemptsExhausted count 1 of [r1]\n");
  const Told twice = told(2);
  CHECK(twice.schedule() == "0s[0] 0.7s[2]");  // attempts at 0.1, 0.3 and 0.7 s
  CHECK(twice.letters() == "RetryAttemptsExhausted count 3 of [r1]\n");
  CHECK(twice.in_message("responseContext") == "absent");
  CHECK(twice.fates() == "processed 2, discarded 1");
  CHECK(twice.metric("Invocations") == 2);
  CHECK(twice.metric("Errors") == 0);
}

TEST_CASE("without a limit on retries a record above 6 MB goes by its age [ESM-POL-07]") {
  const Told told = story().big_record(5'242'880).age(60).destination().tell();
  CHECK(told.letters() == "RecordAgeExceeded count 10 of [r0]\n");
  CHECK(told.result.simulated == milliseconds(70'400));
  const Told expires = story().big_record(5'242'880).lasts(25_h).tell();
  CHECK(expires.lost() == "retention 1");
}

TEST_CASE("a batch after a record above 6 MB waits 200 ms again [ESM-POL-07, ESM-RTY-12]") {
  const Told told =
      story().big_record(5'242'880).records(1).retries(2).poison("r1").work(0_s).tell();
  CHECK(told.schedule() == "0.6s[1] 0.8s[1] 1.2s[1]");
}
