#include "sim/scenario/bare_reads.hpp"

#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

std::string with_read(const std::string& read, const std::string& expect = "") {
  return with_mapping(from_trim_horizon,
                      "timeline:\n  - {at: 5m, get_records: " + read + "}\n" + expect);
}
BareRead read_of(const std::string& start) {
  const Scenario scenario =
      read(with_read("{stream: orders, shard: shardId-000000000001, " + start + "}"));
  REQUIRE(scenario.timeline.at(0).read);
  return *scenario.timeline.at(0).read;
}

}  // namespace

TEST_CASE("a read of the timeline names its shard and where it starts") {
  const BareRead read = read_of("AFTER_SEQUENCE_NUMBER: r0, Limit: 1, name: probe");
  CHECK(read.stream == StreamId{0});
  CHECK(read.shard_number == 1);
  CHECK(read.from == IteratorType::after_sequence_number);
  CHECK(read.record == "r0");
  CHECK_FALSE(read.sequence_number);
  CHECK(read.limit == 1);
  CHECK(read.name == "probe");
  CHECK(read_of("TRIM_HORIZON: true").from == IteratorType::trim_horizon);
  CHECK(read_of("LATEST:").from == IteratorType::latest);
  CHECK(read_of("LATEST: true").limit == 10'000);
}

TEST_CASE("a long number is a sequence number, not the id of a record") {
  const std::string number = "49590338271490256608559692538361571095921575989136588898";
  const BareRead read = read_of("AT_SEQUENCE_NUMBER: \"" + number + "\"");
  CHECK(read.from == IteratorType::at_sequence_number);
  CHECK(read.sequence_number == number);
  CHECK(read.record.empty());
  // A number that no shard has given out is AWS's to refuse (KDS-ITR-08).
  CHECK(read_of("AT_SEQUENCE_NUMBER: \"0\"").sequence_number == "0");
  CHECK(read_of("AFTER_SEQUENCE_NUMBER: 12").sequence_number == "12");
}

TEST_CASE("a timestamp is an instant of the run, or a time of the clock") {
  const std::int64_t epoch = read(with_mapping(from_trim_horizon)).epoch_ms;
  CHECK(read_of("AT_TIMESTAMP: 90s").timestamp_ms == epoch + 90'000);
  CHECK(read_of("AT_TIMESTAMP: 2026-01-01T00:01:00Z").timestamp_ms == 1'767'225'660'000);
}

TEST_CASE("a read must start at exactly one place") {
  const std::string shard = "{stream: orders, shard: shardId-000000000000";
  CHECK(said_about(with_read(shard + "}")) ==
        "12:27 this get_records does not say where it starts (write TRIM_HORIZON: true, LATEST: "
        "true, AFTER_SEQUENCE_NUMBER: r0, AT_SEQUENCE_NUMBER or AT_TIMESTAMP)");
  CHECK(said_about(with_read(shard + ", LATEST: true, TRIM_HORIZON: true}")) ==
        "12:81 a read starts at one place, and `TRIM_HORIZON` says where (remove one of them)");
  CHECK(said_about(with_read(shard + ", LATEST: false}")) ==
        "12:81 `LATEST: false` says nothing (write LATEST: true, or leave it out)");
  CHECK(said_about(with_read(shard + ", TRIM_HORIZON: true, Limit: 10001}")) ==
        "12:100 Limit must be from 1 to 10000, not 10001");
}

TEST_CASE("the answer of a read is expected under its name") {
  const std::string probe =
      "{stream: orders, shard: shardId-000000000000, TRIM_HORIZON: true, name: probe}";
  const Scenario scenario =
      read(with_read(probe,
                     "expect: {reads: {probe: {records: [r0], MillisBehindLatest: \"> 60s\", "
                     "error: null, ChildShards: []}}}\n"));
  REQUIRE(scenario.expect.size() == 4);
  CHECK(scenario.expect[0].name == "reads.probe.records");
  CHECK(scenario.expect[0].ids == std::vector<std::string>{"r0"});
  CHECK(scenario.expect[1].wanted.size() == 1);
  CHECK(scenario.expect[2].ids.empty());
  CHECK(said_about(with_read(probe, "expect: {reads: {prob: {error: null}}}\n")) ==
        "13:18 no get_records of the timeline has the name `prob` (give it one: get_records: "
        "{…, name: prob})");
  CHECK(said_about(with_read(probe, "expect: {reads: {probe: {}}}\n")) ==
        "13:25 reads.probe checks nothing (write what is expected, or remove the key)");
}

TEST_CASE("two reads cannot share a name") {
  const std::string probe =
      "{stream: orders, shard: shardId-000000000000, TRIM_HORIZON: true, name: probe}";
  CHECK(said_about(with_mapping(from_trim_horizon, "timeline:\n  - {at: 5m, get_records: " + probe +
                                                       "}\n  - {at: 6m, get_records: " + probe +
                                                       "}\n")) ==
        "13:99 two reads have the name `probe` (`expect: reads` must know which one is meant)");
}
