#include "sim/cli/scenario_files.hpp"

#include "sim/base/medium.hpp"
#include "sim/cli/default_scenario.hpp"
#include "sim/cli/program.hpp"
#include "sim/experiment/run_scenario.hpp"
#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

namespace {

// Tests may be started anywhere.
std::string full(const std::string& path) { return tests::source_dir() + "/" + path; }

}  // namespace

TEST_CASE("what a variant alone makes odd is said too, by every command that reads it") {
  const std::string file = "tests/cli/odd/remarks.yaml";
  const std::string said =
      file +
      ":8:32: warning: Timeout 1000 needs the limit of November 2026, 1800 seconds; before, it was "
      "900, and CloudFormation's text still says so (LAM-CON-07)\n" +
      file + ": note: assumptions.lanes: nothing in the simulator uses it yet\n" + file +
      ": note: accepted, but not modelled: Tags\n" + file +
      ":13:27: warning: Timeout 1500 needs the limit of November 2026, 1800 seconds; before, it "
      "was 900, and CloudFormation's text still says so (LAM-CON-07) (in variant `slower`)\n" +
      file +
      ": note: assumptions.lane_checkpoint: nothing in the simulator uses it yet (in variant "
      "`slower`)\n";
  CHECK(run_trimhorizon({"validate", file}).err == said);
  CHECK(run_trimhorizon({"run", file}).err == said);
  CHECK(run_trimhorizon({"test", file}).err == said);
  CHECK(run_trimhorizon({"diff", file, "base", "slower"}).err == said);
}

TEST_CASE("no file is the built-in scenario, settings change what is read") {
  const LoadedScenario built_in = load("", {});
  CHECK(built_in.file == "");
  CHECK(built_in.scenario->source_text == default_scenario_text);
  const LoadedScenario loaded = load(full(scenario("partial")), {"BatchSize=2"});
  CHECK(loaded.file == full(scenario("partial")));
  CHECK(loaded.set == std::vector<std::string>{"BatchSize=2"});
  CHECK(loaded.scenario->mappings[0].settings.batch_size == 2);
}

TEST_CASE("a variant that is not there is a mistake with the nearest, all, or no names") {
  const LoadedScenario loaded = load(full(scenario("partial")), {});
  CHECK(chosen(loaded, "keeps_retries") != loaded.scenario);
  CHECK(chosen(loaded, "") == loaded.scenario);
  const auto hint = [](const LoadedScenario& from, const char* name) {
    try {
      chosen(from, name);
    } catch (const CommandError& error) {
      return error.hint();
    }
    return std::string("there is one");
  };
  CHECK(contains(hint(loaded, "keep_retries"), "did you mean `keeps_retries`"));
  CHECK(contains(hint(loaded, "x"), ": keeps_retries"));
  CHECK_FALSE(contains(hint(load(full(scenario("violated")), {}), "x"), ":"));
}

TEST_CASE("a report has the first run as base, and each run with its digest and its line") {
  const LoadedScenario loaded = load(full(scenario("partial")), {"BatchSize=2"});
  const std::vector<ScenarioRun> runs = run_with_variants(loaded.scenario);
  const Report report = report_of(loaded, runs);
  CHECK(report.base.name == "");
  CHECK(report.base.result == &runs[0].result);
  REQUIRE(report.variants.size() == 1);
  CHECK(report.variants[0].name == "keeps_retries");
  CHECK(report.variants[0].digest != report.base.digest);
  CHECK(report.base.digest != report_of({loaded.scenario, loaded.file, {}}, runs).base.digest);
  CHECK(report.variants[0].replay == "trimhorizon run " + for_shell(loaded.file) +
                                         " --seed 1 --set BatchSize=2 --variant keeps_retries");
}
