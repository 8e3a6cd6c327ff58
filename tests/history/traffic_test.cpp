#include "sim/history/traffic.hpp"

#include "sim/scenario/build_world.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

namespace trimhorizon::testing {
namespace {

// "shard 0: records_written 1001 of 1000", one for each limit that a shard was above.
std::string over_limits(const Told& told) {
  std::string text;
  for (const LimitExceeded& each : told.result.limits_exceeded) {
    text += each.shard.substr(each.shard.size() - 1) + ": " + std::string(name(each.limit)) + " " +
            std::to_string(each.rate) + " of " + std::to_string(each.allowed) + "\n";
  }
  return text;
}

// One record a call, each of so many bytes; the keys are k0 to k9.
Story puts(int n, std::int64_t bytes, Duration between = {}) {
  Story told;
  for (int i = 0; i < n; ++i) told.big_record(bytes, between * i);
  return told;
}

constexpr std::int64_t kib = 1024;
constexpr std::int64_t mib = 1024 * kib;

}  // namespace

TEST_CASE("a rate is the most that happened within one second") {
  Flow rate(Bucket(1, 1, false), Bucket(1, 1, false));
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

TEST_CASE("1,000 records at one instant are within the limit, 1,001 are not [KDS-LIM-01]") {
  CHECK(over_limits(story().records(500).records(500).tell()) == "");
  CHECK(over_limits(story().records(500).records(500).records(1).tell()) ==
        "0: records_written 1001 of 1000\n");
}

TEST_CASE("1,000 records a second for a minute are within the limit [KDS-LIM-01]") {
  CHECK(over_limits(story().steady(1'000, 60'000).tell()) == "");
}

TEST_CASE("5,000 records a second into one shard are told with their rate [KDS-LIM-01]") {
  // Each is a call of its own, so its 100 bytes count as one KiB (KDS-PRD-10).
  CHECK(over_limits(story().steady(5'000, 25'000).tell()) ==
        "0: records_written 5000 of 1000\n0: bytes_written 5120000 of 1048576\n");
}

TEST_CASE("each shard has its own limit, and the note names the shard [KDS-LIM-17]") {
  Story two;
  two.shards(2);
  for (int i = 0; i < 1'001; ++i) two.record("a" + std::to_string(i), "k1");
  for (int i = 0; i < 1'000; ++i) two.record("b" + std::to_string(i), "k0");
  CHECK(over_limits(two.tell()) == "1: records_written 1001 of 1000\n");
}

TEST_CASE("data and partition keys together have 1 MiB a second [KDS-LIM-01]") {
  // One record of a call is rounded up to whole KiB: 1,022 bytes and a key of two are 1 KiB.
  CHECK(over_limits(puts(1, mib - 2).tell()) == "");
  CHECK(over_limits(puts(2, mib / 2 - 2).tell()) == "");
  CHECK(over_limits(puts(2, mib / 2 - 1).tell()) ==
        "0: bytes_written " + std::to_string(mib + 2 * kib) + " of 1048576\n");
  // A second later the bucket is full again.
  CHECK(over_limits(puts(2, mib - 2, 1_s).tell()) == "");
}

TEST_CASE("a PutRecord is rounded up to a whole KiB, a PutRecords call is not [KDS-PRD-10]") {
  // 900 times 1,100 bytes and a key of two are 991,800 bytes; rounded up they are 1,843,200.
  CHECK(over_limits(puts(900, 1'100).tell()) == "0: bytes_written 1843200 of 1048576\n");
  Story calls;
  for (int call = 0; call < 3; ++call) calls.records(300);
  Scenario scenario = calls.scenario();
  for (PutCall& call : scenario.producers[0].settings.put) {
    for (PutRecordSpec& record : call.records) record.data.resize(1'100, ' ');
  }
  Simulation simulation(make_plan(scenario));
  simulation.run();
  CHECK(build_result(simulation, {}).limits_exceeded.empty());
}

TEST_CASE("a stream of large records may go into debt for one of them [KDS-LIM-02]") {
  const auto large = [](std::vector<Duration> at) {
    Story told;
    for (const Duration each : at) told.big_record(5 * mib - 2, each);
    Scenario scenario = told.destination().retries(0).scenario();
    scenario.streams[0].settings.max_record_kib = 10 * kib;
    Simulation simulation(make_plan(scenario));
    simulation.run();
    std::string limits;
    for (const LimitExceeded& each : build_result(simulation, {}).limits_exceeded) {
      limits += std::string(name(each.limit)) + " ";
    }
    return limits;
  };
  // A bucket of 10 MiB: the third record finds it empty.
  CHECK(large({0_s}) == "");
  CHECK(large({0_s, 0_s}).find("bytes_written") == std::string::npos);
  CHECK(large({0_s, 0_s, 0_s}).find("bytes_written") != std::string::npos);
  // A second later it has 1 MiB again, so the third may go into debt.
  CHECK(large({0_s, 0_s, 1_s}).find("bytes_written") == std::string::npos);
  CHECK(large({0_s, 0_s, 1_s, 2_s}).find("bytes_written") != std::string::npos);
}

TEST_CASE("five mappings may poll one shard, six may not [KDS-LIM-04]") {
  const auto mappings = [](int n) {
    Story told;
    for (int i = 1; i < n; ++i) told.another_mapping("m" + std::to_string(i));
    return told.records(1);
  };
  CHECK(over_limits(mappings(5).tell()) == "");
  CHECK(over_limits(mappings(6).tell()) == "0: reads 6 of 5\n");
  CHECK(over_limits(mappings(8).tell()) == "0: reads 8 of 5\n");
  // A disabled mapping does not poll, and one that was disabled does not poll any more.
  CHECK(over_limits(mappings(6).disabled().tell()) == "");
  Story later = mappings(5);
  later.disable(1_s).another_mapping("late").created(2_s);
  CHECK(over_limits(later.tell()) == "");
}

TEST_CASE("a mapping polls on for disable_delay, and counts that long [ESM-CHK-05]") {
  Story told;
  for (int i = 1; i < 5; ++i) told.another_mapping("m" + std::to_string(i));
  told.records(1).disable_delay(5_s).disable(1_s);
  CHECK(over_limits(told.another_mapping("late").created(4_s).tell()) == "0: reads 6 of 5\n");
}

TEST_CASE("reads of all mappings together have 2 MiB a second [KDS-LIM-03] [KDS-LIM-06]") {
  // Each mapping reads 1 MiB at 0s, so the third finds nothing left.
  const auto mappings = [](int n) {
    Story told = puts(1, mib - 2);
    for (int i = 1; i < n; ++i) told.another_mapping("m" + std::to_string(i));
    return told;
  };
  CHECK(over_limits(mappings(2).tell()) == "");
  CHECK(over_limits(mappings(3).tell()) ==
        "0: bytes_read " + std::to_string(3 * mib) + " of 2097152\n");
}

TEST_CASE("a read returns up to 10,000 records, which later batches take from it [ESM-POL-19]") {
  // 200 batches of five within 0.2 s come from one read.
  CHECK(over_limits(story().records(500).records(500).batch(5).work(1_ms).tell()) == "");
  // Records come one by one while the function works, so each batch is a read of its own.
  CHECK(over_limits(story().steady(10, 50).work(95_ms).tell()) == "0: reads 10 of 5\n");
}

TEST_CASE("the limits stand in the order of the shards, then of the limits") {
  Story told;
  told.shards(2);
  for (int i = 0; i < 1'001; ++i) told.record("a" + std::to_string(i), "k1");
  for (int i = 0; i < 1'001; ++i) told.record("b" + std::to_string(i), "k0");
  for (int i = 1; i < 6; ++i) told.another_mapping("m" + std::to_string(i));
  CHECK(over_limits(told.tell()) ==
        "0: records_written 1001 of 1000\n0: reads 6 of 5\n"
        "1: records_written 1001 of 1000\n1: reads 6 of 5\n");
}

}  // namespace trimhorizon::testing
