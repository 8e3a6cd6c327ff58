// The JSON that the CLI writes.
#include "tests/producer/exports.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("get-metric-data is read with the places of its times and values, newest first") {
  const std::string text = export_file("get-metric-data.json");
  const ExportTable table = read_export_json(text);
  CHECK(table.mistakes.empty());
  REQUIRE(table.series.size() == 2);
  const ExportSeries& bytes = table.series[1];
  CHECK(bytes.names == "IncomingBytes Sum\nbytes\n");
  CHECK(bytes.statistic == "Sum");
  REQUIRE(bytes.points.size() == 3);
  CHECK(bytes.points[0].at_ms > bytes.points[2].at_ms);
  CHECK(text.substr(bytes.offset, 7) == "\"Incomi");
  CHECK(text.substr(bytes.points[1].value_offset, 7) == "90000.0");
  CHECK(text.substr(bytes.points[2].at_offset, 18) == "\"2026-10-01T10:05:");
}

TEST_CASE("get-metric-statistics has a series for each statistic") {
  const ExportTable table = read_export_json(export_file("get-metric-statistics.json"));
  REQUIRE(table.series.size() == 3);
  CHECK(table.series[0].statistic == "Sum");
  CHECK(table.series[1].statistic == "Average");
  CHECK(table.series[2].statistic == "SampleCount");
  CHECK(table.series[0].points.at(1).value == "1234.0");
}

TEST_CASE("pages that the CLI has joined are one series, several answers are several") {
  const auto page = [](const std::string& minute, const std::string& status) {
    return R"({"Id": "m1", "Label": "IncomingRecords", "Timestamps": ["2026-10-01T10:0)" + minute +
           R"(:00Z"], "Values": [7], "StatusCode": ")" + status + "\"}";
  };
  const ExportTable joined = read_export_json(
      "{\"MetricDataResults\": [" + page("6", "PartialData") + "," + page("5", "Complete") + "]}");
  REQUIRE(joined.series.size() == 1);
  CHECK(joined.series[0].points.size() == 2);
  CHECK_FALSE(joined.series[0].is_partial);
  const std::string one = "{\"MetricDataResults\": [" + page("6", "PartialData") + "]}";
  CHECK(read_export_json(one).series.at(0).is_partial);
  const std::string both =
      "[" + export_file("get-metric-statistics.json") + ", " + one + "]";  // `jq -s .`
  CHECK(read_export_json(both).series.size() == 4);
}

TEST_CASE("times of older versions of the CLI are numbers") {
  const std::string text =
      R"({"Label": "IncomingRecords", "Datapoints": [{"Timestamp": 1790849100.0, "Sum": 7}]})";
  CHECK(read_export_json(text).series.at(0).points.at(0).at_ms ==
        export_time_ms("2026-10-01T10:05:00Z"));
}

TEST_CASE("what is wrong in the JSON of an export is shown at its place") {
  CHECK(mistakes_of_export("{\"MetricDataResults\": [\n  {\"Id\": }\n]}") ==
        "2:10 the JSON of this export cannot be read from here on (is the file whole? Two answers "
        "in one file need `jq -s .`)");
  const std::string begin = "{\"MetricDataResults\": [{\"Label\": \"IncomingRecords\",\n";
  CHECK(mistakes_of_export(begin + "\"Timestamps\": [\"today\"], \"Values\": [1]}]}") ==
        "2:16 this is not a time as CloudWatch writes it (write \"2026-10-01T10:05:00Z\")");
  for (const char* wrong : {"-1", "-9223372036854775807", "9223372036854775807", "1e300"}) {
    INFO(wrong);
    CHECK(mistakes_of_export(begin + "\"Timestamps\": [" + wrong + "], \"Values\": [1]}]}")
              .starts_with("2:16 this is not a time as CloudWatch writes it"));
  }
  CHECK(mistakes_of_export(begin + "\"Timestamps\": [1790849100], \"Values\": [\"1\"]}]}") ==
        "2:40 a value must be a number");
  CHECK(mistakes_of_export(begin + "\"Timestamps\": [1790849100], \"Values\": []}]}") ==
        "2:29 Timestamps and Values must be two lists of the same length");
  CHECK(mistakes_of_export(begin + "\"StatusCode\": \"InternalError\"}]}") ==
        "2:15 CloudWatch answered InternalError: these are not all points (export it again)");
  CHECK(mistakes_of_export("{\"Resources\": {}}") ==
        "1:1 this is not an export of CloudWatch (write the path of a CSV of the console, or of "
        "the JSON of `aws cloudwatch get-metric-data` or `get-metric-statistics`)");
}
