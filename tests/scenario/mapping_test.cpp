// Event source mappings and the timeline.
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

MappingSettings mapping(const std::string& lines) {
  return read(with_mapping(trim_horizon + lines)).mappings.at(0).settings;
}
std::string wrong(const std::string& lines) {
  return said_about(with_mapping(trim_horizon + lines));
}
std::vector<TimelineAction> timeline(const std::string& entries) {
  return read(with_mapping(trim_horizon, "timeline:\n" + entries)).timeline;
}
std::string wrong_timeline(const std::string& entries) {
  return said_about(with_mapping(trim_horizon, "timeline:\n" + entries));
}

}  // namespace

TEST_CASE("a mapping has AWS's defaults") {
  const Scenario scenario = read(with_mapping(trim_horizon));
  REQUIRE(scenario.mappings.size() == 1);
  CHECK(scenario.mappings[0].stream == StreamId{0});
  CHECK(scenario.mappings[0].function == FunctionId{0});
  CHECK_FALSE(scenario.mappings[0].on_failure.valid());
  CHECK(scenario.mappings[0].settings == MappingSettings{});
}

TEST_CASE(
    "all settings of a mapping are read, numerals in quotes too "
    "[ESM-PAR-07, ESM-PAR-08, ESM-PAR-10, ESM-PAR-12]") {
  const Scenario scenario = read(with_mapping(
      trim_horizon +
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

TEST_CASE("things are named plainly, by reference, or by ARN") {
  const std::string head =
      "trimhorizon: 1\nstreams: {a.b: {}, orders: {}}\nfunctions: {f.1: {}, g: {}}\n"
      "destinations: {q.x: {}, bucket: {type: s3}}\nevent_source_mappings:\n  m:\n"
      "    StartingPosition: LATEST\n";
  const auto read_names = [&](const std::string& stream, const std::string& function,
                              const std::string& destination) {
    const Scenario scenario =
        read(head + "    EventSourceArn: " + stream + "\n    FunctionName: " + function +
             "\n    DestinationConfig: {OnFailure: {Destination: " + destination + "}}\n");
    const MappingEntry& entry = scenario.mappings[0];
    return std::vector<std::uint32_t>{entry.stream.value, entry.function.value,
                                      entry.on_failure.value};
  };
  CHECK(read_names("a.b", "f.1", "q.x") == std::vector<std::uint32_t>{0, 0, 0});
  CHECK(read_names("!GetAtt a.b.Arn", "!Ref f.1", "!GetAtt q.x.Arn") ==
        std::vector<std::uint32_t>{0, 0, 0});
  CHECK(read_names("arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
                   "arn:aws:lambda:eu-west-1:123456789012:function:g:live",
                   "'arn:aws:s3:::bucket'") == std::vector<std::uint32_t>{1, 1, 1});
  CHECK(read_names("!Ref 'orders'", "g", "''") == std::vector<std::uint32_t>{1, 1, UINT32_MAX});
}

TEST_CASE("a name that nothing has is a mistake") {
  CHECK(said_about("trimhorizon: 1\nstreams: {orders: {}}\nevent_source_mappings:\n  m: "
                   "{EventSourceArn: !GetAtt order.Arn, FunctionName: billing, StartingPosition: "
                   "LATEST}\n") ==
        "4:31 no stream is called `order` (did you mean `orders`?)\n"
        "4:56 no function is called `billing` (name it under `functions:`)");
  CHECK(wrong("    DestinationConfig: {OnFailure: {Destination: queue}}\n") ==
        "11:50 no destination is called `queue` (there is `dlq`)");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {}}\nevent_source_mappings:\n"
                   "  m: {EventSourceArn: 'arn:aws:kinesis:x:1:stream/s/consumer/c:1', "
                   "FunctionName: !Sub f, StartingPosition: LATEST}\n") ==
        "5:23 consumers with enhanced fan-out are not modelled yet (name the stream itself)\n"
        "5:87 the tag `!Sub` is not read here (write the name of a function itself)");
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
    "[ESM-PAR-03, ESM-PAR-09, ESM-PAR-11, ESM-PAR-13, KDS-SHD-18]") {
  CHECK(wrong("    ParallelizationFactor: 2\n") ==
        "11:28 ParallelizationFactor 2 is not modelled yet: only 1");
  CHECK(wrong("    ParallelizationFactor: 11\n") ==
        "11:28 ParallelizationFactor must be from 1 to 10, not 11");
  CHECK(wrong("    TumblingWindowInSeconds: 30\n") ==
        "11:30 TumblingWindowInSeconds 30 is not modelled yet: only 0");
  CHECK(wrong("    FilterCriteria: {Filters: [{Pattern: '{}'}]}\n") ==
        "11:31 Filters are not modelled yet (leave FilterCriteria out)");
  CHECK(wrong("    Topics: [a]\n") == "11:5 `Topics` does not go with Kinesis (leave it out)");
  for (const std::string other : {"ProvisionedPollerConfig", "ScalingConfig", "LoggingConfig"}) {
    CHECK(wrong("    " + other + ": {}\n") ==
          "11:5 `" + other + "` does not go with Kinesis (leave it out)");
  }
  CHECK(
      said_about("trimhorizon: 1\nstreams: {s: {StreamModeDetails: {StreamMode: ON_DEMAND}}}\n") ==
      "2:47 StreamMode ON_DEMAND is not modelled yet: only PROVISIONED");
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
        "11:32 StartingPositionTimestamp goes with AT_TIMESTAMP only (leave it out, or write "
        "StartingPosition: AT_TIMESTAMP)");
}

TEST_CASE("the same stream and function cannot be mapped twice [ESM-PAR-15]") {
  CHECK(said_about(with_mapping(trim_horizon,
                                "  again: {EventSourceArn: orders, FunctionName: billing, "
                                "StartingPosition: LATEST}\n")) ==
        "11:3 another mapping connects `orders` and `billing` already: AWS answers "
        "ResourceConflictException (one mapping for each pair of stream and function)");
}

TEST_CASE("a missing key is said at the end of its mapping, unless a near miss stands there") {
  CHECK(said_about(with_mapping("")) ==
        "9:26 `StartingPosition` is missing in this event source mapping");
  CHECK(said_about(with_mapping("    StartingPositon: LATEST\n")) ==
        "10:5 unknown key `StartingPositon` in an event source mapping (did you mean "
        "`StartingPosition`?)");
  CHECK(said_about(with_mapping("    startingPosition: LATEST # why\n\n")) ==
        "10:5 unknown key `startingPosition` in an event source mapping (did you mean "
        "`StartingPosition`?)");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nevent_source_mappings: {m: {}}\n") ==
        "3:29 `EventSourceArn` is missing in this event source mapping\n"
        "3:29 `FunctionName` is missing in this event source mapping\n"
        "3:29 `StartingPosition` is missing in this event source mapping");
}

TEST_CASE("all actions of the timeline are read") {
  const auto actions = timeline(
      "  - {at: 7m, for: 30s, throttle: {function: billing}}\n"
      "  - {at: 7m, outage: {function: billing}}\n"
      "  - {at: 8m, crash_poller: {mapping: billing-orders, shard: shardId-000000000001}}\n"
      "  - {at: 9m, for: 10s, lose_acknowledgements: {producer: shop, probability: 5%}}\n"
      "  - {at: 9m, for: 10s, fail_destination: {destination: dlq}}\n"
      "  - {at: 6m, UpdateEventSourceMapping: {name: billing-orders, Enabled: false}}\n");
  REQUIRE(actions.size() == 6);
  CHECK(actions[0].kind == ActionKind::throttle);
  CHECK(actions[0].at == Instant{} + minutes(7));
  CHECK(actions[0].lasts == seconds(30));
  CHECK(actions[0].function == FunctionId{0});
  CHECK(actions[1].kind == ActionKind::outage);
  CHECK_FALSE(actions[1].lasts);
  CHECK(actions[2].kind == ActionKind::crash_poller);
  CHECK(actions[2].mapping == MappingId{0});
  CHECK(actions[2].shard_number == 1);
  CHECK(actions[3].kind == ActionKind::lose_acknowledgements);
  CHECK(actions[3].probability == Probability{50'000'000});
  CHECK(actions[4].kind == ActionKind::fail_destination);
  CHECK(actions[4].destination == DestinationId{0});
  CHECK(actions[5].kind == ActionKind::update_event_source_mapping);
  CHECK_FALSE(actions[5].enabled);
}

TEST_CASE("a timeline entry has one action, at a time, on things that are there") {
  CHECK(wrong_timeline("  - {at: 5m}\n") ==
        "12:12 this timeline entry has no action (write one of `throttle`, `outage`, "
        "`crash_poller`, `lose_acknowledgements`, `fail_destination` or "
        "`UpdateEventSourceMapping`)");
  CHECK(wrong_timeline("  - throttle: {function: billing}\n    outage: {function: billing}\n") ==
        "13:13 a timeline entry has one action (write two entries)\n"
        "13:32 `at` is missing in this timeline entry");
  CHECK(wrong_timeline("  - {at: 5m, SplitShard: {StreamName: orders}}\n"
                       "  - {at: 6m, crash_poller: {mapping: billing-orders, shard: "
                       "shardId-000000000002}}\n") ==
        "12:14 `SplitShard` is not modelled yet (leave it out)");
  CHECK(wrong_timeline("  - {at: 6m, for: 1s, crash_poller: {mapping: billing-orders, shard: "
                       "shardId-000000000002}}\n") ==
        "12:19 `for` does not go with `crash_poller`: it happens at once\n"
        "12:70 stream `orders` has no shard `shardId-000000000002` (its shards are "
        "shardId-000000000000 to shardId-000000000001)");
  CHECK(wrong_timeline("  - {at: 6m, UpdateEventSourceMapping: {name: billing-orders, Enabled: "
                       "true, BatchSize: 5}}\n") ==
        "12:78 `BatchSize` is not modelled yet (only Enabled can be updated yet)");
  CHECK(read(with_mapping(trim_horizon, "timeline: [{at: 2h, outage: {function: billing}}]\n"))
            .warnings ==
        std::vector<std::string>{"s.yaml:11:17: warning: this never happens: the run ends at 1h"});
}

TEST_CASE("assumptions are named switches with named values") {
  const Scenario scenario = read(
      "trimhorizon: 1\nstreams: {s: {}}\nassumptions:\n  partial_progress: keeps_retries\n"
      "  read_record_limit: none\n  odd_split: ceil\n  retry_backoff: none\n"
      "  throttle_backoff: {first: 1s, factor: 1.5, cap: 1m, jitter: full}\n"
      "  poller_failover: 30s\n");
  Assumptions wanted;
  wanted.partial_progress = assume::partial_progress::keeps_retries;
  wanted.odd_split = assume::odd_split::ceil;
  wanted.retry_backoff.on = false;
  wanted.throttle_backoff = {true, seconds(1), 1'500, minutes(1), Backoff::Jitter::full};
  wanted.poller_failover = seconds(30);
  CHECK(scenario.assumptions == wanted);
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nassumptions: {odd_spilt: ceil, split: x, "
                   "retry_backoff: {first: 1s, cap: 1ms, factor: 0.5}}\n") ==
        "3:15 unknown key `odd_spilt` in `assumptions` (did you mean `odd_split`?)\n"
        "3:39 split must be `resets_retries` or `inherits_retries`, not `x`\n"
        "3:74 cap is shorter than first\n"
        "3:87 factor must be from 1 to 1000, not 0.5");
}

TEST_CASE("explore is read") {
  const Scenario scenario = read(
      "trimhorizon: 1\nstreams: {s: {}}\nexplore: {faults: 3, sites: [trim, ack_lost], "
      "batch_sizes: any, properties: [no_loss, conservation]}\n");
  SiteSet sites;
  sites.add(Site::trim);
  sites.add(Site::ack_lost);
  CHECK(scenario.explore.faults == 3);
  CHECK(scenario.explore.sites == sites);
  CHECK(scenario.explore.any_batch_size);
  CHECK(scenario.explore.properties == std::vector<std::string>{"no_loss", "conservation"});
}

TEST_CASE("a switch of what is not built yet is named when it is not at its default") {
  const Scenario scenario = read(
      "trimhorizon: 1\nstreams: {s: {}}\nassumptions: {lanes: key_lock, lane_blocks: lane, "
      "read_throttle: fixed, odd_split: ceil}\n");
  CHECK(scenario.not_modelled ==
        std::vector<std::string>{"assumptions.lanes", "assumptions.read_throttle"});
}

TEST_CASE("a reference is to an ARN of the service that is wanted") {
  const auto said = [](const std::string& function, const std::string& destination) {
    return said_about(
        "trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {}}\n"
        "destinations: {dlq: {type: sqs}}\nevent_source_mappings:\n  m:\n"
        "    EventSourceArn: !GetAtt s.Arn\n    StartingPosition: LATEST\n"
        "    FunctionName: " +
        function + "\n    DestinationConfig: {OnFailure: {Destination: " + destination + "}}\n");
  };
  CHECK(said("f", "!GetAtt dlq.Arn") == "");
  CHECK(said("f", "!GetAtt dlq") ==
        "10:58 Destination must be an ARN, not `dlq` (write !GetAtt dlq.Arn)");
  CHECK(said("f", "!GetAtt dlq.QueueName") ==
        "10:58 Destination must be an ARN, not `dlq.QueueName` (write !GetAtt dlq.Arn)");
  CHECK(said("f", "arn:aws:kinesis:x:1:stream/dlq") ==
        "10:50 Destination must be an ARN of `sqs`, `sns` or `s3`, not "
        "`arn:aws:kinesis:x:1:stream/dlq`");
  CHECK(said("f", "arn:aws:sns:x:1:dlq") == "10:50 destination `dlq` is of type sqs, not sns");
  CHECK(said("arn:aws:sqs:x:1:f", "arn:aws:sqs:x:1:dlq") ==
        "9:19 FunctionName must be an ARN of `lambda`, not `arn:aws:sqs:x:1:f`");
}

TEST_CASE("the alias of a function is not modelled") {
  const auto named = [](const std::string& arn) {
    return read(
               "trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {}}\nevent_source_mappings:\n"
               "  m: {EventSourceArn: s, FunctionName: 'arn:aws:lambda:x:1:function:" +
               arn + "', StartingPosition: LATEST}\n")
        .not_modelled;
  };
  CHECK(named("f:prod") == std::vector<std::string>{"the qualifier `prod` of FunctionName"});
  CHECK(named("f:$LATEST").empty());
  CHECK(named("f").empty());
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
        std::vector<std::string>{
            "s.yaml:5:23: warning: `s` may hold records of 4401 KiB: above some 4400 KiB Lambda "
            "cannot be given one"});
}

TEST_CASE("a mapping that comes to poll behind the end of the run is a warning") {
  CHECK(read(with_mapping(trim_horizon + "    created: 5h\n")).warnings ==
        std::vector<std::string>{"s.yaml:11:14: warning: this never happens: the run ends at 1h"});
  CHECK(read(with_mapping(trim_horizon + "    created: 50m\n    create_delay: 11m\n")).warnings ==
        std::vector<std::string>{
            "s.yaml:12:19: warning: this mapping never polls: the run ends at 1h"});
  CHECK(read(with_mapping(trim_horizon + "    created: 50m\n    create_delay: 10m\n"))
            .warnings.empty());
}

TEST_CASE("a tag is read on the scalar that names something, and refused everywhere else") {
  const std::string not_here = " the tag `!foo` is not read here";
  CHECK(said_about(with_mapping(
            trim_horizon + "    !foo BatchSize: 3\n    FunctionResponseTypes: !foo []\n"
                           "    Tags: !foo [!foo a]\n",
            "expect: {fates: !foo {processed: 3}, lost: !foo [0], deliveries: {!foo r1: 1}}\n"
            "variants: {v: {set: !foo {BatchSize: 1}}}\n")) ==
        "11:10" + not_here + "\n12:33" + not_here + "\n14:22" + not_here + "\n14:49" + not_here +
            "\n14:72" + not_here + "\n15:26" + not_here);
}
