// Streams and destinations of the file.
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

StreamSettings settings(const std::string& keys) {
  return read("trimhorizon: 1\nstreams: {orders: {" + keys + "}}\n").streams[0].settings;
}
std::string said(const std::string& keys) {
  return said_about("trimhorizon: 1\nstreams:\n  orders: {" + keys + "}\n");
}

}  // namespace

TEST_CASE("a stream without settings has AWS's defaults [KDS-SHD-04, KDS-SHD-11, KDS-SHD-17]") {
  CHECK(settings("ShardCount: 1").shard_count == 1);
  CHECK(settings("").retention_hours == 24);
  CHECK(settings("").max_record_kib == 1024);
}

TEST_CASE("a stream without a count and a mode has four shards [KDS-LIM-10]") {
  CHECK(settings("").shard_count == 4);
  CHECK(settings("RetentionPeriodHours: 48").shard_count == 4);
  CHECK(settings("ShardCount: 2").shard_count == 2);
}

TEST_CASE("a stream that says PROVISIONED needs a count [KDS-LIM-10]") {
  const std::string provisioned = "StreamModeDetails: {StreamMode: PROVISIONED}";
  CHECK(settings(provisioned + ", ShardCount: 3").shard_count == 3);
  CHECK(said(provisioned) ==
        "3:31 PROVISIONED needs a ShardCount (write ShardCount: 1, or leave StreamModeDetails "
        "out)");
}

TEST_CASE("AUTO needs an on-demand stream, and the other strategy is the default [KDS-AUT-01]") {
  CHECK(said("RecordDistributionStrategy: USER_PARTITION_KEY") == "");
  CHECK(said("RecordDistributionStrategy: AUTO") ==
        "3:40 RecordDistributionStrategy AUTO needs a stream with StreamMode ON_DEMAND; neither is "
        "modelled yet (leave it out, or write USER_PARTITION_KEY)");
  CHECK(said("RecordDistributionStrategy: auto")
            .find("RecordDistributionStrategy must be `USER_PARTITION_KEY` or `AUTO`") !=
        std::string::npos);
}

TEST_CASE("the bounds of a stream are AWS's, both included [KDS-SHD-11, KDS-SHD-17]") {
  CHECK(settings("ShardCount: 20000").shard_count == 20'000);
  CHECK(said("ShardCount: 0") == "3:24 ShardCount must be from 1 to 20000, not 0");
  CHECK(said("ShardCount: 20001") == "3:24 ShardCount must be from 1 to 20000, not 20001");
  CHECK(settings("RetentionPeriodHours: 8760").retention_hours == 8'760);
  CHECK(said("RetentionPeriodHours: 23") ==
        "3:34 RetentionPeriodHours must be from 24 to 8760, not 23");
  CHECK(said("RetentionPeriodHours: 8761") ==
        "3:34 RetentionPeriodHours must be from 24 to 8760, not 8761");
  CHECK(settings("MaxRecordSizeInKiB: 10240").max_record_kib == 10'240);
  CHECK(said("MaxRecordSizeInKiB: 1023") ==
        "3:32 MaxRecordSizeInKiB must be from 1024 to 10240, not 1023");
}

TEST_CASE("a stream has the name under which it stands, or none of its own") {
  CHECK(said("Name: orders") == "");
  CHECK(said("Name: other").starts_with("3:18 "));
}

TEST_CASE("a stream is provisioned, or on demand and begins with 4 shards [KDS-SHD-18]") {
  CHECK(said("ShardCount: 1, StreamModeDetails: {StreamMode: PROVISIONED}") == "");
  CHECK(said("StreamModeDetails: {StreamMode: ON_DEMAND}") == "");
  const StreamSettings on_demand =
      read(
          "trimhorizon: 1\nstreams:\n  orders: {StreamModeDetails: {StreamMode: ON_DEMAND}, "
          "ShardCount: 9}\n")
          .streams[0]
          .settings;
  CHECK(on_demand.mode == StreamMode::ON_DEMAND);
  CHECK(on_demand.shard_count == 4);  // KDS-LIM-10; a warning says so
  CHECK(said("StreamModeDetails: {}").find("StreamMode") != std::string::npos);
  CHECK(said("StreamEncryption: {}").find("not modelled yet") != std::string::npos);
}

TEST_CASE("what has no meaning for a stream is accepted and named") {
  const Scenario scenario =
      read("trimhorizon: 1\nstreams: {a: {Tags: [x], KmsKeyArn: k}, b: {Tags: []}}\n");
  CHECK(scenario.streams.size() == 2);
  CHECK(scenario.streams[1].name == "b");
  CHECK(scenario.not_modelled.size() == 2);
}

TEST_CASE("a destination is a queue, unless it says what it is [ESM-PAR-10]") {
  const Scenario scenario = read(
      "trimhorizon: 1\nstreams: {s: {}}\n"
      "destinations: {queue: {}, topic: {type: sns}, bucket: {type: s3}}\n");
  REQUIRE(scenario.destinations.size() == 3);
  CHECK(scenario.destinations[0].type == DestinationType::sqs);
  CHECK(scenario.destinations[1].type == DestinationType::sns);
  CHECK(scenario.destinations[2].type == DestinationType::s3);
  CHECK(scenario.destinations[2].name == "bucket");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\ndestinations: {d: {type: kafka}}\n")
            .find("`sqs`, `sns` or `s3`") != std::string::npos);
}

TEST_CASE("a retention below the least one names the bounds, in hours") {
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {RetentionPeriodHours: 12h}}\n") ==
        "2:37 RetentionPeriodHours must be from 24 to 8760 hours, not 12h (write the number of "
        "hours without a unit, as in CloudFormation)");
}

TEST_CASE(
    "delays and skews of a stream are at most an hour, and a delay may be drawn [KDS-ITR-15]") {
  const auto stream = [](const std::string& settings) {
    return "trimhorizon: 1\nstreams: {orders: {" + settings + "}}\n";
  };
  const Scenario drawn = read(stream("visibility_delay: {lognormal: {mean: 200ms, sigma: 0.5}}"));
  REQUIRE(drawn.streams[0].settings.visibility_delay.lognormal);
  CHECK(drawn.streams[0].settings.visibility_delay.lognormal->mean == milliseconds(200));
  CHECK(read(stream("empty_read_probability: 12.5%")).streams[0].settings.empty_read_probability ==
        Probability{125'000'000});
  CHECK(read(stream("timestamp_skew: 1h")).streams[0].settings.timestamp_skew == hours(1));
  CHECK(said_about(stream("timestamp_skew: 61m")) == "2:36 timestamp_skew must be at most 1h");
  CHECK(said_about(stream("visibility_delay: 2h")) == "2:38 visibility_delay must be at most 1h");
}
