#include "sim/experiment/advice.hpp"

#include <map>

#include "sim/report/story.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "sim/world/modelled_function.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::testing {
namespace {

// A scenario whose settings can be changed by their names, as a reader of the advice would do it.
struct AdvisedWorld {
  std::string put = "[{at: 0s, records: [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}]}]";
  std::map<std::string, std::string> function;
  std::map<std::string, std::string> mapping = {{"EventSourceArn", "orders"},
                                                {"FunctionName", "billing"},
                                                {"StartingPosition", "TRIM_HORIZON"},
                                                {"BatchSize", "10"}};
  std::string destinations = "taken: {type: sqs}";
  std::string rest;

  Scenario scenario() const {
    std::string text = "trimhorizon: 1\nstreams: {orders: {ShardCount: 1}}\n";
    text += "producers: {shop: {stream: orders, ids: r, put: " + put + "}}\n";
    text += "functions:\n  billing:\n    Code: .\n" + lines(function);
    text += "event_source_mappings:\n  m:\n" + lines(mapping);
    text += "destinations: {" + destinations + "}\n" + rest;
    return read_scenario(text, "advised.yaml");
  }
  // Does what one part of an advice says.
  void follow(const std::string& change) {
    const std::string own = "the OnFailure destination ";
    if (change == "a function that reports its failures (respond: report_failures)") {
      function["respond"] = "report_failures";
    } else if (change == "a new OnFailure destination") {
      destinations += std::string(destinations.empty() ? "" : ", ") + "new: {}";
      mapping["DestinationConfig"] = "{OnFailure: {Destination: new}}";
    } else if (change.starts_with(own)) {
      mapping["DestinationConfig"] =
          "{OnFailure: {Destination: " + change.substr(own.size()) + "}}";
    } else {
      const std::size_t colon = change.find(": ");
      REQUIRE(colon != std::string::npos);
      auto& settings = change.starts_with("Timeout") ? function : mapping;
      settings[change.substr(0, colon)] = change.substr(colon + 2);
    }
  }

 private:
  static std::string lines(const std::map<std::string, std::string>& settings) {
    std::string text;
    for (const auto& [key, value] : settings) text += "    " + key + ": " + value + "\n";
    return text;
  }
};

// What a run made of one record.
struct FoundRecord {
  Fate fate = Fate::pending;
  std::uint64_t effects = 0;
  std::uint64_t all_lost = 0;
};
FoundRecord found_in(const Scenario& scenario, const std::string& record) {
  RunOptions options;
  options.records = true;
  const ScenarioRun run = run_scenario(std::make_shared<const Scenario>(scenario), options);
  for (const RecordRow& row : run.result.rows) {
    if (row.id != record) continue;
    return {row.consumers[0].fate, row.consumers[0].effects, run.result.lost};
  }
  FAIL("there is no " << record);
  return {};
}

const LifeInMapping& only_mapping(const RecordLife& life) {
  REQUIRE(life.mappings.size() == 1);
  return life.mappings[0];
}

// Runs the scenario once more with the advice taken, and compares what comes of the record with
// what the advice says. Returns the advice, "A + B", or "none".
std::string true_advice(AdvisedWorld world, const std::string& record) {
  const std::optional<RecordLife> life = life_of_record(world.scenario(), record);
  REQUIRE(life.has_value());
  const std::optional<Advice> advice = only_mapping(*life).advice;
  if (!advice) return "none";
  const FoundRecord before = found_in(world.scenario(), record);
  std::string text;
  for (const std::string& change : advice->changes) {
    world.follow(change);
    text += (text.empty() ? "" : " + ") + change;
  }
  const FoundRecord after = found_in(world.scenario(), record);
  CHECK(advice->fates == std::vector<Fate>{after.fate});
  CHECK(advice->effects == after.effects);
  CHECK(advice->lost_before == before.all_lost);
  CHECK(advice->lost_after == after.all_lost);
  CHECK(after.all_lost <= before.all_lost);
  // Which it was is told in words.
  const std::string sentence = lesson_of(only_mapping(*life));
  INFO(sentence);
  CHECK(contains(sentence, "a second run shows it."));
  CHECK(contains(sentence, "a destination has a message") ==
        (after.fate == Fate::discarded && after.effects == 0));
  CHECK(contains(sentence, "its work is done") == (after.effects > 0));
  CHECK(contains(sentence, "it is processed") ==
        (after.effects > 0 && after.fate == Fate::processed));
  return text;
}

AdvisedWorld poisoned() {
  AdvisedWorld world;
  world.function["fail"] = "[{records: [r2]}]";
  world.mapping["MaximumRetryAttempts"] = "3";
  return world;
}

const std::string bisect = "BisectBatchOnFunctionError: true";
const std::string types = "FunctionResponseTypes: [ReportBatchItemFailures]";
const std::string code = "a function that reports its failures (respond: report_failures)";
const std::string destination = "the OnFailure destination taken";

}  // namespace

TEST_CASE("a split saves the neighbours of a bad record, and a destination keeps the bad one") {
  CHECK(true_advice(poisoned(), "r7") == bisect);
  CHECK(true_advice(poisoned(), "r2") == destination);
  // Its work was done four times, and then it was dropped with the batch.
  CHECK(true_advice(poisoned(), "r0") == bisect);
  AdvisedWorld split = poisoned();
  split.follow(bisect);
  split.follow(destination);
  CHECK(true_advice(split, "r2") == "none");  // nothing makes a bad record good
  CHECK(true_advice(split, "r7") == "none");  // it is done once, and nothing is better
}

TEST_CASE("with the default retries a bad record blocks its shard, so the advice limits them") {
  AdvisedWorld blocked = poisoned();
  blocked.mapping.erase("MaximumRetryAttempts");
  blocked.rest = "duration: 25h\n";
  blocked.put = "[{at: 0s, records: [{}, {}, {}]}, {at: 10m, records: [{}]}]";
  CHECK(true_advice(blocked, "r2") == "MaximumRetryAttempts: 3 + " + bisect + " + " + destination);
  CHECK(true_advice(blocked, "r0") == bisect);
  CHECK(true_advice(blocked, "r3") ==
        "none");  // it waited ten minutes less than a day, and is done
}

TEST_CASE("a failure that the answer hides is to be reported") {
  for (const char* respond : {"swallow", "stop_silently"}) {
    AdvisedWorld hiding;
    hiding.function["respond"] = respond;
    hiding.function["fail"] = "[{records: [r2], deliveries: [1]}]";
    CHECK(true_advice(hiding, "r2") == types + " + " + code);
  }
  // The function reports, and nobody reads it.
  AdvisedWorld unread;
  unread.function["respond"] = "report_failures";
  unread.function["fail"] = "[{records: [r2], deliveries: [1]}]";
  CHECK(true_advice(unread, "r2") == types);
  // The mapping would read it, and nobody reports.
  AdvisedWorld unsaid;
  unsaid.function["respond"] = "swallow";
  unsaid.function["fail"] = "[{records: [r2], deliveries: [1]}]";
  unsaid.follow(types);
  CHECK(true_advice(unsaid, "r2") == code);
}

TEST_CASE("a record in the gap before LATEST is saved by TRIM_HORIZON") {
  AdvisedWorld gap;
  gap.mapping["StartingPosition"] = "LATEST";
  gap.mapping["create_delay"] = "60s";
  CHECK(true_advice(gap, "r4") == "StartingPosition: TRIM_HORIZON");
  // Before the mapping existed nobody promised anything; it reads it all the same.
  gap.mapping["created"] = "10s";
  CHECK(true_advice(gap, "r4") == "StartingPosition: TRIM_HORIZON");
}

TEST_CASE("work that takes longer than Timeout needs a longer one") {
  AdvisedWorld slow;
  slow.function["Timeout"] = "3";
  slow.function["duration"] = "45s";
  slow.mapping["MaximumRetryAttempts"] = "1";
  CHECK(true_advice(slow, "r9") == "Timeout: 60");
  CHECK(true_advice(slow, "r1") == "Timeout: 10");  // the work for r0 and r1 takes 9 s
}

TEST_CASE("more retries are advised when they outlast the outage, and as few as that takes") {
  AdvisedWorld outage;
  outage.mapping["MaximumRetryAttempts"] = "3";
  outage.rest = "timeline:\n  - {at: 0s, for: 1m, outage: {function: billing}}\n";
  CHECK(true_advice(outage, "r1") == "MaximumRetryAttempts: 10");
  outage.rest = "timeline:\n  - {at: 0s, for: 20m, outage: {function: billing}}\n";
  CHECK(true_advice(outage, "r1") == "MaximumRetryAttempts: 100");
}

TEST_CASE("in an outage more retries are advised before a split, which only takes longer") {
  AdvisedWorld outage;
  outage.mapping["MaximumRetryAttempts"] = "3";
  outage.put = "[{at: 0s, records: [{}, {}, {}, {}]}]";
  outage.rest = "timeline:\n  - {at: 0s, for: 2500ms, outage: {function: billing}}\n";
  CHECK(true_advice(outage, "r1") == "MaximumRetryAttempts: 10");
}

TEST_CASE("what is set already is not advised") {
  AdvisedWorld blocked = poisoned();
  blocked.mapping.erase("MaximumRetryAttempts");
  blocked.follow(bisect);
  blocked.rest = "duration: 25h\n";
  CHECK(true_advice(blocked, "r2") == "MaximumRetryAttempts: 3 + " + destination);
}

TEST_CASE("no split is advised where each batch has one record") {
  AdvisedWorld blocked = poisoned();
  blocked.mapping.erase("MaximumRetryAttempts");
  blocked.mapping["BatchSize"] = "1";
  blocked.rest = "duration: 25h\n";
  CHECK(true_advice(blocked, "r2") == "MaximumRetryAttempts: 3 + " + destination);
}

TEST_CASE("there is no advice against an outage that no setting outlasts") {
  AdvisedWorld outage;
  outage.mapping["MaximumRetryAttempts"] = "3";
  outage.rest = "duration: 30h\ntimeline:\n  - {at: 0s, outage: {function: billing}}\n";
  CHECK(true_advice(outage, "r1") == destination);  // then at least a message is left
  outage.follow(destination);
  CHECK(true_advice(outage, "r1") == "none");
  // A run that stops before the record is given up shows nothing.
  outage.rest = "duration: 1h\ntimeline:\n  - {at: 0s, outage: {function: billing}}\n";
  CHECK(true_advice(outage, "r1") == "none");
  outage.mapping.erase("DestinationConfig");
  CHECK(true_advice(outage, "r1") == destination);
}

TEST_CASE("an age limit that takes records while the function is throttled may go") {
  AdvisedWorld old;
  old.mapping["MaximumRecordAgeInSeconds"] = "60";
  old.rest = "timeline:\n  - {at: 0s, for: 5m, throttle: {function: billing}}\n";
  CHECK(true_advice(old, "r3") == "MaximumRecordAgeInSeconds: -1");
}

TEST_CASE("work that was done again after a timeout is done less often when there is time") {
  AdvisedWorld timeout;
  timeout.function["Timeout"] = "3";
  timeout.function["duration"] = "{batch: 0s, record: 400ms}";  // 4 s: 7 records are done by then
  timeout.mapping["MaximumRetryAttempts"] = "2";
  timeout.follow(destination);
  CHECK(true_advice(timeout, "r0") == bisect);  // halves of five take 2 s
  timeout.mapping["BatchSize"] = "1";
  CHECK(true_advice(timeout, "r0") == "none");
}

TEST_CASE("advice names every change that the second run made, also of a fixed answer") {
  // The answer names the first record of each batch, whatever happened.
  AdvisedWorld fixed;
  fixed.function["respond"] = "{return: {batchItemFailures: [{itemIdentifier: \"$sequence[0]\"}]}}";
  fixed.function["fail"] = "[{deliveries: [1, 2], keys: [b]}]";
  fixed.put = "[{at: 0s, records: [{key: a}, {key: a}, {key: b}, {key: b}]}]";
  fixed.mapping["BatchSize"] = "2";
  CHECK(true_advice(fixed, "r2") == types + " + " + code);
  CHECK(true_advice(fixed, "r3") == types + " + " + code);
}

TEST_CASE("the destination of the file is advised only when it takes the message") {
  AdvisedWorld failing;
  failing.function["fail"] = "[{records: [r0]}]";
  failing.mapping["MaximumRetryAttempts"] = "0";
  failing.mapping["BatchSize"] = "1";
  failing.rest = "timeline: [{at: 0s, fail_destination: {destination: taken}}]\n";
  CHECK(true_advice(failing, "r0") == "none");
  failing.destinations += ", spare: {type: sns}";
  CHECK(true_advice(failing, "r0") == "the OnFailure destination spare");
  AdvisedWorld without = failing;
  without.destinations.clear();
  without.rest.clear();
  CHECK(true_advice(without, "r0") == "a new OnFailure destination");
  // A mapping keeps the one that it has: no advice replaces it by a healthy one.
  AdvisedWorld hiding = failing;
  hiding.function["respond"] = "swallow";
  hiding.mapping["DestinationConfig"] = "{OnFailure: {Destination: taken}}";
  CHECK(true_advice(hiding, "r0") == "none");
}

TEST_CASE("a change that has the work done hundreds of times is not advised") {
  // Each answer names the first record of its batch, so the batch comes again until the day is
  // over.
  AdvisedWorld again;
  again.function["respond"] = "{return: {batchItemFailures: [{itemIdentifier: \"$sequence[0]\"}]}}";
  again.function["fail"] = "[{deliveries: [1, 2], keys: [b]}]";
  again.put = "[{at: 0s, records: [{key: b}, {key: a}]}]";
  again.mapping["BatchSize"] = "2";
  again.follow(types);
  CHECK(found_in(again.scenario(), "r0").effects > 200);
  again.mapping.erase("FunctionResponseTypes");
  CHECK(true_advice(again, "r0") == types + " + " + code);
}

TEST_CASE("of a record that is given up and that nothing helps, it is said how much was tried") {
  AdvisedWorld split = poisoned();
  split.follow(bisect);
  split.follow(destination);
  const std::string sentence = lesson_of(only_mapping(*life_of_record(split.scenario(), "r2")));
  INFO(sentence);
  CHECK(contains(sentence,
                 "8 changes of settings were tried, each in a run of its own: none helps."));
  // One that is done asks for nothing.
  CHECK_FALSE(contains(lesson_of(only_mapping(*life_of_record(split.scenario(), "r7"))), "tried"));
}

TEST_CASE("a record that was done once gets no advice") {
  CHECK(true_advice(AdvisedWorld{}, "r3") == "none");
}

TEST_CASE("there is no advice with handlers, injected actions or a replayed schedule") {
  const auto advised = [](const Scenario& scenario, const RunOptions& options) {
    const std::optional<RecordLife> life = life_of_record(scenario, "r7", options);
    REQUIRE(life.has_value());
    CHECK(only_mapping(*life).lost_cause == LossCause::retries);
    return only_mapping(*life).advice.has_value();
  };
  const Scenario scenario = poisoned().scenario();
  CHECK(advised(scenario, {}));
  ModelledFunction handlers;
  RunOptions own;
  own.handlers = &handlers;
  CHECK_FALSE(advised(scenario, own));
  Recipe recipe;
  Injection short_throttle{1, {}};
  short_throttle.action.function = {0};
  short_throttle.action.lasts = Duration{1};
  recipe.injections.push_back(short_throttle);
  RunOptions injected;
  injected.recipe = &recipe;
  CHECK_FALSE(advised(scenario, injected));
  Scenario replayed = scenario;
  replayed.decisions.emplace();
  const RecordLife life = *life_of_record(scenario, "r7");
  LifeInMapping mapping = only_mapping(life);
  mapping.advice.reset();
  advise(replayed, life, mapping, {});
  CHECK_FALSE(mapping.advice.has_value());
  CHECK_FALSE(mapping.tried_in_vain.has_value());
}

TEST_CASE("no advice saves one record and keeps many waiting until the end") {
  // r0 fails for 110 s. With many retries it is processed after that, and the others wait for it.
  const auto advised = [](const char* duration) {
    const Scenario scenario = read_scenario(
        "trimhorizon: 1\nduration: " + std::string(duration) +
            "\nstreams: {orders: {ShardCount: 1}}\n"
            "producers: {shop: {stream: orders, ids: r, rate: 10/s, records: 1150}}\n"
            "functions: {billing: {duration: 1s, fail: [{records: [r0], until: 110s}]}}\n"
            "event_source_mappings:\n"
            "  m: {EventSourceArn: orders, FunctionName: billing, StartingPosition: TRIM_HORIZON, "
            "BatchSize: 1, MaximumRetryAttempts: 0}\n",
        "advised.yaml");
    const std::optional<RecordLife> life = life_of_record(scenario, "r0");
    REQUIRE(life.has_value());
    return only_mapping(*life).advice;
  };
  // Without an end all are processed some time.
  const auto in_the_end = advised("1h");
  REQUIRE(in_the_end.has_value());
  CHECK(contains(in_the_end->changes.at(0), "MaximumRetryAttempts"));
  // 130 s are too short for that, so only a destination helps.
  const auto when_cut_off = advised("130s");
  REQUIRE(when_cut_off.has_value());
  CHECK(contains(when_cut_off->changes.at(0), "OnFailure"));
}

}  // namespace trimhorizon::testing
