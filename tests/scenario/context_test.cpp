// Names of other things in the file: plain, by reference, by ARN.
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

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

TEST_CASE("a reference is read in every form that templates have, and `f:prod` is a function") {
  const auto names = [](const std::string& stream, const std::string& function) {
    const Scenario scenario = read(
        "trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {}}\nevent_source_mappings:\n  m:\n"
        "    StartingPosition: LATEST\n    EventSourceArn: " +
        stream + "\n    FunctionName: " + function + "\n");
    const MappingEntry& entry = scenario.mappings[0];
    std::string all = entry.stream.valid() && entry.function.valid() ? "both" : "";
    for (const std::string& each : scenario.not_modelled) all += ", " + each;
    return all;
  };
  CHECK(names("{Ref: s}", "!GetAtt [f, Arn]") == "both");
  CHECK(names("{Fn::GetAtt: [s, Arn]}", "{Fn::GetAtt: f.Arn}") == "both");
  CHECK(names("!GetAtt [s, Arn]", "{Ref: f}") == "both");
  const std::string alias = "both, the qualifier `prod` of FunctionName";
  CHECK(names("s", "f:prod") == alias);
  CHECK(names("s", "function:f:prod") == alias);
  CHECK(names("s", "123456789012:function:f:prod") == alias);
  CHECK(names("s", "'f:$LATEST'") == "both");
}

TEST_CASE("what is wrong in a reference is said once, also of a consumer with fan-out") {
  const auto said = [](const std::string& stream) {
    return said_about(
        "trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {}}\nevent_source_mappings:\n  m:\n"
        "    StartingPosition: LATEST\n    FunctionName: f\n    EventSourceArn: " +
        stream + "\n");
  };
  const std::string unknown =
      " no stream consumer is called `consumer` (define it under `stream_consumers:`)";
  CHECK(said("!GetAtt consumer.ConsumerARN") == "8:29" + unknown);
  CHECK(said("{Fn::GetAtt: [consumer, ConsumerARN]}") == "8:21" + unknown);
  CHECK(said("efo\nstream_consumers: {efo: {}}") ==
        "9:25 `StreamARN` and `ConsumerName` are missing in this stream consumer (for example "
        "StreamARN: orders, ConsumerName: billing-efo)");
  CHECK(said("!GetAtt [s, Arn, x]") ==
        "8:29 EventSourceArn must be the name of a stream, not a list");
  CHECK(said("{Ref: s, a: b}") ==
        "8:21 EventSourceArn must be the name of a stream, not a mapping");
  CHECK(said("!GetAtt [t, Arn]") == "8:29 no stream is called `t` (write `s`)");
}

TEST_CASE("a name that nothing has is a mistake") {
  CHECK(said_about("trimhorizon: 1\nstreams: {orders: {}}\nevent_source_mappings:\n  m: "
                   "{EventSourceArn: !GetAtt order.Arn, FunctionName: billing, StartingPosition: "
                   "LATEST}\n") ==
        "4:31 no stream is called `order` (did you mean `orders`?)\n"
        "4:56 no function is called `billing` (define it under `functions:`)");
  CHECK(said_about(with_mapping(from_trim_horizon +
                                "    DestinationConfig: {OnFailure: {Destination: queue}}\n")) ==
        "11:50 no destination is called `queue` (write `dlq`)");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {}}\nevent_source_mappings:\n"
                   "  m: {EventSourceArn: 'arn:aws:kinesis:x:1:stream/s/consumer/c:1', "
                   "FunctionName: !Sub f, StartingPosition: LATEST}\n") ==
        "5:23 stream `s` has no consumer with ConsumerName `c` (define it under "
        "`stream_consumers:`)\n"
        "5:87 the tag `!Sub` is not allowed here (write the name of a function without a tag)");
}

TEST_CASE("a name that nothing has is one mistake, however often it is used") {
  const std::string mapping =
      ": {EventSourceArn: order, FunctionName: f, StartingPosition: LATEST}\n";
  CHECK(said_about("trimhorizon: 1\n"
                   "streams: {orders: {}}\n"
                   "functions: {f: {}}\n"
                   "producers: {p: {stream: order, rate: 1/s, for: 1s}}\n"
                   "event_source_mappings:\n"
                   "  a" +
                   mapping + "  b" + mapping) ==
        "4:25 no stream is called `order` (did you mean `orders`?; the same in lines 6 and 7)");
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

TEST_CASE("a tag is read on the scalar that names something, and refused everywhere else") {
  const std::string not_here = " the tag `!foo` is not allowed here";
  CHECK(said_about(with_mapping(
            from_trim_horizon + "    !foo BatchSize: 3\n    FunctionResponseTypes: !foo []\n"
                                "    Tags: !foo [!foo a]\n",
            "expect: {fates: !foo {processed: 3}, lost: !foo [0], deliveries: {!foo r1: 1}}\n"
            "variants: {v: {set: !foo {BatchSize: 1}}}\n")) ==
        "11:10" + not_here + "\n12:33" + not_here + "\n14:22" + not_here + "\n14:49" + not_here +
            "\n14:72" + not_here + "\n15:26" + not_here);
}

TEST_CASE("a list where names are wanted is one mistake, and says how to write names") {
  CHECK(said_about("trimhorizon: 1\nstreams: {orders: {}}\nfunctions: {f: {}}\n"
                   "event_source_mappings:\n  - m: {EventSourceArn: orders}\n"
                   "timeline: [{at: 1s, UpdateEventSourceMapping: {name: m, Enabled: false}}]\n"
                   "expect: {lost: {m: 0}}\n") ==
        "4:1 event_source_mappings must be a mapping from names, not a list (write `name:` instead "
        "of `- `; for example event_source_mappings: {m: {EventSourceArn: orders, FunctionName: "
        "billing, StartingPosition: LATEST}})");
}

TEST_CASE("where the streams are missing, their names are no mistakes") {
  CHECK(said_about("trimhorizon: 1\nproducers: {p: {stream: s, rate: 1/s, for: 1s}}\n") ==
        "1:1 `streams` is missing in this scenario (for example streams: {orders: {ShardCount: "
        "2}})");
}

TEST_CASE("a name misspelt where it is defined is one mistake, wherever it is used") {
  const auto said = [](const std::string& more) {
    return said_about(
        "trimhorizon: 1\nstreams: {s: {ShardCount: 1}}\nfunctions: {f: {}}\n"
        "event_source_mappings:\n"
        "  ordres: {EventSourceArn: s, FunctionName: f, StartingPosition: LATEST}\n" +
        more);
  };
  CHECK(said("timeline:\n"
             "  - {at: 1s, crash_poller: {mapping: orders, shard: shardId-000000000000}}\n"
             "expect:\n"
             "  lost: {orders: 0}\n"
             "  fates: {orders: {processed: 1}}\n"
             "  checkpoint: {orders: {shardId-000000000000: ~}}\n"
             "  metrics: {orders: {Throttles: 0}}\n"
             "variants:\n"
             "  v: {set: {orders.BatchSize: 1, event_source_mappings.orders.Enabled: true}}\n") ==
        "7:38 no event source mapping is called `orders` (did you mean `ordres`?; the same in "
        "lines 9, 10, 11, 12 and 14)");
  CHECK(said("expect: {metrics: {orders: {Throttles: 0}}}\n") ==
        "6:20 no event source mapping or function is called `orders` (did you mean `ordres`?)");
}

TEST_CASE("where the name that AWS has is right, the key above it is what differs") {
  const auto said = [](const std::string& use) {
    return said_about(
        "trimhorizon: 1\nstreams:\n  ordres:\n    Name: orders\nproducers:\n"
        "  p: {stream: " +
        use +
        ", rate: 1/s, for: 1s}\n"
        "variants: {v: {set: {" +
        use + ".ShardCount: 2}}}\n");
  };
  CHECK(said("orders") ==
        "4:11 Name is `orders`, but the scenario calls it `ordres` (the name above it differs: "
        "write `orders` there; the same in lines 6 and 7)");
  CHECK(said("ordres") ==
        "4:11 Name is `orders`, but the scenario calls it `ordres` (leave Name out: the key is the "
        "name)");
}

TEST_CASE("where there is none of a kind, all its names are one mistake") {
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nevent_source_mappings:\n"
                   "  m: {EventSourceArn: s, FunctionName: f, StartingPosition: LATEST}\n"
                   "  n: {EventSourceArn: s, FunctionName: g, StartingPosition: LATEST}\n"
                   "variants: {v: {set: {f.Timeout: 2, cold_start: 1s}}}\n") ==
        "4:40 no function is called `f` (define it under `functions:`; the same in lines 5 and 6)");
}

TEST_CASE("where things cannot be read, their names are no mistakes") {
  const auto said = [](const std::string& streams, const std::vector<Override>& sets = {}) {
    return said_about("trimhorizon: 1\nstreams: " + streams +
                          "\nproducers: {p: {stream: s, rate: 1/s, for: 1s}}\n"
                          "variants: {v: {set: {s.ShardCount: 2, ShardCount: 3}}}\n",
                      sets);
  };
  CHECK(said("{}") == "2:10 streams is empty");
  CHECK(said("3").starts_with("2:10 streams must be a mapping from names, not `3` (for example"));
  CHECK(said("{a: b}") == "2:14 a stream must be a mapping `key: value`, not `b`");
  CHECK(said("{s: b}") == "2:14 a stream must be a mapping `key: value`, not `b`");
  CHECK(said("{s: {}}", {{"streams", "{}"}}) == "1:9 streams is empty");
  CHECK(said_about("trimhorizon: 1\nstreams: {'s t': {}}\n"
                   "producers: {p: {stream: s t, rate: 1/s, for: 1s}}\n") ==
        "2:11 the name `s t` has a character that AWS does not allow (use letters, digits, `_`, "
        "`-` and `.`)");
}

TEST_CASE("a shard is not judged where the number of shards is wrong") {
  for (const std::string count : {"2x", "0", "~", "[]"}) {
    INFO(count);
    const std::string said = said_about(
        "trimhorizon: 1\nstreams: {s: {ShardCount: " + count +
        "}}\nfunctions: {f: {}}\n"
        "event_source_mappings:\n"
        "  m: {EventSourceArn: s, FunctionName: f, StartingPosition: LATEST, DestinationConfig: "
        "{OnFailure: {Destination: q}}}\ndestinations: {q: {}}\n"
        "timeline: [{at: 1s, crash_poller: {mapping: m, shard: shardId-000000000001}}]\n"
        "expect:\n  checkpoint: {m: {shardId-000000000001: ~}}\n"
        "  destinations: {q: [{shardId: shardId-000000000001}]}\n");
    CHECK(said.starts_with("2:27 ShardCount must be "));
    CHECK(said.find('\n') == said.npos);
  }
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {ShardCount: 2x}}\nfunctions: {f: {}}\n"
                   "event_source_mappings:\n"
                   "  m: {EventSourceArn: s, FunctionName: f, StartingPosition: LATEST}\n"
                   "producers: {p: {stream: s, rate: 1/s, for: 1s}}\n"
                   "expect: {checkpoint: p-0}\n") ==
        "2:27 ShardCount must be a whole number, not `2x`");
}

TEST_CASE("the id of a record is not judged where a producer has a mistake") {
  const auto said = [](const std::string& producer) {
    return said_about(
        "trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {fail: [{records: [a1]}]}}\n"
        "producers: {p: " +
        producer + "}\n");
  };
  CHECK(said("{stream: s, put: [{at: 0s, records: {}}]}").find('\n') == std::string::npos);
  CHECK(said("{stream: s, put: [{at: 0s, record: [{id: a1}]}]}") ==
        "4:51 record must be one record, not a list (write `records: […]` for several)");
  CHECK(said("{stream: s, put: [{at: 0s, record: {id: {}}}]}") ==
        "4:56 id must be a text, not a mapping (for example id: order-17)");
  CHECK(said("{stream: s, ids: [], rate: 1/s, records: 2}") ==
        "4:33 ids must be a text, not a list (for example ids: r)");
  CHECK(said("{stream: s, ids: b, rate: 1/s, records: 2}") ==
        "3:35 no producer puts a record `a1` (records are called `b0`, …)");
}

TEST_CASE("records of a prefix that no producer has are one mistake") {
  CHECK(said_about(with_function("    fail: [{records: [x1, x20]}, {records: [x3, y]}]\n")) ==
        "6:23 no producer puts a record `x1` (records are called `r0`, …)\n"
        "6:49 no producer puts a record `y` (records are called `r0`, …)");
}

TEST_CASE("what happens too late in a hundred places is one warning") {
  const Scenario scenario = read(
      "trimhorizon: 1\nduration: 10s\nstreams: {s: {}}\nproducers:\n"
      "  p: {stream: s, put: [{at: 9s, record: {}}, {at: 11s, record: {}}, {at: 12s, record: {}}, "
      "{at: 13s, record: {}}]}\n");
  REQUIRE(scenario.warnings.size() == 1);
  CHECK(scenario.warnings[0].starts_with("s.yaml:5:51: warning: a run ends at 10s"));
  CHECK(scenario.warnings[0].ends_with(" (and 2 more like it)"));
}
