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

TEST_CASE("a file whose name looks like an option can be compared, and compared again") {
  const Folder folder("diff-dash");
  folder.write("-x.yaml", read_whole(scenario("partial")));
  const std::string go = "cd " + folder.path.string() + "; PATH=${TH%/*}:$PATH ";
  const ProgramRun run = run_shell(go + "$TH diff -- -x.yaml base keeps_retries");
  const std::string line = last_line(run.out);
  CHECK(contains(line, " diff --seed 1 -- -x.yaml base keeps_retries\n"));
  CHECK(run_shell(go + line.substr(line.find(": ") + 2)).out == run.out);
}

TEST_CASE("a side that is neither settings nor a variant is a mistake") {
  const ProgramRun run = run_trimhorizon({"diff", scenario("partial"), "base", "keep_retries"});
  CHECK(run.code == 2);
  CHECK(run.out == "");
  CHECK(contains(run.err, "`keeps_retries`"));
}

TEST_CASE("diff FILE A alone compares with the file as it is") {
  const std::string file = scenario("partial");
  const ProgramRun alone = run_trimhorizon({"diff", file, "BatchSize=1"});
  CHECK(alone.code == 0);
  CHECK(alone.out == run_trimhorizon({"diff", file, "base", "BatchSize=1"}).out);
  CHECK(run_trimhorizon({"diff", file, "keeps_retries"}).out ==
        run_trimhorizon({"diff", file, "base", "keeps_retries"}).out);
  // A name of a file is one, also when there is no such file.
  CHECK(contains(run_trimhorizon({"diff", file, "nowhere.yaml"}).err, "nowhere.yaml: error: "));
}

TEST_CASE("diff with wrong settings on both sides reports both") {
  const std::string file = scenario("partial");
  const ProgramRun settings = run_trimhorizon({"diff", file, "BatchSiz=1", "BatchSize=0"});
  CHECK(settings.code == 2);
  CHECK(settings.err ==
        "--set:1:1: error: the scenario has no path `BatchSiz`\n"
        "  BatchSiz=1\n"
        "  ^\n"
        "  did you mean `BatchSize`?\n"
        "--set:1:11: error: BatchSize must be from 1 to 10000, not 0\n"
        "  BatchSize=0\n"
        "            ^\n");
  const ProgramRun names = run_trimhorizon({"diff", file, "keep_retries", "seed=2"});
  CHECK(names.code == 2);
  CHECK(contains(names.err, "has no variant `keep_retries`\n  did you mean `keeps_retries`?\n"));
  CHECK(contains(names.err, "\ntrimhorizon: `seed=2` changes what is put, or the seed\n"));
  const ProgramRun files = run_trimhorizon({"diff", "no-a.yaml", "no-b.yaml"});
  CHECK(contains(files.err, "no-a.yaml: error: "));
  CHECK(contains(files.err, "\nno-b.yaml: error: "));
}
