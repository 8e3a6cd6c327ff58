// Files that a scenario names.
#include "sim/scenario/other_files.hpp"

#include "sim/producer/arrivals.hpp"
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"

using namespace trimhorizon;
using namespace trimhorizon::reader;
using namespace trimhorizon::tests;

TEST_CASE("a relative path begins in the folder of the scenario") {
  CHECK(path_beside("tests/s.yaml", "incoming.csv") == "tests/incoming.csv");
  CHECK(path_beside("/tests/s.yaml", "../incoming.csv") == "/tests/../incoming.csv");
  CHECK(path_beside("s.yaml", "a/incoming.csv") == "a/incoming.csv");
  CHECK(path_beside("-", "incoming.csv") == "incoming.csv");
  CHECK(path_beside("a/s.yaml", "/incoming.csv") == "/incoming.csv");
  CHECK(path_beside("s.yaml", "-") == "./-");
}

TEST_CASE("the file is beside the scenario on the disk") {
  const std::string file = source_dir() + "/tests/producer/s.yaml";
  const Scenario scenario =
      read_scenario(with_producer("    rate: {cloudwatch: exports/get-metric-data.json}\n"), file);
  CHECK(whole_load(*scenario.producers[0].settings.load).records == 3034);
}

TEST_CASE("a file that cannot be opened is shown with the path that was tried") {
  const std::string text = with_producer("    rate: {cloudwatch: no/incoming.csv}\n");
  try {
    read_scenario(text, "tests/s.yaml");
    CHECK(false);
  } catch (const ScenarioError& error) {
    CHECK(std::string(error.what()) ==
          "tests/s.yaml:6:24: error: `no/incoming.csv` cannot be opened: No such file or "
          "directory\n"
          "      rate: {cloudwatch: no/incoming.csv}\n"
          "                         ^\n"
          "  its path is tests/no/incoming.csv: a relative one begins in the folder of the\n"
          "  scenario");
  }
}

TEST_CASE("a file is read once, and one that is no text is a mistake once") {
  int opened = 0;
  OtherFiles files("s.yaml", [&](const std::string& path) {
    ++opened;
    CHECK(path == "a.csv");
    return std::string("\xff\xfe");
  });
  Mistakes mistakes("s.yaml", "a: b");
  CHECK_FALSE(files.source_of("a.csv", {0, 3}, mistakes));
  CHECK_FALSE(files.source_of("a.csv", {0, 3}, mistakes));
  CHECK(opened == 1);
  CHECK(mistakes.count() == 1);
  CHECK(mistakes.is_wrong({0, 3}));
}
