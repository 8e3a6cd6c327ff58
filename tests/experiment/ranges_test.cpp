#include "sim/experiment/ranges.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "sim/base/diagnostic.hpp"
#include "sim/experiment/run_scenario.hpp"
#include "sim/faults/assumption_words.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "tests/support/catch.hpp"

namespace trimhorizon::testing {
namespace {

// Ten records, of which r3 always fails. `report`: the answer names it, and r0 fails the first time
// as well; else a batch that fails is split.
std::string ten_records(bool report, const std::string& assumptions) {
  const std::string fails =
      report ? "respond: report_first_failure, fail: [{records: [r0], deliveries: [1]}, {records: "
               "[r3]}]"
             : "fail: [{records: [r3]}]";
  const std::string how = report ? "FunctionResponseTypes: [ReportBatchItemFailures]"
                                 : "BisectBatchOnFunctionError: true";
  return "trimhorizon: 1\nstreams: {orders: {ShardCount: 1}}\n"
         "producers: {shop: {stream: orders, ids: r, put: [{at: 0s, records:\n"
         "  [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}]}]}}\n"
         "functions: {billing: {" +
         fails +
         "}}\nevent_source_mappings:\n"
         "  m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON,\n"
         "      BatchSize: 10, MaximumRetryAttempts: 2, " +
         how + "}\n" + (assumptions.empty() ? "" : "assumptions: {" + assumptions + "}\n");
}

struct Ranged {
  bool report = false;
  std::string assumptions;  // of the file, as in `split: inherits_retries`

  Scenario scenario() const {
    return read_scenario(ten_records(report, assumptions), "ranged.yaml");
  }
  // The same file with one more line in `assumptions:`.
  Scenario with(const std::string& line) const {
    const std::string all = assumptions.empty() ? line : assumptions + ", " + line;
    return read_scenario(ten_records(report, all), "ranged.yaml");
  }
};
const Ranged splitting{false, "split_when: after_retries"};
const Ranged reporting{true, ""};

Result result_of(const Scenario& scenario) {
  return run_scenario(std::make_shared<const Scenario>(scenario)).result;
}

// The numbers that a report gives a range, by their names.
std::map<std::string, std::uint64_t> numbers_in(const Result& result) {
  std::map<std::string, std::uint64_t> numbers = {{"lost", result.lost},
                                                  {"duplicates", result.duplicates}};
  for (const ConsumerResult& each : result.consumers) {
    numbers["given_up"] += each.fates[Fate::discarded] + each.fates[Fate::dropped];
    numbers["expired"] += each.fates[Fate::expired];
    numbers["invocations"] += each.invocations;
  }
  return numbers;
}

Ranges ranges_in(const Ranged& ranged) {
  return ranges_of(ranged.scenario(), result_of(ranged.scenario()));
}

// Another value as an entry of `assumptions:`, as a reader would write it to try it.
std::string as_yaml(const OtherValue& other) {
  std::string value = other.text;
  if (value.starts_with("cap ")) value = "{cap: " + value.substr(4) + "}";
  if (value == "full jitter") value = "{jitter: full}";
  if (value == "no jitter") value = "{jitter: none}";
  return std::string(name(other.which)) + ": " + value;
}

std::vector<std::string> texts_of(const Assumptions& assumptions, Assumption which) {
  std::vector<std::string> texts;
  for (const OtherValue& each : other_values(assumptions, which)) texts.push_back(each.text);
  return texts;
}

std::optional<NumberRange> range_named(const Ranges& ranges, const std::string& name) {
  for (const NumberRange& each : ranges.numbers) {
    if (each.name == name) return each;
  }
  return std::nullopt;
}

bool has_switch(const NumberRange& range, const char* name) {
  return std::find(range.switches.begin(), range.switches.end(), name) != range.switches.end();
}

using Texts = std::vector<std::string>;

}  // namespace

namespace {

// Runs the scenario once for each other value of each switch that it met, and compares.
void check_separate_runs(const Ranged& ranged) {
  const Result base = result_of(ranged.scenario());
  const Ranges ranges = ranges_in(ranged);
  REQUIRE(ranges.tried);
  std::map<std::string, std::uint64_t> least = numbers_in(base);
  std::map<std::string, std::uint64_t> most = least;
  std::map<std::string, Texts> switches;
  std::uint64_t runs = 0;
  for (const AssumptionInfo& info : assumption_table()) {
    if (!base.assumptions_met.has(info.which)) continue;
    for (const OtherValue& other : other_values(ranged.scenario().assumptions, info.which)) {
      // A switch that the file sets already cannot stand there twice.
      const bool is_set = ranged.assumptions.starts_with(std::string(info.name) + ":");
      const Scenario scenario =
          is_set ? Ranged{ranged.report, as_yaml(other)}.scenario() : ranged.with(as_yaml(other));
      if (!only_measures(info.which)) ++runs;  // those are known to change nothing
      for (const auto& [number, value] : numbers_in(result_of(scenario))) {
        least[number] = std::min(least[number], value);
        most[number] = std::max(most[number], value);
        Texts& changed_by = switches[number];
        const bool known = !changed_by.empty() && changed_by.back() == info.name;
        if (value != numbers_in(base)[number] && !known) changed_by.emplace_back(info.name);
      }
    }
  }
  CHECK(ranges.runs == runs);
  for (const auto& [number, value] : numbers_in(base)) {
    INFO(number);
    const std::optional<NumberRange> range = range_named(ranges, number);
    CHECK(range.has_value() == !switches[number].empty());
    if (!range) continue;
    CHECK(range->value == value);
    CHECK(range->least == least[number]);
    CHECK(range->most == most[number]);
    CHECK(range->switches == switches[number]);
  }
}

}  // namespace

TEST_CASE("least and most are those of separate runs with each switch set") {
  check_separate_runs(splitting);
  check_separate_runs(reporting);
  check_separate_runs({false, "split_when: first_error"});
  check_separate_runs({true, "partial_progress: keeps_retries"});
}

TEST_CASE("what becomes of the retries at a split changes how often the function is called") {
  // Three attempts at [0-9], [0-4], [0-1] and [2-4] … each, or none for halves without retries.
  const std::optional<NumberRange> calls = range_named(ranges_in(splitting), "invocations");
  REQUIRE(calls.has_value());
  CHECK(has_switch(*calls, "split"));
  CHECK(has_switch(*calls, "split_when"));
  CHECK_FALSE(has_switch(*calls, "retry_backoff"));  // how long the waits are changes nothing
}

TEST_CASE("whether progress resets the retries changes how often the function is called") {
  // One retry is used when [3-9] is left: it has three attempts, or the one that is left.
  const std::optional<NumberRange> calls = range_named(ranges_in(reporting), "invocations");
  REQUIRE(calls.has_value());
  CHECK(calls->value == 5);
  CHECK(calls->least == 3);
  CHECK(calls->most == 5);
  CHECK(calls->switches == Texts{"partial_progress"});
}

TEST_CASE("a switch that the run did not meet is not tried") {
  const Scenario calm = read_scenario(
      "trimhorizon: 1\nstreams: {orders: {ShardCount: 1}}\n"
      "producers: {shop: {stream: orders, put: [{at: 0s, record: {}}]}}\n"
      "functions: {f: {}}\nevent_source_mappings:\n"
      "  m: {EventSourceArn: orders, FunctionName: f, StartingPosition: TRIM_HORIZON}\n",
      "calm.yaml");
  const Result result = result_of(calm);
  const Ranges ranges = ranges_of(calm, result);
  CHECK(ranges.tried);
  CHECK(ranges.numbers.empty());
  CHECK(names_in(result.assumptions_met) == Texts{"iterator_age"});  // it only measures
  CHECK(ranges.runs == 0);
}

TEST_CASE("the numbers of a run whose file sets a switch are held against the other values") {
  const std::optional<NumberRange> calls =
      range_named(ranges_in({true, "partial_progress: keeps_retries"}), "invocations");
  REQUIRE(calls.has_value());
  CHECK(calls->value == 3);
  CHECK(calls->most == 5);
}

TEST_CASE("a run under another value has the seed of the run") {
  Scenario drawn = reporting.scenario();
  drawn.functions[0].settings.fail = {FailRule{}};
  drawn.functions[0].settings.fail[0].probability = Probability{500'000'000};
  drawn.mappings[0].settings.batch_size = 1;
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RunOptions options;
    options.seed = seed;
    const Result result = run_scenario(std::make_shared<const Scenario>(drawn), options).result;
    const std::optional<NumberRange> calls = range_named(ranges_of(drawn, result), "invocations");
    // Neither waits nor the time at which an age is measured change what fails under one seed.
    CHECK_FALSE(calls.has_value());
    seen.insert(result.consumers[0].invocations);
  }
  CHECK(seen.size() > 1);
}

TEST_CASE("nothing is tried of a run with many events, or of a replayed one") {
  const Scenario scenario = reporting.scenario();
  Result result = result_of(scenario);
  result.events = 1'000'000'000;
  CHECK_FALSE(ranges_of(scenario, result).tried);
  Scenario replayed = scenario;
  replayed.decisions.emplace();
  CHECK_FALSE(ranges_of(replayed, result_of(scenario)).tried);
}

TEST_CASE("the other values of a switch are all but the one that is set") {
  Assumptions assumptions;
  CHECK(texts_of(assumptions, Assumption::split) == Texts{"inherits_retries"});
  CHECK(texts_of(assumptions, Assumption::bisect_with_report) ==
        Texts{"at_identifier", "halve_remainder"});
  assumptions.bisect_with_report = assume::bisect_with_report::at_identifier;
  CHECK(texts_of(assumptions, Assumption::bisect_with_report) ==
        Texts{"halve_on_no_progress", "halve_remainder"});
  for (const OtherValue& other : other_values(assumptions, Assumption::bisect_with_report)) {
    CHECK(other.which == Assumption::bisect_with_report);
    CHECK(other.assumptions != assumptions);
  }
}

TEST_CASE("of a back-off none and other caps are tried, with or without jitter [ESM-RTY-06]") {
  Assumptions assumptions;
  CHECK(texts_of(assumptions, Assumption::retry_backoff) ==
        Texts{"none", "cap 5s", "cap 1m", "full jitter"});
  CHECK(texts_of(assumptions, Assumption::throttle_backoff) ==
        Texts{"none", "cap 5s", "cap 1m", "no jitter"});
  assumptions.retry_backoff.cap = seconds(60);
  CHECK(texts_of(assumptions, Assumption::retry_backoff) == Texts{"none", "cap 5s", "full jitter"});
  assumptions.retry_backoff.first = seconds(20);  // no cap is below the first wait
  CHECK(texts_of(assumptions, Assumption::retry_backoff) == Texts{"none", "full jitter"});
  assumptions.retry_backoff.on = false;
  CHECK(texts_of(assumptions, Assumption::retry_backoff) == Texts{"200ms x2 up to 15s"});
  assumptions.throttle_backoff.on = false;
  CHECK(texts_of(assumptions, Assumption::throttle_backoff) == Texts{"500ms x2 up to 15s, jitter"});
}

TEST_CASE("every value that can be written for a switch is among those that are tried [CON-19]") {
  // All words that any switch knows, tried as the value of each.
  std::set<std::string> words = {"none", "{jitter: none}", "{jitter: full}"};
  for (const AssumptionInfo& info : assumption_table()) {
    words.insert(info.values.begin(), info.values.end());
  }
  for (const AssumptionInfo& info : assumption_table()) {
    std::vector<Assumptions> written;
    for (const std::string& word : words) {
      try {
        const Scenario scenario = read_scenario("trimhorizon: 1\nstreams: {s: {}}\nassumptions: {" +
                                                    std::string(info.name) + ": " + word + "}\n",
                                                "one.yaml");
        written.push_back(scenario.assumptions);
      } catch (const ScenarioError&) {
      }  // this switch does not know the word
    }
    // From each of them, all the others are tried.
    for (const Assumptions& from : written) {
      const std::vector<OtherValue> others = other_values(from, info.which);
      for (const Assumptions& to : written) {
        INFO(info.name << ": " << assumption_value(from, info.which) << " to "
                       << assumption_value(to, info.which));
        const bool tried = std::any_of(others.begin(), others.end(), [&](const OtherValue& each) {
          return each.assumptions == to;
        });
        // From a back-off that is off, the usual one is tried, and no jitter of it.
        const bool off = assumption_value(from, info.which) == "none" && info.values.empty();
        if (from != to && (!off || is_default(to, info.which))) CHECK(tried);
      }
    }
    if (written.empty() && !nothing_asks_for(info.which)) {
      INFO(info.name);  // a duration
      CHECK_FALSE(other_values({}, info.which).empty());
    }
  }
}

TEST_CASE("a value under which a record is lost is tried, though the run loses none [CON-19]") {
  const Scenario scenario = read_scenario(
      "trimhorizon: 1\nstreams: {orders: {ShardCount: 1}}\n"
      "producers: {shop: {stream: orders, put: [{at: 0s, record: {}}]}}\n"
      "functions: {f: {fail: [{until: 150ms}]}}\nevent_source_mappings:\n"
      "  m: {EventSourceArn: orders, FunctionName: f, StartingPosition: TRIM_HORIZON,\n"
      "      MaximumRetryAttempts: 1}\n",
      "brief.yaml");
  const Ranges ranges = ranges_of(scenario, result_of(scenario));
  const std::optional<NumberRange> lost = range_named(ranges, "lost");
  REQUIRE(lost.has_value());
  CHECK(lost->least == 0);
  CHECK(lost->most == 1);
  CHECK(lost->switches == Texts{"retry_backoff"});
  CHECK(ranges.stopped.empty());
}

TEST_CASE("a run under another value that grows too long is stopped and named") {
  const Scenario scenario = read_scenario(
      "trimhorizon: 1\nduration: 26h\nstreams: {orders: {ShardCount: 1}}\n"
      "producers: {shop: {stream: orders, put: [{at: 0s, record: {}}]}}\n"
      "functions: {f: {duration: 1ms, fail: [{}]}}\nevent_source_mappings:\n"
      "  m: {EventSourceArn: orders, FunctionName: f, StartingPosition: TRIM_HORIZON}\n",
      "endless.yaml");
  const Ranges ranges = ranges_of(scenario, result_of(scenario));
  CHECK(ranges.tried);
  CHECK(ranges.stopped == Texts{"retry_backoff = none"});
  CHECK(range_named(ranges, "invocations").has_value());  // the runs that ended still count
}

TEST_CASE("a run whose large batch is tried too often under another value is stopped as well") {
  // 30 attempts of 10,000 records. Without waits there are 60,000 attempts in ten minutes, and few
  // events.
  const Scenario scenario = read_scenario(
      "trimhorizon: 1\nduration: 10m\nstreams: {orders: {ShardCount: 1, limits: none}}\n"
      "producers: {shop: {stream: orders, rate: 100000/s, records: 10000}}\n"
      "functions: {f: {duration: 10ms, fail: [{}]}}\nevent_source_mappings:\n"
      "  m: {EventSourceArn: orders, FunctionName: f, StartingPosition: TRIM_HORIZON, "
      "BatchSize: 10000, MaximumBatchingWindowInSeconds: 5}\n",
      "large.yaml");
  const Ranges ranges = ranges_of(scenario, result_of(scenario));
  CHECK(ranges.tried);
  CHECK(ranges.stopped == Texts{"retry_backoff = none"});
}

TEST_CASE("of a failover shorter and longer times are tried [ESM-POL-17]") {
  Assumptions assumptions;
  CHECK(texts_of(assumptions, Assumption::poller_failover) == Texts{"10s", "1m"});
  assumptions.poller_failover = seconds(10);
  CHECK(texts_of(assumptions, Assumption::poller_failover) == Texts{"0s", "1m"});
}

TEST_CASE("ranges cover the largest iterator age") {
  const Scenario scenario = read_scenario(
      "trimhorizon: 1\nstreams: {orders: {ShardCount: 1}}\n"
      "producers: {shop: {stream: orders, ids: r, rate: 1/s, records: 20}}\n"
      "functions: {billing: {fail: [{records: [r3], attempts: [1, 2, 3, 4, 5]}]}}\n"
      "event_source_mappings:\n"
      "  m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON}\n",
      "age.yaml");
  const ScenarioRun run = run_scenario(std::make_shared<const Scenario>(scenario));
  const Ranges ranges = ranges_of(scenario, run.result, {});
  const auto age = std::find_if(ranges.numbers.begin(), ranges.numbers.end(),
                                [](const auto& each) { return each.name == "iterator_age_ms"; });
  REQUIRE(age != ranges.numbers.end());
  CHECK(age->least < age->most);
  CHECK(age->switches == std::vector<std::string>{"retry_backoff"});
}

}  // namespace trimhorizon::testing
