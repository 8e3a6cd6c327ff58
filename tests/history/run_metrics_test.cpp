// What CloudWatch would count of a run. MET-06, MET-07, CON-24.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("InvokedEventCount counts every record handed to the function, repeats too [MET-07]") {
  const Told told = story().records(3).retries(1).poison("r1").destination().tell();
  CHECK(told.metric("PolledEventCount") == 3);
  CHECK(told.metric("InvokedEventCount") == 6);
  CHECK(told.metric("OnFailureDestinationDeliveredEventCount") == 3);
  CHECK(told.metric("FilteredOutEventCount") == 0);
  CHECK(told.metric("FailedInvokeEventCount") == 0);
}

TEST_CASE("FailedInvokeEventCount has throttled attempts and answers with failures [CON-24]") {
  const Told throttled =
      story().records(2).throttle(0_s, 400_ms).throttle_backoff(exact_throttles).tell();
  CHECK(throttled.metric("Throttles") == 1);
  CHECK(throttled.metric("FailedInvokeEventCount") == 2);
  const Told told =
      story().records(3).report().respond(Respond::report_failures).poison("r1").retries(0).tell();
  CHECK(told.invocations() == "[0-2][1-2]");
  CHECK(told.metric("FailedInvokeEventCount") == 5);
}

TEST_CASE("FailedInvokeEventCount has attempts at a record above 6 MB [CON-24, ESM-POL-07]") {
  const Told told = story().big_record(5'242'880).retries(2).tell();
  CHECK(told.metric("FailedInvokeEventCount") == 3);
  CHECK(told.metric("DroppedEventCount") == 1);
  CHECK(told.metric("Invocations") == 0);
  CHECK(told.metric("Errors") == 0);
}

TEST_CASE("ConcurrentExecutions is the function's, over all that call it [MET-06]") {
  const Told apart = story().records(1).records(1, 10_s).tell();
  CHECK(apart.metric("ConcurrentExecutions") == 1);
  const Told together = story().records(1).another_mapping("second").same_function().tell();
  CHECK(together.metric("ConcurrentExecutions", 0) == 2);
  CHECK(together.metric("ConcurrentExecutions", 1) == 2);
}

TEST_CASE("records read again after a crash are polled again [MET-07]") {
  const Told told = story().records(4).batch(2).work(2_s).crash(1_s).tell();
  CHECK(told.schedule() == "0s[0-1] 1s[0-1] 3s[2-3]");
  CHECK(told.metric("PolledEventCount") == 6);
  CHECK(told.metric("Invocations") == 3);
}

TEST_CASE("errors are all ends but a return, and a report is none [MET-06]") {
  const Told failing = story().records(1).poison("r0").retries(2).tell();
  CHECK(failing.metric("Errors") == 3);
  CHECK(failing.metric("Duration") == 3);
  const Told reporting = story().records(2).report().poison("r1").retries(0).tell();
  CHECK(reporting.metric("Errors") == 0);
}

TEST_CASE("a message counts its records when it is taken, itself when it is not [MET-07]") {
  const Story given_up = story().records(3).poison("r1").retries(0).destination();
  const Told taken = given_up.tell();
  CHECK(taken.metric("OnFailureDestinationDeliveredEventCount") == 3);
  CHECK(taken.metric("DestinationDeliveryFailures") == 0);
  CHECK(taken.metric("DroppedEventCount") == 0);
  const Told refused = Story(given_up).fail_destination(0_s, 1_m).tell();
  CHECK(refused.metric("OnFailureDestinationDeliveredEventCount") == 0);
  CHECK(refused.metric("DestinationDeliveryFailures") == 1);
  CHECK(refused.metric("DroppedEventCount") == 3);
}
