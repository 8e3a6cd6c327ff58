// What CloudWatch would count of a run. MET-06, MET-07, CON-24.
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

TEST_CASE("InvokedEventCount counts every record handed over, repeats too [MET-07]") {
  const Told told = story().records(3).retries(1).poison("r1").destination().tell();
  CHECK(told.metric("PolledEventCount") == 3);
  CHECK(told.metric("InvokedEventCount") == 6);
  CHECK(told.metric("OnFailureDestinationDeliveredEventCount") == 3);
  CHECK(told.metric("FilteredOutEventCount") == 0);
  CHECK(told.metric("FailedInvokeEventCount") == 0);
}

TEST_CASE("FailedInvokeEventCount has throttled attempts and answers with failures [CON-24]") {
  CHECK(story().records(2).throttle(0_s, 400_ms).tell().metric("FailedInvokeEventCount") == 2);
  const Told told =
      story().records(3).report().respond(Respond::report_failures).poison("r1").retries(0).tell();
  CHECK(told.invocations() == "[0-2][1-2]");
  CHECK(told.metric("FailedInvokeEventCount") == 5);
}

TEST_CASE("ConcurrentExecutions is the function's, over all that call it [MET-06]") {
  const Told apart = story().records(1).records(1, 10_s).tell();
  CHECK(apart.metric("ConcurrentExecutions") == 1);
  const Told together = story().records(1).another_mapping("second").same_function().tell();
  CHECK(together.metric("ConcurrentExecutions", 0) == 2);
  CHECK(together.metric("ConcurrentExecutions", 1) == 2);
}
