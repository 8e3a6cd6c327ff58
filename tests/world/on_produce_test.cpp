// Lost acknowledgements: one business event, several stored records.
#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace trimhorizon;
using namespace trimhorizon::testing;

namespace {

// Every acknowledgement of the first 10 ms is lost.
Story unheard(RetryMode mode, std::uint32_t attempts = 1, Duration backoff = 100_ms) {
  return story().lose_acknowledgements(0_s, 10_ms).producer_retry(mode, attempts, backoff);
}

}  // namespace

TEST_CASE("a lost acknowledgement stores one business event twice [KDS-PRD-07]") {
  // Test vector 8.
  const Told told = unheard(RetryMode::retries).records(1).tell();
  CHECK(told.result.produced == 1);
  REQUIRE(told.result.stored == 2);
  CHECK(told.result.rows[0].id == "r0");
  CHECK(told.result.rows[1].id == "r0");
  CHECK(told.result.rows[0].sequence_number != told.result.rows[1].sequence_number);
  CHECK(told.schedule() == "0s[0] 0.1s[1]");
  CHECK(told.duplicates() == "producer_retry 1");
  CHECK(told.fates() == "processed 2");
  CHECK(told.lost() == "none");
  CHECK(told.happened(Situation::ack_lost));
  CHECK(told.happened(Situation::producer_retry));
}

TEST_CASE("two copies in one batch are a duplicate as well [KDS-PRD-07]") {
  const Told told = unheard(RetryMode::retries, 1, 0_s).records(3).created(1_s).tell();
  CHECK(told.invocations() == "[0-5]");
  CHECK(told.duplicates() == "producer_retry 3");
  CHECK(told.mapping().effects == 6);
}

TEST_CASE("the whole call is put again, its copies after the originals [KDS-PRD-08]") {
  const Told told = unheard(RetryMode::retries).records(3).batch(2).created(1_s).tell();
  CHECK(told.result.stored == 6);
  CHECK(told.invocations() == "[0-1][2-3][4-5]");
  CHECK(told.duplicates() == "producer_retry 3");
}

TEST_CASE("retries are three unless told otherwise, and each may be lost again [KDS-PRD-09]") {
  CHECK(ProducerRetry{}.attempts == 3);
  const Told told = story().lose_acknowledgements(0_s, 10_s).records(1).created(1_s).tell();
  CHECK(told.result.stored == 4);
  CHECK(told.duplicates() == "producer_retry 3");
  CHECK(told.result.never_accepted == 0);  // given up, but it is stored
}

TEST_CASE("a producer that does not retry stores it once and loses nothing") {
  for (const RetryMode mode : {RetryMode::none, RetryMode::ignore}) {
    const Told told = unheard(mode).records(2).tell();
    CHECK(told.result.stored == 2);
    CHECK(told.fates() == "processed 2");
    CHECK(told.result.never_accepted == 0);
    CHECK(told.lost() == "none");
  }
}

TEST_CASE("what is acknowledged is stored, and has a shard and a number [KDS-PRD-01]") {
  const Told told = story().shards(3).records(1).records(5, 1_s).tell();
  CHECK(told.result.produced == 6);
  CHECK(told.result.stored == 6);
  CHECK(told.result.never_accepted == 0);
  for (const RecordRow& row : told.result.rows) {
    CHECK(row.shard.starts_with("shardId-00000000000"));
    CHECK(row.sequence_number.size() == 56);
  }
}

TEST_CASE("an acknowledgement is lost only while the timeline says so") {
  const Told told = story()
                        .records(1)
                        .records(1, 5_s)
                        .records(1, 6_s)
                        .records(1, 7_s)
                        .lose_acknowledgements(5_s, 2_s)
                        .tell();
  // r1 is put again at 5.1, 5.2 and 5.3 s, r2 at 6.1, 6.2 and 6.3 s.
  CHECK(told.result.stored == 10);
  CHECK(told.duplicates() == "producer_retry 6");
}

TEST_CASE("a copy of a record that was given up saves it") {
  FailRule at_first;
  at_first.records = {"r0"};
  at_first.until = Instant{50'000};
  const Told told = unheard(RetryMode::retries).records(1).retries(0).fail(at_first).tell();
  CHECK(told.fates() == "processed 1, dropped 1");
  CHECK(told.duplicates() == "none");
  CHECK(told.lost() == "none");
}

TEST_CASE("a record is lost once, however many copies of it are") {
  const Told told = unheard(RetryMode::retries).records(2).retries(0).batch(1).poison("r0").tell();
  CHECK(told.fates() == "processed 2, dropped 2");
  CHECK(told.lost() == "retries 1");
  CHECK(told.duplicates() == "producer_retry 1");
}

TEST_CASE("surplus effects of a copy have the reason of the delivery that brought them") {
  // The copy, not the original, is in the batch that is tried again after all its work.
  FailRule later;
  later.from = Instant{50'000};
  later.attempts = {1};
  later.after = FailAfter::all;
  const Told told = unheard(RetryMode::retries).records(1).fail(later).tell();
  CHECK(told.invocations() == "[0][1][1]");
  CHECK(told.duplicates() == "retry_after_error 1, producer_retry 1");
}

TEST_CASE("copies of one key stay in its shard, after what was put meanwhile [KDS-PRD-05]") {
  const Told told =
      unheard(RetryMode::retries).record("a1", "a").record("a2", "a", 50_ms).created(1_s).tell();
  std::string order;
  for (const RecordRow& row : told.result.rows) order += row.id + " ";
  CHECK(order == "a1 a2 a1 ");
  CHECK(told.fates() == "processed 3");
}

TEST_CASE("generated load: record k arrives (k+1)/rate after its start") {
  Scenario scenario = story().steady(3, 4, 1_s).lasts(10_s).scenario();
  const auto arrivals = [&] {
    Simulation simulation(make_plan(scenario));
    simulation.run();
    const RecordLog& log = simulation.world().shards[0].log;
    std::string out;
    for (Position p = 0; p < log.end(); ++p) out += std::to_string(log.arrival(p).us) + " ";
    return out;
  };
  CHECK(arrivals() == "1333333 1666666 2000000 2333333 ");
  scenario.producers[1].settings.load->batch = 3;  // a call is made when its last has arrived
  CHECK(arrivals() == "2000000 2000000 2000000 2333333 ");
}

TEST_CASE("of overlapping intervals the likelier one counts, each until its own end") {
  const Story once = story().producer_retry(RetryMode::retries, 1).records(1, 15_s);
  const auto stored = [](const Story& told) { return told.tell().result.stored; };
  CHECK(stored(Story(once).lose_acknowledgements(0_s, 20_s, {0}).lose_acknowledgements(5_s, 1_s)) ==
        1);
  CHECK(stored(Story(once).lose_acknowledgements(0_s, 20_s).lose_acknowledgements(5_s, 1_s, {0})) ==
        2);
}

namespace {

// The instants of the calls that were told together, a line for each run.
class Runs : public Observer {
 public:
  void on(const Happened&, const World&) override {}
  bool takes_runs() const override { return true; }
  void on_run(const PutRun& run, const World&) override {
    for (const PutRun::Call& call : run.calls) {
      lines += std::to_string((call.at - Instant{0}).us / 1000) + " ";
    }
    lines += "| ";
  }
  std::string lines;
};

std::string runs_of(const Scenario& scenario, Instant until = end_of_time) {
  Simulation simulation(make_plan(scenario));
  Runs runs;
  simulation.watch(runs);
  simulation.run_until(until);
  return runs.lines;
}

}  // namespace

TEST_CASE("calls of one record are made in one step until something else happens") {
  // The reader reads at 0 s, finds nothing and parks; the first record wakes it.
  const Story puts = story().steady(10, 6);
  CHECK(runs_of(puts.scenario()) == "100 | 200 300 400 500 600 | ");
  // Nothing is joined beyond the instant until which somebody runs.
  CHECK(runs_of(puts.scenario(), Instant{0} + 350_ms) == "100 | 200 300 | ");
  // A call of two records stays alone.
  Scenario pairs = puts.scenario();
  pairs.producers.back().settings.load->batch = 2;
  CHECK(runs_of(pairs).empty());
}
