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

constexpr std::int64_t mebibyte = 1024 * 1024;

}  // namespace

TEST_CASE("5,000 records/s into one shard give a note in text and JSON [KDS-LIM-01]") {
  // In calls of 500, and collected for five seconds.
  Scenario scenario = story().steady(5'000, 25'000).batch(10'000).window(5).scenario();
  scenario.producers.back().settings.load->batch = 500;
  const NotedRun run(scenario);
  const std::string note =
      "shardId-000000000000 was given 5,000 records/s; AWS takes 1,000; limits are not modelled "
      "yet";
  CHECK(run.notes() == Notes{note});
  CHECK(run.json_notes() == "[\"" + note + "\"]");
  CHECK(contains(report_text(run.report(), {}),
                 "  Note: shardId-000000000000 was given 5,000 records/s; AWS takes 1,000; limits\n"
                 "        are not modelled yet.\n"));
}

TEST_CASE("eight mappings on one shard give a note in text and JSON [KDS-LIM-04]") {
  Story eight = story().records(1);
  for (int i = 1; i < 8; ++i) eight.another_mapping("m" + std::to_string(i));
  const NotedRun run(eight.scenario());
  const std::string note =
      "shardId-000000000000 was read 8 times/s; AWS allows 5; limits are not modelled yet";
  CHECK(run.notes() == Notes{note});
  CHECK(run.json_notes() == "[\"" + note + "\"]");
  CHECK(
      contains(report_text(run.report(), {}), "  Note: shardId-000000000000 was read 8 times/s;"));
}

TEST_CASE("LATEST that polls at once has a note: it misses nothing, and AWS would [ESM-POL-12]") {
  Story latest = story().records(1, 1_s).starting(StartingPosition::latest);
  REQUIRE(NotedRun(latest.scenario()).notes().size() == 1);
  CHECK(contains(NotedRun(latest.scenario()).notes()[0],
                 "starts at LATEST and polls at once, so it misses nothing. AWS often takes"));
  CHECK(NotedRun(latest.created(0_s, 120_s).scenario()).notes().empty());
}

TEST_CASE("a run within the limits has no note") {
  const NotedRun run(story().records(500).records(500).scenario());
  CHECK(run.notes().empty());
  CHECK(run.json_notes() == "[]");
  CHECK_FALSE(contains(report_text(run.report(), {}), "Note"));
}

TEST_CASE("each limit has its words, and bytes are told in MiB") {
  const auto note = [](ShardLimit limit, std::int64_t rate, std::int64_t allowed) {
    const samples::Sample sample =
        limits_of({{"orders", "shardId-000000000000", limit, rate, allowed}});
    const Notes notes = notes_of(sample.view());
    REQUIRE(notes.size() == 1);
    return notes[0].substr(0, notes[0].rfind(';'));
  };
  CHECK(note(ShardLimit::records_written, 1'001, 1'000) ==
        "shardId-000000000000 was given 1,001 records/s; AWS takes 1,000");
  CHECK(note(ShardLimit::bytes_written, 3 * mebibyte, mebibyte) ==
        "shardId-000000000000 was given 3 MiB/s; AWS takes 1 MiB");
  CHECK(note(ShardLimit::bytes_written, 5 * mebibyte / 2, mebibyte) ==
        "shardId-000000000000 was given 2.5 MiB/s; AWS takes 1 MiB");
  CHECK(note(ShardLimit::reads, 8, 5) == "shardId-000000000000 was read 8 times/s; AWS allows 5");
  CHECK(note(ShardLimit::bytes_read, 12 * mebibyte, 2 * mebibyte) ==
        "shardId-000000000000 was read at 12 MiB/s; AWS gives 2 MiB");
}

TEST_CASE("of many shards above a limit the three with the highest rates are named") {
  std::vector<LimitExceeded> limits;
  for (int i = 0; i < 5; ++i) {
    limits.push_back(
        {"orders", "shard-" + std::to_string(i), ShardLimit::records_written, 2'000 + i, 1'000});
  }
  const Notes notes = notes_of(limits_of(limits).view());
  REQUIRE(notes.size() == 3);
  CHECK(contains(notes[0], "shard-4 was given 2,004 records/s"));
  CHECK(contains(notes[1], "shard-3 was given 2,003 records/s"));
  CHECK(notes[2] ==
        "shard-2 was given 2,002 records/s; AWS takes 1,000; 2 more shards above that limit; "
        "limits are not modelled yet");
  limits.resize(3);
  CHECK_FALSE(contains(notes_of(limits_of(limits).view())[2], "more shard"));
}

TEST_CASE("with several streams a note names the stream of the shard") {
  samples::Sample sample = limits_of(
      {{"b", "shard-0", ShardLimit::reads, 6, 5}, {"a", "shard-0", ShardLimit::reads, 7, 5}});
  sample.scenario.streams = {{"a", {}}, {"b", {}}};
  const Notes notes = notes_of(sample.view());
  REQUIRE(notes.size() == 2);  // in the order of the file
  CHECK(contains(notes[0], "shard-0 of a was read 7 times/s"));
  CHECK(contains(notes[1], "shard-0 of b was read 6 times/s"));
}

TEST_CASE("a variant has notes of its own, which are told once when they are those of the base") {
  const samples::Sample base = limits_of({{"orders", "s0", ShardLimit::reads, 6, 5}});
  const samples::Sample other = limits_of({{"orders", "s0", ShardLimit::reads, 9, 5}});
  Report report;
  report.base = base.view();
  report.variants = {base.view("same"), other.view("other")};
  const std::string text = report_text(report, {});
  CHECK(contains(text, "  Note: s0 was read 6 times/s"));
  CHECK(contains(text, "  Note, variant other: s0 was read 9 times/s"));
  CHECK_FALSE(contains(text, "variant same: s0"));
}

}  // namespace trimhorizon::testing
