#include "sim/lambda/destination.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

GivingUp given_up(Span span, LossCause why = LossCause::retries, std::uint32_t invocations = 1) {
  return {Batch::whole({0}, span), why, invocations, true, {}};
}

}  // namespace

TEST_CASE("without a destination records are dropped, and nobody is told [ESM-DST-08]") {
  for (const LossCause why : {LossCause::retries, LossCause::age, LossCause::oversized}) {
    const GivenUp end = after_giving_up(why, false, false);
    CHECK(end.fate == Fate::dropped);
    CHECK(end.cause == why);
  }
}

TEST_CASE("a destination that takes the message has the records [ESM-DST-06]") {
  const GivenUp end = after_giving_up(LossCause::age, true, false);
  CHECK(end.fate == Fate::discarded);
  CHECK(end.cause == LossCause::age);
}

TEST_CASE("a message that is not taken loses its records by that [ESM-DST-07]") {
  const GivenUp end = after_giving_up(LossCause::retries, true, true);
  CHECK(end.fate == Fate::dropped);
  CHECK(end.cause == LossCause::destination_failed);
}

TEST_CASE("the message says one of two conditions [ESM-DST-03]") {
  CHECK(condition_of(LossCause::retries) == "RetryAttemptsExhausted");
  CHECK(condition_of(LossCause::age) == "RecordAgeExceeded");
  CHECK(condition_of(LossCause::oversized) == "RetryAttemptsExhausted");
}

TEST_CASE(
    "a record that was never handed to the function is shown as invoked once, or never [CON-10]") {
  Assumptions assumptions;
  CHECK(shown_count(assumptions, given_up({0, 1}, LossCause::age, 0)) == 1);
  CHECK(shown_count(assumptions, given_up({0, 1}, LossCause::age, 4)) == 4);
  assumptions.never_invoked_count = assume::never_invoked_count::zero;
  CHECK(shown_count(assumptions, given_up({0, 1}, LossCause::age, 0)) == 0);
  CHECK(shown_count(assumptions, given_up({0, 1}, LossCause::age, 4)) == 4);
  // Right after progress a batch object is new, but its records were handed to the function
  // [ESM-RTY-12].
  CHECK(shown_count(assumptions, given_up({0, 1}, LossCause::retries, 0)) == 1);
}

TEST_CASE("only what never ran and was not given up for its retries was never tried [CON-10]") {
  CHECK(given_up({0, 1}, LossCause::age, 0).never_tried());
  CHECK_FALSE(given_up({0, 1}, LossCause::age, 1).never_tried());
  CHECK_FALSE(given_up({0, 1}, LossCause::retries, 0).never_tried());
}

TEST_CASE("neighbours of one split batch, given up for one reason, may share [ESM-BIS-10]") {
  MappingSettings split;
  split.bisect_batch_on_function_error = true;
  const GivingUp before = given_up({10, 12});
  CHECK(may_share_message(split, before, given_up({12, 15})));
  CHECK_FALSE(may_share_message(MappingSettings{}, before, given_up({12, 15})));
  CHECK_FALSE(may_share_message(split, before, given_up({13, 15})));
  CHECK_FALSE(may_share_message(split, before, given_up({12, 15}, LossCause::age)));
  GivingUp other_shard = given_up({12, 15});
  other_shard.batch.shard = ShardId{1};
  CHECK_FALSE(may_share_message(split, before, other_shard));
}
