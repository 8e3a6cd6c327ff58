#include "sim/history/traffic.hpp"

#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

// A stream with limits, and a producer that does not try again.
Story gives_up() {
  Story told;
  told.limits().producer_retry(RetryMode::none);
  return told;
}

// "0: records_written 1001 of 1000, refused 1", one for each limit that a shard was above.
std::string over_limits(const Told& told) {
  std::string text;
  for (const LimitExceeded& each : told.result.limits_exceeded) {
    text += each.shard.substr(each.shard.size() - 1) + ": " + std::string(name(each.limit)) + " " +
            std::to_string(each.rate) + " of " + std::to_string(each.allowed) + ", refused " +
            std::to_string(each.refused) + "\n";
  }
  return text;
}

// One record a call, each of so many bytes; the keys are k0 to k9.
Story puts(int n, std::int64_t bytes, Duration between = {}) {
  Story told = gives_up();
  for (int i = 0; i < n; ++i) told.big_record(bytes, between * i);
  return told;
}

}  // namespace

TEST_CASE("a rate is the most that was asked for within one second") {
  Flow rate;
  CHECK(rate.most().number == 0);
  rate.add(Instant{0}, {3, 10 * 3});
  rate.add(Instant{950'000}, {4, 10 * 4});
  CHECK(rate.most().number == 7);
  rate.add(Instant{1'000'000}, {1, 10 * 1});  // the tenth of a second that began at 0s is over
  CHECK(rate.most().number == 7);
  rate.add(Instant{1'900'000}, {5, 10 * 5});
  CHECK(rate.most().number == 7);  // 1 and 5 within the last second
  rate.add(Instant{1'910'000}, {2, 10 * 2});
  CHECK(rate.most().number == 8);  // 1, 5 and 2
  rate.add(Instant{3'600'000'000}, {2, 10 * 2});
  CHECK(rate.most() == Flow::Amount{8, 80});
}

TEST_CASE("1,000 records at one instant are stored, the next one is refused [KDS-LIM-01]") {
  CHECK(over_limits(gives_up().records(500).records(500).tell()) == "");
  CHECK(over_limits(gives_up().records(500).records(500).records(1).tell()) ==
        "0: records_written 1001 of 1000, refused 1\n");
}

TEST_CASE("1,000 records a second for a minute are within the limit [KDS-LIM-01]") {
  CHECK(over_limits(gives_up().steady(1'000, 60'000).tell()) == "");
}

TEST_CASE("each shard has its own limit, and the report names the shard [KDS-LIM-17]") {
  Story two = gives_up();
  two.shards(2);
  for (int i = 0; i < 1'001; ++i) two.record("a" + std::to_string(i), "k1");
  for (int i = 0; i < 1'000; ++i) two.record("b" + std::to_string(i), "k0");
  CHECK(over_limits(two.tell()) == "1: records_written 1001 of 1000, refused 1\n");
}

TEST_CASE("data and partition keys together have 1 MiB a second [KDS-LIM-01]") {
  // One record of a call is rounded up to whole KiB: 1,022 bytes and a key of two are 1 KiB.
  CHECK(over_limits(puts(1, mib - 2).tell()) == "");
  CHECK(over_limits(puts(2, mib / 2 - 2).tell()) == "");
  CHECK(over_limits(puts(2, mib / 2 - 1).tell()) ==
        "0: bytes_written " + std::to_string(mib + 2 * kib) + " of 1048576, refused 1\n");
  // A second later the bucket is full again.
  CHECK(over_limits(puts(2, mib - 2, 1_s).tell()) == "");
}

TEST_CASE("a PutRecord is rounded up to a whole KiB, a PutRecords call once [KDS-PRD-10]") {
  // 900 times 1,100 bytes and a key of two are 991,800 bytes; rounded up they are 1,843,200.
  CHECK(over_limits(puts(900, 1'100).tell()) ==
        "0: bytes_written 1843200 of 1048576, refused 388\n");
  Story calls = gives_up();
  for (int call = 0; call < 3; ++call) calls.records(300);
  Scenario scenario = calls.scenario();
  for (PutCall& call : scenario.producers[0].settings.put) {
    call.put_records = true;
    for (PutRecordSpec& record : call.records) record.data.resize(1'100, ' ');
  }
  Simulation simulation(make_plan(scenario));
  simulation.run();
  CHECK(build_result(simulation, {}).limits_exceeded.empty());
}

TEST_CASE("a stream of large records may go into debt for one of them [KDS-LIM-02]") {
  const auto large = [](std::vector<Duration> at) {
    Story told = gives_up();
    for (const Duration each : at) told.big_record(5 * mib - 2, each);
    Scenario scenario = told.destination().retries(0).scenario();
    scenario.streams[0].settings.max_record_kib = 10 * kib;
    Simulation simulation(make_plan(scenario));
    simulation.run();
    return build_result(simulation, {}).never_accepted;
  };
  // A bucket of 10 MiB: the third record finds it empty.
  CHECK(large({0_s}) == 0);
  CHECK(large({0_s, 0_s}) == 0);
  CHECK(large({0_s, 0_s, 0_s}) == 1);
  // A second later it has 1 MiB again, so the third may go into debt.
  CHECK(large({0_s, 0_s, 1_s}) == 0);
  CHECK(large({0_s, 0_s, 1_s, 2_s}) == 1);
}

TEST_CASE("five mappings may poll one shard, the sixth read is refused [KDS-LIM-04]") {
  // They find nothing. After a batch they would read again at once, all in the same second.
  const auto refused = [](int n) {
    Story told = gives_up();
    for (int i = 1; i < n; ++i) told.another_mapping("m" + std::to_string(i));
    const Told idle = told.records(1, 30_s).lasts(29_s).tell();
    std::uint64_t sum = 0;
    for (const LimitExceeded& each : idle.result.limits_exceeded) {
      CHECK((each.limit == ShardLimit::reads || each.limit == ShardLimit::bytes_read));
      sum += each.refused;
    }
    return sum;
  };
  CHECK(refused(2) == 0);
  // They all start at one instant, and then try again at different times.
  CHECK(refused(6) > 0);
  CHECK(refused(8) > refused(6));
}

TEST_CASE("a read gives up to 10,000 records, which later batches take from it [ESM-POL-19]") {
  // 200 batches of five within 0.2 s come from one read.
  CHECK(over_limits(gives_up().records(500).records(500).batch(5).work(1_ms).tell()) == "");
}

}  // namespace trimhorizon::testing
