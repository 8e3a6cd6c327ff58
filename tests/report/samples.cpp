#include "tests/report/samples.hpp"
#include "tests/support/given.hpp"

namespace trimhorizon::samples {
namespace {

std::vector<InvariantResult> all_held() {
  constexpr std::uint64_t checks[] = {1, 4, 3, 3, 6, 0};
  std::vector<InvariantResult> all;
  for (const Invariant each : all_of<Invariant>) {
    all.push_back({each, checks[index_of(each)], 0, {}, {}, 0});
  }
  return all;
}

Histogram samples_of(std::initializer_list<std::int64_t> values) {
  Histogram histogram;
  for (const std::int64_t value : values) histogram.add(value);
  return histogram;
}

JudgedExpectation judged(const char* name, const char* wanted, const char* actual) {
  JudgedExpectation each{name, wanted, actual, {}, Verdict::holds, ""};
  if (std::string_view(actual).find_first_not_of("0123456789") == std::string_view::npos) {
    each.actual_number = std::stoll(actual);
  }
  return each;
}

Scenario shop_scenario(const char* file) {
  Scenario scenario;
  scenario.file = file;
  scenario.streams.push_back({"orders", {}});
  scenario.producers.push_back({"shop", StreamId{0}, {}});
  scenario.functions.push_back({"billing", {}});
  scenario.mappings.push_back({"billing-orders", StreamId{0}, FunctionId{0}, {}, {}});
  return scenario;
}

ShardPicture six_records() {
  ShardPicture picture;
  picture.shard = "shardId-000000000000";
  picture.points = {
      {at_ms(0), 6, 0, 0}, {at_ms(100), 6, 0, 3}, {at_ms(200), 6, 0, 5}, {at_ms(4100), 6, 0, 6}};
  const auto bar = [&](std::int64_t from, std::int64_t to, std::uint64_t first, std::uint64_t end,
                       bool ok, bool partial) {
    PictureBar each;
    each.started = at_ms(from), each.ended = at_ms(to);
    each.first = first, each.end = end;
    each.succeeded = ok, each.partial = partial;
    picture.bars.push_back(each);
  };
  bar(0, 100, 0, 3, true, false);
  bar(100, 200, 3, 6, false, true);
  bar(200, 300, 5, 6, false, false);
  bar(800, 900, 5, 6, false, false);
  bar(1900, 2000, 5, 6, false, false);
  bar(4000, 4100, 5, 6, false, false);
  picture.labels = {"r0", "r1", "r2", "r3", "r4", "r5"};
  return picture;
}

}  // namespace

Sample partial_response() {
  Sample sample;
  sample.scenario = shop_scenario("scenarios/050-partial-response-budget.yaml");
  sample.scenario.title = "Progress resets the retry budget";
  sample.scenario.lesson =
      "A partial response that makes progress starts a new batch with a fresh retry budget.";
  sample.scenario.destinations.push_back({"dlq", DestinationType::sqs});
  Result& result = sample.result;
  result.ended = RunEnd::drained;
  result.simulated = milliseconds(4100);
  result.trace_digest = "0123456789abcdef0123456789abcdef";
  result.produced = result.stored = 6;
  result.producers = {{"shop", "orders", 6}};
  ConsumerResult mapping;
  mapping.name = "billing-orders", mapping.stream = "orders", mapping.function = "billing";
  mapping.invocations = 6, mapping.deliveries = 10, mapping.effects = 5;
  mapping.fates = testing::given<Fate>({{Fate::processed, 5}, {Fate::discarded, 1}});
  mapping.max_iterator_age = milliseconds(4000);
  mapping.metrics = {{MetricId::Invocations, 6, {}},
                     {MetricId::Errors, 0, {}},
                     {MetricId::IteratorAge, 0, samples_of({0, 100'000, 200'000, 4'000'000})}};
  // r0 to r2 are settled at 0.1s, r3 and r4 at 0.2s, r5 at 4.1s.
  mapping.waits = samples_of({100'000, 100'000, 100'000, 200'000, 200'000, 4'100'000});
  mapping.caught_up = at_ms(4'100);
  mapping.shards = {{"shardId-000000000000", 6, "r5", 0, mapping.fates, milliseconds(4'100)}};
  mapping.pictures = {six_records()};
  result.consumers = {mapping};
  result.destinations = {
      {"dlq",
       {{std::string(R"({"requestContext": {"condition": "RetryAttemptsExhausted"}})"),
         "RetryAttemptsExhausted",
         4,
         4,
         1,
         "shardId-000000000000",
         {},
         true,
         {"r5"}}},
       0}};
  result.invariants = all_held();
  result.situations =
      testing::set_of({Situation::retry, Situation::partial_response, Situation::discard});
  for (int i = 0; i < 6; ++i) {
    const bool poison = i == 5;
    RecordRow row{"r" + std::to_string(i),
                  "shop",
                  "k" + std::to_string(i),
                  "shardId-000000000000",
                  "4957000000" + std::to_string(i),
                  0,
                  {}};
    const std::int64_t settled_us = poison ? 4'100'000 : i < 3 ? 100'000 : 200'000;
    row.consumers = {{"billing-orders", poison ? Fate::discarded : Fate::processed,
                      poison ? 5u : 1u, poison ? 0u : 1u, settled_us}};
    result.rows.push_back(row);
  }
  result.assumptions_met.add(Assumption::partial_progress);
  result.assumptions_met.add(Assumption::retry_backoff);
  sample.judgement.expectations = {judged("lost", "== 0", "0"),
                                   judged("duplicates", "== 0", "0"),
                                   judged("fates.billing-orders.processed", "== 5", "5"),
                                   judged("always.conservation", "holds", "holds"),
                                   judged("always.key_order", "holds", "holds"),
                                   judged("sometimes.retry", "occurs", "occurred")};
  return sample;
}

Sample poison_pill() {
  Sample sample;
  sample.scenario = shop_scenario("scenarios/020-poison-pill-default.yaml");
  sample.scenario.title = "With defaults one bad record stops its shard";
  sample.scenario.lesson =
      "With defaults (-1/-1) one bad record stops its shard until retention, and takes its batch "
      "neighbours along.";
  Result& result = sample.result;
  result.ended = RunEnd::duration;
  result.simulated = hours(30);
  result.produced = result.stored = 108'000;
  result.producers = {{"shop", "orders", 108'000}};
  result.lost = 12, result.duplicates = 28'715;
  ConsumerResult mapping;
  mapping.name = "billing-orders", mapping.stream = "orders", mapping.function = "billing";
  mapping.invocations = 11'518, mapping.deliveries = 165'400, mapping.effects = 136'703;
  mapping.fates =
      testing::given<Fate>({{Fate::processed, 107'980}, {Fate::expired, 16}, {Fate::pending, 4}});
  mapping.lost = 12, mapping.duplicates = 28'715;
  mapping.duplicates_by_cause =
      testing::given<DeliveryReason>({{DeliveryReason::retry_after_error, 28'715}});
  mapping.lost_by_cause = testing::given<LossCause>({{LossCause::retention, 12}});
  mapping.duplicate_examples = testing::given<DeliveryReason, std::vector<std::string>>(
      {{DeliveryReason::retry_after_error, {"shop-7200", "shop-7202", "shop-7204"}}});
  mapping.lost_examples = testing::given<LossCause, std::vector<std::string>>(
      {{LossCause::retention, {"shop-7206", "shop-7208"}}});
  mapping.max_iterator_age = seconds(86'400);
  ShardPicture picture;
  picture.shard = "shardId-000000000001";
  for (std::int64_t m = 0; m <= 30 * 60; m += 10) {
    const auto written = static_cast<std::uint64_t>(m * 30);
    const std::uint64_t gone = m > 1440 ? static_cast<std::uint64_t>((m - 1440) * 30) : 0;
    const bool blocked = m > 60 && m < 1500;
    picture.points.push_back({Instant{minutes(m).us}, written, gone, blocked ? 1800 : written});
    PictureBar each;
    each.started = Instant{minutes(m).us}, each.ended = Instant{minutes(m + 10).us};
    each.first = blocked ? 1800 : written, each.end = each.first + (blocked ? 10 : 300);
    each.succeeded = !blocked, each.count = 40;
    if (m < 1800) picture.bars.push_back(each);
  }
  ShardPicture other = picture;
  other.shard = "shardId-000000000000";
  other.bars.clear();
  mapping.pictures = {other, picture};
  result.consumers = {mapping};
  result.invariants = all_held();
  result.assumptions_met.add(Assumption::retry_backoff);
  sample.judgement.expectations = {
      judged("lost", ">= 1 and <= 16", "12"),
      judged("fates.billing-orders.expired", ">= 1 and <= 26", "16"),
      judged("metrics.billing-orders.IteratorAge.max", ">= 86380s and <= 86420s", "86400s")};
  return sample;
}

}  // namespace trimhorizon::samples
