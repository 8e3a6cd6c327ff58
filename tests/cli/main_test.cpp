#include "tests/cli/command.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon::tests;

TEST_CASE("arguments arrive whole and in order, without the program's own name") {
  CHECK(contains(run_trimhorizon({"a b", "c"}).err, "`a b`"));
  const ProgramRun files = run_trimhorizon({"validate", scenario("partial"), scenario("violated")});
  CHECK(files.out == scenario("partial") + ": ok\n" + scenario("violated") + ": ok\n");
}

TEST_CASE("the exit code of the program is that of its command") {
  CHECK(run_trimhorizon({"--version"}).code == 0);
  CHECK(run_trimhorizon({"run", scenario("violated")}).code == 1);
  CHECK(run_trimhorizon({}).code == 2);
  CHECK(run_trimhorizon({"run", scenario("undecided")}).code == 3);
}
