// The rules of failing invocations alone: what is next for a batch, without a world around it.
#include "sim/lambda/failure.hpp"

#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

using Then = NextStep::Then;

Outcome ended(InvocationEnd end) {
  Outcome outcome;
  outcome.end = end;
  return outcome;
}

Outcome reported(std::uint32_t lowest, bool any_invalid = false) {
  Outcome outcome;
  outcome.answer = {Answer::Kind::report, true, any_invalid, lowest, {lowest}};
  return outcome;
}

Outcome answered(Answer::Kind kind) {
  Outcome outcome;
  outcome.answer.kind = kind;
  return outcome;
}

struct Setting {
  MappingSettings mapping;
  Assumptions assumptions;

  NextStep after(const Range& range, const Outcome& outcome) const {
    return after_invocation(mapping, assumptions, range, outcome,
                            judge_outcome(mapping, assumptions, outcome), Instant{0});
  }
};

Setting reporting(std::int64_t retries = -1) {
  Setting setting;
  setting.mapping.report_batch_item_failures = true;
  setting.mapping.maximum_retry_attempts = retries;
  return setting;
}

// A batch of ten at position 100 that has been invoked `invocations` times.
Range ten(std::uint32_t invocations = 1, std::uint32_t retries_used = 0) {
  return {Batch::whole({0}, {100, 110}), retries_used, invocations, DeliveryReason::first, {7}};
}

}  // namespace

TEST_CASE("a success settles the whole range [ESM-CHK-01]") {
  const NextStep next = Setting{}.after(ten(), {});
  CHECK(next.then == Then::proceed);
  CHECK(next.processed_to == 110);
}

TEST_CASE("a function error settles nothing and is tried again after a wait [ESM-RTY-01]") {
  for (const InvocationEnd end :
       {InvocationEnd::error, InvocationEnd::timeout, InvocationEnd::crash}) {
    const NextStep next = Setting{}.after(ten(), ended(end));
    CHECK(next.then == Then::retry);
    CHECK(next.processed_to == 100);
    CHECK(next.rest.batch.span == Span{100, 110});
    CHECK(next.rest.retries_used == 1);
    CHECK(next.rest.attempts == 1);
    CHECK(next.wait);
  }
}

TEST_CASE("the reason of a retry is how the attempt before it ended") {
  const auto reason = [](const Setting& setting, const Outcome& outcome) {
    return setting.after(ten(), outcome).rest.reason;
  };
  CHECK(reason({}, ended(InvocationEnd::error)) == DeliveryReason::retry_after_error);
  CHECK(reason({}, ended(InvocationEnd::timeout)) == DeliveryReason::retry_after_timeout);
  CHECK(reason({}, ended(InvocationEnd::crash)) == DeliveryReason::retry_after_crash);
  CHECK(reason(reporting(), reported(4)) == DeliveryReason::retry_after_partial_response);
  CHECK(reason(reporting(), reported(0)) == DeliveryReason::retry_after_partial_response);
  Setting bisecting;
  bisecting.mapping.bisect_batch_on_function_error = true;
  CHECK(reason(bisecting, ended(InvocationEnd::error)) == DeliveryReason::bisect);
}

TEST_CASE("attempt 1 + N is the last [ESM-PAR-05]") {
  for (const std::int64_t n : {0, 1, 2, 3, 10'000}) {
    Setting setting;
    setting.mapping.maximum_retry_attempts = n;
    const auto used = static_cast<std::uint32_t>(n);
    CHECK(setting.after(ten(used + 1, used), ended(InvocationEnd::error)).then == Then::discard);
    if (n == 0) continue;
    CHECK(setting.after(ten(used, used - 1), ended(InvocationEnd::error)).then == Then::retry);
  }
}

TEST_CASE("a report with progress makes a new batch object, at once [ESM-PBR-06, ESM-RTY-14]") {
  const NextStep next = reporting(3).after(ten(4, 3), reported(6));
  CHECK(next.processed_to == 106);
  CHECK(next.then == Then::retry);
  CHECK(next.rest.batch.span == Span{106, 110});
  CHECK(next.rest.retries_used == 0);
  CHECK(next.rest.attempts == 0);
  CHECK_FALSE(next.rest.request.valid());
  CHECK_FALSE(next.wait);  // ESM-RTY-14
}

TEST_CASE("a report without progress is a failed attempt of the same object [ESM-PBR-09]") {
  const NextStep next = reporting(3).after(ten(2, 1), reported(0));
  CHECK(next.processed_to == 100);
  CHECK(next.then == Then::retry);
  CHECK(next.rest.retries_used == 2);
  CHECK(next.rest.attempts == 2);
  CHECK(next.rest.request == InvocationNumber{7});
  CHECK(next.wait);
  CHECK(reporting(3).after(ten(4, 3), reported(0)).then == Then::discard);
}

TEST_CASE("keeps_retries: progress counts, settles, and can even exhaust the retries [CON-04]") {
  Setting setting = reporting(1);
  setting.assumptions.partial_progress = assume::partial_progress::keeps_retries;
  const NextStep next = setting.after(ten(1, 0), reported(2));
  CHECK(next.then == Then::retry);
  CHECK(next.rest.retries_used == 1);
  const NextStep last = setting.after(ten(2, 1), reported(2));
  CHECK(last.then == Then::discard);
  CHECK(last.processed_to == 102);
  CHECK(last.rest.batch.span == Span{102, 110});
}

TEST_CASE("a split makes two objects without a past [ESM-BIS-01, ESM-BIS-02]") {
  Setting setting;
  setting.mapping.bisect_batch_on_function_error = true;
  setting.mapping.maximum_retry_attempts = 0;
  const NextStep next = setting.after(ten(3, 2), ended(InvocationEnd::error));
  CHECK(next.then == Then::split);
  CHECK(next.rest.batch.span == Span{100, 105});
  CHECK(next.second.batch.span == Span{105, 110});
  for (const Range& half : {next.rest, next.second}) {
    CHECK(half.retries_used == 0);
    CHECK(half.attempts == 0);
    CHECK_FALSE(half.request.valid());
  }
  CHECK_FALSE(next.wait);
}

TEST_CASE("halves inherit the retries where that is assumed [CON-01]") {
  Setting setting;
  setting.mapping.bisect_batch_on_function_error = true;
  setting.assumptions.split = assume::split::inherits_retries;
  const NextStep next = setting.after(ten(3, 2), ended(InvocationEnd::error));
  CHECK(next.rest.retries_used == 2);
  CHECK(next.second.retries_used == 2);
}

TEST_CASE("a single record is not split [ESM-BIS-03]") {
  Setting setting;
  setting.mapping.bisect_batch_on_function_error = true;
  const Range one{Batch::whole({0}, {7, 8}), 0, 1, DeliveryReason::first, {}};
  CHECK(setting.after(one, ended(InvocationEnd::error)).then == Then::retry);
}

TEST_CASE("a report that halves does not pay for the split [ESM-PBR-09, CON-03]") {
  Setting setting = reporting(0);
  setting.mapping.bisect_batch_on_function_error = true;
  setting.assumptions.split = assume::split::inherits_retries;
  const NextStep next = setting.after(ten(), reported(0));
  CHECK(next.then == Then::split);
  CHECK(next.rest.retries_used == 0);
  CHECK(setting.after(ten(), reported(3)).then == Then::retry);
  setting.assumptions.bisect_with_report = assume::bisect_with_report::halve_remainder;
  const NextStep remainder = setting.after(ten(), reported(3));
  CHECK(remainder.then == Then::split);
  CHECK(remainder.processed_to == 103);
  CHECK(remainder.rest.batch.span == Span{103, 106});
  CHECK(remainder.second.batch.span == Span{106, 110});
  CHECK(setting.after(ten(), reported(9)).then == Then::retry);  // one is left: nothing to halve
  setting.assumptions.bisect_with_report = assume::bisect_with_report::at_identifier;
  CHECK(setting.after(ten(), reported(0)).then == Then::discard);
}

TEST_CASE("a half knows when it was split, and its retries keep that [ESM-BIS-11]") {
  Setting setting;
  setting.mapping.bisect_batch_on_function_error = true;
  const Instant noon{43'200'000'000};
  const auto after = [&](const Range& range) {
    return after_invocation(setting.mapping, setting.assumptions, range,
                            ended(InvocationEnd::error), {Ruling::function_error, 0}, noon);
  };
  const NextStep halves = after(ten());
  CHECK(halves.rest.split_at == noon);
  CHECK(halves.second.split_at == noon);
  Range one{Batch::whole({0}, {7, 8}), 0, 1, DeliveryReason::bisect, {}, noon - seconds(9)};
  CHECK(after(one).rest.split_at == noon - seconds(9));
  CHECK(ten().split_at == never_split);
}

TEST_CASE("an attempt at a record above 6 MB uses a retry, until there is none [ESM-POL-07]") {
  Setting setting;
  setting.mapping.maximum_retry_attempts = 2;
  setting.mapping.bisect_batch_on_function_error = true;
  const auto after = [&](std::uint32_t attempts) {
    const Range one{Batch::whole({0}, {7, 8}), attempts - 1, attempts, DeliveryReason::first, {}};
    return after_oversized(setting.mapping, one);
  };
  CHECK(after(1).then == Then::retry);
  CHECK(after(1).wait);
  CHECK(after(1).rest.retries_used == 1);
  CHECK(after(2).then == Then::retry);
  CHECK(after(3).then == Then::discard);
  CHECK(after(3).rest.attempts == 3);
  setting.mapping.maximum_retry_attempts = -1;
  CHECK(after(1'000).then == Then::retry);
}

TEST_CASE("an answer that is no object is a success, or a malformed report [ESM-PBR-14]") {
  const Outcome text = answered(Answer::Kind::no_object);
  Setting setting = reporting(2);
  const auto judged = [&] { return judge_outcome(setting.mapping, setting.assumptions, text); };
  CHECK(judged().ruling == Ruling::success);
  CHECK(judged().no_object);
  CHECK(setting.after(ten(), text).then == Then::proceed);
  setting.assumptions.other_answers = assume::other_answers::failure;
  CHECK(judged().ruling == Ruling::malformed);
  CHECK(setting.after(ten(), text).then == Then::retry);
  // Without ReportBatchItemFailures nobody asks what it means.
  setting.mapping.report_batch_item_failures = false;
  CHECK(judged().ruling == Ruling::success);
  CHECK_FALSE(judged().no_object);
}

TEST_CASE("what lost a record depends on whether a report was read [ESM-PBR-01, ESM-PBR-13]") {
  const Setting reads = reporting();
  CHECK(why_without_effect(reads.mapping, Ruling::success) == LossCause::swallowed);
  CHECK(why_without_effect(reads.mapping, Ruling::partial) == LossCause::skipped_by_handler);
  CHECK(why_without_effect({}, Ruling::success) == LossCause::swallowed);
}

TEST_CASE("the first half is floor or ceil of n/2 [ESM-BIS-09]") {
  CHECK(first_half(2, assume::odd_split::floor) == 1);
  CHECK(first_half(3, assume::odd_split::floor) == 1);
  CHECK(first_half(3, assume::odd_split::ceil) == 2);
  CHECK(first_half(9, assume::odd_split::floor) == 4);
  CHECK(first_half(9, assume::odd_split::ceil) == 5);
  CHECK(first_half(10, assume::odd_split::ceil) == 5);
}

TEST_CASE("how an outcome is judged [ESM-PBR-01, ESM-PBR-03, ESM-PBR-10]") {
  const Setting deaf;
  const Setting listens = reporting();
  const auto ruling = [](const Setting& s, const Outcome& o) {
    return judge_outcome(s.mapping, s.assumptions, o).ruling;
  };
  Outcome malformed;
  malformed.answer.kind = Answer::Kind::malformed;
  Outcome unknown;
  unknown.answer = {Answer::Kind::report, false, true, 0, {}};
  for (const Outcome& outcome : {reported(3), malformed, unknown, reported(1, true)}) {
    CHECK(ruling(deaf, outcome) == Ruling::success);
  }
  CHECK(ruling(listens, {}) == Ruling::success);
  CHECK(ruling(listens, reported(3)) == Ruling::partial);
  CHECK(ruling(listens, malformed) == Ruling::malformed);
  CHECK(ruling(listens, unknown) == Ruling::malformed);
  CHECK(ruling(listens, reported(1, true)) == Ruling::malformed);
  Setting lenient = listens;
  lenient.assumptions.mixed_identifiers = assume::mixed_identifiers::lowest_valid;
  CHECK(ruling(lenient, reported(1, true)) == Ruling::partial);
  CHECK(ruling(lenient, unknown) == Ruling::malformed);
  for (const Setting& setting : {deaf, listens}) {
    CHECK(ruling(setting, ended(InvocationEnd::error)) == Ruling::function_error);
    CHECK(ruling(setting, ended(InvocationEnd::timeout)) == Ruling::function_error);
  }
}
