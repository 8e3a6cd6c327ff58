#include "sim/experiment/judge.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/given.hpp"

using namespace trimhorizon;

namespace {

Comparison wanted(Comparison::Op op, std::int64_t value, const char* text) {
  return {op, value * 1000, false, text};
}

Comparison equal(std::int64_t value) {
  return {Comparison::Op::equal, value * 1000, false, std::to_string(value)};
}

Expectation expect(ExpectKind kind, std::string scope, std::string subject,
                   std::vector<Comparison> comparisons = {}) {
  Expectation expectation;
  expectation.kind = kind;
  expectation.name = "name";
  expectation.scope = std::move(scope);
  expectation.subject = std::move(subject);
  expectation.wanted = std::move(comparisons);
  return expectation;
}

Histogram samples(std::initializer_list<std::int64_t> values) {
  Histogram histogram;
  for (const std::int64_t value : values) histogram.add(value);
  return histogram;
}

// Two mappings, m1 -> f and m2 -> g, on one shard each.
Result some_result() {
  Result result;
  result.never_accepted = 2;
  ConsumerResult m1;
  m1.name = "m1", m1.function = "f";
  m1.invocations = 4, m1.lost = 1, m1.duplicates = 3;
  m1.fates = testing::given<Fate>({{Fate::processed, 5}, {Fate::discarded, 1}});
  m1.lost_by_cause = testing::given<LossCause>({{LossCause::swallowed, 1}});
  m1.duplicates_by_cause = testing::given<DeliveryReason>(
      {{DeliveryReason::bisect, 2}, {DeliveryReason::retry_after_error, 1}});
  m1.metrics = {{MetricId::Invocations, 4, {}},
                {MetricId::IteratorAge, 0, samples({1'000'000, 2'000'000})},
                {MetricId::Duration, 0, Histogram{}}};
  m1.shards = {{"shardId-000000000000", 6, "r5", 0}, {"shardId-000000000001", 0, {}, 0}};
  ConsumerResult m2 = m1;
  m2.name = "m2", m2.function = "g";
  m2.lost = 0, m2.lost_by_cause = {};
  result.consumers = {m1, m2};
  result.destinations = {{"dlq",
                          {{std::string("{}"),
                            "RetryAttemptsExhausted",
                            4,
                            4,
                            1,
                            "shardId-000000000000",
                            std::nullopt,
                            true,
                            {"r5"}}},
                          0}};
  result.invariants = {{Invariant::conservation, 1, 0, {}, {}, 0},
                       {Invariant::key_order, 1, 0, {}, {}, 0}};
  result.situations = testing::set_of({Situation::retry});
  RecordRow copy;
  copy.id = "r5";
  copy.consumers = {{"m1", Fate::processed, 3, 0}, {"m2", Fate::processed, 1, 0}};
  result.watched = {copy, copy};
  return result;
}

JudgedExpectation judge_one(const Expectation& expectation, const Result& result = some_result()) {
  Scenario scenario;
  scenario.expect = {expectation};
  const Judgement judgement = judge(scenario, result);
  REQUIRE(judgement.expectations.size() == 1);
  CHECK(judgement.verdict == judgement.expectations[0].verdict);
  return judgement.expectations[0];
}

bool holds(const Expectation& expectation) {
  return judge_one(expectation).verdict == Verdict::holds;
}

}  // namespace

TEST_CASE("a number is compared in every way that can be written") {
  using Op = Comparison::Op;
  const auto lost = [](Comparison comparison) {
    return holds(expect(ExpectKind::lost, "", "", {std::move(comparison)}));  // 1 record is lost
  };
  CHECK(lost(wanted(Op::equal, 1, "1")));
  CHECK(!lost(wanted(Op::equal, 0, "0")));
  CHECK(lost(wanted(Op::not_equal, 0, "!= 0")));
  CHECK(lost(wanted(Op::less, 2, "< 2")));
  CHECK(!lost(wanted(Op::less, 1, "< 1")));
  CHECK(lost(wanted(Op::at_most, 1, "<= 1")));
  CHECK(lost(wanted(Op::greater, 0, "> 0")));
  CHECK(!lost(wanted(Op::greater, 1, "> 1")));
  CHECK(lost(wanted(Op::at_least, 1, ">= 1")));
  CHECK(!lost(Comparison{Op::at_least, 1'500, false, ">= 1.5"}));
}

TEST_CASE("a list of comparisons must hold wholly, and reads as one") {
  using Op = Comparison::Op;
  const Expectation both =
      expect(ExpectKind::duplicates, "m1", "",
             {wanted(Op::at_least, 1, ">= 1"), wanted(Op::at_most, 2, "<= 2")});
  const JudgedExpectation judged = judge_one(both);
  CHECK(judged.verdict == Verdict::violated);
  CHECK(judged.wanted == ">= 1 and <= 2");
  CHECK(judged.actual == "3");
  CHECK(judged.actual_number == 3);
  CHECK(judge_one(expect(ExpectKind::duplicates, "m1", "", {equal(3)})).wanted == "== 3");
}

TEST_CASE("without a mapping an expectation is about all of them together") {
  CHECK(holds(expect(ExpectKind::duplicates, "", "", {equal(6)})));
  CHECK(holds(expect(ExpectKind::duplicates, "m2", "", {equal(3)})));
  CHECK(holds(expect(ExpectKind::invocations, "", "", {equal(8)})));
  CHECK(holds(expect(ExpectKind::invocations, "m1", "", {equal(4)})));
  CHECK(holds(expect(ExpectKind::fates, "m1", "processed", {equal(5)})));
  CHECK(holds(expect(ExpectKind::fates, "m1", "expired", {equal(0)})));
  CHECK(holds(expect(ExpectKind::lost_by_cause, "", "swallowed", {equal(1)})));
  CHECK(holds(expect(ExpectKind::duplicates_by_cause, "m1", "bisect", {equal(2)})));
  CHECK(holds(expect(ExpectKind::never_accepted, "", "", {equal(2)})));
}

TEST_CASE("deliveries of a record are those of all its copies") {
  CHECK(holds(expect(ExpectKind::deliveries, "m1", "r5", {equal(6)})));
  CHECK(holds(expect(ExpectKind::deliveries, "", "r5", {equal(8)})));
}

TEST_CASE("a record that was never stored leaves its expectation undecided") {
  const JudgedExpectation judged =
      judge_one(expect(ExpectKind::deliveries, "m1", "r77", {equal(0)}));
  CHECK(judged.verdict == Verdict::undecided);
  CHECK(judged.why == "no record `r77` was ever stored");
}

TEST_CASE("a checkpoint is the id of the last settled record, or none") {
  Expectation checkpoint = expect(ExpectKind::checkpoint, "m1", "shardId-000000000000");
  checkpoint.wanted_text = "r5";
  CHECK(holds(checkpoint));
  checkpoint.wanted_text = "r4";
  CHECK(judge_one(checkpoint).actual == "r5");
  checkpoint.subject = "shardId-000000000001";
  checkpoint.wanted_text = "";
  CHECK(holds(checkpoint));
  checkpoint.subject = "shardId-000000000009";
  CHECK(judge_one(checkpoint).verdict == Verdict::undecided);
}

TEST_CASE("of a message to a destination only the named fields are compared") {
  Expectation expected = expect(ExpectKind::destinations, "dlq", "");
  WantedMessage message;
  message.text = "{}";
  expected.messages = {message};
  CHECK(holds(expected));
  WantedMessage& named = expected.messages[0];
  named.condition = "RetryAttemptsExhausted";
  named.approximate_invoke_count = 4;
  named.batch_size = 1;
  named.shard_id = "shardId-000000000000";
  named.function_error = std::optional<std::string>();  // functionError: null
  named.records = {{"r5"}};
  CHECK(holds(expected));
}

TEST_CASE("the first field that differs is named") {
  const auto why = [](auto change) {
    Expectation expected = expect(ExpectKind::destinations, "dlq", "");
    expected.messages.emplace_back();
    change(expected.messages[0]);
    return judge_one(expected).why;
  };
  CHECK(why([](WantedMessage& m) { m.condition = "RecordAgeExceeded"; }) ==
        "message 1: condition is RetryAttemptsExhausted, wanted RecordAgeExceeded");
  CHECK(why([](WantedMessage& m) { m.approximate_invoke_count = 3; }) ==
        "message 1: approximateInvokeCount is 4, wanted 3");
  CHECK(why([](WantedMessage& m) { m.batch_size = 3; }) == "message 1: batchSize is 1, wanted 3");
  CHECK(why([](WantedMessage& m) { m.shard_id = "x"; }) ==
        "message 1: shardId is shardId-000000000000, wanted x");
  CHECK(why([](WantedMessage& m) { m.function_error = {"Unhandled"}; }) ==
        "message 1: functionError is null, wanted Unhandled");
  CHECK(why([](WantedMessage& m) {
          m.records = {{"r4", "r5"}};
        }) == "message 1: records is [r5], wanted [r4, r5]");
}

TEST_CASE("the number of messages is compared too") {
  const Expectation none = expect(ExpectKind::destinations, "dlq", "");
  const JudgedExpectation judged = judge_one(none);
  CHECK(judged.verdict == Verdict::violated);
  CHECK(judged.why == "1 message instead of 0");
  CHECK(judged.wanted == "0 messages");
  CHECK(judged.actual ==
        "1 message {condition: RetryAttemptsExhausted, approximateInvokeCount: 4, batchSize: 1, "
        "records: [r5]}");
  Expectation two = expect(ExpectKind::destinations, "dlq", "");
  two.messages.resize(2);
  CHECK(judge_one(two).why == "1 message instead of 2");
}

TEST_CASE("a metric is a counter or a statistic of its samples, of a mapping or a function") {
  using Op = Comparison::Op;
  const auto age = [](const char* scope, const char* subject, std::int64_t us) {
    return holds(expect(ExpectKind::metrics, scope, subject, {{Op::equal, us * 1000, true, "x"}}));
  };
  CHECK(holds(expect(ExpectKind::metrics, "m1", "Invocations", {equal(4)})));
  CHECK(holds(expect(ExpectKind::metrics, "f", "Invocations", {equal(4)})));
  CHECK(age("m1", "IteratorAge.max", 2'000'000));
  CHECK(age("g", "IteratorAge.min", 1'000'000));
  CHECK(age("m1", "IteratorAge.avg", 1'500'000));
  CHECK(age("m1", "IteratorAge.p99", 2'000'000));
  const JudgedExpectation judged =
      judge_one(expect(ExpectKind::metrics, "m1", "IteratorAge.avg",
                       {{Op::less, 1'499'999'000, true, "< 1.499999s"}}));
  CHECK(judged.verdict == Verdict::violated);
  CHECK(judged.actual == "1.5s");
}

TEST_CASE("a metric without samples is undecided") {
  const JudgedExpectation judged =
      judge_one(expect(ExpectKind::metrics, "m1", "Duration.p99", {equal(0)}));
  CHECK(judged.verdict == Verdict::undecided);
  CHECK(judged.why == "the metric `Duration` has no samples");
}

TEST_CASE("a metric that nobody counts is undecided, not 0") {
  for (const char* scope : {"m1", "no_mapping_of_this_function"}) {
    const JudgedExpectation judged =
        judge_one(expect(ExpectKind::metrics, scope, "Throttles", {equal(0)}));
    CHECK(judged.verdict == Verdict::undecided);
    CHECK(judged.why == "the metric `Throttles` is not counted");
  }
}

TEST_CASE("a situation that did not come about is undecided, not held") {
  CHECK(holds(expect(ExpectKind::sometimes, "", "retry")));
  const JudgedExpectation judged = judge_one(expect(ExpectKind::sometimes, "", "bisect"));
  CHECK(judged.verdict == Verdict::undecided);
  CHECK(judged.why == "`bisect` did not occur in this run");
}

TEST_CASE("a broken invariant is a violation, named in `always` or not") {
  Result result = some_result();
  CHECK(judge({}, result).verdict == Verdict::holds);
  result.invariants[1] = {Invariant::key_order, 9, 2, Instant{4'000'000}, "m1 on shard 0", 5};
  CHECK(judge({}, result).verdict == Verdict::violated);
  CHECK(judge_invariants(result).verdict == Verdict::violated);
  const JudgedExpectation judged = judge_one(expect(ExpectKind::always, "", "key_order"), result);
  CHECK(judged.verdict == Verdict::violated);
  CHECK(judged.why == "2 times, first at 4s in m1 on shard 0, position 5");
}

TEST_CASE("the verdict is the worst: violated before undecided before held") {
  const Expectation good = expect(ExpectKind::lost, "", "", {equal(1)});
  const Expectation bad = expect(ExpectKind::lost, "", "", {equal(0)});
  const Expectation open = expect(ExpectKind::sometimes, "", "bisect");
  const auto verdict = [](std::vector<Expectation> expectations) {
    Scenario scenario;
    scenario.expect = std::move(expectations);
    return judge(scenario, some_result()).verdict;
  };
  CHECK(verdict({}) == Verdict::holds);
  CHECK(verdict({good}) == Verdict::holds);
  CHECK(verdict({good, open}) == Verdict::undecided);
  CHECK(verdict({open, bad, good}) == Verdict::violated);
  CHECK(exit_code(Verdict::holds) == 0);
  CHECK(exit_code(Verdict::violated) == 1);
  CHECK(exit_code(Verdict::undecided) == 3);
}

TEST_CASE("what nobody reads can be lost too, and counts for the whole run only [KDS-PRD-04]") {
  Result result;
  result.lost_without_consumer = 3;
  const auto judged = [&](ExpectKind kind, std::string scope, std::string subject) {
    Scenario scenario;
    Expectation lost;
    lost.kind = kind;
    lost.scope = std::move(scope);
    lost.subject = std::move(subject);
    lost.wanted = {Comparison{Comparison::Op::equal, 0, false, "0"}};
    scenario.expect = {lost};
    return judge(scenario, result).expectations.at(0).actual;
  };
  CHECK(judged(ExpectKind::lost, "", "") == "3");
  CHECK(judged(ExpectKind::lost_by_cause, "", "producer_ignored_failure") == "3");
  CHECK(judged(ExpectKind::lost_by_cause, "", "retention") == "0");
  CHECK(judged(ExpectKind::lost, "billing-orders", "") == "0");
}
