#include "tests/cli/command.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("diff shows two settings on the same traffic") {
  const ProgramRun run = run_trimhorizon({"diff", scenario("partial"), "base", "BatchSize=1"});
  CHECK_APPROVED("cli", "diff.txt", run.out);
  CHECK(run.code == 0);
  const ProgramRun seed = run_trimhorizon({"diff", scenario("partial"), "base", "seed=2"});
  CHECK(seed.code == 2);
  CHECK(seed.err ==
        "trimhorizon: `seed=2` changes what is put, or the seed\n"
        "  both sides of a diff run on the same traffic\n");
  const ProgramRun files = run_trimhorizon({"diff", scenario("partial"), scenario("violated")});
  CHECK(files.code == 0);
  CHECK(files.err ==
        "trimhorizon: note: the two files put different records; this alone may "
        "cause differences\n");
}

TEST_CASE("diff compares, and does not judge what the file expects of one of its sides") {
  CHECK(run_trimhorizon({"run", scenario("violated")}).code == 1);
  CHECK(run_trimhorizon({"diff", scenario("violated"), "base", "BatchSize=1"}).code == 0);
}

TEST_CASE("diff says how to run it, and each side of it, again") {
  const std::string file = scenario("partial");
  const ProgramRun run = run_trimhorizon(
      {"diff", file, "keeps_retries", "BatchSize=1,MaximumRetryAttempts=2", "--seed", "9"});
  CHECK(last_line(run.out) == "replay: trimhorizon diff " + file +
                                  " keeps_retries BatchSize=1,MaximumRetryAttempts=2 --seed 9\n");
  const std::string json =
      run_trimhorizon({"diff", file, "keeps_retries", "BatchSize=1,MaximumRetryAttempts=2",
                       "--seed", "9", "--format", "json"})
          .out;
  CHECK(contains(json, "trimhorizon run " + file + " --seed 9 --variant keeps_retries\""));
  CHECK(contains(json, "trimhorizon run " + file +
                           " --seed 9 --set BatchSize=1 --set MaximumRetryAttempts=2\""));
}

TEST_CASE("a side that is neither settings nor a variant is a mistake") {
  const ProgramRun run = run_trimhorizon({"diff", scenario("partial"), "base", "keep_retries"});
  CHECK(run.code == 2);
  CHECK(run.out == "");
  CHECK(contains(run.err, "`keeps_retries`"));
}
