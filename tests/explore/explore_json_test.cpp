#include "sim/base/json.hpp"
#include "sim/base/version.hpp"
#include "sim/explore/explore_report.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_text.hpp"

namespace trimhorizon::testing {
namespace {

FoundViolation violation() {
  FoundViolation found;
  found.property = "no_loss";
  found.faults = 2;
  found.token = "th1:x";
  found.decisions = {"first", "second"};
  found.is_fault = {true, true};
  found.records = {"r0", "r1"};
  found.stories = {{"r0", {"0s  put"}, {false}, 3}, {"r1", {"1s  put"}, {false}, 0}};
  found.without = {{"first", Standing::holds, "r0 has 1 effect"},
                   {"second", Standing::not_judged, ""}};
  return found;
}

ExploreReport report_with(FoundViolation found) {
  ExploreReport report;
  report.verdict = Verdict::violated;
  report.violations = {std::move(found)};
  return report;
}

Json parsed(const ExploreReport& report, bool outcomes = false) {
  const auto json = parse_json(explore_json(report, outcomes));
  REQUIRE(std::holds_alternative<Json>(json));
  return std::get<Json>(json);
}

// A member as text, of a path like "violations.0.property"; "absent" if it is not there.
std::string in(const Json& json, const std::string& path) {
  const Json* at = &json;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t dot = std::min(path.find('.', from), path.size());
    const std::string part = path.substr(from, dot - from);
    from = dot + 1;
    if (at->array() != nullptr) {
      const std::size_t i = std::stoul(part);
      if (i >= at->array()->size()) return "absent";
      at = &(*at->array())[i];
    } else if ((at = at->find(part)) == nullptr) {
      return "absent";
    }
  }
  return to_text(*at);
}

}  // namespace

TEST_CASE("an undecided verdict is called incomplete, and the text ends with a newline") {
  ExploreReport report;
  CHECK(in(parsed(report), "verdict") == "\"holds\"");
  report.verdict = Verdict::undecided;
  CHECK(in(parsed(report), "verdict") == "\"incomplete\"");
  CHECK(explore_json(report, false).back() == '\n');
  CHECK(in(parsed(report), "complete_through") == "-1");
}

TEST_CASE("an exploration names its edition, and says when it took the first records only") {
  ExploreReport report;
  CHECK(in(parsed(report), "edition") == "\"" + std::string(edition()) + "\"");
  CHECK(in(parsed(report), "first_records") == "absent");
  report.first_records = "explored on its first 6 records of 10";
  CHECK(in(parsed(report), "first_records") == "\"explored on its first 6 records of 10\"");
}

TEST_CASE("properties that hold are named with the number of faults they were tried with") {
  ExploreReport report;
  report.properties = {"no_loss", "conservation"};
  report.complete_through = 2;
  report.ledger_runs = 5;
  CHECK(in(parsed(report), "held") == R"([{"property":"no_loss","faults":2,"runs":null},)"
                                      R"({"property":"conservation","faults":2,"runs":5}])");
  report.random_runs = 9;
  report.properties = {"no_loss"};
  CHECK(in(parsed(report), "held") == R"([{"property":"no_loss","faults":null,"runs":null}])");
}

TEST_CASE("a violation has the story of its first record beside it, the others in a list") {
  const Json json = parsed(report_with(violation()));
  CHECK(in(json, "violations.0.minimum_faults") == "2");
  CHECK(in(json, "violations.0.minimal") == "\"minimum\"");
  CHECK(in(json, "violations.0.decisions_in_words") == R"(["first","second"])");
  CHECK(in(json, "violations.0.record") == "\"r0\"");
  CHECK(in(json, "violations.0.point_of_no_return") == "3");
  CHECK(in(json, "violations.0.other_records.0.record") == "\"r1\"");
  CHECK(in(json, "violations.0.other_records.0.point_of_no_return") == "null");
  CHECK(in(json, "violations.0.other_records.1") == "absent");
}

TEST_CASE("what was not judged is null, not false") {
  const Json json = parsed(report_with(violation()));
  CHECK(in(json, "violations.0.counterfactuals.0.holds") == "true");
  CHECK(in(json, "violations.0.counterfactuals.1.holds") == "null");
  FoundViolation broken = violation();
  broken.without[0].judged = Standing::broken;
  CHECK(in(parsed(report_with(broken)), "violations.0.counterfactuals.0.holds") == "false");
}

TEST_CASE("members that only some reports have are absent in the others") {
  ExploreReport report = report_with(violation());
  const Json few = parsed(report);
  for (const char* path : {"outcomes", "random_runs", "assumption_sweep", "violations.0.near_miss",
                           "violations.0.loop"}) {
    CHECK(in(few, path) == "absent");
  }
  report.random_runs = 50;
  report.random_without_rest = 4;
  report.was_swept = true;
  report.swept = {{"split", "a", "HOLDS", {}}, {"split", "b", "HOLDS", {"no_loss holds"}}};
  report.violations[0].near_miss = "almost";
  report.violations[0].loop = {"again"};
  const Json all = parsed(report, true);
  CHECK(in(all, "outcomes") == "[]");
  CHECK(in(all, "random_runs_without_rest") == "4");
  CHECK(in(all, "assumption_sweep.0.depends") == "false");
  CHECK(in(all, "assumption_sweep.1.depends") == "true");
  CHECK(in(all, "violations.0.near_miss") == "\"almost\"");
  CHECK(in(all, "violations.0.loop") == R"(["again"])");
}

TEST_CASE("an outcome names every record with its effects, zeros included") {
  ExploreReport report;
  report.outcomes = {{3, {{"r0", 0}, {"r1", 2}}, {"r1"}, {"r0"}, 1}};
  CHECK(in(parsed(report, true), "outcomes.0") ==
        R"({"stored":3,"effects":{"r0":0,"r1":2},"discarded":["r1"],"lost":["r0"],)"
        R"("minimum_faults":1})");
}

TEST_CASE("sites are those of faults only: open, closed and never taken") {
  ExploreReport report;
  report.sites.add(Site::trim), report.sites.add(Site::function_error);
  report.sites.add(Site::batch_size);
  report.taken.add(Site::trim);
  const Json json = parsed(report);
  CHECK(in(json, "sites") == R"(["function_error","trim"])");
  CHECK(in(json, "sites_never_taken") == R"(["function_error"])");
  CHECK(in(json, "sites_off").find("batch_size") == std::string::npos);
  CHECK(in(json, "sites_off").find("throttle") != std::string::npos);
  CHECK(in(json, "sites_off").find("trim") == std::string::npos);
  CHECK(in(json, "batch_sizes") == "\"full\"");
}

}  // namespace trimhorizon::testing
