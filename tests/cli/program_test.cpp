// The program as a user runs it: how it exits, and what it says of mistakes.
#include "tests/cli/command.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("mistakes in a scenario are all said at once, on stderr, exit 2") {
  const ProgramRun run = run_trimhorizon({"run", scenario("mistakes")});
  CHECK(run.code == 2);
  CHECK(run.out == "");
  CHECK_APPROVED("cli", "run-mistakes.txt", run.err);
}

TEST_CASE("usage mistakes exit 2 with a hint, help exits 0") {
  const ProgramRun unknown = run_trimhorizon({"rnu"});
  CHECK(unknown.code == 2);
  CHECK(unknown.out == "");
  CHECK(unknown.err == "trimhorizon: unknown command `rnu`\n  did you mean `run`?\n");
  CHECK(run_trimhorizon({"--help"}).code == 0);
  CHECK(run_trimhorizon({}).code == 2);
  CHECK(run_trimhorizon({"schema"}).out.find("\"http://json-schema.org/draft-07/schema#\"") !=
        std::string::npos);
}

TEST_CASE("each kind of mistake exits 2, with nothing on stdout") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"run", "--seed", "x"},               // the command line
        {"run", "no-such-file.yaml"},                                 // a file
        {"run", scenario("mistakes")},                                // the scenario
        {"run", scenario("partial"), "--variant", "x"},               // the command
        {"run", scenario("partial"), "--set", "NoSuchSetting=1"}}) {  // a setting
    const ProgramRun run = run_trimhorizon(words);
    INFO(words.back());
    CHECK(run.code == 2);
    CHECK(run.out == "");
    CHECK(run.err != "");
  }
}
