#include "sim/report/notes.hpp"

#include "sim/experiment/run_scenario.hpp"
#include "sim/report/json.hpp"
#include "sim/report/text.hpp"
#include "tests/report/samples.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_text.hpp"
#include "tests/support/story.hpp"
#include "tests/support/text.hpp"

namespace trimhorizon::testing {
namespace {

using Notes = std::vector<std::string>;

// A story that was run, to be reported.
struct NotedRun {
  ScenarioRun run;

  explicit NotedRun(const Scenario& scenario)
      : run(run_scenario(std::make_shared<const Scenario>(scenario))) {}

  Report report() const {
    Report report;
    report.base = {"", run.scenario.get(), &run.result, &run.judgement, "", "trimhorizon run", {}};
    return report;
  }
  Notes notes() const { return notes_of(report().base); }
  // The member `notes` of the JSON, as text.
  std::string json_notes() const {
    const auto json = parse_json(report_json(report(), false));
    REQUIRE(std::holds_alternative<Json>(json));
    return to_text(*std::get<Json>(json).find("notes"));
  }
};

// A result that says that these shards were above these limits.
samples::Sample limits_of(std::vector<LimitExceeded> limits) {
  samples::Sample sample = samples::partial_response();
  sample.result.limits_exceeded = std::move(limits);
  return sample;
}

}  // namespace

TEST_CASE("5,000 records/s into one shard give a note in text and JSON [KDS-LIM-01]") {
  // In calls of 500, and collected for five seconds.
  Scenario scenario = story().limits().steady(5'000, 25'000).batch(10'000).window(5).scenario();
  scenario.producers.back().settings.load->batch = 500;
  const NotedRun run(scenario);
  REQUIRE(run.notes().size() == 1);
  const std::string note = run.notes()[0];
  CHECK(note.starts_with("orders refused "));
  CHECK(note.ends_with(" puts of records: shardId-000000000000 is above its limit"));
  CHECK(run.json_notes() == "[\"" + note + "\"]");
  CHECK(contains(report_text(run.report(), {}), "  Note: orders refused "));
}

TEST_CASE("eight mappings on one shard give a note in text and JSON [KDS-LIM-04]") {
  Story eight = story().limits().records(1);
  for (int i = 1; i < 8; ++i) eight.another_mapping("m" + std::to_string(i));
  const NotedRun run(eight.scenario());
  REQUIRE(run.notes().size() == 1);
  CHECK(contains(run.notes()[0], " reads: shardId-000000000000 is above its limit"));
}

TEST_CASE("a stream without limits says so [KDS-LIM-01]") {
  const NotedRun run(story().records(1).scenario());
  REQUIRE(run.notes().size() == 1);
  CHECK(contains(run.notes()[0], "orders has limits: none"));
}

TEST_CASE("LATEST that polls at once has a note: AWS would miss records [ESM-POL-12]") {
  Story latest = story().limits().records(1, 1_s).starting(StartingPosition::latest);
  REQUIRE(NotedRun(latest.scenario()).notes().size() == 1);
  CHECK(contains(NotedRun(latest.scenario()).notes()[0],
                 "starts at LATEST and polls as soon as it is created. AWS often takes"));
  CHECK(NotedRun(latest.created(0_s, 120_s).scenario()).notes().empty());
}

TEST_CASE("a run within the limits has no note") {
  const NotedRun run(story().limits().records(500).records(500).scenario());
  CHECK(run.notes().empty());
  CHECK(run.json_notes() == "[]");
  CHECK_FALSE(contains(report_text(run.report(), {}), "Note"));
}

TEST_CASE("a stream has one note about its limits, however many shards are above them") {
  const auto limit = [](const char* shard, ShardLimit which, std::uint64_t refused) {
    return LimitExceeded{"orders", shard, which, 2'000, 1'000, refused};
  };
  CHECK(notes_of(limits_of({limit("s0", ShardLimit::bytes_written, 1)}).view()) ==
        Notes{"orders refused 1 put of a record: s0 is above its limit"});
  CHECK(notes_of(
            limits_of({limit("s0", ShardLimit::records_written, 1'000),
                       limit("s1", ShardLimit::records_written, 20),
                       limit("s1", ShardLimit::reads, 3), limit("s1", ShardLimit::bytes_read, 4)})
                .view()) == Notes{"orders refused 1,020 puts of records and 7 reads: 2 shards "
                                  "are above their limits"});
}

TEST_CASE("with several streams each has its note") {
  samples::Sample sample =
      limits_of({{"b", "s0", ShardLimit::reads, 6, 5, 2}, {"a", "s0", ShardLimit::reads, 7, 5, 3}});
  sample.scenario.streams = {{"a", {}}, {"b", {}}};
  CHECK(notes_of(sample.view()) == Notes{"a refused 3 reads: s0 is above its limit",
                                         "b refused 2 reads: s0 is above its limit"});
}

TEST_CASE("a variant has notes of its own, which are told once when they are those of the base") {
  const samples::Sample base = limits_of({{"orders", "s0", ShardLimit::reads, 6, 5, 1}});
  const samples::Sample other = limits_of({{"orders", "s0", ShardLimit::reads, 9, 5, 2}});
  Report report;
  report.base = base.view();
  report.variants = {base.view("same"), other.view("other")};
  const std::string text = report_text(report, {});
  CHECK(contains(text, "  Note: orders refused 1 read: s0 is above its limit"));
  CHECK(contains(text, "  Note, variant other: orders refused 2 reads: s0"));
  CHECK_FALSE(contains(text, "variant same:"));
}

TEST_CASE("aggregates that nobody unpacks have a note [KDS-PRD-18]") {
  const auto about_kpl = [](Story told) {
    for (const std::string& each : NotedRun(told.scenario()).notes()) {
      if (contains(each, "gets aggregates of KPL")) return true;
    }
    return false;
  };
  CHECK(about_kpl(story().kpl().records(2)));
  CHECK_FALSE(about_kpl(story().kpl().records(2).deaggregates()));
  CHECK_FALSE(about_kpl(story().kpl().records(2).fan_out()));
  CHECK_FALSE(about_kpl(story().records(2)));
  KplSettings one_by_one;
  one_by_one.aggregation_enabled = false;
  CHECK_FALSE(about_kpl(story().kpl(one_by_one).records(2)));
}

}  // namespace trimhorizon::testing
