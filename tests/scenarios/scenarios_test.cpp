// The library of scenarios/: every file holds, with all its variants, and is fit to teach.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "sim/experiment/run_scenario.hpp"
#include "sim/scenario/yaml_reader.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"
#include "tests/support/program.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

namespace fs = std::filesystem;

// "scenarios/010-hello-shard.yaml", …, sorted.
std::vector<std::string> scenario_files() {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(fs::path(tests::source_dir()) / "scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    files.push_back("scenarios/" + entry.path().filename().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of(const std::string& file) {
  std::ifstream in(fs::path(tests::source_dir()) / file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::shared_ptr<const Scenario> read(const std::string& file) {
  return std::make_shared<const Scenario>(read_scenario(text_of(file), file));
}

// What does not hold, in words; empty when all does.
std::string complaints(const ScenarioRun& run) {
  std::string text;
  for (const JudgedExpectation& each : run.judgement.expectations) {
    if (each.verdict == Verdict::holds) continue;
    text += each.name + ": wanted " + each.wanted + ", found " + each.actual + " " + each.why;
    text += "\n";
  }
  for (const InvariantResult& each : run.result.invariants) {
    if (!each.holds())
      text += std::string(name(each.invariant)) + ": " + violation_text(each) + "\n";
  }
  return text;
}

bool expects(const Scenario& scenario, ExpectKind kind) {
  return std::any_of(scenario.expect.begin(), scenario.expect.end(),
                     [kind](const Expectation& each) { return each.kind == kind; });
}

}  // namespace

TEST_CASE("every scenario of the library holds, and every variant of it") {
  const std::vector<std::string> files = scenario_files();
  REQUIRE(files.size() >= 11);
  for (const std::string& file : files) {
    for (const ScenarioRun& run : run_with_variants(read(file))) {
      INFO(file << (run.name.empty() ? "" : ", variant " + run.name));
      CHECK(complaints(run) == "");
      CHECK(run.judgement.verdict == Verdict::holds);
    }
  }
}

TEST_CASE("every scenario says what it teaches, what it expects and how sure that is") {
  for (const std::string& file : scenario_files()) {
    INFO(file);
    const std::shared_ptr<const Scenario> scenario = read(file);
    CHECK(scenario->title != "");
    REQUIRE(!scenario->lesson.empty());
    CHECK(scenario->lesson.back() == '.');
    CHECK(scenario->lesson.find(". ") == std::string::npos);  // one sentence
    CHECK(expects(*scenario, ExpectKind::lost));
    CHECK(expects(*scenario, ExpectKind::duplicates));
    CHECK(expects(*scenario, ExpectKind::fates));
    CHECK(!scenario->evidence.empty());
    CHECK(scenario->warnings.empty());
    const std::string head =
        "# yaml-language-server: $schema=../docs/scenario.schema.json\ntrimhorizon: 1";
    CHECK(text_of(file).compare(0, head.size(), head) == 0);
  }
}

// Scenarios whose situation is shown by something else than `sometimes`.
const std::set<std::string> shown_otherwise = {
    "scenarios/010-hello-shard.yaml",          // nothing happens in it
    "scenarios/230-shared-read-limits.yaml",   // its metrics count the refused reads
    "scenarios/430-order-over-a-split.yaml"};  // the split is made by the explorer

// A fault that never comes about would let every expectation hold for the wrong reason.
TEST_CASE("every scenario but the healthy ones makes sure that its situation occurs") {
  for (const std::string& file : scenario_files()) {
    INFO(file);
    const std::shared_ptr<const Scenario> scenario = read(file);
    bool in_some_variant = expects(*scenario, ExpectKind::sometimes);
    for (const VariantEntry& variant : scenario->variants) {
      in_some_variant = in_some_variant || expects(*variant.scenario, ExpectKind::sometimes);
    }
    CHECK((in_some_variant || shown_otherwise.contains(file)));
  }
}

TEST_CASE("no two scenarios teach the same lesson, or have the same title") {
  std::map<std::string, std::string> lessons;
  std::map<std::string, std::string> titles;
  for (const std::string& file : scenario_files()) {
    INFO(file);
    const std::shared_ptr<const Scenario> scenario = read(file);
    const auto [lesson, new_lesson] = lessons.emplace(scenario->lesson, file);
    INFO(lesson->second << " teaches it already");
    CHECK(new_lesson);
    const auto [title, new_title] = titles.emplace(scenario->title, file);
    INFO(title->second << " is called so already");
    CHECK(new_title);
  }
}

TEST_CASE("validate and test accept the whole library") {
  const ProgramRun validated = run_shell("\"$TH\" validate scenarios/*.yaml");
  CHECK(validated.code == 0);
  CHECK(validated.err == "");
  const ProgramRun tested = run_trimhorizon({"test", "scenarios"});
  INFO(tested.out);
  CHECK(tested.code == 0);
  CHECK(tested.err == "");
}

TEST_CASE("the reports of the teaching scenarios are the approved ones") {
  for (const std::string name :
       {"010-hello-shard", "020-poison-pill-default", "030-poison-pill-retries-only",
        "040-bisect-vs-report", "050-partial-response-budget", "060-malformed-batch-response",
        "080-handler-swallows-errors", "090-timeout-after-side-effect", "110-latest-gap-on-create",
        "190-record-age-prefix-drop", "200-retention-cliff"}) {
    const ProgramRun run = run_trimhorizon({"run", "scenarios/" + name + ".yaml"});
    CHECK(run.code == 0);
    CHECK(run.err == "");
    CHECK_APPROVED("scenarios", name + ".txt", run.out);
  }
}
