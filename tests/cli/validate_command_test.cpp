#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("validate says ok for each good file and goes on after a bad one") {
  const ProgramRun run = run_trimhorizon(
      {"validate", scenario("partial"), scenario("mistakes"), scenario("violated")});
  CHECK(run.code == 2);
  CHECK(run.out == "tests/cli/scenarios/partial.yaml: ok\ntests/cli/scenarios/violated.yaml: ok\n");
  CHECK(run.err == run_trimhorizon({"run", scenario("mistakes")}).err);
}

TEST_CASE("validate exits 0 when all files are good, and says what is odd in them") {
  const std::string odd = "tests/cli/odd/remarks.yaml";
  const ProgramRun run = run_trimhorizon({"validate", odd, scenario("partial")});
  CHECK(run.code == 0);
  CHECK(run.out == odd + ": ok\n" + scenario("partial") + ": ok\n");
  CHECK(contains(run.err, odd + ":8:32: warning: "));
}
