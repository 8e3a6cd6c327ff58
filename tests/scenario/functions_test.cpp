// Functions: duration, failure, answer.
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

FunctionSettings function(const std::string& lines) {
  return read(with_function(lines)).functions.at(0).settings;
}

FailRule fail(const std::string& entry) {
  return function("    fail: [" + entry + "]\n").fail.at(0);
}

}  // namespace

TEST_CASE("a function without settings has AWS's defaults and ours") {
  CHECK(function("    {}\n") == FunctionSettings{});
}

TEST_CASE("all settings of a function are read") {
  const FunctionSettings billing = function(
      "    Timeout: \"30\"\n    MemorySize: 512\n    ReservedConcurrentExecutions: 0\n"
      "    duration: 80ms\n    cold_start: 300ms\n    respond: report_failures\n");
  CHECK(billing.timeout_s == 30);
  CHECK(billing.memory_mib == 512);
  CHECK(billing.reserved_concurrency == 0u);
  CHECK(billing.duration.batch == milliseconds(80));
  CHECK(billing.duration.record == Duration{});
  CHECK(billing.cold_start == milliseconds(300));
  CHECK(billing.respond == Respond::report_failures);
}

TEST_CASE("a duration is fixed, by record, or drawn") {
  const WorkDuration by_record = function("    duration: {record: 10ms}\n").duration;
  CHECK(by_record.batch == Duration{});
  CHECK(by_record.record == milliseconds(10));
  const WorkDuration drawn =
      function("    duration: {lognormal: {mean: 80ms, sigma: 0.5}}\n").duration;
  REQUIRE(drawn.lognormal);
  CHECK(*drawn.lognormal == Lognormal{milliseconds(80), 500'000});
  CHECK(said_about(with_function("    duration: {}\n")) ==
        "6:15 duration is empty (write 80ms, {batch: 20ms, record: 1ms} or {lognormal: {mean: "
        "80ms, sigma: 0.5}})");
  CHECK(said_about(with_function("    duration: {lognormal: {mean: 0s, sigma: 9}, batch: 1s}\n")) ==
        "6:34 mean must be longer than 0s\n"
        "6:45 sigma must be from 0 to 5, not 9\n"
        "6:56 `batch` cannot be used with `lognormal`");
}

TEST_CASE("a Timeout up to 900 seconds is nothing special [LAM-CON-07]") {
  CHECK(read(with_function("    Timeout: 900\n")).warnings.empty());
  CHECK(function("    Timeout: 900\n").timeout_s == 900);
  CHECK(said_about(with_function("    Timeout: 0\n")) ==
        "6:14 Timeout must be from 1 to 1800, not 0 (up to 5400 only with CapacityProviderConfig)");
}

TEST_CASE("a Timeout above 900 seconds is a warning up to 1,800 [LAM-CON-07]") {
  for (const std::string timeout : {"901", "1800"}) {
    const Scenario scenario = read(with_function("    Timeout: " + timeout + "\n"));
    CHECK(scenario.functions[0].settings.timeout_s == std::stoll(timeout));
    CHECK(
        scenario.warnings ==
        std::vector<std::string>{"s.yaml:6:14: warning: Timeout " + timeout +
                                 " needs the limit of November 2026, 1800 seconds; before, it "
                                 "was 900, and CloudFormation's text still says so (LAM-CON-07)"});
  }
}

TEST_CASE("only a function with CapacityProviderConfig may run for longer [LAM-CON-07]") {
  CHECK(said_about(with_function("    Timeout: 1801\n")) ==
        "6:14 Timeout must be from 1 to 1800, not 1801: only a function with "
        "CapacityProviderConfig may have up to 5400");
  const std::string managed = "    CapacityProviderConfig: {}\n";
  for (const std::string timeout : {"901", "1801", "5400"}) {
    const Scenario scenario = read(with_function("    Timeout: " + timeout + "\n" + managed));
    CHECK(scenario.functions[0].settings.timeout_s == std::stoll(timeout));
    CHECK(scenario.warnings.empty());
    CHECK(scenario.not_modelled == std::vector<std::string>{"CapacityProviderConfig"});
  }
  CHECK(said_about(with_function("    Timeout: 5401\n" + managed)) ==
        "6:14 Timeout must be from 1 to 1800, not 5401 (up to 5400 only with "
        "CapacityProviderConfig)");
}

TEST_CASE("AWS's numbers have AWS's units") {
  CHECK(said_about(with_function("    Timeout: 30s\n")) ==
        "6:14 Timeout is in seconds, as in CloudFormation: write 30");
  CHECK(said_about(with_function("    Timeout: 2m\n")) ==
        "6:14 Timeout is in seconds, as in CloudFormation: write 120");
  CHECK(
      said_about(with_function("    Timeout: 500ms\n")) ==
      "6:14 Timeout must be a whole number, not `500ms` (it is in seconds, as in CloudFormation)");
  CHECK(said_about(with_function("    MemorySize: 1GiB\n")) ==
        "6:17 MemorySize is in MiB, as in CloudFormation: write 1024");
  CHECK(said_about(with_function("    duration: 50\n")) ==
        "6:15 duration needs a unit: did you mean 50ms?");
}

TEST_CASE("all conditions of a failure are read") {
  const FailRule rule = fail(
      "{records: [r1, r2], keys: [k1], from: 10m, until: 15m, probability: 0.5%, attempts: [1, 2], "
      "as: timeout, after: all}");
  CHECK(rule.records == std::vector<std::string>{"r1", "r2"});
  CHECK(rule.keys == std::vector<std::string>{"k1"});
  CHECK(rule.from == Instant{} + minutes(10));
  CHECK(rule.until == Instant{} + minutes(15));
  CHECK(rule.probability == Probability{5'000'000});
  CHECK(rule.attempts == std::vector<std::uint32_t>{1, 2});
  CHECK(rule.as == FailAs::timeout);
  CHECK(rule.after == FailAfter::all);
  CHECK(fail("{}") == FailRule{});
}

TEST_CASE("a failure may ask how often a record came, and how large the call is [rule 5]") {
  const FailRule counted = fail("{deliveries: [1, 3], batch_over: 200}");
  CHECK(counted.deliveries == std::vector<std::uint32_t>{1, 3});
  CHECK(counted.over_records == 200u);
  CHECK_FALSE(counted.over_bytes.has_value());
  const FailRule sized = fail("{batch_over: 4MiB}");
  CHECK(sized.over_bytes == 4 * 1024 * 1024);
  CHECK_FALSE(sized.over_records.has_value());
  CHECK(fail("{batch_over: 1_000}").over_records == 1'000u);
  CHECK(said_about(with_function("    fail: [{deliveries: [0]}]\n")) ==
        "6:26 deliveries must be from 1 to 1000000, not 0");
  CHECK(said_about(with_function("    fail: [{batch_over: 0}]\n")) ==
        "6:25 batch_over must be from 1 to 10000, not 0");
  CHECK(said_about(with_function("    fail: [{batch_over: 10001}]\n")) ==
        "6:25 batch_over must be from 1 to 10000, not 10001");
}

TEST_CASE("a function may stop silently at the record that fails [rule 7]") {
  CHECK(function("    respond: stop_silently\n").respond == Respond::stop_silently);
}

TEST_CASE("a record that cannot be is a mistake, one that is only beyond the last a warning") {
  CHECK(said_about(with_function("    fail: [{records: [x5]}]\n")) ==
        "6:23 no producer puts a record `x5` (records are called `r0`, …)");
  CHECK(read(with_function("    fail: [{records: [r10]}]\n")).warnings ==
        std::vector<std::string>{
            "s.yaml:6:23: warning: no producer puts a record `r10`: `shop` puts 10 records"});
  CHECK(read(with_function("    fail: [{keys: [k10, k9]}]\n")).warnings ==
        std::vector<std::string>{"s.yaml:6:20: warning: no producer uses the partition key `k10`"});
}

TEST_CASE("conditions that cannot hold are mistakes") {
  CHECK(said_about(with_function("    fail: [{from: 5s, until: 5s}]\n")) ==
        "6:30 until must be later than from");
  CHECK(said_about(with_function("    fail: [{attempts: [0]}]\n")) ==
        "6:24 attempts must be from 1 to 1000000, not 0");
  CHECK(said_about(with_function("    fail: [{records: [], probability: 101%}]\n")) ==
        "6:22 records is an empty list\n6:39 probability is more than 100%");
  CHECK(said_about(with_function("    fail: [{records: [r1], after: some}]\n")) ==
        "6:35 `after: some` cannot be used with `records`, `keys` or `deliveries`: the records "
        "before the failed one keep their effects anyway (leave it out, or write after: all)");
  CHECK(said_about(with_function("    fail: [{deliveries: [2], after: some}]\n"))
            .starts_with("6:37 `after: some` cannot be used"));
}

TEST_CASE("a fixed answer is any YAML as JSON") {
  const auto answer = [](const std::string& yaml) {
    const FunctionSettings settings = function("    respond: {return: " + yaml + "}\n");
    CHECK(settings.respond == Respond::fixed);
    return settings.fixed_response;
  };
  CHECK(answer("''") == "\"\"");
  CHECK(answer("null") == "null");
  CHECK(answer("~") == "null");
  CHECK(answer("{}") == "{}");
  CHECK(answer("[]") == "[]");
  CHECK(answer("{batchItemFailures: }") == "{\"batchItemFailures\":null}");
  CHECK(answer("{batchItemFailures: [{itemIdentifier: '$sequence[0]'}]}") ==
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"$sequence[0]\"}]}");
  CHECK(answer("[1, 1.50, -2e3, 007, 1_000, true, 'true', True, yes, nan]") ==
        "[1,1.50,-2e3,\"007\",\"1_000\",true,\"true\",\"True\",\"yes\",\"nan\"]");
  CHECK(said_about(with_function("    respond: {return: {a: 1, a: 2}}\n")) ==
        "6:30 `a` appears twice (remove one of them)");
  CHECK(said_about(with_function("    respond: {return: !Ref x}\n")) ==
        "6:28 the tag `!Ref` is not allowed here");
}

TEST_CASE("properties without meaning are accepted and named once") {
  const Scenario scenario = read(
      "trimhorizon: 1\nstreams: {s: {Tags: [{Key: a, Value: b}], KmsKeyArn: !GetAtt key.Arn}}\n"
      "functions:\n  a: {Role: !Sub 'x${y}', Runtime: python3.13, Handler: a.b, Code: {ZipFile: "
      "x}, "
      "Environment: {Variables: {A: 1}}}\n  b: {Role: x, Tags: {}}\n");
  CHECK(scenario.not_modelled == std::vector<std::string>{"Tags", "KmsKeyArn", "Role", "Runtime",
                                                          "Handler", "Code", "Environment"});
}

TEST_CASE("properties that are not modelled yet are mistakes") {
  CHECK(said_about(with_function("    VpcConfig: {}\n    DeadLetterConfig: {}\n")) ==
        "6:5 `VpcConfig` is not modelled yet (leave it out)\n"
        "7:5 `DeadLetterConfig` cannot be used with Kinesis (a mapping sends what it gives up "
        "itself: write DestinationConfig: {OnFailure: {Destination: dlq}} there, and dlq under "
        "`destinations`)");
}

TEST_CASE("a failure with nothing in it is a mistake, one without conditions always holds") {
  CHECK(said_about(with_function("    fail:\n      -\n      - {}\n      - ~\n")) ==
        "7:7 an entry of fail is empty (write {} for an entry with all defaults, or remove it)\n"
        "9:9 an entry of fail is empty (write {} for an entry with all defaults, or remove it)");
  CHECK(function("    fail: [{}]\n").fail == std::vector<FailRule>{FailRule{}});
}

TEST_CASE("a placeholder that names no record is a mistake, not a text") {
  CHECK(said_about(with_function("    respond: {return: ['$sequence[x]', '$sequence[-1]', "
                                 "$sequence, '$sequence[0]']}\n")) ==
        "6:24 `$sequence[x]` does not name a record of the batch (write $sequence[0] for the first "
        "record)\n"
        "6:40 `$sequence[-1]` does not name a record of the batch (write $sequence[0] for the "
        "first record)\n"
        "6:57 `$sequence` does not name a record of the batch (write $sequence[0] for the first "
        "record)");
}

TEST_CASE("a failure that begins after the end of the run is a warning") {
  CHECK(read(with_function("    fail: [{from: 5h}]\n")).warnings ==
        std::vector<std::string>{"s.yaml:6:19: warning: a run ends at 1h (`duration`), before "
                                 "this: only `explore`, and the "
                                 "replay of what it found, come so far"});
}

TEST_CASE("the name of a function has at most 64 characters") {
  const auto with_name = [](std::size_t length) {
    return "trimhorizon: 1\nstreams: {s: {}}\nfunctions: {" + std::string(length, 'f') + ": {}}\n";
  };
  CHECK(said_about(with_name(64)) == "");
  CHECK(said_about(with_name(65)) == "3:13 a name in functions has at most 64 characters");
}

TEST_CASE("words of other tools and APIs lead to the property that is meant") {
  CHECK(said_about(with_mapping(from_trim_horizon + "    MaxRetryAttempts: 1\n    Bisect: true\n"
                                                    "    ReportBatchItemFailures: true\n")) ==
        "11:5 unknown key `MaxRetryAttempts` in an event source mapping (did you mean "
        "`MaximumRetryAttempts`?)\n"
        "12:5 unknown key `Bisect` in an event source mapping (did you mean "
        "`BisectBatchOnFunctionError`?)\n"
        "13:5 unknown key `ReportBatchItemFailures` in an event source mapping (write "
        "FunctionResponseTypes: [ReportBatchItemFailures])");
  CHECK(said_about(with_function("    ImageConfig: {}\n")) ==
        "6:5 `ImageConfig` is not modelled yet (leave it out)");
}

TEST_CASE("a number with a unit is only suggested where the key accepts it") {
  CHECK(said_about(with_function("    Timeout: 60m\n")) ==
        "6:14 Timeout must be from 1 to 1800 seconds, not 60m (write the number of seconds without "
        "a unit, as in CloudFormation; up to 5400 only with CapacityProviderConfig)");
  CHECK(said_about(with_function("    MemorySize: 64MB\n")) ==
        "6:17 MemorySize must be from 128 to 32768 MiB, not 64MB (write the number of MiB without "
        "a unit, as in CloudFormation)");
  CHECK(said_about(with_function("    MemorySize: 1GB\n")) ==
        "6:17 MemorySize is in MiB, as in CloudFormation: write 1024");
}

TEST_CASE("words that look for a time or a record in `fail` are led to its keys") {
  CHECK(said_about(with_function("    fail: [{at: 5s}]\n")) ==
        "6:13 unknown key `at` in a `fail` entry (write from when to when it fails: from: 5m, "
        "until: 10m)");
  CHECK(said_about(with_function("    fail: [{for: 5s}]\n"))
            .ends_with("(write when it ends, counted from the beginning of the run: until: 10m)"));
  CHECK(said_about(with_function("    fail: [{poison: r1}]\n")) ==
        "6:13 unknown key `poison` in a `fail` entry (did you mean `records`? records must be a "
        "list, not `r1`: write [r1])");
}

TEST_CASE("a median is no mean, and the message says how they differ") {
  CHECK(
      said_about(with_function("    duration: {lognormal: {median: 80ms, sigma: 1}}\n")) ==
      "6:28 unknown key `median` in `lognormal` (write mean: 80ms; it is above the median, by the "
      "factor e^(sigma*sigma/2))");
}

TEST_CASE("the end of a failure is not held against a wrong beginning") {
  const std::string said = said_about(with_function("    fail: [{from: 1x, until: 0s}]\n"));
  CHECK(said.starts_with("6:19 from must be a duration, not `1x`"));
  CHECK(said.find('\n') == std::string::npos);
}
