// What a run came to, written down.
#include "sim/history/result_builder.hpp"

#include "sim/run/simulation.hpp"
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

std::vector<std::string> ids(const std::vector<RecordRow>& rows) {
  std::vector<std::string> out;
  for (const RecordRow& row : rows) out.push_back(row.id);
  return out;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("the whole run is the sum of its consumers") {
  const Told told = story()
                        .records(4)
                        .poison("r1")
                        .retries(0)
                        .another_mapping("audit")
                        .work(2_s)
                        .crash(1_s)
                        .seed(9)
                        .tell();
  const Result& result = told.result;
  CHECK(result.seed == 9);
  CHECK(result.ended == RunEnd::drained);
  CHECK(result.produced == 4);
  CHECK(result.lost == 3);  // r0 had its effect before r1 failed
  CHECK(result.duplicates == 4);
  REQUIRE(result.consumers.size() == 2);
  CHECK(result.consumers[0].lost == 3);
  CHECK(result.consumers[1].lost == 0);
  CHECK(result.consumers[1].duplicates == 4);
  CHECK(result.consumers[1].name == "audit");
  CHECK(result.consumers[1].function == "audit-function");
  CHECK(result.consumers[1].stream == "orders");
}

TEST_CASE("each producer has the number of records that it put, also when that is none") {
  const Told told = story().records(4).records(2, 5_s).records(1, 3_h).lasts(1_m).tell();
  REQUIRE(told.result.producers.size() == 1);
  CHECK(told.result.producers[0].name == "shop");
  CHECK(told.result.producers[0].stream == "orders");
  CHECK(told.result.producers[0].produced == 6);
  CHECK(told.result.produced == 6);
}

TEST_CASE("a mapping that never started has its shards, with everything pending") {
  const Told told = story().records(3).created(2_h).tell();
  CHECK(told.result.ended == RunEnd::duration);
  CHECK(told.fates() == "pending 3");
  REQUIRE(told.mapping().shards.size() == 1);
  CHECK(told.mapping().shards[0].shard == "shardId-000000000000");
  CHECK(told.mapping().shards[0].stored == 3);
  CHECK(told.mapping().shards[0].pending == 3);
  CHECK(told.mapping().shards[0].fates[Fate::pending] == 3);
  CHECK_FALSE(told.mapping().shards[0].checkpoint);
  CHECK_FALSE(told.mapping().max_iterator_age);
}

TEST_CASE("each shard says what it holds, what is pending and where the checkpoint is") {
  const Told told = story().records(4).batch(2).poison("r2").lasts(10_s).tell();
  REQUIRE(told.mapping().shards.size() == 1);
  const ShardResult& shard = told.mapping().shards[0];
  CHECK(shard.shard == "shardId-000000000000");
  CHECK(shard.stored == 4);
  CHECK(shard.pending == 2);
  CHECK(shard.checkpoint == "r1");
}

TEST_CASE("each shard says what became of its records") {
  const Told told = story()
                        .shards(2)
                        .record("a", "k0")
                        .record("b", "k1")
                        .record("c", "k1")
                        .poison("b")
                        .batch(1)
                        .retries(0)
                        .tell();
  REQUIRE(told.mapping().shards.size() == 2);
  Counts<Fate> sum;
  for (const ShardResult& shard : told.mapping().shards) {
    CHECK(sum_of(shard.fates) == shard.stored);
    for (const Fate fate : all_of<Fate>) sum[fate] += shard.fates[fate];
    // b and c are in one shard.
    CHECK(shard.fates[Fate::dropped] == (shard.stored == 2 ? 1 : 0));
  }
  CHECK(sum == told.mapping().fates);
}

TEST_CASE("records that are dropped after their work was done are counted") {
  // r0 has its effect before r1 fails; the batch is dropped with both, and r2 was not reached.
  const Told told = story().records(3).poison("r1").retries(0).tell();
  CHECK(told.fates() == "dropped 3");
  CHECK(told.mapping().dropped_with_effect == 1);
  CHECK(told.result.lost == 2);
  CHECK(story()
            .records(3)
            .poison("r1")
            .retries(0)
            .destination()
            .tell()
            .mapping()
            .dropped_with_effect == 0);  // a destination has them
}

TEST_CASE("each metric of the catalogue is there, in its order, with samples where it has some") {
  const Told told = story().records(1).tell();
  const std::vector<Metric>& metrics = told.mapping().metrics;
  REQUIRE(metrics.size() == count_of<MetricId>);
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    CHECK(index_of(metrics[i].id) == i);
    CHECK(metrics[i].samples.has_value() == (metrics[i].info().shape == MetricShape::samples));
  }
}

TEST_CASE("what only we can know is counted from the ledger [MET-09]") {
  const Told swallowed = story().records(2).respond(Respond::swallow).poison("r1").tell();
  CHECK(swallowed.metric("Swallowed") == 1);
  const Told gap =
      story().records(2, 10_s).created(0_s, 30_s).starting(StartingPosition::latest).tell();
  CHECK(gap.metric("LatestGap") == 2);
  const Told expired = story().records(2).disabled().lasts(25_h).tell();
  CHECK(expired.metric("LostToRetention") == 2);
  CHECK(expired.metric("Swallowed") == 0);
}

TEST_CASE("rows stand by arrival, over all shards, and know each consumer of the stream") {
  const Story busy =
      story().shards(3).records(5, 1_s).records(5, 0_s).another_mapping("audit").disabled();
  const Told told = busy.tell();
  CHECK(ids(told.result.rows) == Ids{"r5", "r6", "r7", "r8", "r9", "r0", "r1", "r2", "r3", "r4"});
  const RecordRow& first = told.result.rows.front();
  CHECK(first.producer == "shop");
  CHECK(first.key == "k5");
  CHECK(first.arrival_us == 0);
  REQUIRE(first.consumers.size() == 2);
  CHECK(first.at("billing-orders")->fate == Fate::processed);
  CHECK(first.at("audit")->fate == Fate::pending);
  CHECK(build_result(*told.simulation, {}).rows.empty());
}

TEST_CASE("watched records are found with all their copies, others are not") {
  const Told told = story()
                        .record("r0", "a")
                        .record("r1", "a")
                        .lose_acknowledgements(0_s, 10_ms)
                        .producer_retry(RetryMode::retries, 1)
                        .tell();
  ResultOptions options;
  options.watched = {"r1", "nobody"};
  CHECK(ids(build_result(*told.simulation, options).watched) == Ids{"r1", "r1"});
}

TEST_CASE("whoever asks for many rows may stop the work") {
  const Told told = story().steady(10'000, 5'000).batch(10'000).tell();
  int polls = 0;
  ResultOptions options;
  options.rows = true;
  options.poll_progress = [&] { ++polls; };
  CHECK(build_result(*told.simulation, options).rows.size() == 5'000);
  CHECK(polls == 1);
  options.poll_progress = [] { throw std::runtime_error("enough"); };
  CHECK_THROWS_AS(build_result(*told.simulation, options), std::runtime_error);
}

TEST_CASE("each invariant has a line, with the place of the first violation if there is one") {
  const Told told = story().records(2).tell();
  REQUIRE(told.result.invariants.size() == count_of<Invariant>);
  for (const InvariantResult& each : told.result.invariants) CHECK(each.holds());
  History history = told.simulation->history();
  const Happening kept = CheckpointKept{ReaderId{0}, ShardId{0}, 1};
  history.on({told.world().now, {}, {}, kept}, told.world());
  const Result broken =
      build_result(RunSoFar{told.world(), history, RunEnd::running, {}, ""}, ResultOptions{});
  const InvariantResult& line = broken.invariants[index_of(Invariant::checkpoint_never_regresses)];
  CHECK_FALSE(line.holds());
  CHECK(line.reader == "billing-orders on shardId-000000000000");
  CHECK(line.position == 1);
}

TEST_CASE("rows that are made one by one are the same rows") {
  const Told told = story()
                        .shards(3)
                        .records(5, 1_s)
                        .steady(100, 50)
                        .lose_acknowledgements(0_s, 2_s)
                        .producer_retry(RetryMode::retries, 1, 0_s)
                        .tell();
  ResultOptions options;
  options.each_row = true;
  const Result late = build_result(*told.simulation, options);
  CHECK(late.rows.empty());
  std::vector<RecordRow> rows;
  late.each_row([&](const RecordRow& row) { rows.push_back(row); });
  REQUIRE(rows.size() > 50);
  CHECK(ids(rows) == ids(told.result.rows));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i].sequence_number == told.result.rows[i].sequence_number);
    CHECK(rows[i].arrival_us >= rows[i > 0 ? i - 1 : 0].arrival_us);
    CHECK(rows[i].consumers[0].settled_us == told.result.rows[i].consumers[0].settled_us);
  }
}

TEST_CASE("what a producer takes for stored is lost even where nobody reads [KDS-PRD-04]") {
  FailureRates all;
  all.internal_failure = Probability{1'000'000'000};
  Scenario scenario = testing::story()
                          .records(3)
                          .producer_retry(RetryMode::ignore)
                          .failing_puts({}, minutes(1), all)
                          .scenario();
  scenario.mappings.clear();
  Simulation simulation(make_plan(scenario));
  simulation.run();
  const Result result = build_result(simulation, {});
  CHECK(result.lost == 3);
  CHECK(result.lost_without_consumer == 3);
}
