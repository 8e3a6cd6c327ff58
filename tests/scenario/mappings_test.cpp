// Event source mappings.
#include "sim/scenario/context.hpp"
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

MappingSettings mapping(const std::string& lines) {
  return read(with_mapping(from_trim_horizon + lines)).mappings.at(0).settings;
}
std::string wrong(const std::string& lines) {
  return said_about(with_mapping(from_trim_horizon + lines));
}

}  // namespace

TEST_CASE("a mapping has AWS's defaults") {
  const Scenario scenario = read(with_mapping(from_trim_horizon));
  REQUIRE(scenario.mappings.size() == 1);
  CHECK(scenario.mappings[0].stream == StreamId{0});
  CHECK(scenario.mappings[0].function == FunctionId{0});
  CHECK_FALSE(scenario.mappings[0].on_failure.valid());
  CHECK(scenario.mappings[0].settings == MappingSettings{});
}

TEST_CASE("a Kafka topic is taken as a destination, with a warning [ESM-PAR-10, CON-21]") {
  const std::string on_failure =
      "    DestinationConfig: {OnFailure: {Destination: 'kafka://failed'}}\n";
  const Scenario scenario = read(with_mapping(from_trim_horizon + on_failure));
  CHECK(scenario.warnings ==
        std::vector<std::string>{
            "s.yaml:11:50: warning: `kafka://failed` is taken as a destination: AWS lists Kafka "
            "topics for all streams, but they are known from Kafka sources only (CON-21)"});
  REQUIRE(scenario.mappings[0].on_failure.valid());
  CHECK(scenario.destinations.size() == 2);
  CHECK(scenario.destinations[scenario.mappings[0].on_failure.value].name == "kafka://failed");
  // Two mappings with the same topic share it.
  const std::string rest = from_trim_horizon + on_failure;
  const Scenario two = read(
      "trimhorizon: 1\nstreams: {s: {}}\nfunctions: {a: {}, b: {}}\nevent_source_mappings:\n"
      "  m:\n    EventSourceArn: s\n    FunctionName: a\n" +
      rest + "  n:\n    EventSourceArn: s\n    FunctionName: b\n" + rest);
  CHECK(two.destinations.size() == 1);
  CHECK(two.mappings[1].on_failure == two.mappings[0].on_failure);
}

TEST_CASE("disable_delay is a duration, by default none [ESM-CHK-05]") {
  CHECK(read(with_mapping(from_trim_horizon)).mappings[0].settings.disable_delay == Duration{});
  const Scenario scenario = read(with_mapping(from_trim_horizon + "    disable_delay: 1m\n"));
  CHECK(scenario.mappings[0].settings.disable_delay == minutes(1));
  CHECK(said_about(with_mapping(from_trim_horizon + "    disable_delay: 60\n")) ==
        "11:20 disable_delay needs a unit: did you mean 60s?");
}

TEST_CASE(
    "all settings of a mapping are read, numerals in quotes too "
    "[ESM-PAR-07, ESM-PAR-08, ESM-PAR-10, ESM-PAR-12]") {
  const Scenario scenario = read(with_mapping(
      from_trim_horizon +
      "    BatchSize: '3'\n    MaximumBatchingWindowInSeconds: 300\n    MaximumRetryAttempts: -1\n"
      "    MaximumRecordAgeInSeconds: 60\n    BisectBatchOnFunctionError: 'true'\n"
      "    FunctionResponseTypes: [ReportBatchItemFailures]\n    Enabled: false\n"
      "    ParallelizationFactor: 1\n    TumblingWindowInSeconds: 0\n"
      "    FilterCriteria: {Filters: []}\n    MetricsConfig: {Metrics: [EventCount]}\n"
      "    DestinationConfig: {OnFailure: {Destination: dlq}}\n"
      "    created: 1m\n    create_delay: 60s\n    update_delay: 90s\n"));
  const MappingSettings& settings = scenario.mappings[0].settings;
  CHECK(settings.batch_size == 3);
  CHECK(settings.batching_window_s == 300);
  CHECK(settings.maximum_retry_attempts == -1);
  CHECK(settings.maximum_record_age_s == 60);
  CHECK(settings.bisect_batch_on_function_error);
  CHECK(settings.report_batch_item_failures);
  CHECK_FALSE(settings.enabled);
  CHECK(settings.created == Instant{} + minutes(1));
  CHECK(settings.create_delay == seconds(60));
  CHECK(settings.update_delay == seconds(90));
  CHECK(scenario.mappings[0].on_failure == DestinationId{0});
  CHECK(scenario.not_modelled == std::vector<std::string>{"MetricsConfig"});
}

TEST_CASE(
    "values outside of AWS's range are mistakes "
    "[ESM-PAR-01, ESM-PAR-02, ESM-PAR-05, ESM-PAR-06]") {
  CHECK(wrong("    BatchSize: 0\n") == "11:16 BatchSize must be from 1 to 10000, not 0");
  CHECK(wrong("    BatchSize: 10_001\n") == "11:16 BatchSize must be from 1 to 10000, not 10_001");
  CHECK(wrong("    BatchSize: 10.5\n") == "11:16 BatchSize must be a whole number, not `10.5`");
  CHECK(wrong("    MaximumBatchingWindowInSeconds: 301\n") ==
        "11:37 MaximumBatchingWindowInSeconds must be from 0 to 300, not 301");
  CHECK(wrong("    MaximumRetryAttempts: -2\n") ==
        "11:27 MaximumRetryAttempts must be from -1 to 10000, not -2");
  CHECK(wrong("    MaximumRecordAgeInSeconds: 59\n") ==
        "11:32 MaximumRecordAgeInSeconds must be -1 or from 60 to 604800, not 59");
  CHECK(wrong("    MaximumRecordAgeInSeconds: 0\n") ==
        "11:32 MaximumRecordAgeInSeconds must be -1 or from 60 to 604800, not 0");
  CHECK(wrong("    MaximumRecordAgeInSeconds: 604801\n") ==
        "11:32 MaximumRecordAgeInSeconds must be -1 or from 60 to 604800, not 604801");
  CHECK(mapping("    MaximumRecordAgeInSeconds: 60\n").maximum_record_age_s == 60);
  CHECK(mapping("    MaximumRecordAgeInSeconds: -1\n").maximum_record_age_s == -1);
}

TEST_CASE(
    "what is not modelled yet is said, unless it stands at its default "
    "[ESM-PAR-03, ESM-PAR-09, ESM-PAR-11, ESM-PAR-13]") {
  CHECK(
      wrong("    ParallelizationFactor: 2\n") ==
      "11:28 ParallelizationFactor 2 is not modelled yet: only 1 (one batch of a shard at a time; "
      "more shards come closest)");
  CHECK(wrong("    ParallelizationFactor: 11\n") ==
        "11:28 ParallelizationFactor must be from 1 to 10, not 11");
  CHECK(
      wrong("    TumblingWindowInSeconds: 30\n") ==
      "11:30 TumblingWindowInSeconds 30 is not modelled yet: only 0 (the function gets no state; a "
      "batching window only fills batches)");
  CHECK(wrong("    FilterCriteria: {Filters: [{Pattern: '{}'}]}\n") ==
        "11:31 Filters are not modelled yet (every record reaches the function; a producer that "
        "leaves out what the filter would drop comes closest)");
  CHECK(wrong("    Topics: [a]\n") == "11:5 `Topics` cannot be used with Kinesis (leave it out)");
  for (const std::string other : {"ProvisionedPollerConfig", "ScalingConfig", "LoggingConfig"}) {
    CHECK(wrong("    " + other + ": {}\n") ==
          "11:5 `" + other + "` cannot be used with Kinesis (leave it out)");
  }
}

TEST_CASE("AT_TIMESTAMP goes with a time that is not in the future [ESM-PAR-04]") {
  const std::string at = "    StartingPosition: AT_TIMESTAMP\n    StartingPositionTimestamp: ";
  const auto ms = [&](const std::string& value) {
    return read(with_mapping(at + value + "\n    created: 60s\n    create_delay: 1s\n"))
        .mappings[0]
        .settings.starting_timestamp_ms;
  };
  CHECK(ms("1767225600") == 1'767'225'600'000);
  CHECK(ms("1767225600.25") == 1'767'225'600'250);
  CHECK(ms("2026-01-01T00:00:30Z") == 1'767'225'630'000);
  CHECK(ms("2026-01-01T00:01:00Z") == 1'767'225'660'000);
  CHECK(said_about(with_mapping(at + "2026-01-01T00:01:01Z\n    created: 60s\n"
                                     "    create_delay: 1h\n")) ==
        "11:32 StartingPositionTimestamp is in the future when the mapping is created (that is "
        "1767225660 in Unix seconds; write that or less)");
  CHECK(said_about(with_mapping(at + "2026-01-01T00:00:01Z\n")) ==
        "11:32 StartingPositionTimestamp is in the future when the mapping is created (that is "
        "1767225600 in Unix seconds; write that or less)");
  CHECK(said_about(with_mapping("    StartingPosition: AT_TIMESTAMP\n")) ==
        "10:23 AT_TIMESTAMP needs a StartingPositionTimestamp (write it in Unix seconds, or as "
        "2026-01-01T00:00:00Z)");
  CHECK(wrong("    StartingPositionTimestamp: 0\n") ==
        "11:32 only AT_TIMESTAMP needs a StartingPositionTimestamp (leave it out, or write "
        "StartingPosition: AT_TIMESTAMP)");
}

TEST_CASE("a stream and a consumer of it are two sources of one function [ESM-PAR-15]") {
  const std::string head =
      "trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {}}\n"
      "stream_consumers: {fast: {StreamARN: s, ConsumerName: fast}}\nevent_source_mappings:\n";
  const auto mapping = [](const std::string& name, const std::string& source) {
    return "  " + name + ": {EventSourceArn: " + source +
           ", FunctionName: f, StartingPosition: LATEST}\n";
  };
  CHECK(said_about(head + mapping("a", "fast") + mapping("b", "s")) == "");
  CHECK(said_about(head + mapping("a", "fast") + mapping("b", "fast")) != "");
}

TEST_CASE("the same stream and function cannot be mapped twice [ESM-PAR-15]") {
  CHECK(said_about(with_mapping(from_trim_horizon,
                                "  again: {EventSourceArn: orders, FunctionName: billing, "
                                "StartingPosition: LATEST}\n")) ==
        "11:3 another mapping already connects `orders` and `billing`: AWS answers "
        "ResourceConflictException (write only one mapping for each pair of stream and function)");
}

TEST_CASE("a missing key is said at the name of its mapping, unless a near miss stands there") {
  const std::string write = " (write StartingPosition: `TRIM_HORIZON`, `LATEST` or `AT_TIMESTAMP`)";
  CHECK(said_about(with_mapping("")) ==
        "7:3 `StartingPosition` is missing in this event source mapping" + write);
  CHECK(said_about(with_mapping("    StartingPositon: LATEST\n")) ==
        "10:5 unknown key `StartingPositon` in an event source mapping (did you mean "
        "`StartingPosition`?)");
  CHECK(said_about(with_mapping("    startingPosition: LATEST # why\n\n")) ==
        "10:5 unknown key `startingPosition` in an event source mapping (did you mean "
        "`StartingPosition`?)");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nevent_source_mappings: {m: {}}\n") ==
        "3:28 `EventSourceArn`, `FunctionName` and `StartingPosition` are missing in this event "
        "source mapping" +
            write);
}

TEST_CASE("a mapping on a stream of records too large for Lambda is a warning [ESM-POL-07]") {
  const auto warnings = [](const std::string& kib) {
    return read("trimhorizon: 1\nstreams: {s: {MaxRecordSizeInKiB: " + kib +
                "}}\nfunctions: {f: {}}\nevent_source_mappings:\n"
                "  m: {EventSourceArn: s, FunctionName: f, StartingPosition: LATEST}\n")
        .warnings;
  };
  CHECK(warnings("4400").empty());
  CHECK(warnings("4401") ==
        std::vector<std::string>{"s.yaml:5:23: warning: `s` may have records of 4401 KiB: Lambda "
                                 "cannot receive records above about 4400 KiB"});
}

TEST_CASE("a mapping that comes to poll after the end of the run is a warning") {
  CHECK(read(with_mapping(from_trim_horizon + "    created: 5h\n")).warnings ==
        std::vector<std::string>{"s.yaml:11:14: warning: a run ends at 1h (`duration`), before "
                                 "this: only `explore`, and the "
                                 "replay of what it found, come so far"});
  CHECK(read(with_mapping(from_trim_horizon + "    created: 50m\n    create_delay: 11m\n"))
            .warnings ==
        std::vector<std::string>{
            "s.yaml:12:19: warning: this mapping never polls: the run ends at 1h"});
  CHECK(read(with_mapping(from_trim_horizon + "    created: 50m\n    create_delay: 10m\n"))
            .warnings.empty());
}

// As an importer of templates will do: it makes a tree of the properties of one resource.
TEST_CASE("the rows of a mapping fill its settings from any tree that has its keys") {
  const std::string json =
      R"({"EventSourceArn": "s", "FunctionName": "f", "StartingPosition": "LATEST",)"
      R"( "BatchSize": "7", "Enabled": "false", "MaximumRecordAgeInSeconds": 60})";
  reader::Mistakes mistakes("template.json", json);
  const reader::Node properties = reader::parse_yaml(json, {}, mistakes).value();
  reader::Pass pass{mistakes, "template.json", json};
  Scenario scenario;
  reader::Context context(pass, properties, scenario);
  MappingSettings settings;
  reader::Given(context, properties, reader::mapping_block()).fill(settings);
  CHECK_FALSE(mistakes.any());
  MappingSettings wanted;
  wanted.starting_position = StartingPosition::latest;
  wanted.batch_size = 7;
  wanted.enabled = false;
  wanted.maximum_record_age_s = 60;
  CHECK(settings == wanted);
}

TEST_CASE("what a message about a number of a mapping says to write is accepted") {
  const auto said = [&](const std::string& line) {
    const std::string all = said_about(with_mapping(from_trim_horizon + "    " + line + "\n"));
    return all.substr(all.find(' ') + 1);
  };
  const std::string how = " (write the number of seconds without a unit, as in CloudFormation)";
  CHECK(said("MaximumBatchingWindowInSeconds: 10m") ==
        "MaximumBatchingWindowInSeconds must be from 0 to 300 seconds, not 10m" + how);
  for (const std::string given : {"30s", "30d"}) {
    CHECK(said("MaximumRecordAgeInSeconds: " + given) ==
          "MaximumRecordAgeInSeconds must be -1 or from 60 to 604800 seconds, not " + given + how);
  }
  CHECK(said("MaximumRecordAgeInSeconds: 2m") ==
        "MaximumRecordAgeInSeconds is in seconds, as in CloudFormation: write 120");
}

TEST_CASE("a StartingPositionTimestamp in milliseconds is only divided when it is in the past") {
  const auto said = [&](const std::string& time) {
    return said_about(with_mapping(
        "    StartingPosition: AT_TIMESTAMP\n    StartingPositionTimestamp: " + time + "\n"));
  };
  CHECK(said("1760000000000")
            .ends_with("(it looks like milliseconds: write 1760000000, in Unix seconds)"));
  CHECK(said("1780000000000")
            .ends_with("(it looks like milliseconds; that is 1767225600 in Unix seconds; write "
                       "that or less)"));
  CHECK(said("1.7e9").ends_with("(write 1700000000)"));
}

TEST_CASE("a timestamp is not held against an epoch or a creation that is wrong") {
  const auto said = [](const std::string& head, const std::string& mapping) {
    return said_about("trimhorizon: 1\n" + head +
                      "\nstreams: {s: {}}\nfunctions: {f: {}}\nevent_source_mappings:\n"
                      "  m: {EventSourceArn: s, FunctionName: f, StartingPosition: AT_TIMESTAMP, "
                      "StartingPositionTimestamp: 2026-03-01T07:00:00Z" +
                      mapping + "}\n");
  };
  CHECK(said("epoch: 2026-03-01T8:00:00Z", "") ==
        "2:8 epoch must be a time, not `2026-03-01T8:00:00Z` (a time is written in UTC: "
        "2026-01-01T00:00:00Z)");
  CHECK(said("epoch: 2026-03-01T06:00:00Z", ", created: 2hx").find('\n') == std::string::npos);
  CHECK(said("epoch: 2026-03-01T06:00:00Z", ", created: 2h") == "");
  CHECK(said("epoch: 2026-03-01T06:00:00Z", "").find("is in the future") != std::string::npos);
}
