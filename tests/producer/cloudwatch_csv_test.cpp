// The CSV that the console of CloudWatch writes.
#include "tests/producer/exports.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("a CSV of the console has a series for each column, with its labels") {
  const ExportTable table = read_export_csv(export_file("console.csv"));
  CHECK(table.mistakes.empty());
  REQUIRE(table.series.size() == 2);
  CHECK(table.series[0].label == "IncomingRecords");
  CHECK(table.series[0].statistic == "Sum");
  CHECK(table.series[0].names == "orders IncomingRecords\nIncomingRecords\nSum\n60\n");
  CHECK(table.period_s == 60);
  REQUIRE(table.series[0].points.size() == 3);
  CHECK(table.series[0].points[2].value == "1,200");
  CHECK(table.series[1].points[2].value == "1.2E5");
}

TEST_CASE("columns are separated by commas, semicolons or tabs, lines end as on any system") {
  const std::vector<ExportPoint> points =
      read_export_csv("Label,IncomingRecords\n2026/10/01 10:05:00,7\n").series.at(0).points;
  CHECK(points.at(0).value == "7");
  const auto values = [](const std::string& text) {
    const ExportTable table = read_export_csv(text);
    return table.series.at(0).points.at(0).value + " " + table.series.at(1).points.at(0).value;
  };
  CHECK(values("Label;IncomingRecords;IncomingBytes\r\n2026/10/01 10:05:00;7;8\r\n") == "7 8");
  CHECK(values("Label\tIncomingRecords\tIncomingBytes\n2026/10/01 10:05:00\t7\t8") == "7 8");
  CHECK(values("Label,\"a, \"\"b\"\"\",c\n2026/10/01 10:05:00,\"7\", 8 \n") == "7 8");
}

TEST_CASE("a time of an export is local without a zone, or has one") {
  const std::int64_t at = export_time_ms("2026-10-01T10:05:00Z").value();
  for (const char* same :
       {"2026/10/01 10:05:00", "2026/10/01 10:05", "2026-10-01 10:05:00", "2026-10-01T10:05:00",
        "2026-10-01T10:05:00+00:00", "2026-10-01T10:05:00.000Z", "2026-10-01T12:05:00+02:00",
        "2026-10-01T12:05:00+0200", "2026-10-01T12:05:00+02", "2026-10-01T02:35:00-07:30",
        "2026-10-01 10:05:00 UTC"}) {
    INFO(same);
    CHECK(export_time_ms(same) == at);
  }
  for (const char* wrong : {"", "10/01/2026 10:05", "2026/13/01 10:05:00", "2026/10/01 25:00:00",
                            "2026-10-01T10:05:00+2", "2026-10-01T10:05:00+99:00", "Label"}) {
    INFO(wrong);
    CHECK_FALSE(export_time_ms(wrong));
  }
}

TEST_CASE("a time that a spreadsheet has changed is shown, and what to write") {
  CHECK(mistakes_of_export("Label,IncomingRecords\n10/01/2026 10:05,7\n") ==
        "2:1 `10/01/2026 10:05` is not a time as CloudWatch writes it (write 2026/10/01 10:05:00; "
        "a spreadsheet may have changed it: export it again)");
  CHECK(mistakes_of_export("Label,IncomingRecords\n2026/10/01 10:05:00,7\nTotal,7\n") ==
        "3:1 `Total` is not a time as CloudWatch writes it (after the lines of labels each line "
        "begins with a time: 2026/10/01 10:05:00)");
}

TEST_CASE("a statistic is a word of a label, not a part of a name") {
  CHECK(statistic_in("IncomingRecords (Sum)") == "Sum");
  CHECK(statistic_in("orders IncomingRecords: Average") == "Average");
  CHECK(statistic_in("IncomingBytes p99.9") == "p99.9");
  CHECK(statistic_in("max-orders IncomingRecords") == "");
  CHECK(statistic_in("") == "");
}
