// Texts of a user that could harm a reader, drawn into every place where text may stand and through
// every command: nothing but the text comes out, and what was written is read back.
#include <algorithm>

#include "sim/base/json.hpp"
#include "sim/base/medium.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/hostile.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;
using trimhorizon::testing::broken_texts;
using trimhorizon::testing::harm_in;
using trimhorizon::testing::hostile_texts;

namespace {

// As much of it as an id or a key may have.
std::string short_of(const std::string& text) { return text.substr(0, 120); }

// `names`: also as the names of a producer, a mapping and a variant.
std::string scenario_with(const std::string& text, bool names) {
  const std::string quoted = json_string(text);
  const std::string id = json_string(short_of(text));
  const auto name = [&](const char* plain) { return names ? quoted : std::string(plain); };
  return "trimhorizon: 1\ntitle: " + quoted + "\nlesson: " + quoted +
         "\nstreams: {orders: {ShardCount: 1}}\nfunctions: {f: {}}\nproducers:\n  " + name("p") +
         ": {stream: orders, ids: " + id + ", put: [{at: 0s, records: [{key: " + id +
         ", data: " + quoted + "}, {}, {}]}]}\nevent_source_mappings:\n  " + name("m") +
         ": {EventSourceArn: orders, FunctionName: f, StartingPosition: TRIM_HORIZON,\n"
         "    BatchSize: 2, MaximumRetryAttempts: 0}\n"
         "explore: {faults: 1, properties: [no_loss, all_processed]}\n"
         "expect: {lost: 99}\nvariants:\n  " +
         name("v") + ": {title: " + quoted + ", set: {BatchSize: 1}, expect: {lost: 98}}\n";
}

// A name for a file: without a slash, and not too long.
std::string file_name(std::string text) {
  std::replace(text.begin(), text.end(), '/', '_');
  return "s" + text.substr(0, 180) + ".yaml";
}

struct Printed {
  std::string command, out, err;
  int code = 0;
};

// Runs the commands in one shell; `$F` is the scenario, `$D` the folder, `$T` the text.
std::vector<Printed> run_all(const Folder& folder, const std::string& file, const std::string& text,
                             const std::vector<std::string>& commands) {
  std::string script = "trimhorizon() { \"$TH\" \"$@\"; }\nF=" + for_shell(file) +
                       "\nT=" + for_shell(text) + "\nD=" + for_shell(folder.path.string()) + "\n";
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const std::string n = "$D/" + std::to_string(i);
    script += "trimhorizon " + commands[i] + " >" + n + ".out 2>" + n + ".err </dev/null\n" +
              "echo $? >" + n + ".code\n";
  }
  folder.write("script", script);
  run_shell("export TH; bash " + (folder / "script"));
  std::vector<Printed> all;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const std::string n = folder / std::to_string(i);
    all.push_back({commands[i], read_whole(n + ".out"), read_whole(n + ".err"),
                   std::stoi("0" + read_whole(n + ".code"))});
  }
  return all;
}

void check_harmless(const std::vector<Printed>& all) {
  for (const Printed& each : all) {
    INFO(each.command << " exits " << each.code << "\n" << each.err);
    CHECK(each.code <= 3);
    CHECK(harm_in(each.out) == "");
    CHECK(harm_in(each.err) == "");
  }
}

Json json_in(const std::string& text) {
  auto json = parse_json(text);
  INFO(text);
  REQUIRE(std::holds_alternative<Json>(json));
  return std::get<Json>(std::move(json));
}

// Everything that takes a scenario, each in every format.
const std::vector<std::string> commands = {
    "run \"$F\"",
    "run \"$F\" --format json --records --trace \"$D/trace\"",
    "test \"$F\"",
    "test \"$F\" --format junit",
    "test \"$F\" --format json",
    "validate \"$F\"",
    "explain \"$F\" -- \"${T}0\"",
    "explore \"$F\" --details --outcomes --out \"$D/found.yaml\"",
    "explore \"$F\" --format json --outcomes",
    "replay \"$D/found.yaml\"",
    "diff \"$F\" BatchSize=1",
    "diff \"$F\" BatchSize=1 --format json",
    "sweep \"$F\" --grid BatchSize=1,2 --shard 1/1 --out \"$D/sweep.json\"",
    "merge \"$D/sweep.json\" --format text",
    "merge \"$D/sweep.json\"",
    "diff \"$F\" \"$D/found.yaml\"",
};

void try_scenario(const std::string& text, const std::string& name, bool names) {
  const Folder folder("hostile");
  folder.write(name, scenario_with(text, names));
  const std::string file = folder / name;
  const ProgramRun valid = run_trimhorizon({"validate", file});
  CHECK(harm_in(valid.out + valid.err) == "");
  if (names && valid.code == 2) return;  // a name of AWS has no such characters
  REQUIRE(valid.err == "");
  const std::vector<Printed> all = run_all(folder, file, short_of(text), commands);
  check_harmless(all);

  // What was written is read back.
  CHECK(*json_in(all[1].out).find("scenario")->find("title")->string() == text);
  CHECK(harm_in(read_whole(folder / "trace")) == "");
  CHECK(contains(all[3].out, "classname=\"" + for_xml(file) + "\""));
  CHECK(*json_in(all[4].out).find("scenarios")->array()->at(0).find("title")->string() == text);
  CHECK(all[6].code == 0);
  CHECK(*json_in(all[14].out).find("scenario")->find("title")->string() == text);
  const std::string found = read_whole(folder / "found.yaml");
  CHECK(harm_in(found) == "");
  CHECK(read_scenario(found, "found").producers[0].settings.ids == short_of(text));
  CHECK(all[9].code == 0);
  CHECK(contains(all[9].out, "MATCH"));

  // The line at the end can be pasted.
  const std::string line = last_line(all[0].out);
  const std::string start = "replay: trimhorizon ";
  REQUIRE(line.starts_with(start));
  CHECK(run_all(folder, file, text, {line.substr(start.size(), line.size() - start.size() - 1)})[0]
            .out == all[0].out);
}

}  // namespace

TEST_CASE("hostile text in every place of a scenario comes out of every command as text") {
  for (const auto& [kind, text] : hostile_texts()) {
    DYNAMIC_SECTION(kind) { try_scenario(text, file_name(text), false); }
  }
}

TEST_CASE("hostile text as a name is refused or comes out as text") {
  for (const auto& [kind, text] : hostile_texts()) {
    DYNAMIC_SECTION(kind) { try_scenario(text, "s.yaml", true); }
  }
}

TEST_CASE("JUnit is XML with U+FFFE in a title and with a file name that is not UTF-8") {
  for (const auto& [kind, text] : broken_texts()) {
    DYNAMIC_SECTION(kind) { try_scenario("a\xef\xbf\xbe", file_name(text), false); }
  }
}

TEST_CASE("hostile text on the command line does not reach the terminal") {
  const std::vector<std::string> words = {
      "run \"$D/$T.yaml\"",
      "run \"$F\" --variant=\"$T\"",
      "run \"$F\" --set=\"$T\"",
      "run \"$F\" --set=\"$T=$T\"",
      "run \"$F\" --set=title=\"$T\"",
      "run \"$F\" --format=\"$T\"",
      "run \"$F\" --seed=\"$T\"",
      "run \"$F\" --trace=\"$D/no/$T\"",
      "explain \"$F\" -- \"$T\"",
      "explore \"$F\" --faults=\"$T\"",
      "explore \"$F\" --faults 0 --out \"$D/no/$T\"",
      "explore \"$F\" \"--x$T\"",
      "replay \"$F\" --decisions=\"$T\"",
      "diff \"$F\" \"x$T\" \"y$T\"",
      "sweep \"$F\" --grid=\"$T\"",
      "sweep \"$F\" --grid=\"BatchSize=$T\"",
      "sweep \"$F\" --seeds=\"$T\"",
      "sweep \"$F\" --show=\"$T\"",
      "merge \"$D/$T\"",
      "test \"$F\" -k \"$T\"",
      "test \"$D/$T\"",
      "validate \"$D/$T\"",
      "\"x$T\"",
  };
  std::vector<testing::Hostile> all = hostile_texts();
  for (testing::Hostile& each : broken_texts()) all.push_back(std::move(each));
  const Folder folder("hostile-words");
  folder.write("s.yaml", read_whole(scenario("partial")));
  for (const auto& [kind, text] : all) {
    DYNAMIC_SECTION(kind) { check_harmless(run_all(folder, folder / "s.yaml", text, words)); }
  }
}
