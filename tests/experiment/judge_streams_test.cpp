#include "sim/experiment/judge_streams.hpp"

#include "sim/experiment/judge.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

Comparison equals(std::int64_t value) {
  return {Comparison::Op::equal, value * 1'000, false, std::to_string(value)};
}
Comparison at_most(Duration value) {
  return {Comparison::Op::at_most, value.us * 1'000, true, "<= it"};
}

Expectation about(ExpectKind kind, std::string scope, std::string subject,
                  std::vector<Comparison> wanted = {}) {
  Expectation out;
  out.kind = kind;
  out.scope = std::move(scope);
  out.subject = std::move(subject);
  out.wanted = std::move(wanted);
  return out;
}

ListedShard shard(std::string id, bool open) {
  ListedShard out;
  out.id = std::move(id);
  out.open = open;
  out.first_hash_key = "0";
  out.last_hash_key = "99";
  out.starting_sequence_number = "495";
  if (!open) out.ending_sequence_number = "496";
  return out;
}

Result streams_result() {
  Result result;
  StreamResult orders;
  orders.name = "orders";
  orders.listed = {shard("shardId-000000000000", false), shard("shardId-000000000001", true)};
  orders.listed[1].parent = "shardId-000000000000";
  orders.listed[1].user_records = {"u0", "u1"};
  orders.across = {6, 2};
  orders.metrics = {{StreamMetricId::WriteThrottled, 4, {}}};
  result.streams = {orders};
  result.api_calls = {{Instant{} + minutes(5), "SplitShard", "orders", std::nullopt},
                      {Instant{} + minutes(6), "SplitShard", "orders",
                       ApiError::InvalidArgumentException, ApiReason::shard_is_closed}};
  ConsumerResult m;
  m.name = "m";
  m.caught_up = Instant{} + minutes(3);
  result.consumers = {m};
  result.consumers.push_back(m);
  result.consumers[1].name = "behind";
  result.consumers[1].caught_up.reset();
  result.simulated = minutes(20);
  result.ended = RunEnd::duration;
  result.first_deliveries = {{"r5", "m", Instant{} + seconds(7)}};
  Snapshot then;
  then.at = Instant{} + minutes(9);
  then.streams = {orders};
  then.streams[0].listed.pop_back();
  then.consumers = {{"m", 12, seconds(4), {}}};
  Snapshot from = then;
  from.before = true;
  from.at = Instant{} + minutes(1);
  from.streams[0].metrics[0].counter = 1;
  from.consumers[0].metrics = {{MetricId::Errors, 2, {}}};
  Snapshot until = from;
  until.at = Instant{} + minutes(2);
  until.streams[0].metrics[0].counter = 4;
  until.consumers[0].metrics[0].counter = 7;
  result.snapshots = {from, until, then};
  return result;
}

JudgedExpectation judged(const Expectation& expectation) {
  Scenario scenario;
  scenario.expect = {expectation};
  return judge(scenario, streams_result()).expectations.at(0);
}
Verdict verdict(const Expectation& expectation) { return judged(expectation).verdict; }

Expectation at_9m(Expectation expectation) {
  expectation.check = CheckTime{Instant{} + minutes(9), std::nullopt};
  return expectation;
}

}  // namespace

TEST_CASE("shards are counted and listed at the end, or at the instant of a check [KDS-SHD-10]") {
  CHECK(verdict(about(ExpectKind::shards, "orders", "open", {equals(1)})) == Verdict::holds);
  CHECK(verdict(about(ExpectKind::shards, "orders", "closed", {equals(1)})) == Verdict::holds);
  CHECK(verdict(at_9m(about(ExpectKind::shards, "orders", "open", {equals(0)}))) == Verdict::holds);
  Expectation ids = about(ExpectKind::shards, "orders", "ids");
  ids.ids = {"shardId-000000000001"};
  CHECK(verdict(ids) == Verdict::holds);
  ids.ids.clear();
  CHECK(judged(ids).actual == "[shardId-000000000001]");
  CHECK(verdict(ids) == Verdict::violated);
  CHECK(judged(about(ExpectKind::shards, "clicks", "open", {equals(0)})).why ==
        "no stream `clicks` exists");
}

TEST_CASE("of a listed shard the named fields are compared, and the first difference is told") {
  Expectation list = about(ExpectKind::shards, "orders", "list");
  list.shards.resize(2);
  CHECK(verdict(list) == Verdict::holds);
  list.shards[1].parent.emplace("shardId-000000000000");
  list.shards[1].sequence_numbers = {{"495", std::nullopt}};
  list.shards[1].hash_keys = {{"0", "99"}};
  CHECK(verdict(list) == Verdict::holds);
  list.shards[1].parent.emplace(std::nullopt);
  CHECK(judged(list).why == "shard 2: ParentShardId is shardId-000000000000, wanted null");
  list.shards.pop_back();
  CHECK(judged(list).why == "2 shards instead of 1");
  CHECK(verdict(list) == Verdict::violated);
}

TEST_CASE("records across consumers, user records and metrics of a stream are judged [MET-03]") {
  CHECK(verdict(about(ExpectKind::across, "orders", "nobody", {equals(6)})) == Verdict::holds);
  CHECK(verdict(about(ExpectKind::across, "orders", "several", {equals(6)})) == Verdict::violated);
  Expectation records = about(ExpectKind::user_records, "orders", "shardId-000000000001");
  records.ids = {"u0", "u1"};
  CHECK(verdict(records) == Verdict::holds);
  records.ids = {"u1", "u0"};
  CHECK(verdict(records) == Verdict::violated);
  records.subject = "shardId-000000000009";
  CHECK(verdict(records) == Verdict::undecided);
  const auto throttled = [](std::int64_t n) {
    return about(ExpectKind::metrics, "orders", "WriteProvisionedThroughputExceeded", {equals(n)});
  };
  CHECK(verdict(throttled(4)) == Verdict::holds);
  CHECK(verdict(throttled(5)) == Verdict::violated);
  CHECK(judged(about(ExpectKind::metrics, "orders", "IncomingBytes", {equals(0)})).why ==
        "the metric `IncomingBytes` is not counted");
}

TEST_CASE("errors of the API are compared in their order, accepted calls are left out") {
  Expectation errors = about(ExpectKind::api_errors, "", "");
  CHECK(judged(errors).why == "1 error instead of 0");
  WantedError wanted;
  wanted.at = {{Comparison::Op::equal, minutes(6).us * 1'000, true, "== 6m"}};
  wanted.action = "SplitShard";
  wanted.error = "InvalidArgumentException";
  errors.errors = {wanted};
  CHECK(verdict(errors) == Verdict::holds);
  CHECK(judged(errors).actual ==
        "1 error {at: 360s, action: SplitShard, stream: orders, error: InvalidArgumentException}");
  errors.errors[0].error = "LimitExceededException";
  CHECK(judged(errors).why ==
        "error 1: error is InvalidArgumentException, wanted LimitExceededException");
  errors.errors[0].error.reset();
  errors.errors[0].at[0].value_thousandths += 1'000;
  CHECK(judged(errors).why == "error 1: at is 360s, wanted == 6m");
}

TEST_CASE("instants of the run: first deliveries and catching up") {
  CHECK(verdict(about(ExpectKind::first_delivery, "m", "r5", {at_most(seconds(7))})) ==
        Verdict::holds);
  CHECK(verdict(about(ExpectKind::first_delivery, "m", "r5", {at_most(seconds(6))})) ==
        Verdict::violated);
  CHECK(judged(about(ExpectKind::first_delivery, "m", "r6", {at_most(seconds(6))})).why ==
        "no record `r6` was ever handed to `m`");
  CHECK(verdict(about(ExpectKind::caught_up, "m", "", {at_most(minutes(3))})) == Verdict::holds);
  CHECK(verdict(about(ExpectKind::caught_up, "m", "", {at_most(minutes(2))})) == Verdict::violated);
  CHECK(verdict(about(ExpectKind::caught_up, "behind", "", {at_most(minutes(2))})) ==
        Verdict::violated);
  CHECK(verdict(about(ExpectKind::caught_up, "behind", "", {at_most(minutes(30))})) ==
        Verdict::undecided);
}

TEST_CASE("a check looks at its instant, or counts over its part of the run") {
  CHECK(verdict(at_9m(about(ExpectKind::backlog, "m", "", {equals(12)}))) == Verdict::holds);
  CHECK(verdict(at_9m(about(ExpectKind::iterator_age, "m", "", {at_most(seconds(3))}))) ==
        Verdict::violated);
  Expectation later = at_9m(about(ExpectKind::backlog, "m", "", {equals(12)}));
  later.check->from = Instant{} + minutes(30);
  CHECK(judged(later).why == "the run ended before 1800s");
  const auto in_the_second_minute = [](std::string scope, std::string metric, std::int64_t n) {
    Expectation out = about(ExpectKind::metrics, std::move(scope), std::move(metric), {equals(n)});
    out.check = CheckTime{Instant{} + minutes(1), Instant{} + minutes(2)};
    return out;
  };
  CHECK(verdict(in_the_second_minute("orders", "WriteProvisionedThroughputExceeded", 3)) ==
        Verdict::holds);
  CHECK(verdict(in_the_second_minute("m", "Errors", 5)) == Verdict::holds);
  CHECK(judged(in_the_second_minute("m", "Throttles", 0)).why ==
        "the metric `Throttles` is not counted");
}
