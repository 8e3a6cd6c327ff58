// Generated traffic from an export of CloudWatch; by hand it is in producers_test.cpp.
#include "sim/scenario/traffic.hpp"

#include <numeric>

#include <fmt/format.h>

#include "sim/producer/arrivals.hpp"
#include "sim/producer/sizes.hpp"
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

// The export with these lines after those of its labels.
std::string incoming(const std::string& lines,
                     const std::string& labels = "IncomingRecords Sum,IncomingBytes Sum") {
  return "Label," + labels + "\n" + lines;
}

Scenario with_export(const std::string& text, const std::string& lines = "",
                     const std::string& path = "incoming.csv") {
  const auto files = std::make_shared<AttachedFiles>();
  (*files)[path] = text;
  return read_scenario(with_producer("    rate: {cloudwatch: " + path + "}\n" + lines), "s.yaml",
                       {}, files);
}

GeneratedLoad load_of(const std::string& text, const std::string& lines = "") {
  return with_export(text, lines).producers.at(0).settings.load.value();
}

std::string said_of_export(const std::string& text, const std::string& lines = "") {
  try {
    with_export(text, lines);
    return "";
  } catch (const ScenarioError& error) {
    return error.what();
  }
}

std::uint64_t sum_of(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

const std::string three_minutes = incoming(
    "2026/10/01 10:05:00,1234,246800\n2026/10/01 10:06:00,600,90000\n"
    "2026/10/01 10:07:00,1201,120500\n");

}  // namespace

TEST_CASE("a rate from CloudWatch has the records and the mean size of each period [MET-02]") {
  const GeneratedLoad load = load_of(three_minutes);
  const auto step = [](std::int64_t minute, std::int64_t records, std::int64_t bytes) {
    return RateStep{Instant{} + minutes(minute), records * 1'000'000, minutes(1), bytes};
  };
  CHECK(load.rate == std::vector<RateStep>{step(0, 1234, 200), step(1, 600, 150),
                                           step(2, 1201, 100)});  // 100.3 bytes
  CHECK(load.lasts == minutes(3));
  CHECK_FALSE(load.records);
  CHECK(records_by_step(load) == std::vector<std::uint64_t>{1234, 600, 1201});
  CHECK(whole_load(load).records == 1234 + 600 + 1201);
  CHECK(whole_load(load).last == Instant{} + minutes(3));
}

TEST_CASE("periods of any length keep their records, in steps that divide an hour") {
  for (const std::int64_t length : {2, 5, 7, 15, 60, 360, 1440}) {
    const auto begin_of = [&](std::int64_t period) {
      const std::int64_t minute = length * period;
      return fmt::format("2026/10/{:02} {:02}:{:02}:00", 1 + minute / 1440, minute / 60 % 24,
                         minute % 60);
    };
    const GeneratedLoad load =
        load_of(incoming(begin_of(0) + ",1234\n" + begin_of(1) + ",7\n" + begin_of(2) + ",99999\n",
                         "IncomingRecords Sum"));
    INFO(length);
    CHECK(load.lasts == minutes(3 * length));
    CHECK(hours(1).us % load.rate[0].per.us == 0);
    const std::vector<std::uint64_t> counts = records_by_step(load);
    CHECK(counts.size() % 3 == 0);
    const auto third = static_cast<std::ptrdiff_t>(counts.size() / 3);
    CHECK(sum_of({counts.begin(), counts.begin() + third}) == 1234);
    CHECK(sum_of({counts.begin() + third, counts.end() - third}) == 7);
    CHECK(sum_of({counts.end() - third, counts.end()}) == 99999);
  }
}

TEST_CASE("bytes alone need the size of a record, and lose none by rounding") {
  const std::string bytes =
      incoming("2026/10/01 10:05:00,1499\n2026/10/01 10:06:00,1499\n2026/10/01 10:07:00,2\n",
               "IncomingBytes Sum");
  const GeneratedLoad load = load_of(bytes, "    size: 1000B\n");
  CHECK(records_by_step(load) == std::vector<std::uint64_t>{1, 2, 0});  // 3000 bytes
  CHECK(load.size_bytes == 1000);
  CHECK_FALSE(load.rate[0].size_bytes);
}

TEST_CASE("a size that is given is that of all records, and an id has room") {
  CHECK(sizes_of(load_of(three_minutes, "    size: 50B\n")).empty());
  const GeneratedLoad small = load_of(
      incoming("2026/10/01 10:05:00,100,300\n2026/10/01 10:06:00,10,0\n"), "    ids: order-\n");
  CHECK(small.rate[0].size_bytes == 9);  // order-109; the mean is 3
  CHECK(small.rate[1].size_bytes == 9);  // without bytes: the mean of all, which is 3 too
}

TEST_CASE("`for` and `records` use a part of an export, and cannot use more than it has") {
  const Scenario shorter = with_export(three_minutes, "    for: 90s\n");
  CHECK(whole_load(*shorter.producers[0].settings.load).records == 1234 + 300);
  CHECK(shorter.warnings.empty());
  const Scenario longer = with_export(three_minutes, "    for: 1h\n");
  CHECK(whole_load(*longer.producers[0].settings.load).records == 3035);
  CHECK(longer.warnings ==
        std::vector<std::string>{"s.yaml:7:10: warning: the export ends after 3m: no records come "
                                 "after that"});
  CHECK(whole_load(load_of(three_minutes, "    records: 1300\n")).records == 1300);
  const Scenario more = with_export(three_minutes, "    records: 4000\n");
  CHECK(whole_load(*more.producers[0].settings.load).records == 3035);
  CHECK(more.warnings ==
        std::vector<std::string>{"s.yaml:7:14: warning: the export has 3035 records"});
}

TEST_CASE("an export that lasts longer than the run says so, and so do its gaps") {
  CHECK(with_export(three_minutes, "duration: 2m\n").warnings ==
        std::vector<std::string>{"s.yaml:6:24: warning: a run ends at 2m (`duration`), but this "
                                 "export lasts 3m: write duration: 3m"});
  CHECK(with_export(incoming("2026/10/01 10:05:00,1,9\n2026/10/01 10:06:00,2,9\n"
                             "2026/10/01 10:08:00,2,9\n"),
                    "")
            .warnings ==
        std::vector<std::string>{"incoming.csv:2:1: warning: 1 of 4 periods of 1m have no point: "
                                 "CloudWatch has none without traffic, so they count as 0"});
}

TEST_CASE("a mistake in an export is shown there, once, whoever reads it") {
  const std::string average = incoming("2026/10/01 10:05:00,1.5\n", "IncomingRecords Average");
  const std::string said =
      "incoming.csv:1:7: error: Average of IncomingRecords is about single calls of PutRecord and "
      "PutRecords, so it is no rate\n"
      "  Label,IncomingRecords Average\n"
      "        ^\n"
      "  export the statistic Sum";
  CHECK(said_of_export(average) == said);
  CHECK(said_of_export(average, "variants: {fast: {set: {ShardCount: 2}}}\n") == said);
}

TEST_CASE("a record of an export must fit into its stream") {
  CHECK(said_of_export(incoming("2026/10/01 10:05:00,1,1048577\n"), "    ids: r\n")
            .starts_with("s.yaml:6:11: error: a record is 1048579 bytes long with its key: the "
                         "stream accepts at most 1024 KiB"));
}

TEST_CASE("a period has no more records than fit into a rate") {
  CHECK(said_of_export(incoming("2026/10/01 10:05:00,999999999999999\n", "IncomingRecords Sum"))
            .starts_with("s.yaml:6:24: error: this export has more records in a period than any "
                         "stream takes"));
}

TEST_CASE("the traffic of an export belongs to the scenario, its path does not") {
  const Scenario one = with_export(three_minutes);
  CHECK(one.attached->at("incoming.csv") == three_minutes);
  // Nobody reads the disk again: there is no such file.
  const Scenario again = read_again(one, {{"ShardCount", "2"}});
  CHECK(again.producers[0].settings == one.producers[0].settings);
  CHECK(again.streams[0].settings.shard_count == 2);
  const Scenario other = with_export(incoming("2026/10/01 10:05:00,1,9\n"));
  CHECK(other.source_text == one.source_text);
  CHECK(other.whole_text() != one.whole_text());
  const Scenario moved = read_scenario(one.source_text, "elsewhere/s.yaml", {}, one.attached);
  CHECK(moved.whole_text() == one.whole_text());
}

TEST_CASE("each producer may have an export of its own, and a variant has those of its base") {
  const auto files = std::make_shared<AttachedFiles>();
  (*files)["a.csv"] = three_minutes;
  (*files)["b.csv"] = incoming("2026/10/01 10:05:00,8,800\n2026/10/01 10:06:00,9,900\n");
  const Scenario scenario =
      read_scenario(with_producer("    rate: {cloudwatch: a.csv}\n"
                                  "  till: {stream: orders, rate: {cloudwatch: b.csv}}\n"
                                  "variants: {quiet: {set: {ShardCount: 2}}}\n"),
                    "s.yaml", {}, files);
  CHECK(whole_load(*scenario.producers.at(0).settings.load).records == 3035);
  CHECK(whole_load(*scenario.producers.at(1).settings.load).records == 17);
  CHECK(scenario.producers[1].rate_file == "b.csv");
  const Scenario& quiet = *scenario.variants.at(0).scenario;
  CHECK(quiet.producers[1].settings == scenario.producers[1].settings);
  CHECK(quiet.attached == scenario.attached);
}

TEST_CASE("the entries of a rate may have sizes of their own") {
  const GeneratedLoad load =
      read(with_producer("    rate: [{from: 0s, rate: 1/s}, {from: 3s, rate: 2/s, size: 1KiB}]\n"
                         "    for: 5s\n    size: 20B\n"))
          .producers[0]
          .settings.load.value();
  CHECK(sizes_of(load) == std::vector<SizeFrom>{{0, 20}, {3, 1024}});
  CHECK(said_about(with_producer("    rate: [{from: 0s, rate: 1/s, size: 2B}]\n    for: 5s\n")) ==
        "6:11 data is the id: `shop-4` does not fit into 2B");
}
