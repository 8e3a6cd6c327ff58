// From a text to a scenario: what is not a scenario at all, and what is read beside it.
#include "sim/scenario/yaml_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "sim/base/json.hpp"
#include "sim/scenario/tables.hpp"
#include "sim/yaml/source_text.hpp"
#include "sim/yaml/tree.hpp"
#include "tests/scenario/reading.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"
#include "tests/support/rapidcheck.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

std::string example_file() { return reader::read_file(source_dir() + "/docs/example.yaml"); }

void visit_all_keys(const reader::Node& node,
                    const std::function<void(const reader::Node&)>& visit) {
  for (const reader::Node& key : node.keys) visit(key);
  for (const reader::Node& item : node.items) visit_all_keys(item, visit);
}

// The places of all plain values of the example.
void visit_scalars(const reader::Node& node,
                   const std::function<void(const reader::Node&)>& visit) {
  if (node.is_scalar() && !node.in_quotes) visit(node);
  for (const reader::Node& item : node.items) visit_scalars(item, visit);
}

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

TEST_CASE("a key that is spelled wrong is one mistake, wherever it stands") {
  const std::string text = example_file();
  reader::Mistakes mistakes("example", text);
  const reader::Node root = reader::parse_yaml(text, {}, mistakes).value();
  testing::Sample sample;
  std::size_t tried = 0;
  visit_all_keys(root, [&](const reader::Node& key) {
    const auto& blocks = reader::scenario_format().blocks();
    const bool is_key = std::any_of(blocks.begin(), blocks.end(), [&](const reader::Block* block) {
      return block->find(key.text) != nullptr;
    });
    if (!is_key || key.text.size() < 5 || sample.leaves_out()) return;
    std::string wrong = text;
    wrong.erase(key.at.offset + 1, 1);  // `BatchSize` becomes `BtchSize`
    const reader::LineColumn place = mistakes.line_column(key.at);
    const std::string said = said_about(wrong);
    INFO(key.text << ": " << said);
    CHECK(said.starts_with(fmt::format("{}:{} ", place.line, place.column)));
    CHECK(said.ends_with(fmt::format("(did you mean `{}`?)", key.text)));
    CHECK(said.find('\n') == std::string::npos);
    ++tried;
  });
  CHECK(tried * testing::Sample::of_each() > 100);
}

TEST_CASE("a block in the singular, or as another tool calls it, is one mistake") {
  const std::string text = example_file();
  const std::pair<std::string, std::vector<std::string>> words[] = {
      {"event_source_mappings", {"event_source_mapping", "EventSourceMappings", "mappings", "esm"}},
      {"streams", {"stream", "Streams", "kinesis"}},
      {"functions", {"function", "lambdas"}},
      {"destinations", {"destination", "queues"}},
      {"producers", {"producer"}},
      {"expect", {"thresholds"}}};
  for (const auto& [ours, theirs] : words) {
    for (const std::string& each : theirs) {
      std::string wrong = text;
      wrong.replace(wrong.find("\n" + ours + ":") + 1, ours.size(), each);
      const std::string said = said_about(wrong);
      INFO(each << ": " << said);
      CHECK(said.ends_with(":1 unknown key `" + each + "` (did you mean `" + ours + "`?)"));
      CHECK(said.find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("keys that are spelled wrong inside of such a key are told too") {
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nfunction: {f: {timeout: 3s}}\n",
                   {{"functions.f.memory_size", "1"}, {"Timeout", "5"}}) ==
        "1:1 the scenario has no path `functions.f.memory_size` (did you mean "
        "`functions.f.MemorySize`?)\n"
        "3:1 unknown key `function` (did you mean `functions`?)\n"
        "3:16 unknown key `timeout` in a function (did you mean `Timeout`?)");
}

TEST_CASE("a value that does not fit the key that is meant is told with it") {
  CHECK(
      said_about("trimhorizon: 1\nstreams: {s: {retention_period_hours: 48h}}\n") ==
      "2:15 unknown key `retention_period_hours` in a stream (did you mean "
      "`RetentionPeriodHours`? RetentionPeriodHours is in hours, as in CloudFormation: write 48)");
}

TEST_CASE("a file of another tool is named, and what to do about it") {
  const std::string how =
      ", which cannot be read yet (write a scenario: the properties of each resource stand under "
      "its name, in `streams`, `functions` or `event_source_mappings`)";
  const std::pair<std::string, std::string> files[] = {
      {"AWSTemplateFormatVersion: x\nResources: {}\n", "2:1 this is a template of CloudFormation"},
      {"service: x\nprovider: {name: aws}\nfunctions: {}\n",
       "1:1 this is a file of the Serverless Framework"},
      {"# ours\n\nresource \"aws_kinesis_stream\" \"o\" {\n  shard_count = 1\n}\n",
       "1:1 this is a file of Terraform"},
      {"terraform {\r\n}\r\n", "1:1 this is a file of Terraform"},
      {R"({"resource": {"aws_kinesis_stream": {}}})", "1:2 this is a file of Terraform"},
      {R"({"format_version":"1.2","planned_values":{}})", "1:2 this is a plan of Terraform"},
      {R"({"version":4,"terraform_version":"1.9","resources":[]})",
       "1:14 this is a state of Terraform"}};
  for (const auto& [text, what] : files) CHECK(said_about(text) == what + how);
  CHECK(said_about("trimhorizon: 1\nstreams: {s: {}}\nresource: {}\n") ==
        "3:1 unknown key `resource`");
}

TEST_CASE("a wrong value anywhere in the example is one mistake") {
  const std::string example = example_file();
  reader::Mistakes mistakes("e", example);
  const reader::Node root = reader::parse_yaml(example, {}, mistakes).value();
  testing::Sample sample;
  visit_scalars(root, [&](const reader::Node& value) {
    if (sample.leaves_out()) return;
    for (const std::string wrong : {"zzwrong", "{}"}) {
      std::string text = example;
      text.replace(value.start, reader::end_of(value, example).offset - value.start, wrong);
      const std::string said = said_about(text);
      if (said.find('\n') != said.npos) FAIL_CHECK(wrong << " for " << value.text << ":\n" << said);
    }
  });
}

TEST_CASE("a name of the example that is misspelt where it is defined is one mistake") {
  const std::string example = example_file();
  reader::Mistakes mistakes("e", example);
  const reader::Node root = reader::parse_yaml(example, {}, mistakes).value();
  for (const std::string_view block :
       {"streams", "producers", "functions", "event_source_mappings", "destinations"}) {
    for (const reader::Node& name : root.find(block)->keys) {
      std::string text = example;
      text.replace(name.start, 1, "zz");
      const std::string said = said_about(text);
      if (said.find('\n') != said.npos) FAIL_CHECK(name.text << ":\n" << said);
    }
  }
}
