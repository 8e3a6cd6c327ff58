// `run` as a user types it.
#include "sim/base/medium.hpp"
#include "sim/cli/default_scenario.hpp"
#include "tests/cli/command.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"

using namespace trimhorizon;
using namespace trimhorizon::tests;

TEST_CASE("run prints the report, its variants, and exits 0 when all held") {
  const ProgramRun run = run_trimhorizon({"run", scenario("partial")});
  CHECK_APPROVED("cli", "run-partial.txt", run.out);
  CHECK(run.err == "");
  CHECK(run.code == 0);
}

TEST_CASE("run exits 1 when an expectation does not hold, and ends with the line that replays it") {
  const ProgramRun run = run_trimhorizon({"run", scenario("violated")});
  CHECK_APPROVED("cli", "run-violated.txt", run.out);
  CHECK(run.code == 1);
  const std::string replay = last_line(run.out);
  CHECK(replay == "replay: trimhorizon run tests/cli/scenarios/violated.yaml --seed 1\n");
  const std::string words = "replay: trimhorizon ";
  const ProgramRun again = run_shell("\"$TH\" " + replay.substr(words.size()));
  CHECK(again.out == run.out);
  CHECK(again.code == 1);
}

TEST_CASE("run exits 3 when a situation that is expected did not come about") {
  const ProgramRun run = run_trimhorizon({"run", scenario("undecided")});
  CHECK_APPROVED("cli", "run-undecided.txt", run.out);
  CHECK(run.code == 3);
}

TEST_CASE("run prints JSON: the same bytes every time, and a note on stderr when it failed") {
  const ProgramRun run = run_trimhorizon({"run", scenario("partial"), "--format", "json"});
  CHECK_APPROVED("cli", "run-partial.json", run.out);
  CHECK(run.err == "");
  CHECK(run_trimhorizon({"run", scenario("partial"), "--format", "json"}).out == run.out);
  const ProgramRun failed = run_trimhorizon({"run", scenario("violated"), "--format", "json"});
  CHECK(failed.code == 1);
  CHECK(failed.err ==
        "violated; replay: trimhorizon run tests/cli/scenarios/violated.yaml --seed 1 "
        "--format json\n");
}

TEST_CASE("every replay line names a program that is on the user's path") {
  const std::string run = " run " + scenario("violated");
  const auto line = [](const std::string& command) { return last_line(run_shell(command).out); };
  const std::string rest = "run tests/cli/scenarios/violated.yaml --seed 1\n";
  CHECK(line("unset TRIMHORIZON_AS; \"$TH\"" + run) ==
        "replay: " + for_shell(program()) + " " + rest);
  CHECK(line("unset TRIMHORIZON_AS; PATH=$(dirname \"$TH\"):$PATH; trimhorizon" + run) ==
        "replay: trimhorizon " + rest);
  CHECK(line("TRIMHORIZON_AS=./run \"$TH\"" + run) == "replay: ./run " + rest);
  // The JSON is the same wherever the program lies.
  CHECK(run_shell("unset TRIMHORIZON_AS; \"$TH\"" + run + " --format json").out ==
        run_shell("\"$TH\"" + run + " --format json").out);
}

TEST_CASE("run reads standard input, and takes settings and a seed") {
  const std::string text = read_whole(scenario("violated"));
  const ProgramRun run = run_trimhorizon(
      {"run", "-", "--seed", "7", "--set", "MaximumRetryAttempts=2", "--set", "fail=[]"}, text);
  CHECK(run.code == 1);  // nothing fails now, so nothing comes twice
  CHECK(run.out.find("  ✗ duplicates                      >= 1 and <= 3  0\n") !=
        std::string::npos);
  CHECK(last_line(run.out) ==
        "replay: trimhorizon run - --seed 7 --set MaximumRetryAttempts=2 --set 'fail=[]'\n");
}

TEST_CASE("without a file a small built-in scenario runs; it is 010-hello-shard.yaml") {
  const ProgramRun run = run_trimhorizon({"run"});
  CHECK_APPROVED("cli", "run-built-in.txt", run.out);
  CHECK(run.code == 0);
  CHECK(read_whole("scenarios/010-hello-shard.yaml") == default_scenario_text);
}

TEST_CASE("one variant, or none") {
  const ProgramRun one =
      run_trimhorizon({"run", scenario("partial"), "--variant", "keeps_retries"});
  CHECK(one.code == 0);
  CHECK(last_line(one.out) ==
        "replay: trimhorizon run tests/cli/scenarios/partial.yaml --seed 1 "
        "--variant keeps_retries\n");
  const ProgramRun none = run_trimhorizon({"run", scenario("partial"), "--no-variants"});
  CHECK(none.out.find("keeps_retries") == std::string::npos);
  const ProgramRun json =
      run_trimhorizon({"run", scenario("partial"), "--no-variants", "--format", "json"});
  CHECK(contains(json.out, "partial.yaml --seed 1 --no-variants\""));
  const ProgramRun wrong =
      run_trimhorizon({"run", scenario("partial"), "--variant", "keep_retries"});
  CHECK(wrong.code == 2);
  CHECK(wrong.out == "");
  CHECK(wrong.err ==
        "trimhorizon: no variant `keep_retries` in tests/cli/scenarios/partial.yaml\n"
        "  did you mean `keeps_retries`?\n");
}

TEST_CASE("the trace is one JSON object a line, in its own file") {
  const ProgramRun run = run_shell(
      "t=$(mktemp) && \"$TH\" run tests/cli/scenarios/partial.yaml --trace $t >/dev/null && "
      "grep -c '\"event\":\"invoke\"' $t; rm -f $t");
  CHECK(run.out == "6\n");
}

TEST_CASE("files that cannot be read or written are mistakes of the command, said clearly") {
  const ProgramRun unread = run_trimhorizon({"run", "no-such-file.yaml"});
  CHECK(unread.code == 2);
  CHECK(unread.err == "no-such-file.yaml: error: cannot be opened: No such file or directory\n");
  const ProgramRun unwritten =
      run_trimhorizon({"run", scenario("partial"), "--trace", "no/such/folder/t"});
  CHECK(unwritten.code == 2);
  CHECK(unwritten.err == "trimhorizon: cannot write no/such/folder/t: No such file or directory\n");
}

TEST_CASE("records are rows of the JSON only when they are asked for") {
  const std::string file = scenario("partial");
  const ProgramRun with = run_trimhorizon({"run", file, "--format", "json", "--records"});
  CHECK(contains(with.out, "\"records\""));
  CHECK_FALSE(contains(run_trimhorizon({"run", file, "--format", "json"}).out, "\"records\": ["));
  CHECK(with.code == 0);
}
