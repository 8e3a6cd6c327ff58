// The file itself: its head, and what it cannot be without.
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("a scenario needs no more than its version and a stream") {
  const Scenario scenario = read("trimhorizon: 1\nstreams: {orders: }\n");
  CHECK(scenario.file == "s.yaml");
  CHECK(scenario.source_text == "trimhorizon: 1\nstreams: {orders: }\n");
  CHECK(scenario.seed == 1);
  CHECK(scenario.epoch_ms == 1'767'225'600'000);
  CHECK(scenario.duration == hours(1));
  REQUIRE(scenario.streams.size() == 1);
  CHECK(scenario.streams[0].name == "orders");
  CHECK(scenario.streams[0].settings == StreamSettings{4, 24, 1024});
  CHECK(scenario.warnings.empty());
  CHECK(scenario.not_modelled.empty());
}

TEST_CASE("the head of a scenario is read") {
  const Scenario scenario = read(
      "trimhorizon: 1\ntitle: 007\nlesson: true\nseed: 9_223_372_036_854_775_807\n"
      "epoch: 2027-02-03T04:05:06.789Z\nduration: 1h30m\nstreams: {s: {ShardCount: '3', "
      "RetentionPeriodHours: 48, MaxRecordSizeInKiB: 2048, StreamModeDetails: {StreamMode: "
      "PROVISIONED}, Name: s}}\nevidence: [{kind: aws-recorded, rule: ESM-PBR-06}]\n"
      "decisions: {token: 'th1:AAAAXZW9dA', sites: [trim]}\n");
  CHECK(scenario.title == "007");
  CHECK(scenario.lesson == "true");
  CHECK(scenario.seed == 9'223'372'036'854'775'807u);
  CHECK(scenario.epoch_ms == 1'801'627'506'789);
  CHECK(scenario.duration == minutes(90));
  CHECK(scenario.streams[0].settings == StreamSettings{3, 48, 2048});
  REQUIRE(scenario.evidence.size() == 1);
  CHECK(scenario.evidence[0].kind == "aws-recorded");
  CHECK(scenario.evidence[0].rule == "ESM-PBR-06");
  CHECK(scenario.decisions == "th1:AAAAXZW9dA");
}

TEST_CASE("a token of decisions may stand alone") {
  const Scenario scenario = read("trimhorizon: 1\nstreams: {s: {}}\ndecisions: th1:AAAAXZW9dA\n");
  CHECK(scenario.decisions == "th1:AAAAXZW9dA");
}

TEST_CASE("a run ends before sequence numbers run out of seconds [KDS-SHD-09]") {
  const std::string head = "trimhorizon: 1\nstreams: {s: {}}\nepoch: ";
  const std::string beyond =
      "3:8 epoch + duration is after 4147-08-20T07:32:15Z, the last second that a sequence number "
      "can contain (write an earlier epoch or a shorter duration)";
  CHECK(said_about(head + "4147-08-19T00:00:00Z\nduration: 36500d\n") == beyond);
  CHECK(said_about(head + "4147-08-20T07:32:15Z\nduration: 1s\n") == beyond);
  CHECK(said_about(head + "4147-08-20T07:32:14Z\nduration: 1s\n") == "");
  CHECK(said_about(head + "9999-12-31T00:00:00Z\n") == beyond);
}

TEST_CASE("what `<<` was to bring is not said to be missing") {
  const std::string merge =
      "`<<` (merge keys) is not supported (write the keys out, or put an anchor on a whole value "
      "and use `*name`)";
  CHECK(said_about("trimhorizon: 1\ntitle: &x a\nstreams: {<<: *x}\n") == "3:11 " + merge);
  CHECK(said_about("trimhorizon: 1\nstreams: {s: &x {}}\nproducers: {p: {<<: *x}}\n") ==
        "3:17 " + merge);
}

TEST_CASE("a batch that would be tried ten million times without a wait is a warning") {
  const auto warned = [](const std::string& function, const std::string& mapping,
                         const std::string& rest) {
    const Scenario scenario = read(
        "trimhorizon: 1\nstreams: {s: {ShardCount: 1}}\nfunctions: {f: {duration: " + function +
        "}}\nevent_source_mappings:\n  m: {EventSourceArn: s, FunctionName: f, StartingPosition: "
        "TRIM_HORIZON" +
        mapping + "}\n" + rest);
    return scenario.warnings.empty() ? "" : scenario.warnings.front();
  };
  const std::string no_waits = "assumptions: {retry_backoff: none}\n";
  const std::string text = warned("100us", "", no_waits);
  CHECK(text.find("warning: a batch of m that fails may be tried 36,000,000 times in 1h: nothing "
                  "waits between its attempts; the run ends with an error after 10,000,000") !=
        std::string::npos);
  CHECK(warned("{record: 100us}", "", no_waits) == text);
  CHECK(warned("{lognormal: {mean: 100us, sigma: 1}}", "", no_waits) == text);
  // An hour has 10,000,000 times 360us.
  CHECK(warned("360us", "", no_waits) == "");
  CHECK(warned("359us", "", no_waits) != "");
  CHECK(warned("100us", ", MaximumRetryAttempts: 5", no_waits) == "");
  CHECK(warned("100us", ", MaximumRecordAgeInSeconds: 60", no_waits) == "");
  CHECK(warned("100us", "", "") == "");
  CHECK(warned("100us", "", no_waits + "duration: 10m\n") == "");
  CHECK(warned("100us", "", "assumptions: {retry_backoff: {first: 1us, cap: 1us}}\n") != "");
}

TEST_CASE("the end is not judged where the epoch or the duration is wrong") {
  CHECK(said_about("trimhorizon: 1\nepoch: 4147-08-20T07:30:00Z\nduration: 1x\n"
                   "streams: {s: {}}\n")
            .starts_with("3:11 duration must be a duration, not `1x`"));
  CHECK(said_about("trimhorizon: 1\nepoch: 4147-08-20T07:30:00Z\nduration: 1x\n"
                   "streams: {s: {}}\n")
            .find('\n') == std::string::npos);
}

TEST_CASE("things at the left margin after an empty block lack their indentation") {
  const std::string rest =
      "event_source_mappings: {m: {EventSourceArn: s, FunctionName: f, StartingPosition: LATEST, "
      "DestinationConfig: {OnFailure: {Destination: dlq}}}}\n";
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {}}\ndestinations:\n"
                   "dlq: {type: sqs}\n" +
                   rest) ==
        "5:1 unknown key `dlq` (it belongs below `destinations`: indent it, with all that is in "
        "it)");
  CHECK(said_about("trimhorizon: 1\nstreams:\ns: {ShardCount: 2}\nt: {}\nfunctions: {f: {}}\n"
                   "destinations: {dlq: {}}\n" +
                   rest + "variants: {v: {set: {s.ShardCount: 2}}}\n") ==
        "3:1 unknown key `s` (it belongs below `streams`: indent it, with all that is in it)");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\ndestinations:\nproducer: {p: {}}\n")
            .find("did you mean `producers`?") != std::string::npos);
}
