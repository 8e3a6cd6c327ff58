#include "sim/report/tested.hpp"

#include "sim/base/json.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;

namespace {

std::vector<TestedFile> some_files() {
  TestedRun good{"", Verdict::holds, {}, {}, "trimhorizon run a.yaml --seed 1"};
  TestedRun bad{"no_report",
                Verdict::violated,
                {{"lost", "== 0", "3", 3, Verdict::violated, ""},
                 {"metrics.m.Duration.max", "< 1s", "", {}, Verdict::undecided, "no samples"}},
                {"key_order: first at 4s <\"&>"},
                "trimhorizon run b.yaml --seed 1 --variant no_report"};
  TestedFile a{"a.yaml", "A", "", false, {good}};
  TestedFile b{"b.yaml", "B", "", false, {good, bad}};
  TestedFile c{"c.yaml", "", "c.yaml:3:5: error: unknown key\n    x: 1\n    ^", false, {}};
  return {a, b, c};
}

}  // namespace

TEST_CASE("many scenarios as text") {
  CHECK_APPROVED("report", "tested.txt", tested_text(some_files(), false));
}

TEST_CASE("many scenarios as JUnit XML") {
  CHECK_APPROVED("report", "tested.xml", tested_junit(some_files()));
}

TEST_CASE("many scenarios as JSON") {
  const auto json = parse_json(tested_json(some_files()));
  REQUIRE(std::holds_alternative<Json>(json));
  const Json& top = std::get<Json>(json);
  CHECK(*top.find("edition")->string() == "2026-11");
  CHECK(*top.find("held")->number() == "1");
  CHECK(*top.find("violated")->number() == "1");
  CHECK(*top.find("errors")->number() == "1");
  CHECK(*top.find("scenarios")->array()->at(2).find("verdict")->string() == "error");
}

TEST_CASE("the exit code of many is the worst: bug, mistake, violated, undecided") {
  std::vector<TestedFile> files = some_files();
  CHECK(exit_code(files) == 2);
  files.pop_back();
  CHECK(exit_code(files) == 1);
  files[1].runs[1].verdict = Verdict::undecided;
  CHECK(exit_code(files) == 3);
  files.pop_back();
  CHECK(exit_code(files) == 0);
  files[0].is_bug = true;
  CHECK(exit_code(files) == 70);
}
