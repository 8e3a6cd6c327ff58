#include "sim/report/timeline.hpp"

#include "sim/experiment/run_scenario.hpp"
#include "sim/report/text.hpp"
#include "tests/report/samples.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::testing {
namespace {

// "A 1s..3s outage of billing", "B 5s r: a poller crashes".
std::string mark_text(const TimelineMark& mark) {
  std::string text = mark.letter != 0 ? std::string(1, mark.letter) : "-";
  const auto at = [](Instant t) { return std::to_string((t - Instant{0}).us / 1'000'000) + "s"; };
  text += " " + at(mark.from);
  if (!mark.at_once) text += ".." + (mark.until ? at(*mark.until) : "");
  return text + " " + mark.words;
}

std::vector<std::string> marks_in(const Scenario& scenario) {
  std::vector<std::string> texts;
  for (const TimelineMark& mark : timeline_of(scenario, {})) texts.push_back(mark_text(mark));
  return texts;
}

std::string section(const Scenario& scenario, Instant end = Instant{0} + 48_h) {
  return samples::written([&](Page& page) { add_timeline(page, timeline_of(scenario, {}), end); });
}

Story many_crashes(int n) {
  Story told = story().records(1);
  for (int i = 0; i < n; ++i) told.crash(seconds(i));
  return told;
}

using Marks = std::vector<std::string>;

}  // namespace

TEST_CASE("each kind of action has its words, with the name of what it is about") {
  CHECK(action_words(ActionKind::throttle, "billing") == "throttle of billing");
  CHECK(action_words(ActionKind::outage, "billing") == "outage of billing");
  CHECK(action_words(ActionKind::crash_poller, "m at s") == "a poller of m at s crashes");
  CHECK(action_words(ActionKind::lose_acknowledgements, "shop") ==
        "acknowledgements to shop are lost");
  CHECK(action_words(ActionKind::fail_destination, "dlq") == "dlq takes no message");
  CHECK(action_words(ActionKind::update_event_source_mapping, "m", true) == "m is enabled");
  CHECK(action_words(ActionKind::update_event_source_mapping, "m", false) == "m is disabled");
}

TEST_CASE("an entry of fail says for which calls it holds") {
  FailRule rule;
  rule.from = Instant{0} + 1_s;
  rule.over_records = 45;
  CHECK(marks_in(story().records(1).fail(rule).scenario()) ==
        Marks{"A 1s.. billing fails with more than 45 records"});
  rule.over_records.reset();
  rule.over_bytes = 2'000;
  rule.attempts = {1};
  CHECK(marks_in(story().records(1).fail(rule).scenario()) ==
        Marks{"A 1s.. billing fails with more than 2,000 bytes at times"});
}

TEST_CASE("an entry that the run did not reach is marked") {
  Story told = story().records(1);
  told.outage(10_s, 5_s).disable(20_s);
  const std::string early = section(told.scenario(), Instant{0} + 15_s);
  CHECK(testing::contains(early, "outage of billing\n"));
  CHECK(testing::contains(early, "billing-orders is disabled (the run ended before)\n"));
}

TEST_CASE("the entries of the timeline are told by time, each with a letter") {
  Story told = story().shards(2).records(1).destination();
  told.outage(10_s, 5_s).throttle(1_s, 2_s).crash(4_s, 1).disable(20_s).enable(30_s);
  told.fail_destination(3_s, 1_s).lose_acknowledgements(0_s, 1_s);
  CHECK(marks_in(told.scenario()) ==
        Marks{"A 0s..1s acknowledgements to shop are lost", "B 1s..3s throttle of billing",
              "C 3s..4s dlq0 takes no message",
              "D 4s a poller of billing-orders at shardId-000000000001 crashes",
              "E 10s..15s outage of billing", "F 20s billing-orders is disabled",
              "G 30s billing-orders is enabled"});
}

TEST_CASE("an action without an end lasts to the end of the run") {
  Scenario scenario = story().records(1).outage(10_s, 5_s).scenario();
  scenario.timeline[0].lasts.reset();
  CHECK(marks_in(scenario) == Marks{"A 10s.. outage of billing"});
  CHECK(contains(section(scenario), "  A  from 10s on  outage of billing\n"));
}

TEST_CASE("entries of `fail` with times are told, others are not") {
  FailRule always;
  always.records = {"r7"};
  FailRule records = always;
  records.from = Instant{0} + 1_s;
  FailRule keys;
  keys.keys = {"k1", "k2"};
  keys.until = Instant{0} + 2_s;
  FailRule chance;
  chance.probability = Probability{10'000'000};
  chance.from = Instant{0} + 3_s;
  chance.until = Instant{0} + 4_s;
  Story told = story().records(1).fail(always).fail(records).fail(keys).fail(chance);
  CHECK(marks_in(told.scenario()) == Marks{"A 0s..2s billing fails at records with key k1 and k2",
                                           "B 1s.. billing fails at r7",
                                           "C 3s..4s billing fails at times"});
}

TEST_CASE("a call of the API is told with its parameters and with what AWS answered") {
  Story told = story().records(1);
  told.call(1_s, SplitShardCall{0}).call(2_s, SplitShardCall{0, HashKey{1}});
  told.call(3_s, UpdateShardCountCall{8}).call(4_s, IncreaseRetentionCall{48});
  told.call(5_s, MergeShardsCall{3, 1}).call(6_s, UpdateStreamModeCall{StreamMode::ON_DEMAND});
  ApiCallRow split{Instant{0} + 1_s, "SplitShard", "orders"};
  split.in_force = Instant{0} + 26_s;
  split.timeline = 0;
  ApiCallRow again{Instant{0} + 2_s, "SplitShard", "orders", ApiError::InvalidArgumentException,
                   ApiReason::shard_is_closed};
  again.timeline = 1;
  Result answers;
  answers.api_calls = {split, again};
  std::vector<std::string> words;
  for (const TimelineMark& each : timeline_of(told.scenario(), answers)) {
    words.push_back(each.words);
  }
  CHECK(words ==
        Marks{"SplitShard of orders: shard 0 at its middle; in force at 26s",
              "SplitShard of orders: shard 0 at hash key 1; refused, "
              "InvalidArgumentException: the shard is closed",
              "UpdateShardCount of orders: to 8", "IncreaseStreamRetentionPeriod of orders: 48h",
              "MergeShards of orders: shards 3 and 1", "UpdateStreamMode of orders: ON_DEMAND"});
}

TEST_CASE("the section names times and words; without entries there is none") {
  CHECK(section(story().records(1).scenario()).empty());
  Story told = story().records(1).throttle(90_s, 30_s).crash(5_s);
  CHECK(section(told.scenario()) ==
        "\nTimeline\n"
        "  A  5s            a poller of billing-orders at shardId-000000000000 crashes\n"
        "  B  1m 30s to 2m  throttle of billing\n");
}

TEST_CASE("twelve entries are told, and how many more there are") {
  const std::string text = section(many_crashes(40).scenario());
  CHECK(contains(text, "  L  11s  "));
  CHECK_FALSE(contains(text, "  M  "));
  CHECK(contains(text, "  … and 28 more entries\n"));
  CHECK(contains(section(many_crashes(13).scenario()), "  … and 1 more entry\n"));
  const std::vector<TimelineMark> marks = timeline_of(many_crashes(40).scenario(), {});
  CHECK(marks[25].letter == 'Z');
  CHECK(marks[26].letter == 0);
}

TEST_CASE("a letter stands at the time of its entry in the picture") {
  const std::vector<TimelineMark> marks =
      timeline_of(story().records(1).crash(5_s).outage(1_s, 2_s).scenario(), {});
  const std::vector<PictureMark> drawn = picture_marks(marks, Instant{0} + 10_s);
  REQUIRE(drawn.size() == 2);
  CHECK(drawn[0].letter == 'A');
  CHECK(drawn[0].from == Instant{0} + 1_s);
  CHECK(drawn[0].until == Instant{0} + 3_s);
  CHECK(drawn[1].from == drawn[1].until);
  Scenario endless = story().records(1).outage(1_s, 2_s).scenario();
  endless.timeline[0].lasts.reset();
  CHECK(picture_marks(timeline_of(endless, {}), Instant{0} + 10_s)[0].until == Instant{0} + 10_s);
  // Those that the section does not name are not drawn either.
  CHECK(picture_marks(timeline_of(many_crashes(40).scenario(), {}), {}).size() == 12);
}

TEST_CASE("a report tells its timeline, and marks it in the picture") {
  const auto scenario = std::make_shared<const Scenario>(
      story().records(2).poison("r0").retries(5).outage(2_s, 2_s).scenario());
  const ScenarioRun run = run_scenario(scenario);
  Report report;
  report.base = {"", scenario.get(), &run.result, &run.judgement, "", "trimhorizon run", {}};
  const std::string text = report_text(report, {});
  CHECK(contains(text, "Timeline\n  A  2s to 4s  outage of billing\n"));
  CHECK(text.find("Timeline") < text.find("Position over time"));
  // The run ends at 7.1s or so: 2 s to 4 s are some 18 of 66 columns.
  CHECK(contains(text, " A═════"));
}

TEST_CASE("a read of the timeline is told with its answer, and failures by their kind") {
  BareRead probe;
  probe.stream = {0};
  probe.from = IteratorType::after_sequence_number;
  probe.record = "r0";
  probe.name = "probe";
  FailureRates rates;
  rates.internal_failure = Probability{50'000'000};
  rates.throttling = Probability{5'000'000};
  Story told = story().records(1).read(1_s, probe).read(2_s, probe).read(3_s, probe);
  told.failing_puts(4_s, 1_s, rates).failing_reads(5_s, rates);
  ReadRow answered;
  answered.timeline = 0;
  answered.records = {"r1", "r2", "r3", "r4"};
  answered.millis_behind_latest = 61'000;
  ReadRow last;
  last.timeline = 1;
  last.last = true;
  last.children = {"shardId-000000000001"};
  last.trimmed = true;
  ReadRow refused;
  refused.timeline = 2;
  refused.error = ApiError::ExpiredIteratorException;
  refused.reason = ApiReason::timeline_fails_it;
  Result result;
  result.reads = {answered, last, refused};
  std::vector<std::string> words;
  for (const TimelineMark& each : timeline_of(told.scenario(), result)) words.push_back(each.words);
  const std::string read = "GetRecords of orders: shard 0 after r0 (probe); ";
  CHECK(words == Marks{read + "4 records, r1 to r4, MillisBehindLatest 1m 1s",
                       read + "that record is gone: no record, MillisBehindLatest 0s; the end of "
                              "the shard: then shardId-000000000001",
                       "GetRecords of orders: shard 0 after r0 (probe); refused, "
                       "ExpiredIteratorException: the timeline lets it fail",
                       "puts into orders fail: InternalFailure 5% and ThrottlingException 0.5%",
                       "reads of orders fail: InternalFailure 5% and ThrottlingException 0.5%"});
}

TEST_CASE("the answers of reads are shown where other entries are cut") {
  Story told = story().records(1);
  BareRead probe;
  probe.stream = {0};
  for (int i = 0; i < 20; ++i) told.read(1_s, probe);
  const std::string text = samples::written(
      [&](Page& page) { add_timeline(page, timeline_of(told.scenario(), {}), Instant{0} + 2_s); });
  CHECK(text.find("more entr") == std::string::npos);
}

}  // namespace trimhorizon::testing
