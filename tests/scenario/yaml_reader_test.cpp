// From a text to a scenario: what is not a scenario at all, and what is read beside it.
#include "sim/scenario/yaml_reader.hpp"

#include <filesystem>
#include <fstream>

#include "sim/base/json.hpp"
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

// A file of its own, gone at the end.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& text)
      : path_((std::filesystem::temp_directory_path() / name).string()) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::optional<std::string> title_of(const std::string& text) {
  return title_in_file(TemporaryFile("trimhorizon_title_test.yaml", text).path());
}

}  // namespace

TEST_CASE("a file that is empty or no mapping is told what a scenario is") {
  // Without a line there is none to show.
  CHECK(said_about("") == "0:0 the file is empty (begin with trimhorizon: 1)");
  CHECK(said_about("# only a comment\n") == "1:1 the file is empty (begin with trimhorizon: 1)");
  CHECK(said_about("- 1\n") == "1:1 a scenario must be a mapping `key: value`, not a list");
  CHECK(said_about("hello") == "1:1 a scenario must be a mapping `key: value`, not `hello`");
}

TEST_CASE("a byte order mark does not belong to the file, and moves no place") {
  CHECK(read("\xef\xbb\xbftrimhorizon: 1\nstreams: {s: {}}\n").streams.size() == 1);
  const std::string wrong = "trimhorizon: 1\nstreams: {s: {ShardCount: 0}}\n";
  CHECK(said_about("\xef\xbb\xbf" + wrong) == said_about(wrong));
}

TEST_CASE("a tag on a list or a mapping is refused, unless nobody reads what it is on") {
  CHECK(said_about("trimhorizon: 1\nstreams: !Sub {s: {}}\n") ==
        "2:15 the tag `!Sub` is not allowed here");
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {Tags: !Sub [a]}}\n") == "");
}

TEST_CASE("all mistakes are told at once, those of an override in its own text") {
  const std::string text = "trimhorizon: 1\nstreams: {s: {ShardCount: 0}}\nduration: 5\n";
  CHECK(said_about(text, {{"seed", "x"}}).find("ShardCount") != std::string::npos);
  CHECK(said_about(text, {{"seed", "x"}}).find("duration needs a unit") != std::string::npos);
  CHECK(mistakes_in(text, {{"seed", "x"}}).find("seed=x") != std::string::npos);
}

TEST_CASE("a scenario is loaded from its file, under the name that was given") {
  const TemporaryFile file("trimhorizon_load_test.yaml", "trimhorizon: 1\nstreams: {s: {}}\n");
  const Scenario scenario = load_scenario(file.path(), {{"seed", "7"}});
  CHECK(scenario.file == file.path());
  CHECK(scenario.seed == 7);
  CHECK_THROWS_AS(load_scenario(file.path() + ".not_there"), ScenarioError);
}

TEST_CASE(
    "a file that is full of mistakes still has a title, text that is not a scenario has none") {
  CHECK(title_of("title: Lost orders\nstreams: 5\n") == "Lost orders");
  CHECK(title_of("\xef\xbb\xbftitle: With a mark\n") == "With a mark");
  CHECK(title_of("streams: {}\n") == "");
  CHECK(title_of("- a\n") == std::nullopt);
  CHECK(title_of("title: [a\n") == std::nullopt);
  CHECK(title_in_file("no/such/file.yaml") == std::nullopt);
  CHECK(title_in_file("-") == std::nullopt);
}

TEST_CASE("PATH=VALUE needs its equals sign and a path; the value may be empty or have more") {
  CHECK(parse_override("a.b=1=2").path == "a.b");
  CHECK(parse_override("a.b=1=2").value == "1=2");
  CHECK(parse_override("a=").value.empty());
  CHECK_THROWS_AS(parse_override("a.b"), ScenarioError);
  CHECK_THROWS_AS(parse_override("=1"), ScenarioError);
  CHECK_THROWS_AS(parse_override(""), ScenarioError);
}

TEST_CASE("the schema is JSON, and names its format") {
  const auto schema = parse_json(scenario_schema_json());
  REQUIRE(std::holds_alternative<Json>(schema));
  CHECK(*std::get<Json>(schema).find("title")->string() == "Trimhorizon scenario, format 1");
}
