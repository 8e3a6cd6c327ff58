// Explore and replay as a user types them: find, print, copy, replay.
#include <algorithm>
#include <sstream>

#include "sim/base/json.hpp"
#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_text.hpp"

using namespace trimhorizon;
using trimhorizon::testing::to_text;
using namespace trimhorizon::tests;

namespace {

Json parsed(const std::string& text) {
  const auto json = parse_json(text);
  REQUIRE(std::holds_alternative<Json>(json));
  return std::get<Json>(json);
}

std::string text_at(const Json& json, std::string_view key) {
  const Json* found = json.find(key);
  REQUIRE(found != nullptr);
  REQUIRE(found->string() != nullptr);
  return *found->string();
}

std::string number_at(const Json& json, std::string_view key) {
  const Json* found = json.find(key);
  REQUIRE(found != nullptr);
  REQUIRE(found->number() != nullptr);
  return *found->number();
}

// The first word of `text` that begins so.
std::string word_beginning(const std::string& text, const std::string& start) {
  std::istringstream words(text);
  std::string word;
  while (words >> word) {
    if (word.compare(0, start.size(), start) == 0) return word;
  }
  return "";
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  std::size_t widest = 0;
  while (std::getline(lines, line)) {
    if (contains(line, "th1:") || contains(line, "replay: ")) continue;  // to be copied whole
    const auto columns = static_cast<std::size_t>(
        std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; }));
    widest = std::max(widest, columns);
  }
  return widest;
}

}  // namespace

TEST_CASE("find, print, copy, replay") {
  // Found, with a token in the text and a scenario beside it.
  const ProgramRun found =
      run_shell("dir=$(mktemp -d) && \"$TH\" explore " + loss +
                " --out $dir/found.yaml; code=$?; cat $dir/found.yaml >&2; "
                "\"$TH\" replay $dir/found.yaml && \"$TH\" run $dir/found.yaml && "
                "\"$TH\" explain $dir/found.yaml r0; echo \"explore $code\"; rm -r $dir");
  INFO(found.out << found.err);
  CHECK(contains(found.out, "✗ VIOLATED (1 fault, minimum)"));
  CHECK(contains(found.out, "\nexplore 1\n"));
  CHECK(contains(found.out, "1. invocation 1 on shard 0 fails at r0"));
  CHECK(
      contains(found.out, "After line 3 no continuation without a further fault saves r0 and r1."));
  CHECK(contains(found.out, "Without fault 1: no_loss holds; r0 has 1 effect."));
  CHECK(contains(found.out, "MATCH: 1 decision at"));
  CHECK(contains(found.out, "2 records were lost"));  // run
  CHECK(contains(found.out, "r0: dropped, lost"));    // explain
  CHECK(contains(found.err, "decisions: {token: \"th1:"));
  CHECK(std::count(found.err.begin(), found.err.end(), '\n') <= 50);  // one screen

  // Printed, copied, replayed.
  const std::string token = word_beginning(found.out, "th1:");
  REQUIRE(token != "");
  CHECK(contains(found.err, token.substr(0, 40)));  // and then what it is of
  const ProgramRun replayed = run_trimhorizon({"replay", loss, "--decisions", token});
  CHECK(replayed.code == 0);
  CHECK(contains(replayed.out, "MATCH: 1 decision at"));
  CHECK(contains(replayed.out, "broken at its end: no_loss (r0 and r1)"));

  // Another scenario drifts.
  const ProgramRun drifted =
      run_trimhorizon({"replay", loss, "--decisions", token, "--set", "BatchSize=3"});
  CHECK(drifted.code == 1);
  CHECK(contains(drifted.out,
                 "DRIFT: decision 1 at question 4\n"
                 "  expected: function_error of entity 0, number 1, 4 answers\n"
                 "  got:      function_error of entity 0, number 1, 5 answers\n"
                 "  What differs from the recorded run: the settings (--set, --variant, --seed).\n"
                 "  The same: the file and the version.\n"));
}

TEST_CASE("each finding is one command") {
  const auto verdict = [](const std::string& file, const std::string& variant) {
    std::vector<std::string> words = {"explore", "scenarios/" + file + ".yaml"};
    if (!variant.empty()) words.insert(words.end(), {"--variant", variant});
    const ProgramRun run = run_trimhorizon(words);
    return run.out.substr(0, run.out.find('\n')) + ", exit " + std::to_string(run.code);
  };
  CHECK(verdict("400-loss-needs-a-fault", "") == "✗ VIOLATED (1 fault, minimum), exit 1");
  CHECK(verdict("400-loss-needs-a-fault", "one_retry") == "✗ VIOLATED (2 faults, minimum), exit 1");
  CHECK(verdict("400-loss-needs-a-fault", "destination") ==
        "✓ HOLDS for all schedules with at most 3 faults, exit 0");
  CHECK(verdict("410-done-and-given-up", "") == "✗ VIOLATED (1 fault, minimum), exit 1");
  CHECK(verdict("410-done-and-given-up", "one_retry") == "✗ VIOLATED (2 faults, minimum), exit 1");
  CHECK(verdict("410-done-and-given-up", "two_retries") ==
        "✗ VIOLATED (3 faults, minimum), exit 1");
  CHECK(verdict("420-order-past-a-failure", "") == "✗ VIOLATED (1 fault, minimum), exit 1");
  CHECK(verdict("420-order-past-a-failure", "stops_at_the_first") ==
        "✓ HOLDS for all schedules with at most 3 faults, exit 0");
  CHECK(verdict("420-order-past-a-failure", "raises") ==
        "✓ HOLDS for all schedules with at most 3 faults, exit 0");
}

TEST_CASE("the JSON has its members") {
  const ProgramRun run =
      run_trimhorizon({"explore", loss, "--outcomes", "--format", "json", "--faults", "1"});
  CHECK(run.code == 1);
  const Json json = parsed(run.out);
  CHECK(text_at(json, "verdict") == "violated");
  CHECK(number_at(json, "faults") == "1");
  CHECK(number_at(json, "complete_through") == "1");
  CHECK(std::stoul(number_at(json, "states")) > 10);
  const Json::Array& outcomes = *json.find("outcomes")->array();
  REQUIRE(outcomes.size() > 3);
  CHECK(to_text(outcomes[0]) ==
        R"({"stored":3,"effects":{"r0":1,"r1":1,"r2":1},"discarded":[],"lost":[],)"
        R"("minimum_faults":0})");
  CHECK(to_text(outcomes[1]) ==
        R"({"stored":3,"effects":{"r0":0,"r1":0,"r2":1},"discarded":[],"lost":["r0","r1"],)"
        R"("minimum_faults":1})");
  const Json::Array& violations = *json.find("violations")->array();
  REQUIRE(violations.size() == 1);
  CHECK(text_at(violations[0], "property") == "no_loss");
  CHECK(number_at(violations[0], "minimum_faults") == "1");
  CHECK(text_at(violations[0], "decisions").compare(0, 4, "th1:") == 0);
  CHECK(number_at(violations[0], "point_of_no_return") == "3");
  CHECK(violations[0].find("story")->array()->size() == 6);
}

TEST_CASE("a bound that is hit is said, with the layers that are complete") {
  const ProgramRun run = run_trimhorizon(
      {"explore", loss, "--variant", "destination", "--states", "60", "--format", "json"});
  CHECK(run.code == 3);
  const Json json = parsed(run.out);
  CHECK(text_at(json, "verdict") == "incomplete");
  CHECK(contains(text_at(json, "verdict_words"), "INCOMPLETE (complete through "));
}

TEST_CASE("random runs say that they are no search") {
  const ProgramRun found = run_trimhorizon({"explore", loss, "--random", "200"});
  CHECK(found.code == 1);
  CHECK(contains(found.out, "✗ VIOLATED (1 fault, 1-minimal)"));
  const ProgramRun none =
      run_trimhorizon({"explore", loss, "--random", "50", "--variant", "destination"});
  CHECK(none.code == 3);
  CHECK(contains(none.out, "? NOT FOUND (random, 50 seeds)"));
}

TEST_CASE("beside the verdict stands what was not looked at") {
  const ProgramRun run =
      run_trimhorizon({"explore", loss, "--variant", "destination", "--details"});
  CHECK(contains(run.out, "switched off  timeout, poller_crash_anywhere"));
  CHECK(contains(run.out, "nothing is drawn at random"));
  CHECK(contains(run.out, "events at the same instant happen in one order only"));
  CHECK(contains(run.out, "natural retention is off while exploring"));
  CHECK(contains(run.out, "assumptions   "));
  CHECK_FALSE(contains(run.out, "proved"));
  CHECK_FALSE(contains(run.out, "exhaustive"));
}

TEST_CASE("the text fits a terminal") {
  for (const std::string file :
       {"400-loss-needs-a-fault", "410-done-and-given-up", "420-order-past-a-failure"}) {
    const std::string path = "scenarios/" + file + ".yaml";
    const ProgramRun run = run_trimhorizon({"explore", path, "--outcomes", "--assumptions"});
    INFO(run.out);
    CHECK(widest_line(run.out) <= 80);
  }
}

TEST_CASE("mistakes of explore") {
  CHECK(run_trimhorizon({"explore"}).err ==
        "trimhorizon: explore needs one FILE\n  see `trimhorizon explore --help`\n");
  const ProgramRun faults = run_trimhorizon({"explore", loss, "--faults", "many"});
  CHECK(faults.code == 2);
  CHECK(faults.err ==
        "trimhorizon: --faults must be a whole number up to 100, not `many`\n"
        "  for example: --faults 3\n");
  const Folder folder("explore-many");
  std::ofstream many(folder / "many.yaml");
  many << "trimhorizon: 1\nstreams: {orders: {}}\nfunctions: {f: {}}\nevent_source_mappings:\n"
          "  m: {EventSourceArn: orders, FunctionName: f, StartingPosition: TRIM_HORIZON}\n"
          "producers:\n  shop:\n    stream: orders\n    put:\n";
  for (int i = 0; i < 10'001; ++i) many << "      - {at: 0s, record: {}}\n";
  many.close();
  const ProgramRun large = run_trimhorizon({"explore", folder / "many.yaml"});
  CHECK(large.code == 2);
  CHECK(contains(large.err, "10,001 records are too many to explore"));
}

TEST_CASE("a scenario with a rate is explored on its first records") {
  const ProgramRun run =
      run_trimhorizon({"explore", "scenarios/200-retention-cliff.yaml", "--faults", "0"});
  CHECK(run.code == 0);
  CHECK(contains(run.out, "  Note: explored on its first 6 records of 504,000;"));
}

TEST_CASE("what is found is written only where something is, and only to where it can be") {
  const Folder folder("explore-command");
  const ProgramRun none = run_trimhorizon(
      {"explore", loss, "--variant", "destination", "--faults", "1", "--out", folder / "a.yaml"});
  CHECK(none.code == 0);
  CHECK(none.err != "");
  CHECK_FALSE(std::filesystem::exists(folder.path / "a.yaml"));
  CHECK(run_trimhorizon({"explore", loss, "--out", "/nowhere/a.yaml"}).code == 2);
}

TEST_CASE("the JSON leaves the line that repeats it to stderr, with all that was asked") {
  const ProgramRun run = run_trimhorizon({"explore", loss, "--faults", "1", "--seed", "4", "--set",
                                          "BatchSize=2", "--format", "json"});
  CHECK(run.code == 1);
  CHECK(run.err.ends_with("; replay: trimhorizon explore " + loss +
                          " --seed 4 --set BatchSize=2 --faults 1 --format json\n"));
}

TEST_CASE("a replay line repeats all options, --out and --threads as well") {
  const Folder folder("explore-options");
  const std::string out = folder / "found.yaml";
  const ProgramRun run = run_trimhorizon(
      {"explore", loss, "--threads", "1", "--faults", "1", "--outcomes", "--out", out});
  CHECK(last_line(run.out) == "replay: trimhorizon explore " + loss +
                                  " --faults 1 --outcomes --threads 1 --out " + out + "\n");
}

TEST_CASE("explore --out of a scenario with control characters in an id writes what replays") {
  const Folder folder("explore-control");
  const std::string file = folder / "a\n\x1b[31m\x7f.yaml";
  std::ofstream(file) << "trimhorizon: 1\nstreams: {s: {}}\nfunctions: {f: {}}\n"
                         "producers: {p: {stream: s, ids: \"r\\x7f\\n\\u202e\", put: [{at: 0s, "
                         "records: [{}, {id: \"x\\u0007y\\r\\nz\"}]}]}}\n"
                         "event_source_mappings: {m: {EventSourceArn: s, FunctionName: f, "
                         "StartingPosition: TRIM_HORIZON, MaximumRetryAttempts: 0}}\n"
                         "explore: {faults: 1, properties: [no_loss]}\n";
  const std::string found = folder / "found.yaml";
  const ProgramRun run = run_trimhorizon({"explore", file, "--out", found});
  CHECK(run.err == "");
  CHECK(run.code == 1);
  CHECK(run_trimhorizon({"replay", found}).out.starts_with("MATCH"));
  CHECK(run_trimhorizon({"run", found}).code == 0);
}

TEST_CASE("a seed that the found file cannot have is refused before the search") {
  const Folder folder("explore-seed");
  const ProgramRun large = run_trimhorizon(
      {"explore", loss, "--seed", "9223372036854775808", "--out", folder / "a.yaml"});
  CHECK(large.code == 2);
  CHECK(contains(large.err, "the largest is 9223372036854775807"));
  const ProgramRun most = run_trimhorizon(
      {"explore", loss, "--seed", "9223372036854775807", "--out", folder / "a.yaml"});
  CHECK(most.code == 1);
  CHECK(run_trimhorizon({"replay", folder / "a.yaml"}).code == 0);
}

TEST_CASE("--faults 010 is ten") {
  const auto line = [](const char* faults) {
    const std::string out = run_trimhorizon({"explore", loss, "--faults", faults}).out;
    return out.substr(0, out.find("no_loss"));
  };
  CHECK(line("010") == line("10"));
  CHECK(line("010") != line("8"));
}
