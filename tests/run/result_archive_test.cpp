#include "sim/run/result_archive.hpp"

#include "sim/base/hash.hpp"
#include "sim/history/picture_collector.hpp"
#include "sim/history/result_builder.hpp"
#include "sim/history/row_collector.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_world.hpp"

namespace trimhorizon::testing {
namespace {

ArchivedRun some_run() {
  SmallWorld world;
  world.producer = "put: [{at: 0s, records: [{}, {}, {}, {}, {}, {}]}]\n";
  world.function = "fail: [{records: [r5]}]\n";
  world.mapping = "BatchSize: 3\nMaximumRetryAttempts: 2\n";
  Simulation simulation(world.plan());
  RowCollector rows;
  PictureCollector pictures;
  simulation.watch(rows);
  simulation.watch(pictures);
  simulation.run();
  ArchivedRun run;
  run.result = build_result(simulation, {.rows = true, .watched = {"r1"}});
  rows.fill(run.result, simulation.world());
  pictures.fill(run.result, simulation.world());
  run.judgement.expectations.push_back({"lost", "== 0", "-1", -1, Verdict::violated, "why"});
  run.handlers.own = {true, false};
  run.handlers.modelled_until = {4};
  run.handlers.outcomes.push_back(
      {7, {InvocationEnd::crash, seconds(2), 3, {1}, {Answer::Kind::report, true, true, 2}, true}});
  TimelineAction action;
  action.at = Instant{-5};
  action.lasts = seconds(30);
  run.recipe.injections.push_back({12, action});
  action.kind = ActionKind::api_call;
  action.call = ApiCall{{1}, SplitShardCall{3, HashKey{1} << 100}};
  run.recipe.injections.push_back({13, action});
  action.call->action = RegisterConsumerCall{"late"};
  run.recipe.injections.push_back({14, action});
  action.failures = StreamFailures{{0}, {.throttling = {7}}, {.expired_iterator = {9}}};
  run.recipe.injections.push_back({15, action});
  run.result.streams[0].listed.push_back({"shardId-000000000000", "p", "a", "0", "9", "49", "50"});
  run.result.streams[0].metrics.push_back({StreamMetricId::WriteThrottled, 4, std::nullopt});
  run.result.streams[0].lives = {{1, Instant{9}, Instant{10}, {0}, 7}};
  run.result.streams[0].stored_again = 5;
  run.result.streams[0].order_lost[OrderLoss::late_retry] = 2;
  run.result.streams[0].order_examples = {{OrderLoss::late_retry, "k", "r1", "r2", "s", "s"}};
  run.result.api_calls.push_back({Instant{9}, "SplitShard", "orders"});
  run.result.api_calls[0].in_force = Instant{12};
  run.result.api_calls[0].timeline = 3;
  run.result.api_calls.push_back({Instant{10}, "SplitShard", "orders",
                                  ApiError::LimitExceededException, ApiReason::too_many_shards});
  run.result.first_deliveries.push_back({"r1", "m", Instant{5}});
  run.result.snapshots.push_back(
      {Instant{7}, true, run.result.streams, {{"m", 3, seconds(1), {}}}});
  run.recipe.stop = Stop{99, Instant{1'000'000}};
  return run;
}

// Bytes as an archive writes them: numbers with 7 bits a byte, signed ones with the sign as the
// lowest bit, texts and lists after their length.
struct OldBytes {
  std::string bytes;

  OldBytes& number(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) bytes.push_back(static_cast<char>(n | 0x80));
    bytes.push_back(static_cast<char>(n));
    return *this;
  }
  OldBytes& numbers(std::initializer_list<std::uint64_t> all) {
    for (const std::uint64_t each : all) number(each);
    return *this;
  }
  OldBytes& signed_number(std::int64_t n) {
    return number(n < 0 ? static_cast<std::uint64_t>(-n) * 2 - 1
                        : static_cast<std::uint64_t>(n) * 2);
  }
  OldBytes& text(const std::string& what) {
    number(what.size());
    bytes += what;
    return *this;
  }
  std::string with_digest() const {
    const std::string all = "trimhorizon-run\n" + bytes;
    Digest digest;
    digest.add_text(all);
    return all + digest.hex();
  }
};

// The members of a consumer and of its shard in version 3.
void add_old_consumer(OldBytes& old) {
  old.text("m").text("orders").text("billing").numbers(
      {4, 9, 7});  // invocations, deliveries, effects
  old.number(2).text("processed").number(5).text("dropped").number(1);
  old.numbers({1, 2});  // lost, duplicates
  old.number(1).text("bisect").number(2);
  old.number(1).text("retries").number(1);
  old.number(1).signed_number(4'000'000);        // the largest iterator age
  old.number(1).text("Errors").numbers({3, 0});  // one metric, without samples
  old.number(1).text("shardId-000000000000").number(6).number(1).text("r5").number(0);
  old.number(0);                                       // pictures
  old.number(1).text("retries").number(1).text("r3");  // examples of lost records
  old.number(0);                                       // examples of duplicates
  old.number(1).text("r3").number(3).text("shardId-000000000000").signed_number(900'000);
  old.numbers({3, 1, 2});  // attempts, throttles, given up
}

// A whole run in the order of version 3.
std::string bytes_of_version_3() {
  OldBytes old;
  old.number(3).number(77).text("drained").signed_number(12'400'000).text("d1ge57");
  old.numbers({6, 0, 6, 1, 2});  // produced, never accepted, stored, lost, duplicates
  old.number(1);
  add_old_consumer(old);
  old.number(0);  // destinations
  old.number(1).text("key_order").numbers({8, 1}).signed_number(5).text("m on s").number(2);
  old.number(1).text("retry");
  // The switches met were bits in the order of the time: 0 split, 4 partial_progress,
  // 23 trimmed_position, 24 retry_backoff, 26 poller_failover.
  old.number(1u << 0 | 1u << 4 | 1u << 23 | 1u << 24 | 1u << 26);
  old.number(123);  // events
  old.number(0);    // watched
  old.number(1).text("r3").text("shop").text("k3").text("shardId-000000000000").text("4957");
  old.signed_number(-1);
  old.number(1).text("m").text("dropped").number(1).text("m").number(3).number(1).text("m").number(
      0);
  old.numbers({0, 0});  // invocations, deliveries
  old.numbers({0, 0});  // the judgement: holds, without expectations
  old.numbers({1, 1});  // own functions
  // One outcome: of call 7, a report that names offset 2 of four.
  old.numbers({1, 7, 0}).signed_number(2'000'000).numbers({4, 1, 2, 1, 1, 0, 2, 0});
  old.numbers({0, 0});  // no injections, no stop
  old.numbers({1, 4});  // modelled until, of the first function
  return old.with_digest();
}

}  // namespace

TEST_CASE("a result that version 3 wrote can still be read") {
  CHECK(archive_version == 8);
  const ArchivedRun run = from_bytes(bytes_of_version_3());
  const Result& result = run.result;
  CHECK(result.seed == 77);
  CHECK(result.edition == "before 2026-11");  // its rules are not those of today
  CHECK(result.simulated == milliseconds(12'400));
  REQUIRE(result.consumers.size() == 1);
  const ConsumerResult& consumer = result.consumers[0];
  CHECK(consumer.fates[Fate::processed] == 5);
  CHECK(consumer.fates[Fate::dropped] == 1);
  CHECK(consumer.duplicates_by_cause[DeliveryReason::bisect] == 2);
  CHECK(consumer.max_iterator_age == seconds(4));
  REQUIRE(consumer.longest_block.has_value());
  CHECK(consumer.longest_block->lasted == milliseconds(900));
  CHECK(consumer.longest_block->release == LongestBlock::Release::given_up);
  CHECK(consumer.shards.at(0).checkpoint == "r5");
  // What it did not have is empty, not wrong.
  CHECK(consumer.shards[0].fates == Counts<Fate>{});
  CHECK(consumer.waits.count() == 0);
  CHECK_FALSE(consumer.caught_up.has_value());
  CHECK(result.limits_exceeded.empty());
  CHECK(names_in(result.assumptions_met) ==
        std::vector<std::string>{"split", "partial_progress", "trimmed_position", "retry_backoff",
                                 "poller_failover"});
  CHECK(result.invariants.at(0).violations == 1);
  CHECK(result.rows.at(0).arrival_us == -1);
  CHECK(result.rows[0].consumers.at(0).fate == Fate::dropped);
  CHECK_FALSE(result.rows[0].consumers[0].settled_us.has_value());
  const Answer& answer = run.handlers.outcomes.at(0).outcome.answer;
  CHECK(answer.kind == Answer::Kind::report);
  CHECK(answer.lowest == 2);
  CHECK(answer.named.empty());
  CHECK(run.handlers.modelled_until == std::vector<std::uint64_t>{4});
  // Written again it is of this version, and says the same.
  CHECK(to_bytes(from_bytes(to_bytes(run))) == to_bytes(run));
}

TEST_CASE("every switch that a run met keeps its name in an archive") {
  ArchivedRun run = some_run();
  for (const Assumption each : all_of<Assumption>) run.result.assumptions_met.add(each);
  CHECK(from_bytes(to_bytes(run)).result.assumptions_met == run.result.assumptions_met);
}

TEST_CASE("what version 4 added is read back as it was") {
  ArchivedRun run = some_run();
  Result& result = run.result;
  REQUIRE(result.consumers[0].waits.count() == 6);  // the run has waits of its own
  REQUIRE(result.rows[0].consumers[0].settled_us.has_value());
  result.limits_exceeded = {{"orders", "shardId-000000000003", ShardLimit::bytes_read, 9, 2}};
  result.consumers[0].dropped_with_effect = 5;
  result.consumers[0].caught_up = Instant{17};
  result.consumers[0].shards[0].longest_wait = seconds(3);
  result.rows[1].consumers[0].settled_us.reset();
  run.handlers.outcomes[0].outcome.answer = Answer::report_of({2, 3});

  const ArchivedRun read = from_bytes(to_bytes(run));
  const ConsumerResult& consumer = read.result.consumers[0];
  CHECK(consumer.waits == result.consumers[0].waits);
  CHECK(consumer.dropped_with_effect == 5);
  CHECK(consumer.caught_up == Instant{17});
  CHECK(consumer.shards[0].longest_wait == seconds(3));
  CHECK(consumer.shards[0].fates == result.consumers[0].shards[0].fates);
  REQUIRE(read.result.limits_exceeded.size() == 1);
  const LimitExceeded& over = read.result.limits_exceeded[0];
  CHECK(over.stream == "orders");
  CHECK(over.shard == "shardId-000000000003");
  CHECK(over.limit == ShardLimit::bytes_read);
  CHECK(over.rate == 9);
  CHECK(over.allowed == 2);
  CHECK(read.result.rows[0].consumers[0].settled_us == result.rows[0].consumers[0].settled_us);
  CHECK_FALSE(read.result.rows[1].consumers[0].settled_us.has_value());
  CHECK(read.handlers.outcomes[0].outcome.answer.named == std::vector<std::uint32_t>{2, 3});
}

TEST_CASE("what version 7 added is read back as it was") {
  const ArchivedRun run = some_run();
  const ArchivedRun read = from_bytes(to_bytes(run));
  REQUIRE(read.result.streams.size() == run.result.streams.size());
  CHECK(read.result.streams[0].listed == run.result.streams[0].listed);
  CHECK(read.result.streams[0].across == run.result.streams[0].across);
  CHECK(read.result.streams[0].metrics.back().id == StreamMetricId::WriteThrottled);
  CHECK(read.result.streams[0].lives == run.result.streams[0].lives);
  CHECK(read.result.streams[0].stored_again == 5);
  CHECK(read.result.streams[0].order_lost[OrderLoss::late_retry] == 2);
  CHECK(read.result.streams[0].order_examples == run.result.streams[0].order_examples);
  CHECK(read.result.streams[0].metrics.back().counter == 4);
  CHECK(read.result.api_calls == run.result.api_calls);
  CHECK(read.result.first_deliveries == run.result.first_deliveries);
  REQUIRE(read.result.snapshots.size() == 1);
  CHECK(read.result.snapshots[0].before);
  CHECK(read.result.snapshots[0].consumers[0].backlog == 3);
  CHECK(read.recipe == run.recipe);
}

TEST_CASE("what version 5 added is read back as it was") {
  ArchivedRun run = some_run();
  run.result.consumers[0].pictures[0].fates = {{Instant{7}, 3, 5, Fate::expired}};
  const std::vector<PictureFate> read =
      from_bytes(to_bytes(run)).result.consumers[0].pictures[0].fates;
  REQUIRE(read.size() == 1);
  CHECK(read[0].at == Instant{7});
  CHECK(read[0].first == 3);
  CHECK(read[0].end == 5);
  CHECK(read[0].fate == Fate::expired);
}

TEST_CASE("what version 6 added is read back as it was") {
  ArchivedRun run = some_run();
  run.result.producers = {{"shop", "orders", 6}, {"late", "other", 0}};
  const std::vector<ProducerResult> read = from_bytes(to_bytes(run)).result.producers;
  REQUIRE(read.size() == 2);
  CHECK(read[0].name == "shop");
  CHECK(read[0].stream == "orders");
  CHECK(read[0].produced == 6);
  CHECK(read[1].produced == 0);
}

TEST_CASE("a run read back writes the same bytes and has the same values") {
  const ArchivedRun run = some_run();
  const std::string bytes = to_bytes(run);
  const ArchivedRun read = from_bytes(bytes);
  CHECK(to_bytes(read) == bytes);
  CHECK(read.result.trace_digest == run.result.trace_digest);
  CHECK(read.result.rows.size() == 6);
  CHECK(read.result.rows[5].sequence_number == run.result.rows[5].sequence_number);
  CHECK(read.result.invocations[1].records == std::vector<std::string>{"r3", "r4", "r5"});
  const Metric& age = run.result.consumers[0].metrics.back();
  CHECK(read.result.consumers[0].metrics.back().samples == age.samples);
  CHECK(read.result.consumers[0].fates == run.result.consumers[0].fates);
  CHECK(read.judgement.expectations[0].actual_number == -1);
  CHECK(read.handlers.own == run.handlers.own);
  CHECK(read.handlers.outcomes[0].outcome == run.handlers.outcomes[0].outcome);
  CHECK(read.recipe == run.recipe);
}

TEST_CASE("every cut and every changed byte is refused") {
  const std::string bytes = to_bytes(some_run());
  for (std::size_t n = 0; n < bytes.size(); n += 1 + bytes.size() / 500) {
    CHECK_THROWS_AS(from_bytes(bytes.substr(0, n)), ArchiveError);
    std::string changed = bytes;
    changed[n] = static_cast<char>(changed[n] ^ 1);
    CHECK_THROWS_AS(from_bytes(changed), ArchiveError);
  }
  CHECK_THROWS_AS(from_bytes(bytes + " "), ArchiveError);
}

}  // namespace trimhorizon::testing
