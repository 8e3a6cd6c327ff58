#include "tests/cli/command.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("explain tells the life of a record, or which records there are") {
  const ProgramRun run = run_trimhorizon({"explain", scenario("partial"), "r5"});
  CHECK_APPROVED("cli", "explain-r5.txt", run.out);
  CHECK(run.code == 0);
  const ProgramRun unknown = run_trimhorizon({"explain", scenario("partial"), "r99"});
  CHECK(unknown.code == 2);
  CHECK(unknown.err ==
        "trimhorizon: no record `r99` in tests/cli/scenarios/partial.yaml\n  shop puts r0 … r5\n");
}

TEST_CASE("explain wants the stream where several have a record at the same place") {
  const std::string file = "tests/cli/odd/remarks.yaml";
  const std::string place =
      "shardId-000000000000:49670424472731169861061894383144094351084855353575211010";
  const ProgramRun either = run_trimhorizon({"explain", file, place});
  CHECK(either.code == 2);
  CHECK(either.err.ends_with("trimhorizon: several streams have a record at `" + place +
                             "`\n  write `orders/" + place + "` or `audit/" + place + "`\n"));
  CHECK(run_trimhorizon({"explain", file, "orders/" + place}).out.starts_with("shop-0: "));
  CHECK(run_trimhorizon({"explain", file, "audit/" + place}).out.starts_with("book-0: "));
  const ProgramRun unknown = run_trimhorizon({"explain", file, "r1"});
  CHECK(unknown.err.ends_with("  shop puts shop-0; book puts book-0; idle puts nothing\n"));
}

TEST_CASE("explain takes a variant, settings and a seed, and repeats them in its last line") {
  const std::string file = scenario("partial");
  const ProgramRun run = run_trimhorizon(
      {"explain", file, "r5", "--seed", "7", "--set", "BatchSize=2", "--variant", "keeps_retries"});
  CHECK(run.code == 0);
  CHECK(last_line(run.out) == "replay: trimhorizon explain " + file +
                                  " r5 --seed 7 --set BatchSize=2 --variant keeps_retries\n");
  CHECK(run.out != run_trimhorizon({"explain", file, "r5"}).out);
  CHECK(run_trimhorizon({"explain", file, "r5", "--variant", "none"}).code == 2);
}
