// Every case of tests/lambda/oracle/mapping.yaml: what was recorded on AWS, and what we do.
#include <fmt/format.h>

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/world/mapping_oracle.hpp"

namespace trimhorizon::oracle {
namespace {

// Cases that are not run here: the parts that they need, or that another test has them.
struct NotRun {
  std::string_view id;
  std::string_view needs;
};
constexpr NotRun not_run[] = {
    {"rec2-children-wait", "a test of its own"},
    {"rec2-kpl-mixed-fanout", "a test of its own"},
    {"rec2-window-final-fails", "tumbling windows"},
    {"st2-update-2-3", "a test of its own"},
};

// True: run it. Fails when the list above and what the case needs do not agree.
bool runs(const std::string& id, const std::string& unbuilt) {
  const auto* listed = std::find_if(std::begin(not_run), std::end(not_run),
                                    [&](const NotRun& each) { return each.id == id; });
  const std::string_view reason = listed == std::end(not_run) ? "" : listed->needs;
  CHECK(reason == unbuilt);
  return reason.empty() && unbuilt.empty();
}

std::string rules_of(const Node& node) {
  std::string out;
  for (const std::string& rule : texts_in(member(node, "rules"))) out += " " + rule;
  return out;
}

// What differs, or why the case cannot be compared; one bad case must not hide the others.
template <class Compare>
std::string verdict_of(const Compare& compare) {
  try {
    return compare();
  } catch (const std::exception& error) {
    return error.what();
  }
}

// With the scenario, to try it by hand.
std::string verdict_on(const Node& esm_case) {
  return verdict_of([&] {
    const std::string found = differences(esm_case);
    return found.empty() ? "" : found + scenario_of(esm_case);
  });
}

const std::vector<Node>& esm_cases() { return member(mapping_oracle(), "esm_cases").items; }
const std::vector<Node>& stream_cases() {
  return member(member(mapping_oracle(), "streams"), "cases").items;
}

// Recordings of which the catalogue gives the numbers.
const char* const told_in_words = R"(
- id: the rest after a report, with a window of 3 s
  config: {StartingPosition: TRIM_HORIZON, BatchSize: 4, MaximumRetryAttempts: 1,
           MaximumBatchingWindowInSeconds: 3, FunctionResponseTypes: [ReportBatchItemFailures]}
  stream: {ShardCount: 1}
  input:
    records: [{index: 1, time_s: 0}, {index: 2, time_s: 0}, {index: 3, time_s: 0},
              {index: 4, time_s: 0}]
  function: {behaviour: report_failures, fail_records: [2], duration_s: 0.0002}
  expected:
    invocations: [[1, 2, 3, 4], [2, 3, 4], [2, 3, 4]]
    request_ids: [0, 1, 1]
    gaps_s: [[0, 0.055], [0.13, 0.28]]
    destination_messages:
    - {condition: RetryAttemptsExhausted, approximateInvokeCount: 2, batchSize: 3, start_record: 2,
       end_record: 4, responseContext: {functionError: null}}
- id: an exception and bisect
  config: {StartingPosition: TRIM_HORIZON, BatchSize: 4, MaximumRetryAttempts: 1,
           BisectBatchOnFunctionError: true}
  stream: {ShardCount: 1}
  input:
    records: [{index: 1, time_s: 0}, {index: 2, time_s: 0}, {index: 3, time_s: 0},
              {index: 4, time_s: 0}]
  function: {behaviour: raise, fail_records: [2]}
  expected:
    invocations: [[1, 2, 3, 4], [1, 2], [1], [2], [2], [3, 4]]
    request_ids: [0, 1, 2, 3, 3, 4]
    gaps_s: [[0, 0.055], [0, 0.055], [0, 0.055], [0.13, 0.28], [0, 0.055]]
    destination_messages:
    - {condition: RetryAttemptsExhausted, approximateInvokeCount: 2, batchSize: 1, start_record: 2,
       responseContext: {statusCode: 200, executedVersion: $LATEST, functionError: Unhandled}}
- id: a record over the payload limit, no retries
  config: {StartingPosition: TRIM_HORIZON, BatchSize: 1, MaximumRetryAttempts: 0}
  stream: {ShardCount: 1, MaxRecordSizeInKiB: 10240}
  input:
    records: [{index: 1, time_s: 0, data_bytes: 5242880}]
  function: {behaviour: succeed}
  expected:
    invocations: []
    destination_messages:
    - {condition: RetryAttemptsExhausted, approximateInvokeCount: 1, batchSize: 1, start_record: 1,
       responseContext: null}
- id: two old records, one at a time, and a fresh one
  config: {StartingPosition: TRIM_HORIZON, BatchSize: 1, MaximumRecordAgeInSeconds: 60}
  stream: {ShardCount: 1}
  input:
    records: [{index: 1}, {index: 2}, {index: 3}]
    puts:
    - {op: PutRecords, records: [1, 2], time_s: 0}
    - {op: wait, seconds: 80}
    - {op: PutRecord, records: [3]}
    - {op: CreateEventSourceMapping}
  function: {behaviour: succeed}
  expected:
    invocations: [[3]]
    destination_messages:
    - {condition: RecordAgeExceeded, approximateInvokeCount: 1, batchSize: 1, start_record: 1,
       end_record: 1, responseContext: null}
    - {condition: RecordAgeExceeded, approximateInvokeCount: 1, batchSize: 1, start_record: 2,
       end_record: 2, responseContext: null}
- id: the last of six, BatchSize 3, three retries
  config: {StartingPosition: TRIM_HORIZON, BatchSize: 3, MaximumRetryAttempts: 3,
           FunctionResponseTypes: [ReportBatchItemFailures]}
  stream: {ShardCount: 1}
  input:
    records: [{index: 1, time_s: 0}, {index: 2, time_s: 0}, {index: 3, time_s: 0},
              {index: 4, time_s: 0}, {index: 5, time_s: 0}, {index: 6, time_s: 0}]
  function: {behaviour: report_failures, fail_records: [6]}
  expected:
    invocations: [[1, 2, 3], [4, 5, 6], [6], [6], [6], [6]]
    request_ids: [0, 1, 2, 2, 2, 2]
    destination_messages:
    - {condition: RetryAttemptsExhausted, approximateInvokeCount: 4, batchSize: 1, start_record: 6}
)";

// A case that was made up, with one text of it replaced.
std::string with(const std::string& text, const std::string& replacement) {
  std::string yaml = R"(
id: made-up
config: {StartingPosition: TRIM_HORIZON, BatchSize: 4, MaximumRetryAttempts: 1}
stream: {ShardCount: 1}
input:
  records:
  - {index: 1, partition_key: a, time_s: 0.0}
  - {index: 2, partition_key: a, time_s: 0.0}
  - {index: 3, partition_key: a, time_s: 9.0}
  puts:
  - {op: PutRecords, records: [1, 2], time_s: 0}
  - {op: PutRecord, records: [3], time_s: 9.0}
  - {op: CreateEventSourceMapping, time_s: 5.0}
function: {behaviour: raise, fail_records: [2], duration_s: 0.1}
expected:
  invocations: [[1, 2], [1, 2], [3]]
  request_ids: [7, 7, 4]
  gaps_s: [[0.2, 0.2], [0.0, 4.0]]
  destination_messages:
  - {condition: RetryAttemptsExhausted, approximateInvokeCount: 2, batchSize: 2, start_record: 1,
     end_record: 2, responseContext: {statusCode: 200, functionError: Unhandled}}
recorded_fields: [gaps_s]
)";
  const std::size_t at = yaml.find(text);
  REQUIRE(at != yaml.npos);
  return yaml.replace(at, text.size(), replacement);
}

std::string found_with(const std::string& text, const std::string& replacement) {
  return differences(node_of(with(text, replacement)));
}

std::string refused_with(const std::string& text, const std::string& replacement) {
  try {
    return "not refused: " + found_with(text, replacement);
  } catch (const OracleError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE(
    "event source mappings do what was recorded on AWS [ESM-RTY-06, ESM-RTY-12, ESM-RTY-14, "
    "ESM-PBR-01, ESM-PBR-09, ESM-BIS-08, ESM-BIS-09, ESM-POL-04, ESM-POL-07, ESM-AGE-03, "
    "ESM-PAR-04, ESM-PAR-05, KDS-ITR-06]") {
  CHECK(!esm_cases().empty());
  for (const Node& each : esm_cases()) {
    const std::string& id = member(each, "id").text;
    INFO(id << ": " << member(each, "title").text << rules_of(each));
    if (!runs(id, unbuilt_parts_of(each))) continue;
    CHECK(verdict_on(each) == "");
  }
}

TEST_CASE("streams do what was recorded on AWS [KDS-ITR-13, KDS-EFO-02, KDS-EFO-10]") {
  for (const Node& each : stream_cases()) {
    const std::string& id = member(each, "id").text;
    INFO(id << ": " << member(each, "call").text << rules_of(each));
    if (!runs(id, unbuilt_parts_of_stream(each))) continue;
    CHECK(verdict_of([&] { return stream_differences(each); }) == "");
  }
}

TEST_CASE("every case of the oracle has a name of its own, and no list of cases is left out") {
  allow_only(mapping_oracle(), "the file", {"esm_cases", "streams"});
  allow_only(member(mapping_oracle(), "streams"), "streams", {"note", "cases"});
  std::vector<std::string> ids;
  for (const auto* cases : {&esm_cases(), &stream_cases()}) {
    for (const Node& each : *cases) ids.push_back(member(each, "id").text);
  }
  std::sort(ids.begin(), ids.end());
  CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
}

TEST_CASE("a case of the oracle becomes a scenario") {
  CHECK(scenario_of(node_of(with("", ""))) == R"(trimhorizon: 1
duration: 30h
streams: {orders: {ShardCount: 1}}
producers:
  shop:
    stream: orders
    put:
      - {at: 0s, records: [{id: r1, key: "a"}, {id: r2, key: "a"}]}
      - {at: 9s, record: {id: r3, key: "a"}}
functions: {billing: {Timeout: 60, duration: 100ms, respond: raise, fail: [{records: [r2]}]}}
destinations: {dlq: {type: sqs}}
event_source_mappings:
  billing-orders:
    EventSourceArn: orders
    FunctionName: billing
    DestinationConfig: {OnFailure: {Destination: dlq}}
    created: 5s
    StartingPosition: TRIM_HORIZON
    BatchSize: 4
    MaximumRetryAttempts: 1
)");
  CHECK(found_with("", "") == "");
}

TEST_CASE("each thing that a case of the oracle expects is compared") {
  CHECK(found_with("[[1, 2], [1, 2], [3]]", "[[1, 2], [3]]") ==
        "invocations: expected [1 2][3], got [1 2][1 2][3]\n");
  CHECK(found_with("[[1, 2], [1, 2], [3]]", "[]") ==
        "invocations: expected none, got [1 2][1 2][3]\n");
  CHECK(found_with("[7, 7, 4]", "[1, 2, 3]") == "request_ids: expected 0 1 2, got 0 0 1\n");
  CHECK(found_with("[0.2, 0.2]", "[0.2001, 0.3]") == "gap 1: expected 0.2001s to 0.3s, got 0.2s\n");
  CHECK(found_with("[0.0, 4.0]", "[0, 3.999]") == "gap 2: expected 0s to 3.999s, got 4s\n");
  CHECK(found_with("[[0.2, 0.2], ", "[") == "gaps_s: expected 1, got 2\n");
  CHECK(found_with("RetryAttemptsExhausted", "RecordAgeExceeded") ==
        "message 1 condition: expected RecordAgeExceeded, got RetryAttemptsExhausted\n");
  CHECK(found_with("Count: 2", "Count: 3") ==
        "message 1 approximateInvokeCount: expected 3, got 2\n");
  CHECK(found_with("batchSize: 2", "batchSize: 1") == "message 1 batchSize: expected 1, got 2\n");
  CHECK(found_with("start_record: 1", "start_record: 2").starts_with("message 1 start_record: "));
  CHECK(found_with("end_record: 2", "end_record: 1").starts_with("message 1 end_record: "));
  CHECK(found_with("Unhandled", "null") ==
        "message 1 responseContext.functionError: expected null, got Unhandled\n");
  CHECK(found_with("{statusCode: 200, functionError: Unhandled}", "null")
            .starts_with("message 1 responseContext: expected absent, got {"));
  CHECK(found_with("  - {condition", "  - {}\n  - {condition") ==
        "destination_messages: expected 2, got 1\n");
}

TEST_CASE("what a case of the oracle says and nobody knows is refused by its name") {
  CHECK(refused_with("BatchSize: 4", "Batch: 4") == "config: the key `Batch` is not known");
  CHECK(refused_with("BatchSize: 4", "BatchSize: 4, BatchSize: 3") ==
        "config: the key `BatchSize` appears twice");
  CHECK(refused_with("duration_s", "lasts_s") == "function: the key `lasts_s` is not known");
  CHECK(refused_with("behaviour: raise", "behaviour: sleep") ==
        "function: the behaviour `sleep` is not known with fail_records");
  CHECK(refused_with("behaviour: raise", "behaviour: succeed") ==
        "function: the behaviour `succeed` is not known with fail_records");
  CHECK(refused_with("fail_records: [2], ", "") == "the key `fail_records` is missing");
  CHECK(refused_with("partition_key: a", "hash: 1") == "record: the key `hash` is not known");
  CHECK(refused_with("{ShardCount: 1", "{ShardCount: 1, Mode: x") ==
        "stream: the key `Mode` is not known");
  CHECK(refused_with("op: PutRecord,", "op: Put,") == "the operation `Put` is not known");
  CHECK(refused_with("records: [3], time_s", "records: [3], size: 1, time_s") ==
        "PutRecord: the key `size` is not known");
  CHECK(refused_with("records: [3]", "records: [1]") == "record 1 is put 2 times");
  CHECK(refused_with("records: [3]", "records: [4]") == "there is no record 4");
  CHECK(refused_with("gaps_s", "waits_s") == "expected: the key `waits_s` is not known");
  CHECK(refused_with("[gaps_s]", "[windows]") == "the key `windows` is missing");
  CHECK(refused_with("batchSize", "size") == "destination_messages: the key `size` is not known");
  CHECK(refused_with("statusCode", "code") ==
        "message 1 responseContext: the key `code` is not known");
  CHECK(refused_with("TRIM_HORIZON", "AT_TIMESTAMP, StartingPositionTimestamp: noon") ==
        "StartingPositionTimestamp: `noon` is not understood");
}

TEST_CASE("other forms that a case of the oracle may have") {
  const auto contains = [](const std::string& line) {
    return Catch::Matchers::ContainsSubstring(line);
  };
  const auto told = [](const std::string& text, const std::string& replacement) {
    return scenario_of(node_of(with(text, replacement)));
  };
  // Without `puts`, records are put at their own times. Polling starts with all of them there.
  const std::string alone = told(R"(  puts:
  - {op: PutRecords, records: [1, 2], time_s: 0}
  - {op: PutRecord, records: [3], time_s: 9.0}
  - {op: CreateEventSourceMapping, time_s: 5.0}
)",
                                 "");
  CHECK_THAT(alone, contains("{at: 0s, records: [{id: r1, key: \"a\"}, {id: r2, key: \"a\"}]}\n"
                             "      - {at: 9s, records: [{id: r3, key: \"a\"}]}\n"));
  CHECK_THAT(alone, contains("    created: 9s\n"));
  // `wait` moves what says no time.
  const std::string waits = told("{op: CreateEventSourceMapping, time_s: 5.0}",
                                 "{op: wait, seconds: 61.5}\n  - {op: CreateEventSourceMapping}");
  CHECK_THAT(waits, contains("    created: 1m10s500ms\n"));
  const std::string between = told("TRIM_HORIZON",
                                   "AT_TIMESTAMP, StartingPositionTimestamp: "
                                   "between record 2 and 3");
  CHECK_THAT(between, contains("StartingPositionTimestamp: \"2026-01-01T00:00:04.500Z\"\n"));
  // The shard counts, whatever the key.
  const std::string second =
      told("stream: {ShardCount: 1}\ninput:\n  records:\n  - {index: 1,",
           "stream: {ShardCount: 2}\ninput:\n  records:\n  - {index: 1, shard: 1,");
  CHECK_THAT(second, contains("{id: r1, key: \"a\", ExplicitHashKey: "
                              "\"170141183460469231731687303715884105728\"}"));
  const std::string large = told("index: 1,", "index: 1, data_bytes: 5242880,");
  CHECK_THAT(large, contains("{id: r1, key: \"a\", size: 5242880B}"));
}

TEST_CASE(
    "recordings that the catalogue tells in words, as cases of the oracle [ESM-RTY-12, "
    "ESM-RTY-14, ESM-PBR-06, ESM-BIS-03, ESM-BIS-08, ESM-POL-07, ESM-AGE-02, ESM-PAR-05]") {
  const Node cases = node_of(told_in_words);
  CHECK(cases.items.size() == 5);
  for (const Node& each : cases.items) {
    INFO(member(each, "id").text);
    CHECK(unbuilt_parts_of(each) == "");
    CHECK(verdict_on(each) == "");
  }
}

TEST_CASE("a case of the oracle needs what is not built only where it says so") {
  const auto needs = [](const std::string& text, const std::string& replacement) {
    return unbuilt_parts_of(node_of(with(text, replacement)));
  };
  CHECK(needs("", "") == "");
  CHECK(needs("BatchSize: 4", "ParallelizationFactor: 1, TumblingWindowInSeconds: 0") == "");
  CHECK(needs("BatchSize: 4", "ParallelizationFactor: 2") == "lanes");
  CHECK(needs("BatchSize: 4", "TumblingWindowInSeconds: 9") == "tumbling windows");
  CHECK(needs("behaviour: raise", "behaviour: count_state") == "tumbling windows");
  CHECK(needs("op: PutRecord,", "op: SplitShard,") == "a test of its own");
  CHECK(needs("partition_key: a", "in: parent") == "a test of its own");
  CHECK(needs("partition_key: a", "aggregate: [a]") == "a test of its own");
  CHECK(needs("BatchSize: 4", "FilterCriteria: {}") == "filters");
}

}  // namespace trimhorizon::oracle
