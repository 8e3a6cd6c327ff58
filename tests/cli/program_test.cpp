// The program as a user runs it: what it prints, where, and how it exits.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/cli/default_scenario.hpp"
#include "tests/support/approved.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace trimhorizon;
using tests::ProgramRun;
using tests::run_shell;
using tests::run_trimhorizon;

namespace {

std::string scenario(const char* name) {
  return "tests/cli/scenarios/" + std::string(name) + ".yaml";
}

std::string read_whole(const std::string& path) {
  std::ifstream in(std::filesystem::path(TH_SOURCE_DIR) / path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string last_line(const std::string& text) {
  if (text.size() < 2) return text;
  const std::size_t start = text.rfind('\n', text.size() - 2);
  return text.substr(start == std::string::npos ? 0 : start + 1);
}

}  // namespace

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
        "violated; replay: trimhorizon run tests/cli/scenarios/violated.yaml --seed 1\n");
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
  const ProgramRun wrong =
      run_trimhorizon({"run", scenario("partial"), "--variant", "keep_retries"});
  CHECK(wrong.code == 2);
  CHECK(wrong.out == "");
  CHECK(wrong.err ==
        "trimhorizon: no variant `keep_retries` in tests/cli/scenarios/partial.yaml\n"
        "  did you mean `keeps_retries`?\n");
}

TEST_CASE("mistakes in a scenario are all said at once, on stderr, exit 2") {
  const ProgramRun run = run_trimhorizon({"run", scenario("mistakes")});
  CHECK(run.code == 2);
  CHECK(run.out == "");
  CHECK_APPROVED("cli", "run-mistakes.txt", run.err);
}

TEST_CASE("validate says ok for each good file and goes on after a bad one") {
  const ProgramRun run = run_trimhorizon(
      {"validate", scenario("partial"), scenario("mistakes"), scenario("violated")});
  CHECK(run.code == 2);
  CHECK(run.out == "tests/cli/scenarios/partial.yaml: ok\ntests/cli/scenarios/violated.yaml: ok\n");
  CHECK(run.err == run_trimhorizon({"run", scenario("mistakes")}).err);
}

TEST_CASE("test runs a folder in order and exits with the worst") {
  const ProgramRun all = run_trimhorizon({"test", "tests/cli/scenarios"});
  CHECK_APPROVED("cli", "test-folder.txt", all.out);
  CHECK(all.code == 2);
  const ProgramRun some = run_trimhorizon({"test", "tests/cli/scenarios", "-k", "Progress"});
  CHECK(some.out == "  ✓ tests/cli/scenarios/partial.yaml (1 variant)\n\n1 scenario: 1 held\n");
  CHECK(some.code == 0);
  CHECK(run_trimhorizon({"test", scenario("undecided"), scenario("violated")}).code == 1);
  CHECK(run_trimhorizon({"test", scenario("undecided")}).code == 3);
}

TEST_CASE("test finds nothing: that is a mistake, not a success") {
  const ProgramRun none = run_trimhorizon({"test", "tests/cli/scenarios", "-k", "nothing like it"});
  CHECK(none.code == 2);
  CHECK(none.err == "trimhorizon: no scenario matches `nothing like it`\n");
  const ProgramRun missing = run_trimhorizon({"test", "no/such/folder"});
  CHECK(missing.code == 2);
  CHECK(missing.err == "trimhorizon: no such file or folder: no/such/folder\n");
}

TEST_CASE("explain tells the life of a record, or which records there are") {
  const ProgramRun run = run_trimhorizon({"explain", scenario("partial"), "r5"});
  CHECK_APPROVED("cli", "explain-r5.txt", run.out);
  CHECK(run.code == 0);
  const ProgramRun unknown = run_trimhorizon({"explain", scenario("partial"), "r99"});
  CHECK(unknown.code == 2);
  CHECK(unknown.err ==
        "trimhorizon: no record `r99` in tests/cli/scenarios/partial.yaml\n  shop puts r0 … r5\n");
}

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
        "trimhorizon: note: the two files put different records; what differs may come from "
        "that\n");
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

TEST_CASE("a reader that goes away is no failure, a full disk is") {
  const ProgramRun gone = run_shell("{ \"$TH\" schema; echo \"code $?\" >&2; } | true");
  CHECK(gone.err == "code 0\n");
  if (std::filesystem::exists("/dev/full")) {
    const ProgramRun full = run_shell("\"$TH\" schema > /dev/full");
    CHECK(full.code == 2);
    CHECK(full.err == "trimhorizon: cannot write the result: No space left on device\n");
  }
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

TEST_CASE("nothing but plain text goes into a file, whatever the environment says") {
  const ProgramRun run =
      run_shell("TERM=xterm-256color \"$TH\" run tests/cli/scenarios/violated.yaml");
  CHECK(run.out.find('\x1b') == std::string::npos);
  CHECK(run.err == "");
}

TEST_CASE("what a variant alone makes odd is said too, by every command that reads it") {
  const std::string file = "tests/cli/odd/remarks.yaml";
  const std::string said =
      file +
      ":8:32: warning: Timeout 1000 is above the 900 seconds that AWS documents; only its "
      "API model of 2026 allows up to 5400 (LAM-CON-07)\n" +
      file + ": note: assumptions.lanes: nothing that is built yet asks for it\n" + file +
      ": note: accepted, but not modelled: Tags\n" + file +
      ":13:27: warning: Timeout 2000 is above the 900 seconds that AWS documents; only its API "
      "model of 2026 allows up to 5400 (LAM-CON-07) (in variant `slower`)\n" +
      file +
      ": note: assumptions.read_throttle: nothing that is built yet asks for it (in variant "
      "`slower`)\n";
  CHECK(run_trimhorizon({"validate", file}).err == said);
  CHECK(run_trimhorizon({"run", file}).err == said);
  CHECK(run_trimhorizon({"test", file}).err == said);
  CHECK(run_trimhorizon({"diff", file, "base", "slower"}).err == said);
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

TEST_CASE("test -k leaves out a file full of mistakes only when its title can be told") {
  const auto tested = [](const std::string& head) {
    return run_shell("d=$(mktemp -d) && cd $d && printf '" + head +
                     "streams: {s: {x: 1}}\\n' > bad.yaml && \"$TH\" test . -k red; code=$?; "
                     "rm -rf $d; exit $code");
  };
  CHECK(tested("trimhorizon: 1\\ntitle: All red\\n").code == 2);
  CHECK(tested("trimhorizon: 1\\ntitle: [\\n").code == 2);
  const ProgramRun other = tested("trimhorizon: 1\\ntitle: All green\\n");
  CHECK(other.err == "trimhorizon: no scenario matches `red`\n");
}

TEST_CASE("a drift in a found file is no bug of ours to test either") {
  const ProgramRun run = run_trimhorizon({"test", "tests/cli/odd/drift.yaml"});
  CHECK(run.out.find("DRIFT: ") != std::string::npos);
  CHECK(run.out.find("a bug of ours") == std::string::npos);
  CHECK(run.code == 2);
}

TEST_CASE("test for programs leaves the lines that replay failures to stderr") {
  for (const char* format : {"json", "junit"}) {
    CHECK(run_trimhorizon({"test", scenario("violated"), "--format", format}).err ==
          "violated; replay: trimhorizon run tests/cli/scenarios/violated.yaml --seed 1\n");
  }
}
