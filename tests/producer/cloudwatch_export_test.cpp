// From an export to the traffic of a stream.
#include "sim/producer/cloudwatch_export.hpp"

#include <fmt/format.h>

#include "tests/producer/exports.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

using Periods = std::vector<ExportPeriod>;

// A CSV of IncomingRecords with a line for each time and value.
std::string incoming(const std::vector<std::string>& lines,
                     const std::string& label = "IncomingRecords Sum") {
  std::string text = "Label," + label + "\n";
  for (const std::string& line : lines) text += "2026/10/01 " + line + "\n";
  return text;
}

std::string mistake_of_value(const std::string& value) {
  const std::string said = mistakes_of_export(incoming({"10:05:00," + value}));
  return said.substr(0, said.find(" ("));
}

}  // namespace

TEST_CASE("a CSV of the console is the traffic of each minute, gaps are no traffic [MET-02]") {
  const std::string text = export_file("console.csv");
  const CloudwatchExport found = read_cloudwatch_export(text);
  CHECK(notes_in(text, found.mistakes) == "");
  CHECK(found.period == minutes(1));
  CHECK(found.periods == Periods{{1234, 246'800}, {600, 90'000}, {0, 0}, {1200, 120'000}});
  CHECK(found.length() == minutes(4));
  CHECK(notes_in(text, found.warnings) ==
        "5:1 1 of 4 periods of 1m have no point: CloudWatch has none without traffic, so they "
        "count as 0");
}

TEST_CASE("periods of five minutes are found by the distances [MET-02]") {
  const CloudwatchExport found = read_cloudwatch_export(export_file("five-minutes.csv"));
  CHECK(found.mistakes.empty());
  CHECK(found.period == minutes(5));
  CHECK(found.periods == Periods{{3000, 0}, {1500, 0}, {0, 0}, {10, 0}});
  CHECK(found.has_records);
  CHECK_FALSE(found.has_bytes);
  // No two points are one period apart: the distances have it in common.
  const CloudwatchExport gaps =
      read_cloudwatch_export(incoming({"10:00:00,1", "10:10:00,2", "10:25:00,3"}));
  CHECK(gaps.period == minutes(5));
  CHECK(gaps.periods.size() == 6);
}

TEST_CASE("both answers of the CLI say the same as the console [MET-02]") {
  const CloudwatchExport data = read_cloudwatch_export(export_file("get-metric-data.json"));
  CHECK(data.mistakes.empty());
  CHECK(data.warnings.empty());
  CHECK(data.periods == Periods{{1234, 246'800}, {600, 90'000}, {1200, 120'000}});
  const CloudwatchExport statistics =
      read_cloudwatch_export(export_file("get-metric-statistics.json"));
  CHECK(statistics.mistakes.empty());
  CHECK(statistics.start_ms == data.start_ms);
  CHECK(statistics.periods == Periods{{1234, 0}, {600, 0}});
}

TEST_CASE("an average is about one call, so it is no rate") {
  CHECK(mistakes_of_export(incoming({"10:05:00,7"}, "IncomingRecords Average")) ==
        "1:7 Average of IncomingRecords is about single calls of PutRecord and PutRecords, so it "
        "is no rate (export the statistic Sum)");
  const std::string text =
      R"({"Label": "IncomingBytes", "Datapoints": [{"Timestamp": 1790849100, "SampleCount": 7}]})";
  CHECK(mistakes_of_export(text) ==
        "1:69 SampleCount of IncomingBytes is about single calls of PutRecord and PutRecords, so "
        "it is no rate (export the statistic Sum)");
  // Beside a Sum, it is not used.
  CHECK(mistakes_of_export("Label,IncomingRecords,IncomingRecords\nStatistic,Average,Sum\n"
                           "2026/10/01 10:05:00,1.5,7\n") == "");
}

TEST_CASE("an export that does not say its statistic is read as Sum, if it can be one") {
  const std::string whole = incoming({"10:05:00,7", "10:06:00,8"}, "IncomingRecords");
  CHECK(notes_in(whole, read_cloudwatch_export(whole).warnings) ==
        "1:7 the export does not say its statistic: it is read as Sum");
  CHECK(mistakes_of_export(incoming({"10:05:00,7", "10:06:00,8.25"}, "IncomingRecords")) ==
        "3:21 `8.25` is not a whole number, so it is not a Sum (export the statistic Sum: Average "
        "is the mean of one call, which is no rate)");
}

TEST_CASE("several streams in one export: which one is meant must be said") {
  const std::string text =
      "Label,orders IncomingRecords,orders-old IncomingRecords,GetRecords.Bytes\n"
      "Stat,Sum,Sum,Sum\n2026/10/01 10:05:00,7,9,1.5\n";
  CHECK(mistakes_of_export(text) ==
        "1:30 there are 2 series of IncomingRecords: `orders IncomingRecords`, `orders-old "
        "IncomingRecords` (say which one is meant, by a word of its label: {cloudwatch: …, "
        "stream: orders})");
  CHECK(read_cloudwatch_export(text, "orders").periods == Periods{{7, 0}});
  CHECK(read_cloudwatch_export(text, "orders-old").periods == Periods{{9, 0}});
  CHECK(mistakes_of_export(text, "old") ==
        "1:7 there is no IncomingRecords or IncomingBytes of `old`, only `orders IncomingRecords`, "
        "`orders-old IncomingRecords`, `GetRecords.Bytes` (`stream` is a word of the label; leave "
        "it out when the export has one stream)");
}

TEST_CASE("numbers of an export may have groups of digits and exponents") {
  const auto value = [](const std::string& text) {
    const CloudwatchExport found = read_cloudwatch_export(incoming({"10:05:00," + text}));
    return found.periods.empty() ? -1 : found.periods[0].records;
  };
  CHECK(value("\"1,234\"") == 1234);
  CHECK(value("\"1,234,567.00\"") == 1'234'567);
  CHECK(value("1.2E3") == 1200);
  CHECK(value("1.5e+2") == 150);
  CHECK(value("12000e-3") == 12);
  CHECK(value("0.0") == 0);
  CHECK(value("+7") == 7);
  CHECK(mistake_of_value("-5") == "2:21 `-5` is negative");
  CHECK(mistake_of_value("abc") == "2:21 `abc` is not a number");
  CHECK(mistake_of_value("\"1,23\"") == "2:21 `1,23` is not a number");
  CHECK(mistake_of_value("1e") == "2:21 `1e` is not a number");
  CHECK(mistake_of_value("1e99") == "2:21 `1e99` is more than any stream takes");
  CHECK(mistake_of_value("1e15") == "2:21 `1e15` is more than any stream takes");
  CHECK(value("999999999999999") == 999'999'999'999'999);
  CHECK(mistake_of_value("1.5e0") == "2:21 `1.5e0` is not a whole number, so it is not a Sum");
}

TEST_CASE("the sum of an export cannot overflow") {
  std::string text = "Label,IncomingBytes Sum\n";
  for (int i = 0; i < 1'100; ++i) {
    text += fmt::format("2026/10/01 {:02}:{:02},999999999999999\n", i / 60, i % 60);
  }
  CHECK(mistakes_of_export(text).starts_with("1002:"));
  CHECK(mistakes_of_export(text).ends_with("the sum up to here is more than any stream takes"));
}

TEST_CASE("a file that is no export says what one is") {
  CHECK(mistakes_of_export("") ==
        "1:1 the export is empty (export IncomingRecords and IncomingBytes as Sum)");
  CHECK(mistakes_of_export(" \n\n").starts_with("1:1 the export is empty"));
  CHECK(mistakes_of_export("hello\n").starts_with("1:1 this is not an export of CloudWatch"));
  CHECK(mistakes_of_export("trimhorizon: 1\nstreams: {orders: {}}\n")
            .starts_with("1:1 this is not an export of CloudWatch"));
  CHECK(mistakes_of_export("Label,Errors\n2026/10/01 10:05:00,7\n") ==
        "1:7 there is no IncomingRecords or IncomingBytes, only `Errors` (export one of them, with "
        "the name of the metric in its label)");
  CHECK(mistakes_of_export("{\"MetricDataResults\": [{\"Label\": \"IncomingRecords\", "
                           "\"Timestamps\": [], \"Values\": []}]}") ==
        "1:34 the export has no points (the stream had no traffic, or the times are not those of "
        "its traffic)");
}

TEST_CASE("a time that appears twice is not added up") {
  CHECK(mistakes_of_export(incoming({"02:00:00,7", "02:01:00,8", "02:00:00,9"})) ==
        "4:1 this time appears twice (each period has one point; clocks that are set back repeat "
        "an hour: export the times in UTC)");
}

TEST_CASE("points stand whole minutes apart, and not years") {
  CHECK(mistakes_of_export(incoming({"10:05:00,7", "10:05:30,8"}))
            .starts_with("3:1 this is not whole minutes after the first time"));
  CHECK(mistakes_of_export("Label,IncomingRecords\n1990/01/01 00:00:00,7\n2026/10/01 "
                           "10:05:00,7\n") ==
        "3:1 this is more than 455 days after the first time (CloudWatch keeps no points that "
        "long)");
  const std::string one = incoming({"10:05:00,7"});
  CHECK(notes_in(one, read_cloudwatch_export(one).warnings) ==
        "2:1 the export has one point: its period is taken to be a minute");
}

TEST_CASE("an export with a part of the points only says so") {
  const std::string text =
      "{\"MetricDataResults\": [{\"Label\": \"IncomingRecords Sum\", \"Timestamps\": "
      "[\"2026-10-01T10:05:00Z\", \"2026-10-01T10:06:00Z\"], \"Values\": [1, 2], "
      "\"StatusCode\": \"PartialData\"}]}";
  CHECK(notes_in(text, read_cloudwatch_export(text).warnings) ==
        "1:34 CloudWatch answered with a part of the points only (PartialData)");
}
